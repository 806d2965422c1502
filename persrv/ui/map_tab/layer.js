// What lies over the points: the stickers themselves where there is room, tastes and results, and the card of one point.

import { h } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { createTaken, stepsAside } from "./spacing.js";

const PICTURE_GAP = 46; // pixels between the centres of two pictures
const MOST_PICTURES = 80;

/**
 * A layer over one plot. Marks, {row, element, room: pixels across}, are placed first; the pictures take what is left.
 *
 * @param {App} app
 * @param {Points} points
 * @param {Plot} plot
 */
export function createLayer(app, points, plot) {
  const pictures = h("div", { class: "ps-map-pictures", "aria-hidden": "true" });
  const stems = h("div", { class: "ps-map-stems", "aria-hidden": "true" });
  const front = h("div", { class: "ps-map-marks" });
  const ring = h("i", { class: "ps-map-ring", hidden: true });
  const card = h("div", { class: "ps-tip", hidden: true, "aria-hidden": "true" });
  const element = h("div", { class: "ps-map-layer" }, pictures, stems, front, ring, card);
  let kept = new Map(); // row -> picture
  /** @type {(MapMark & { aside: [number, number], stem: HTMLElement })[]} */
  let marks = [];
  let shown = true; // whether pictures are wanted
  /** @type {number | null} the row of the card */
  let held = null;

  /** Moves pictures and marks to where their points are now. */
  function follow() {
    const placer = plot.placer();
    if (!placer) return;
    for (const [row, picture] of kept) move(picture, placer.place(row));
    for (const mark of marks) {
      const [x, y] = placer.place(mark.row);
      move(mark.element, [x + mark.aside[0], y + mark.aside[1]]);
      mark.stem.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) rotate(${Math.atan2(mark.aside[1], mark.aside[0]).toFixed(4)}rad)`;
    }
    if (!ring.hidden) move(ring, placer.place(Number(ring.dataset.row)));
    hideCard();
  }

  function hideCard() {
    card.hidden = true;
    held = null;
  }

  /**
   * Marks that would hide one another step aside, each with a stem back to its point.
   *
   * @param {Placer} placer
   */
  function stepAside(placer) {
    const steps = stepsAside(marks.map((mark) => placer.place(mark.row)), marks.map((mark) => mark.room));
    marks.forEach((mark, place) => {
      mark.aside = steps[place];
      mark.stem.style.width = `${Math.hypot(...mark.aside).toFixed(1)}px`;
    });
  }

  /** Chooses the pictures that have room: by clicks, none nearer than the gap to another; the same for the same zoom. */
  function arrange() {
    const placer = plot.placer();
    if (!placer) return;
    const { take, crowded } = createTaken(PICTURE_GAP);
    stepAside(placer);
    for (const mark of marks) {
      const [x, y] = placer.place(mark.row);
      take(x + mark.aside[0], y + mark.aside[1]);
    }
    const wanted = new Map();
    const half = PICTURE_GAP / 2;
    for (const row of shown ? points.byClicks : []) {
      if (wanted.size >= MOST_PICTURES) break;
      const [x, y] = placer.place(row);
      if (x < half || y < half || x > placer.width - half || y > placer.height - half || crowded(x, y)) continue;
      take(x, y);
      wanted.set(row, kept.get(row) ?? pictureOf(row));
    }
    for (const [row, picture] of kept) if (!wanted.has(row)) picture.remove();
    for (const [row, picture] of wanted) if (!kept.has(row)) pictures.append(picture);
    kept = wanted;
    follow();
  }

  /** @param {number} row */
  function pictureOf(row) {
    const image = stickerImage(app, points.sticker(row), "", true);
    image.classList.add("ps-map-picture");
    image.dataset.row = String(row);
    return image;
  }

  return {
    element,
    follow,
    arrange,
    /** Sets the marks before the pictures. @param {MapMark[]} newMarks */
    mark(newMarks) {
      marks = newMarks.map((each) => ({ ...each, aside: [0, 0], stem: h("i", {}) }));
      stems.replaceChildren(...marks.map((each) => each.stem));
      front.replaceChildren(...marks.map((each) => each.element));
    },
    /** @param {boolean} on */
    pictures(on) {
      shown = on;
    },
    /** A ring around one point, or none (null). @param {number | null} row */
    ring(row) {
      ring.hidden = row === null;
      if (row === null) return;
      ring.dataset.row = String(row);
      const placer = plot.placer();
      if (placer) move(ring, placer.place(row));
    },
    /** The sticker itself on a card by its point. @param {number} row @param {string[]} lines */
    card(row, lines) {
      const placer = plot.placer();
      if (!placer) return;
      const sticker = points.sticker(row);
      if (held !== row) card.replaceChildren(stickerImage(app, sticker, "", true), h("strong", {}, stickerWords(app, sticker)), ...lines.map((line) => h("span", {}, line)));
      held = row;
      card.dataset.sticker = sticker.id;
      card.hidden = false;
      const [x, y] = placer.place(row);
      const left = x + 20 + card.offsetWidth < placer.width ? x + 20 : Math.max(4, x - 20 - card.offsetWidth);
      move(card, [left, Math.max(4, Math.min(placer.height - card.offsetHeight - 4, y - card.offsetHeight / 2))]);
    },
    hideCard,
  };
}

/**
 * @param {HTMLElement} node
 * @param {[x: number, y: number]} spot
 */
function move(node, [x, y]) {
  node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}
