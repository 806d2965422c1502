// What is shown of one sticker in large: its picture with the boxes that OCR saw, lines, queries.

import { decimal, h, svg } from "./dom.js";
import { stickerImage, stickerWords } from "./stickers.js";

/**
 * @param {string} title
 * @param {...Child} content
 */
export function section(title, ...content) {
  return h("section", { class: "ps-section" }, h("h3", {}, title), ...content);
}

/**
 * Show the large picture, and over it the boxes of the text lines that OCR saw, as `drawn(size, lines)` makes them.
 *
 * @param {App} app
 * @param {StickerDetail} sticker
 */
export function pictureWithBoxes(app, sticker, drawn = bareBoxes) {
  const boxes = sticker.ocr_lines.filter((line) => line.points.length > 2);
  const overlay = boxes.length ? drawn(sticker, boxes) : null;
  const frame = h("div", { class: "ps-large" }, stickerImage(app, sticker, stickerWords(app, sticker), true), overlay);
  const toggle = overlay && h("label", { class: "ps-check" }, h("input", { type: "checkbox", checked: true, on: { change: (event) => frame.classList.toggle("is-bare", !event.target.checked) } }), app.t("ocr_boxes"));
  return h("div", {}, frame, toggle);
}

/**
 * Lay drawn boxes over a picture of some size.
 *
 * @param {{ width: number, height: number }} given
 * @param {Node[]} boxes
 */
export function boxLayer({ width, height }, boxes) {
  return svg("svg", { class: "ps-boxes", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, boxes);
}

/**
 * Draw the box of one line.
 *
 * @param {OcrLine} line
 */
export function lineBox(line) {
  return svg("polygon", { class: line.kept ? "is-kept" : "is-dropped", points: line.points.map((point) => point.join(",")).join(" ") });
}

/**
 * @param {{ width: number, height: number }} size
 * @param {OcrLine[]} lines
 */
const bareBoxes = (size, lines) => boxLayer(size, lines.map(lineBox));

/**
 * @param {App} app
 * @param {StickerDetail} sticker
 */
export function ocrLines(app, sticker) {
  if (!sticker.ocr_lines.length) return h("p", { class: "ps-note" }, sticker.text || app.t("ocr_none"));
  return h(
    "ul",
    { class: "ps-ocr" },
    sticker.ocr_lines.map((line) =>
      h("li", { class: line.kept ? "" : "is-dropped" }, h("span", {}, line.text), h("small", {}, app.t("confidence", { value: decimal(line.confidence) }), line.kept ? "" : ` · ${app.t("ocr_dropped")}`)),
    ),
  );
}

/**
 * @param {string[]} texts
 * @param {string} none
 * @param {(text: string) => void} choose
 */
export function chipsOf(texts, none, choose) {
  if (!texts.length) return h("p", { class: "ps-note" }, none);
  return h("div", { class: "ps-chips" }, texts.map((text) => h("button", { type: "button", class: "ps-chip", on: { click: () => choose(text) } }, text)));
}
