// Which stickers taste would lift, were it not for the floor of relevance: a fold under the results, each with its reason.

import { decimal, h, part } from "../shared/dom.js";
import { stickerImage } from "../shared/stickers.js";

/**
 * Draw the fold for one person's list; hidden where nothing was kept back from a better place.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Answer | null} answer
 * @param {Entry[]} entries
 */
export function drawKeptBack(app, element, answer, entries) {
  const fold = part(element, "kept-back");
  const kept = answer?.personalized ? keptBack(entries, answer.settings.alpha) : [];
  fold.hidden = !kept.length;
  const most = Math.max(1e-9, ...entries.map((entry) => entry.parts.relevance));
  const rows = kept.map(({ entry, place }) =>
    h("li", {}, stickerImage(app, entry.sticker, entry.sticker.text, true), h("span", {}, app.t("kept_back_row", { place, rank: entry.rank, taste: decimal(entry.parts.preference?.value ?? 0), percent: Math.round((100 * entry.parts.relevance) / most) }))));
  fold.replaceChildren(
    h("summary", {}, app.t("kept_back_title", { n: kept.length })),
    h("p", { class: "ps-note" }, app.t("kept_back_why", { floor: Math.round(100 * (answer?.settings.floor ?? 0)) })),
    h("ol", { class: "ps-kept-back" }, rows),
  );
}

/**
 * The entries that would stand higher if taste lifted all, the highest first, with the place that they would have among
 * these.
 *
 * @param {Entry[]} entries
 * @param {number} alpha
 * @returns {{ entry: Entry, place: number }[]}
 */
export function keptBack(entries, alpha) {
  const free = (/** @type {Entry} */ { recall, parts }) => recall * (1 + alpha * (parts.preference?.value ?? 0));
  const lifted = [...entries].sort((a, b) => free(b) - free(a) || a.rank - b.rank);
  return lifted
    .map((entry, at) => ({ entry, place: at + 1 }))
    .filter(({ entry, place }) => entry.parts.preference?.kept_back && place < entry.rank);
}
