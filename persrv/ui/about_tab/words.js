// What the evaluation wrote, in the page's language.

import { h } from "../shared/dom.js";

/**
 * A text of the bundle, {zh, en}, in the page's language.
 *
 * @param {App} app
 * @param {InLanguages} text
 */
export const inLanguage = (app, text) => text[app.state.language];

/**
 * An element that holds a text of the bundle, marked as English where there is no Chinese.
 *
 * @param {App} app
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {InLanguages} text
 */
export function worded(app, tag, text, attributes = {}) {
  return h(tag, { ...attributes, lang: text.zh === text.en ? "en" : app.state.language }, inLanguage(app, text));
}

/**
 * What readers call a column or a row, in both languages; its own name where a table says no more.
 *
 * @param {MeasuredTable} table
 * @param {string} name
 */
export const labelOf = (table, name) => table.labels?.[name] ?? { zh: name, en: name };

/**
 * A point of a curve's x axis, a number or a {zh, en}, as a text.
 *
 * @param {CurvePoint} x
 */
export const pointOf = (x) => (typeof x === "object" ? x : { zh: String(x), en: String(x) });

/**
 * Where on its x axis a curve's chosen value stands, -1 where nothing was chosen.
 *
 * @param {MeasuredCurve} measuredCurve
 */
export const chosenPlace = ({ x, chosen }) => (chosen === null ? -1 : x.findIndex((each) => pointOf(each).en === pointOf(chosen).en));
