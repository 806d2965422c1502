// The words and signs of a score, told where they stand: each is a button, and a line below says what the pressed one
// means. A title alone would tell nobody who has no mouse.

import { h } from "../shared/dom.js";

/**
 * `term(name, look, ...content)` makes the button of a term; `told` is the line. Sentences name the settings' weights.
 * kept: the name of the term that is told lies there, for whoever draws the same terms anew.
 *
 * @param {App} app
 * @param {{ alpha: number, lambda: number }} given
 */
export function createTerms(app, { alpha, lambda }, kept = /** @type {{ term: string | null }} */ ({ term: null })) {
  const values = { alpha, lambda, times: Number((1 + alpha).toFixed(2)) };
  const told = h("p", { class: "ps-term-told", role: "status" });
  /** @type {HTMLElement | null} */
  let open = null;

  /** @param {HTMLElement} button @param {string} name @param {string} sentence */
  function press(button, name, sentence) {
    open?.setAttribute("aria-expanded", "false");
    open = open === button ? null : button;
    open?.setAttribute("aria-expanded", "true");
    told.textContent = open ? sentence : "";
    kept.term = open ? name : null;
  }

  /** @param {string} name @param {string} look @param {...Child} content */
  function term(name, look, ...content) {
    const sentence = app.t(`term_${name}`, values);
    const button = h("button", { type: "button", class: `${look} ps-tells`, title: sentence, "aria-expanded": "false", data: { term: name }, on: { click: () => press(button, name, sentence) } }, content);
    if (name === kept.term) press(button, name, sentence);
    return button;
  }

  return { term, told };
}
