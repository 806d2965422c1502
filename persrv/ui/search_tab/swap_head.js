// Choosing whom to compare with: the head of the second column, and what keeps the two people two.

import { h } from "../shared/dom.js";
import { personName } from "../shared/person.js";
import { stickerImage } from "../shared/stickers.js";
import { comparedPerson, othersThan } from "./swap.js";

/**
 * Make the second person's head: who it is, a choice of another one, a way back. It stays the same element, so that the
 * choice keeps the focus.
 *
 * @param {App} app
 */
export function createSwapHead(app) {
  const face = h("span", { class: "ps-avatar is-small" });
  const title = h("h2", {});
  const choice = h("select", { class: "ps-swap-choice", on: { change: () => app.store.set({ other: choice.value }) } });
  const back = h("button", { type: "button", class: "ps-tool ps-swap-back", on: { click: () => app.store.set({ other: "" }) } });
  const element = h("div", { class: "ps-swap-head" }, face, title, choice, back);
  let drawn = "";

  return {
    element,
    update() {
      const person = comparedPerson(app);
      const key = [app.state.other, app.state.user, app.state.language].join();
      if (!person || key === drawn) return;
      drawn = key;
      face.replaceChildren(person.avatar ? stickerImage(app, person.avatar, "", true) : "");
      title.textContent = app.t("right_title", { name: personName(app, person) });
      const others = othersThan(app, app.state.user);
      choice.replaceChildren(...others.map((each) => h("option", { value: each.id }, personName(app, each))));
      choice.value = person.id;
      choice.setAttribute("aria-label", app.t("swap_choice"));
      back.textContent = app.t("swap_back");
    },
  };
}

/**
 * Keep the two people different: choosing the second one as the first exchanges them.
 *
 * @param {App} app
 */
export function mountSwap(app) {
  let before = app.state.user;
  if (app.state.other && app.state.other === app.state.user) app.state.other = "";
  app.store.subscribe((state, changed) => {
    if (!changed.has("user")) return;
    const exchanged = app.start.people.some((person) => person.id === before) ? before : "";
    before = state.user;
    if (state.other && state.other === state.user) app.store.set({ other: exchanged });
  });
}

/**
 * Start comparing with the person whose stickers for this query differ most. wanted(): whether that is still asked for
 * when the server has found them.
 *
 * @param {App} app
 * @param {() => boolean} wanted
 */
export async function compareWithAnother(app, wanted) {
  if (app.state.other) return;
  const { query, user } = app.state;
  const found = await app.server.unlike({ query: query || "", user }).catch(() => ({ user: null }));
  const other = found.user ?? othersThan(app, user)[0]?.id ?? "";
  if (!wanted() || app.state.other || app.state.user !== user) return; // something else was chosen meanwhile
  if (other && other !== user) app.store.set({ other, four: false });
}
