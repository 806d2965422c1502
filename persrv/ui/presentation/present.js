// Presentation mode: the first results of one query, large; one key each for the person, utility and personalization.

import { entriesOf, isStandIn } from "../search_tab/answer.js";
import { moveBadge } from "../search_tab/cards.js";
import { hasModifier, types } from "../search_tab/keys.js";
import { noticeLines } from "../search_tab/told.js";
import { arrange, gliding, h, part } from "../shared/dom.js";
import { movement } from "../shared/movement.js";
import { personName, personOf } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { createStage } from "./stage.js";

const PRESENTED = 8; // stickers: two rows of four on a projector, four of two on a phone

/**
 * Let a button, a key and a link present the search.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountPresent(app, element) {
  const { partner, swap } = createPartner(app);
  const head = h("header", { class: "ps-stage-head" });
  const notice = h("div", { class: "ps-stage-notice", role: "status" });
  const grid = h("ol", { class: "ps-stage-grid" });
  /** @type {Map<string, HTMLElement>} */
  let cards = new Map();

  const stage = createStage(app, {
    name: "present",
    keys: [
      { sign: "S", keys: ["s"], text: "present_swap", press: swap, can: () => partner() !== null },
      { sign: "U", keys: ["u"], text: "present_utility", press: () => app.store.set({ utility: !app.state.utility }) },
      { sign: "P", keys: ["p"], text: "present_personal", press: () => app.store.set({ present: app.state.present === "plain" ? "personal" : "plain" }) },
      { sign: "T", keys: ["t"], text: "present_story", press: () => app.store.set({ present: "", story: 1 }) },
    ],
    left: () => app.store.set({ present: "" }),
  });

  /** Draw whose results these are, and the results once they have come. @param {boolean} glide */
  function draw(glide) {
    if (!stage.isOpen()) return;
    head.replaceChildren(...headOf(app));
    const { answer } = app;
    const shown = answer && answer.error === undefined ? answer : null;
    notice.replaceChildren(...noticeLines(app, answer));
    notice.hidden = !notice.childElementCount;
    grid.setAttribute("aria-busy", String(!answer));
    if (shown && (shown.user ?? "") !== app.state.user) return; // the other person's are on their way
    const list = shown ? placed(app, shown) : [];
    gliding(glide, [grid], () => {
      const kept = new Map(list.map(({ entry, move }) => [entry.id, fill(app, cards.get(entry.id) ?? h("li", { class: "ps-stage-card" }), entry, move)]));
      arrange(grid, [...kept.values()]);
      cards = kept;
    });
    if (shown) stage.tell([...[...head.querySelectorAll("[data-said]")].map((each) => each.textContent), ...list.slice(0, 3).map(({ entry }) => stickerWords(app, entry.sticker))].join(app.t("comma")));
  }

  function follow() {
    if (!app.state.present) return stage.close();
    if (!stage.isOpen()) {
      stage.show(head, notice, grid);
      stage.open();
    }
    return draw(true);
  }

  const begin = () => app.store.set({ present: "personal", view: "search" });
  part(element, "present").addEventListener("click", begin);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "p" || event.defaultPrevented || hasModifier(event) || types(event.target) || app.state.view !== "search") return;
    if (document.querySelector("dialog[open], .ps-stage:not([hidden])")) return;
    event.preventDefault();
    begin();
  });
  app.element.addEventListener("ps-answered", () => draw(true));
  app.store.subscribe((_, changed) => {
    if (changed.has("present")) follow();
    else if (changed.has("utility") || changed.has("user") || changed.has("query")) draw(true);
    if (changed.has("language")) {
      stage.drawKeys();
      draw(false);
    }
  });
  follow();
}

/**
 * The person whom one key puts in the place of whoever searches, and back: the one compared with, or the one whose
 * stickers for this query differ most.
 *
 * @param {App} app
 */
function createPartner(app) {
  /** @type {string | null} */
  let last = null;
  const others = () => app.start.people.some(({ id, clusters }) => id !== app.state.user && clusters.length > 0);

  async function swap() {
    const { user, other, query } = app.state;
    const next = other || last || (await app.server.unlike({ query: query ?? "", user }).catch(() => ({ user: null }))).user;
    if (next === null || app.state.user !== user) return; // nobody, or somebody was chosen meanwhile
    last = user;
    app.store.set({ user: next, ...(other ? { other: user } : {}) });
  }

  return { partner: () => (app.state.other || last || (others() ? "" : null)), swap };
}

/**
 * Draws query, person and rule of the ranking; the spoken part is marked.
 *
 * @param {App} app
 */
function headOf(app) {
  const person = personOf(app, app.state.user);
  const name = person ? personName(app, person) : app.state.user || app.t("nobody");
  const face = person?.avatar ? h("span", { class: "ps-avatar" }, stickerImage(app, person.avatar, "", true)) : null;
  const on = (/** @type {boolean} */ is, /** @type {string} */ text) => h("li", { class: is ? "is-on" : "", data: { said: "" } }, h("span", { "aria-hidden": "true" }, is ? "●" : "○"), app.t(text));
  return [
    h("h2", { data: { said: "" } }, app.state.query ?? ""),
    h("div", { class: "ps-stage-who" }, face, h("strong", { data: { said: "" } }, name)),
    h(
      "ul",
      { class: "ps-stage-made" },
      on(app.state.present !== "plain", app.state.present === "plain" ? "present_for_all" : "present_for_one"),
      on(app.state.utility, app.state.utility ? "present_with_utility" : "present_without_utility"),
      app.start.simulated && h("li", { class: "is-simulated", data: { said: "" } }, app.t("simulated")),
    ),
  ].filter((each) => each !== null);
}

/**
 * Return the first places of the ranking that is presented, each with how personalization moved it.
 *
 * @param {App} app
 * @param {Answer} answer
 */
function placed(app, answer) {
  const personal = app.state.present !== "plain" && answer.personalized && !isStandIn(answer);
  /** @type {RankingName[]} */
  const [without, whole] = app.state.utility ? ["utility", "both"] : ["none", "personalization"];
  const before = new Map(entriesOf(answer, without).map((entry) => [entry.id, entry.rank]));
  return entriesOf(answer, personal ? whole : without)
    .slice(0, PRESENTED)
    .map((entry) => ({ entry, move: personal ? movement(before.get(entry.id) ?? null, entry.rank) : null }));
}

/**
 * Bring a card to its entry.
 *
 * @param {App} app
 * @param {HTMLElement} card
 * @param {Entry} entry
 * @param {Move | null} move
 */
function fill(app, card, entry, move) {
  if (card.dataset.sticker !== entry.id) card.replaceChildren(h("span", { class: "ps-stage-rank" }), stickerImage(app, entry.sticker, undefined, true), h("span", { class: "ps-stage-badge" }));
  card.dataset.sticker = entry.id;
  const [rank, , badge] = card.children;
  rank.textContent = String(entry.rank);
  badge.replaceChildren(...(move ? [moveBadge(app, move, entry.recallRank)] : []));
  return card;
}
