// The stickers of each query, those of both sides together, with their marks; and the keys that judge them.

import { h } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";

/**
 * Key -> tiles to go on, and the grade to give: null takes a mark back, none leaves it as it is.
 *
 * @type {Record<string, [step: number, grade?: number | null]>}
 */
const KEYS = { j: [1], k: [-1], ArrowRight: [1], ArrowLeft: [-1], y: [1, 1], n: [1, 0], u: [0, null] };

const keyOf = (/** @type {HTMLElement} */ item) => `${item.dataset.topic}\n${item.dataset.sticker}`;

/**
 * Return a function that draws the tiles.
 *
 * @param {App} app
 * @param {Judging} judging
 * @param {HTMLElement} box
 * @param {() => void} judged  called after every mark
 */
export function mountTiles(app, judging, box, judged) {
  let at = ""; // the tile that the keys act on
  const tiles = () => /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".ps-judge-tile")]);

  function draw() {
    const focused = tiles().some((item) => item === document.activeElement);
    box.replaceChildren(...judging.topics().map(({ topic, query }) => {
      const [a, b] = judging.sides.map(({ rankings }) => rankings[topic] ?? []);
      const pool = [...new Set([...a, ...b])];
      const items = pool.map((id) => tile(app, judging, { topic, id, places: [a.indexOf(id), b.indexOf(id)] }, mark));
      return h("section", { class: "ps-judge-topic" }, h("h2", { data: { topic } }, query, h("span", {})), pool.length ? h("ol", {}, items) : h("p", { class: "ps-note" }, app.t("judge_empty")));
    }));
    reach(focused);
  }

  /** Let Tab reach the tile that the keys act on, the first at first; focus it where a tile had the focus. */
  function reach(/** @type {boolean} */ focused) {
    const all = tiles();
    const chosen = all.find((item) => keyOf(item) === at) ?? all[0];
    for (const item of all) item.tabIndex = item === chosen ? 0 : -1;
    if (focused) chosen?.focus();
  }

  /** @param {HTMLElement} item @param {number | null} grade  null: none any more */
  function mark(item, grade) {
    judging.judge(item.dataset.topic ?? "", item.dataset.sticker ?? "", grade);
    drawMark(judging, item);
    app.announce(app.t(grade === null ? "judge_open" : grade ? "judge_yes" : "judge_no"));
    judged();
  }

  box.addEventListener("focusin", (event) => {
    const item = tileOf(event);
    if (!item) return;
    at = keyOf(item);
    reach(false);
  });
  box.addEventListener("keydown", (event) => {
    const item = tileOf(event);
    const meant = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!item || !meant || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [step, grade] = meant;
    if (grade !== undefined) mark(item, grade);
    const all = tiles();
    all[Math.min(Math.max(all.indexOf(item) + step, 0), all.length - 1)].focus();
  });
  return draw;
}

/**
 * The tile on which an event happened, null for none.
 *
 * @param {Event} event
 * @returns {HTMLElement | null}
 */
function tileOf(event) {
  return event.target instanceof Element ? event.target.closest(".ps-judge-tile") : null;
}

/**
 * @param {App} app
 * @param {Judging} judging
 * @param {{ topic: string, id: string, places: number[] }} shown  places: the rank less 1 on either side, -1 for none
 * @param {(item: HTMLElement, grade: number) => void} mark
 */
function tile(app, judging, { topic, id, places }, mark) {
  const sticker = judging.stickers[id];
  const [a, b] = places.map((place) => (place < 0 ? "–" : String(place + 1)));
  const button = (/** @type {number} */ grade, /** @type {string} */ sign, /** @type {string} */ said) =>
    h("button", { type: "button", tabindex: -1, "aria-label": app.t(said), data: { grade }, on: { click: () => { mark(item, grade); item.focus(); } } }, sign);
  const picture = sticker ? stickerImage(app, sticker, stickerWords(app, sticker)) : h("small", {}, id);
  const marks = h("div", { class: "ps-judge-marks" }, button(1, "✓", "judge_yes"), button(0, "✕", "judge_no"));
  const item = h("li", { class: "ps-judge-tile", tabindex: -1, data: { topic, sticker: id } }, picture, h("small", {}, app.t("judge_at", { a, b })), marks);
  drawMark(judging, item);
  return item;
}

/** @param {Judging} judging @param {HTMLElement} item */
function drawMark(judging, item) {
  const grade = judging.gradeOf(item.dataset.topic ?? "", item.dataset.sticker ?? "");
  item.classList.toggle("is-yes", grade !== undefined && grade > 0);
  item.classList.toggle("is-no", grade === 0);
  for (const button of item.querySelectorAll("button")) button.setAttribute("aria-pressed", String(grade !== undefined && Number(button.dataset.grade) === Math.min(1, grade)));
}
