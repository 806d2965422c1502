// Sharing: a link with likes and a note where they are asked for, what will not travel, a card to embed, a presentation.

import { copyLink } from "../shared/copying.js";
import { h, icon, part } from "../shared/dom.js";
import { nameOfPerson } from "../shared/person.js";
import { MOST_NOTE, shareLink } from "../shared/store.js";
import { asListed, YOU } from "../you_tab/you.js";
import { cardAddress, frameCode } from "./embed.js";

/**
 * Mount the button that opens the dialog, and say after a copied link what it does not hold.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountSharing(app, element) {
  app.stays.push(() => likesStay(app, false));
  app.stays.push(() => (app.state.view === "captions" && app.state.show === "own" ? app.t("stays_own_picture") : null));
  part(element, "share").addEventListener("click", () => openSharing(app, element));
  part(element, "copy").addEventListener("click", () => tellStays(app));
}

/** Say what of the page a link of now does not hold. @param {App} app */
function tellStays(app) {
  const left = app.stays.flatMap((stays) => stays() ?? []);
  app.tell(left.length ? [`${app.t("sharing_stays")} ${left.join(app.t("comma"))}`] : []);
}

/** Tells whether the shown stickers depend on the visitor's likes. @param {App} app */
const searchesAsYou = (app) => [app.state.user, app.state.other].includes(YOU) && app.you.likes().length > 0;

/**
 * Say which of the likes stay here; null where none do. asked: whether they are to go along.
 *
 * @param {App} app
 * @param {boolean} asked
 */
function likesStay(app, asked) {
  if (!searchesAsYou(app) || app.state.lent) return null;
  const own = app.you.likes().filter((like) => like.vector).length;
  if (!asked) return app.t("stays_likes");
  if (own < app.you.likes().length && !asListed(app.you.likes())) return app.t("stays_many_likes");
  return own ? app.t("stays_pictures", { n: own }) : null;
}

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
function openSharing(app, element) {
  const likes = h("input", { type: "checkbox", on: { change: draw } });
  const note = h("textarea", { rows: 2, maxlength: MOST_NOTE, class: "ps-link", on: { input: draw } });
  note.value = app.state.note;
  const link = h("input", { type: "text", readonly: true, class: "ps-link", "aria-label": app.t("sharing_link") });
  const stay = h("p", { class: "ps-note", role: "status" });
  const copy = h("button", { type: "button", class: "ps-tool", on: { click: () => copyLink(app, copy, link.value) } }, h("span", { data: { t: "copy_link" } }, app.t("copy_link")));
  const lend = searchesAsYou(app) && h("label", { class: "ps-check" }, likes, app.t("sharing_likes", { n: app.you.likes().length }));
  const close = h("button", { type: "button", class: "ps-dialog-close", "aria-label": app.t("close"), on: { click: () => dialog.close() } }, icon("close"));
  const dialog = h(
    "dialog",
    { class: "ps-dialog ps-share", "aria-label": app.t("sharing"), on: { close: () => dialog.remove() } },
    close,
    h("h2", {}, app.t("sharing")),
    lend,
    h("label", { class: "ps-share-note" }, h("span", {}, app.t("sharing_note", { n: MOST_NOTE })), note),
    h("div", { class: "ps-share-row" }, link, copy),
    stay,
    app.state.query ? embedding(app) : null,
    h("div", { class: "ps-share-row" }, starts("present", { present: "personal", view: "search" }), starts("sharing_story", { story: 1 })),
  );

  function draw() {
    const lent = likes.checked ? asListed(app.you.likes()) : app.state.lent;
    link.value = shareLink({ ...app.state, note: note.value.trim(), lent });
    const left = app.stays.slice(1).flatMap((stays) => stays() ?? []).concat(likesStay(app, likes.checked) ?? []);
    stay.textContent = left.length ? `${app.t("sharing_stays")} ${left.join(app.t("comma"))}` : "";
  }

  /** @param {string} text @param {Partial<State>} changes */
  function starts(text, changes) {
    const begin = () => { dialog.close(); app.store.set(changes); };
    return h("button", { type: "button", class: "ps-tool", on: { click: begin } }, app.t(text));
  }

  element.append(dialog);
  draw();
  dialog.showModal();
}

/** The code that embeds a card of this search. @param {App} app */
function embedding(app) {
  const who = app.state.user && app.state.user !== YOU ? `, ${nameOfPerson(app, app.state.user)}` : "";
  const code = frameCode(cardAddress(window.location, app.state), `PerSRV: ${app.state.query}${who}`);
  const shown = h("textarea", { rows: 3, readonly: true, class: "ps-link", "aria-label": app.t("sharing_embed_code") });
  shown.value = code;
  const copy = h("button", { type: "button", class: "ps-tool", on: { click: () => copyLink(app, copy, code) } }, h("span", { data: { t: "sharing_copy_code" } }, app.t("sharing_copy_code")));
  return h("section", { class: "ps-share-embed" }, h("h3", {}, app.t("sharing_embed")), h("p", { class: "ps-note" }, app.t("sharing_embed_hint")), shown, copy);
}
