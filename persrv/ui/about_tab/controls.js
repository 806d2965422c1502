// Small controls of the evidence: what is folded, what is chosen, what is saved.

import { h } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";

/**
 * @param {string} title
 * @param {...Child} content
 */
export function fold(title, ...content) {
  return h("details", { class: "ps-fold" }, h("summary", {}, title), ...content);
}

/**
 * Make a choice among names, null where there is only one. options: value, text, and the heading they stand under, if
 * any.
 *
 * @param {string} label
 * @param {Choice[]} options
 * @param {string} current
 * @param {(value: string) => void} chosen
 */
export function choice(label, options, current, chosen) {
  if (options.length < 2) return null;
  const option = (/** @type {Choice} */ [value, text]) => h("option", { value, selected: value === current }, text);
  const groups = [...new Set(options.map(([, , group]) => group))];
  const items = groups.flatMap((group) => {
    const some = options.filter((each) => each[2] === group).map(option);
    return group ? [h("optgroup", { label: group }, some)] : some;
  });
  const select = h("select", { class: "ps-select", "aria-label": label, on: { change: () => chosen(select.value) } }, items);
  return h("label", { class: "ps-choose" }, h("span", { "aria-hidden": "true" }, label), select);
}

/**
 * Return the picked name where it is still offered, or else `first`.
 *
 * @param {Picks} picks
 * @param {string} key
 * @param {string[]} offered
 */
export const picked = (picks, key, offered, first = offered[0]) => (offered.includes(picks[key]) ? picks[key] : first);

/**
 * Make buttons that save a text as a file. kinds: label, file ending, media type, and what makes the text.
 *
 * @param {string} stem
 * @param {[label: string, ending: string, type: string, make: () => string][]} kinds
 */
export function fileButtons(stem, kinds) {
  const name = stem.replaceAll(/[^\w@+.-]+/g, "-");
  return kinds.map(([label, ending, type, make]) => h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.${ending}`, make(), type) } }, label));
}
