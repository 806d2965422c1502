// The keyboard: "/" goes to the box, arrows through the results, Escape closes an explanation.

import { part, reducedMotion } from "../shared/dom.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountKeys(app, element) {
  /** @type {HTMLInputElement} */
  const input = part(element, "query");
  const results = part(element, "results");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.defaultPrevented || hasModifier(event) || types(event.target)) return;
    if (!input.offsetParent || element.querySelector("dialog[open]")) return; // another tab is in sight, or a dialog on top
    event.preventDefault();
    input.focus();
    input.select();
  });

  // After the suggestions' own listener, which says so when the arrow was theirs.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.defaultPrevented || hasModifier(event) || event.isComposing) return;
    const first = shownCards(results)[0];
    if (!first) return;
    event.preventDefault();
    focusCard(first);
  });

  results.addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (at.closest(".ps-card"));
    if (!card || hasModifier(event)) return;
    const next = neighbourOf(card, event.key, shownCards(results));
    if (next) focusCard(next, at.matches(".ps-score"));
    else if (event.key === "ArrowUp") input.focus();
    else return;
    event.preventDefault();
  });
}

/** @param {KeyboardEvent} event */
export const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;

/**
 * Tells whether keys go into a text there: a slash is then a slash.
 *
 * @param {EventTarget | null} target
 */
export const types = (target) => target instanceof Element && target.matches("input:not([type=radio], [type=checkbox], [type=range], [type=button]), textarea, select, [contenteditable]");

/**
 * The cards in sight, in reading order list by list; a phone hides one of the two columns.
 *
 * @param {HTMLElement} results
 */
const shownCards = (results) => [...results.querySelectorAll(".ps-card")].filter((card) => card.offsetParent);

/**
 * A card's sticker, or its score bar where one walks along those.
 *
 * @param {HTMLElement} card
 */
function focusCard(card, bar = false) {
  card.querySelector(bar ? ".ps-score" : ".ps-face")?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", behavior: reducedMotion() ? "auto" : "smooth" });
}

/**
 * The card that an arrow leads to: left and right in reading order, and on into the list beside; up and down by place.
 *
 * @param {HTMLElement} card
 * @param {string} key
 * @param {HTMLElement[]} cards
 */
function neighbourOf(card, key, cards) {
  const list = cards.filter((each) => each.parentElement === card.parentElement);
  const at = list.indexOf(card);
  if (key === "Home") return list[0];
  if (key === "End") return list[list.length - 1];
  if (key === "ArrowLeft" || key === "ArrowRight") return beside(card, key === "ArrowRight" ? 1 : -1, cards) ?? list[at + (key === "ArrowRight" ? 1 : -1)];
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const down = key === "ArrowDown";
  const box = card.getBoundingClientRect();
  const beyond = (/** @type {HTMLElement} */ each) => (down ? each.getBoundingClientRect().top >= box.bottom - 1 : each.getBoundingClientRect().bottom <= box.top + 1);
  const inList = list.filter(beyond);
  return nearest(card, inList.length ? inList : cards.filter(beyond));
}

/**
 * The card to the left or right in the same line, be it of another list.
 *
 * @param {HTMLElement} card
 * @param {number} step
 * @param {HTMLElement[]} cards
 */
function beside(card, step, cards) {
  const box = card.getBoundingClientRect();
  const inLine = cards.filter((each) => {
    const other = each.getBoundingClientRect();
    const middle = (other.top + other.bottom) / 2;
    return each !== card && middle > box.top && middle < box.bottom && (step > 0 ? other.left >= box.right - 1 : other.right <= box.left + 1);
  });
  return nearest(card, inLine);
}

/**
 * Finds the card whose middle is nearest, lines counting more than places in them; null among none.
 *
 * @param {HTMLElement} card
 * @param {HTMLElement[]} cards
 */
function nearest(card, cards) {
  const middle = (/** @type {HTMLElement} */ each) => { const box = each.getBoundingClientRect(); return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]; };
  const [x, y] = middle(card);
  const distance = (/** @type {HTMLElement} */ each) => { const [otherX, otherY] = middle(each); return 4 * Math.abs(otherY - y) + Math.abs(otherX - x); };
  return cards.reduce((/** @type {HTMLElement | null} */ best, each) => (best && distance(best) <= distance(each) ? best : each), null);
}
