// What the evaluation wrote, in the page's language.

import { h } from "../shared/dom.js";
import { personName } from "../shared/person.js";

/** A text of the bundle, {zh, en}, in the page's language. */
export const inLanguage = (app, text) => text[app.state.language];

/** An element that holds a text of the bundle, marked as English where there is no Chinese. */
export function worded(app, tag, text, attributes = {}) {
  return h(tag, { ...attributes, lang: text.zh === text.en ? "en" : app.state.language }, inLanguage(app, text));
}

/** What readers call a column or a row, in both languages; its own name where a table says no more. */
export const labelOf = (table, name) => table.labels?.[name] ?? { zh: name, en: name };

/** A point of a curve's x axis, a number or a {zh, en}, as a text. */
export const pointOf = (x) => (typeof x === "object" ? x : { zh: String(x), en: String(x) });

/** Where on its x axis a curve's chosen value stands, -1 where nothing was chosen. */
export const chosenPlace = ({ x, chosen }) => (chosen === null ? -1 : x.findIndex((each) => pointOf(each).en === pointOf(chosen).en));

export function nameOfPerson(app, id) {
  const person = app.start.people.find((each) => each.id === id);
  return person ? personName(app, person) : id;
}
