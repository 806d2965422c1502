// Two people: the same query for whoever searches and for somebody else, side by side.

import { h } from "../shared/dom.js";
import { movement } from "../shared/movement.js";
import { YOU } from "../you_tab/you.js";
import { entriesOf, searcherName } from "./answer.js";

/**
 * Return the person with whom the searching one is compared, null for nobody.
 *
 * @param {App} app
 */
export const comparedPerson = (app) => app.start.people.find((person) => person.id === app.state.other) || null;

/**
 * Return the people with whom somebody can be compared: the visitor only once there are likes.
 *
 * @param {App} app
 * @param {string} user
 */
export const othersThan = (app, user) => app.start.people.filter((person) => person.id !== user && (person.id !== YOU || app.you.likes().length));

/**
 * Return what the two columns show of two people: both answers, their lists, and how a sticker moved from one to the
 * other.
 *
 * @param {App} app
 * @param {Answer[]} answers
 */
export function peoplePair(app, answers) {
  const ranking = app.state.utility ? "both" : "personalization";
  const names = answers.map((each) => answeredName(app, each));
  const lists = answers.map((each) => entriesOf(each, ranking));
  const places = lists.map((list) => new Map(list.map((entry) => [entry.id, entry.rank])));
  return {
    answers,
    lists,
    move: (/** @type {string} */ id) => movedBetween(app, names, places.map((ranks) => ranks.get(id) ?? null)),
    extras: (/** @type {number} */ own) => (/** @type {string} */ id) => [pairRow(app, names, places.map((ranks) => ranks.get(id) ?? null), own)],
  };
}

/**
 * @param {App} app
 * @param {Answer} answer
 */
const answeredName = (app, answer) => (answer.user ? searcherName(app, answer) : app.t("nobody"));

/**
 * Return how a sticker moved from the first person's list to the second's, or that only one of them gets it.
 *
 * @param {App} app
 * @param {string[]} names
 * @param {(number | null)[]} ranks
 */
export function movedBetween(app, [first, second], [before, after]) {
  const move = movement(before, after);
  const sentence = app.t(`swap_${move.kind}`, { first, second, before, after, n: move.steps, top: app.start.top });
  return { ...move, sentence, ...(before === null || after === null ? { sign: "✦", word: app.t("swap_only") } : {}) };
}

/**
 * Show a sticker's place in both lists, with this list's own underlined; the badge's sentence says it in words.
 *
 * @param {App} app
 * @param {string[]} names
 * @param {(number | null)[]} places
 * @param {number} own
 */
function pairRow(app, names, places, own) {
  const cell = (/** @type {number | null} */ rank, /** @type {number} */ at) => h("span", { class: at === own ? "is-own" : null }, h("small", {}, names[at]), h("b", {}, rank === null ? "–" : String(rank)));
  return h("span", { class: "ps-places ps-duo" }, h("span", { class: "ps-places-row", "aria-hidden": "true" }, places.map(cell)));
}
