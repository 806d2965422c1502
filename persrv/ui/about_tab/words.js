// What the evaluation wrote, in the page's language.

import { h } from "../shared/dom.js";
import { personName } from "../shared/person.js";

/** What the evaluation wrote in English, in the page's language where we have that. */
export const inLanguage = (app, { chinese }, text) => (app.state.language === "zh" && chinese[text]) || text;

/** An element that says it, marked as English where it stays so. */
export function worded(app, section, tag, text, attributes = {}) {
  const said = inLanguage(app, section, text);
  return h(tag, { ...attributes, lang: said === text ? "en" : app.state.language }, said);
}

export function nameOfPerson(app, id) {
  const person = app.start.people.find((each) => each.id === id);
  return person ? personName(app, person) : id;
}
