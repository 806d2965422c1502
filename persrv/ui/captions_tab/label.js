// A sticker as a museum shows it: large, with what was read on it, and beside it the label that says what it is.

import { boxLayer, chipsOf, lineBox, ocrLines, section } from "../shared/details.js";
import { decimal, h, svg } from "../shared/dom.js";
import { DEPICTED, labelName } from "../shared/stickers.js";
import { glossLine } from "./gloss.js";
import { keywordLists } from "./keywords.js";

/**
 * Draw the boxes of text lines over a picture of some size, each with its confidence; dropped ones are grey and below
 * the kept ones.
 *
 * @param {{ width: number, height: number }} size
 * @param {OcrLine[]} lines
 */
export function ocrBoxes(size, lines) {
  const ordered = [...lines].sort((a, b) => Number(a.kept) - Number(b.kept));
  return boxLayer(size, ordered.map((line) => boxWithConfidence(Math.max(size.width, size.height) / 26, line)));
}

/**
 * Draw a box with its confidence: above a kept line, below a dropped one, so that two at one place do not cover each
 * other.
 *
 * @param {number} size
 * @param {OcrLine} line
 */
function boxWithConfidence(size, line) {
  const [xs, ys] = [0, 1].map((axis) => line.points.map((point) => point[axis]));
  const words = line.kept
    ? { x: Math.max(Math.min(...xs), 0) + size / 4, y: Math.max(Math.min(...ys) - size / 3, size) }
    : { x: Math.max(...xs) - size / 4, y: Math.max(...ys) - size / 3, "text-anchor": "end" };
  return svg(
    "g",
    { class: line.kept ? "is-kept" : "is-dropped" },
    lineBox(line),
    svg("text", { ...words, "font-size": size }, decimal(line.confidence)),
  );
}

/**
 * Make the label of a sticker; `choose(word)` searches for a keyword or a query.
 *
 * @param {App} app
 * @param {StickerDetail} sticker
 * @param {string} query
 * @param {(text: string) => void} choose
 */
export function museumLabel(app, sticker, query, choose) {
  const { captions } = sticker;
  const names = DEPICTED.filter((key) => sticker.labels[key]).map((key) => labelName(app, sticker.labels[key]));
  const written = captions.keywords.length || captions.keywords_base.length;
  return [
    h("p", { class: "ps-label-number" }, [sticker.id, ...names, ...(sticker.animated ? [app.t("animated")] : [])].join(" · ")),
    h("h2", { id: "ps-label-title", class: sticker.text ? "" : "is-untitled" }, sticker.text || app.t("untitled")),
    captions.description ? h("p", { class: "ps-label-description" }, h("span", { class: "ps-hidden" }, `${app.t("field_description")}: `), captions.description, glossLine(app, captions.description)) : null,
    captions.emotion ? h("p", { class: "ps-label-feeling" }, h("span", {}, app.t("field_emotion")), captions.emotion, glossLine(app, captions.emotion)) : null,
    ...(written ? keywordLists(app, captions, query, choose) : []),
    written || captions.description ? null : h("p", { class: "ps-note" }, app.t("captions_none")),
    section(app.t("ocr_title"), ocrLines(app, sticker), unboxed(app, sticker)),
    section(app.t("integrated_title"), chipsOf(sticker.queries, app.t("queries_none"), choose)),
  ].filter((each) => each !== null);
}

/**
 * Say that there are words or lines without a box to draw, null where there are none.
 *
 * @param {App} app
 * @param {StickerDetail} sticker
 */
function unboxed(app, sticker) {
  const lines = sticker.ocr_lines;
  const missing = lines.length ? lines.some((line) => line.points.length <= 2) : Boolean(sticker.text);
  return missing ? h("p", { class: "ps-note" }, app.t("boxes_none")) : null;
}
