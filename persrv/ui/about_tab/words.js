// What the evaluation wrote, in the page's language.

import { h } from "../shared/dom.js";

/**
 * Return a text of the bundle in the page's language.
 *
 * @param {App} app
 * @param {InLanguages} text
 */
export const inLanguage = (app, text) => text[app.state.language];

/**
 * Make an element that holds a text of the bundle, marked as English where there is no Chinese.
 *
 * @param {App} app
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {InLanguages} text
 */
export function worded(app, tag, text, attributes = {}) {
  return h(tag, { ...attributes, lang: text.zh === text.en ? "en" : app.state.language }, inLanguage(app, text));
}

/**
 * Return what readers call a column or a row, in both languages: its own name where the table says no more.
 *
 * @param {MeasuredTable} table
 * @param {string} name
 */
export const labelOf = (table, name) => table.labels?.[name] ?? { zh: name, en: name };

/**
 * Return a point of a curve's x axis as a text in both languages.
 *
 * @param {CurvePoint} x
 */
export const pointOf = (x) => (typeof x === "object" ? x : { zh: String(x), en: String(x) });

/**
 * Return the place of a curve's chosen value on its x axis, -1 where nothing was chosen.
 *
 * @param {MeasuredCurve} measuredCurve
 */
export const chosenPlace = ({ x, chosen }) => (chosen === null ? -1 : x.findIndex((each) => pointOf(each).en === pointOf(chosen).en));
