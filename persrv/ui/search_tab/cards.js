// Cards: a sticker in its place, how far personalization moved it, and what its score is made of.

import { decimal, h, icon } from "../shared/dom.js";
import { MOVE_SIGNS, RELEVANT_SIGN } from "../shared/movement.js";
import { chosenPerson, personName } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { createHeart } from "../you_tab/you.js";
import { scoreParts, searcherName } from "./answer.js";
import { carries, sendIcon } from "./send.js";

/**
 * The badge: shape and number, or shape and word; the whole sentence, the move's own if it has one, is title and label. What
 * leaves the stickers shown falls by at least so many places.
 *
 * @param {App} app
 * @param {Move} move
 * @param {number} recallRank
 * @param {Person | null} person  whom the ranking is for
 */
export function moveBadge(app, move, recallRank, person = chosenPerson(app)) {
  const name = person ? personName(app, person) : "";
  const word = move.word ?? { up: move.steps, down: move.steps, same: "", new: app.t("move_new"), gone: `${app.start.top + 1 - (move.before ?? 0)}+` }[move.kind];
  const before = move.before === null ? recallRank : move.before;
  const sentences = {
    up: () => app.t("move_detail", { move: app.t("move_up", { n: move.steps }), before, after: move.after, name }),
    down: () => app.t("move_detail", { move: app.t("move_down", { n: move.steps }), before, after: move.after, name }),
    same: () => app.t("move_same"),
    new: () => app.t("move_new_detail", { before, after: move.after, name }),
    gone: () => app.t("move_gone_detail", { before, top: app.start.top, name }),
  };
  const sentence = move.sentence ?? sentences[move.kind]();
  return h("span", { class: `ps-move is-${move.kind}`, title: sentence }, h("b", { "aria-hidden": "true" }, move.sign ?? MOVE_SIGNS[move.kind]), h("span", { "aria-hidden": "true" }, String(word)), h("span", { class: "ps-hidden" }, sentence));
}

/** The card behind an element of the page. */
export const cardOf = new WeakMap();

/**
 * A new card; `update` brings it to its entry and may be called again.
 *
 * @param {App} app
 * @param {Column} column
 * @param {Entry} first
 * @returns {Card}
 */
export function createCard(app, column, first) {
  const rank = h("span", { class: "ps-rank", "aria-hidden": "true" });
  const picture = h("span", { class: "ps-picture" });
  const sent = h("span", { class: "ps-sent", "aria-hidden": "true" }, RELEVANT_SIGN);
  const face = h("button", { type: "button", class: "ps-face" }, picture, sent);
  const badge = h("span", { class: "ps-badge" });
  const bar = h("button", { type: "button", class: "ps-score", "aria-expanded": "false" });
  const extra = h("div", { class: "ps-extra" });
  const heart = createHeart(app);
  const copy = h("button", { type: "button", class: "ps-card-copy", tabindex: -1, "aria-hidden": "true" }, sendIcon("copy")); // for the pointer: C does the same
  const star = h("span", { class: "ps-star", "aria-hidden": "true" }, "★");
  const strike = h("button", { type: "button", class: "ps-card-copy is-strike", tabindex: -1, "aria-hidden": "true", on: { click: () => app.struck.strike(card.entry.sticker) } }, icon("close")); // for the pointer: X does the same
  const element = h("li", { class: "ps-card" }, face, copy, strike, rank, star, badge, heart.element, bar, extra);
  let [pictured, badged] = ["", ""]; // of which sticker, and of which move
  /** @type {Card} */
  const card = { element, bar, entry: first, update };
  cardOf.set(element, card);

  face.addEventListener("click", () => app.openSticker(card.entry.id, column.ids(), { column }));
  copy.addEventListener("click", async () => {
    const told = await app.send.copy(card.entry.sticker);
    copy.classList.add("is-done");
    window.setTimeout(() => copy.classList.remove("is-done"), 1600);
    if (told) app.announce(app.t(told));
  });
  carries(app, element, () => card.entry.sticker);
  bar.addEventListener("click", () => column.explain(card));
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => column.link(card.entry.id, true));
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, () => column.link(card.entry.id, false));

  /** @type {Card["update"]} */
  function update(answer, entry, move, largest, extras = []) {
    const { sticker } = entry;
    if (pictured !== entry.id) picture.replaceChildren(stickerImage(app, sticker, "", entry.rank <= 8));
    pictured = entry.id;
    card.entry = entry;
    element.dataset.sticker = entry.id;
    rank.textContent = String(entry.rank);
    heart.show(sticker);
    copy.hidden = !sticker.image;
    star.hidden = !sticker.starred;
    copy.title = app.t("send_copy_hint");
    strike.title = app.t("strike_hint");
    const clicked = answer.relevant?.includes(entry.id) ? [app.t("relevant_card", { name: searcherName(app, answer) })] : [];
    sent.hidden = !clicked.length;
    face.setAttribute("aria-label", [`${app.t("rank", { n: entry.rank })}: ${stickerWords(app, sticker)}`, ...clicked].join(app.t("comma")));
    face.title = [stickerWords(app, sticker), ...clicked].join(" · ");
    const moved = move ? JSON.stringify([move, entry.recallRank, app.state.language, app.state.user]) : "";
    if (moved !== badged) badge.replaceChildren(...(move ? [moveBadge(app, move, entry.recallRank)] : []));
    badged = moved; // most cards stay as they are while a slider moves, and new elements are what costs
    bar.setAttribute("aria-label", app.t("why_card", { score: decimal(entry.final) }));
    bar.title = app.t("why_card", { score: decimal(entry.final) });
    drawBar(bar, scoreParts(answer, entry), largest);
    extra.replaceChildren(...extras);
  }
  return card;
}

/**
 * Segments whose widths are shares of the largest score in the column.
 *
 * @param {HTMLElement} bar
 * @param {ScoreParts} parts
 * @param {number} largest
 */
function drawBar(bar, parts, largest) {
  const kinds = /** @type {const} */ (["relevance", "meaning", "utility", "preference"]).filter((kind) => parts[kind] > 0);
  if (bar.dataset.kinds !== kinds.join()) bar.replaceChildren(...kinds.map((kind) => h("i", { class: `is-${kind}` })));
  bar.dataset.kinds = kinds.join();
  bar.querySelectorAll("i").forEach((segment, at) => { segment.style.width = `${Math.max(0, (100 * parts[kinds[at]]) / (largest || 1)).toFixed(2)}%`; });
}
