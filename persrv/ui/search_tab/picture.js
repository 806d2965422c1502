// The search as a figure: read off the lists on the page, whichever they are, so that it shows what they show.

import { part } from "../shared/dom.js";
import { figureFooter } from "../shared/figure.js";
import { currentSettings } from "../shared/knobs.js";
import { chosenPerson, nameOfPerson, personName } from "../shared/person.js";
import { cardOf } from "./cards.js";

export const PICTURED = 9; // stickers of each list

/**
 * The lists of results that are there, in their order: name, hint, and what stands in each place. `told`: the key of
 * its name, and whose list it is, for naming it in another language.
 *
 * @param {HTMLElement} element
 * @returns {ListShown[]}
 */
export function listsShown(element) {
  const columns = part(element, "columns").classList;
  return [...part(element, "results").querySelectorAll(".ps-column, .ps-four-list")]
    .filter((list) => !list.closest("[hidden]") && !(columns.contains("is-single") && list.classList.contains("is-right")) && list.querySelector(".ps-card"))
    .map((list) => ({
      title: list.querySelector("h2")?.lastChild?.textContent ?? "",
      hint: list.querySelector("header p")?.textContent ?? "",
      told: toldAs(list, columns),
      entries: [...list.querySelectorAll(".ps-card")].map(placeShown),
    }));
}

/**
 * @param {HTMLElement} list
 * @param {DOMTokenList} columns
 * @returns {ListShown["told"]}
 */
function toldAs(list, columns) {
  if (list.dataset.ranking) return { key: `ranking_${list.dataset.ranking}`, side: 0 };
  if (list.classList.contains("is-right")) return { key: "right_title", side: columns.contains("is-people") ? 1 : 0 };
  if (columns.contains("is-people")) return { key: "right_title", side: 0 };
  return { key: columns.contains("is-single") ? "not_personalised" : "left_title", side: 0 };
}

/**
 * One card as it stands: its sticker, its rank, how it moved, whether it is marked.
 *
 * @param {HTMLElement} card
 */
function placeShown(card) {
  const move = card.querySelector(".ps-move");
  const { id, rank, sticker } = cardOf.get(card).entry;
  return {
    id,
    sticker,
    rank,
    kind: move ? [...move.classList].find((name) => name.startsWith("is-"))?.slice(3) ?? null : null,
    badge: move ? [...move.querySelectorAll(":scope > [aria-hidden]")].map((each) => each.textContent).join("") : null,
    marked: card.querySelector(".ps-sent")?.hidden === false,
  };
}

/**
 * The first `count` stickers of each list as a figure shows them: movements are told once, in the lower rows; of the
 * first row only what another row lacks.
 *
 * @param {ListShown[]} lists
 * @param {number} count
 * @returns {ListShown[]}
 */
export function pictured(lists, count) {
  const still = ["up", "down", "same"];
  return lists.map((list, at) => ({
    ...list,
    entries: list.entries.slice(0, count).map((entry) => (at === 0 && still.includes(entry.kind ?? "") ? { ...entry, kind: null, badge: null } : entry)),
  }));
}

/**
 * The figure of what the search shows, the first `count` of each list; null where it shows nothing.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {number} count
 * @param {string} description
 * @returns {Figure | null}
 */
export function searchFigure(app, element, count, description) {
  const rows = pictured(listsShown(element), count).map(({ title, hint, entries }) => ({ title, hint, absent: "", entries }));
  if (!rows.length) return null;
  const person = chosenPerson(app);
  const entries = rows.flatMap((row) => row.entries);
  return {
    language: app.state.language,
    description,
    eyebrow: "",
    title: `“${app.state.query}”`,
    person: person ? personName(app, person) : app.t("nobody"),
    face: person?.avatar && !person.avatar.data ? person.avatar.id : null,
    sentences: sentencesShown(element),
    rows: rows.map((row) => ({ ...row, entries: row.entries.map(({ sticker, ...entry }) => entry) })),
    ticks: entries.some((entry) => entry.marked) ? app.t("figure_ticks", { name: tickers(app) }) : "",
    badges: entries.some((entry) => entry.badge) ? app.t(app.state.other ? "figure_badges_people" : "figure_badges_first") : "",
    footer: figureFooter(app, currentSettings(app)),
  };
}

/**
 * The names of those whose clicks the ticks are.
 *
 * @param {App} app
 */
export function tickers(app) {
  const answers = [app.answer, app.othersAnswer].flatMap((answer) => (answer && answer.error === undefined ? [answer] : []));
  return answers.filter((answer) => answer.relevant?.length).map((answer) => nameOfPerson(app, answer.user ?? "")).join(app.t("case_and"));
}

/**
 * Lines above the lists: what stood in for a search that found nothing, and how alike two lists are.
 *
 * @param {HTMLElement} element
 */
function sentencesShown(element) {
  const line = (/** @type {string} */ name) => [part(element, name)].filter((each) => !each.hidden);
  const pairs = line("overlap").flatMap((each) => [...each.querySelectorAll(".ps-overlap-pair")]);
  return [
    ...line("notice").flatMap((each) => [...each.querySelectorAll("p")]).map((each) => each.textContent),
    ...(pairs.length === 1 ? pairs.map((pair) => [...pair.children].map((each) => each.textContent).join(" · ")) : []),
  ];
}
