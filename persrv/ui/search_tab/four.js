// 2 x 2: the four rankings of one query at once, each sticker with its place in every one of them.

import { h, part } from "../shared/dom.js";
import { movement } from "../shared/movement.js";
import { entriesOf } from "./answer.js";
import { createColumn } from "./column.js";
import { overlapLine } from "./overlap.js";

/** @type {RankingName[]} */
const FOUR = ["none", "utility", "personalization", "both"];
const FOUR_SHOWN = 12; // of each list; places are told for all that the answer holds

/**
 * The four lists. `show` draws an answer, as often as it changes.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function createFour(app, element) {
  const box = part(element, "four");
  const note = h("p", { class: "ps-note ps-four-note" });
  const lists = FOUR.map((name) => {
    const head = h("header", { class: "ps-four-head" });
    const grid = h("ol", { class: "ps-grid" });
    return { name, head, column: createColumn(app, grid, name), section: h("section", { class: "ps-four-list", data: { ranking: name } }, head, grid) };
  });
  for (const { column } of lists) column.others = lists.map((list) => list.column).filter((other) => other !== column);
  const overlaps = h("p", { class: "ps-overlaps" });
  box.append(note, ...lists.map((list) => list.section), overlaps);

  return {
    /** @param {Answer} answer */
    show(answer) {
      const shown = lists.filter(({ name }) => answer.personalized || name === "none" || name === "utility");
      const entries = new Map(shown.map(({ name }) => [name, entriesOf(answer, name)]));
      const places = new Map([...entries].map(([name, list]) => [name, new Map(list.map((entry) => [entry.id, entry.rank]))]));
      const largest = Math.max(1e-9, ...[...entries.values()].flat().map((entry) => entry.final));
      note.textContent = answer.personalized ? app.t("four_hint") : app.t("four_plain");
      for (const { name, section, head, column } of lists) {
        section.hidden = !entries.has(name);
        if (section.hidden) continue;
        head.replaceChildren(h("h2", {}, rankingSign(app, name), app.t(`ranking_${name}`)));
        const move = (/** @type {string} */ id) => placesMoved(app, places, name, id);
        column.show(answer, (entries.get(name) ?? []).slice(0, FOUR_SHOWN), move, largest, (id) => [placeRow(app, places, name, id)]);
      }
      overlaps.replaceChildren(...fourOverlaps(app, answer));
    },
  };
}

/**
 * One letter (or character) that stands for a ranking wherever there is no room for its name.
 *
 * @param {App} app
 * @param {RankingName} name
 */
function rankingSign(app, name) {
  return h("span", { class: "ps-sign-of", "aria-hidden": "true" }, app.t(`sign_${name}`));
}

/**
 * Movement of a sticker from the plain ranking to this one; in the plain one itself: to where every switch is on.
 *
 * @param {App} app
 * @param {Map<RankingName, Map<string, number>>} places
 * @param {RankingName} name
 * @param {string} id
 */
function placesMoved(app, places, name, id) {
  const target = name !== "none" ? name : places.has("both") ? "both" : "utility";
  const move = movement(places.get("none")?.get(id) ?? null, places.get(target)?.get(id) ?? null);
  const names = { from: app.t("ranking_none"), to: app.t(`ranking_${target}`), top: app.start.top };
  return { ...move, sentence: app.t(`four_${move.kind}`, { ...names, n: move.steps, before: move.before, after: move.after }) };
}

/**
 * A sticker's place in each of the lists, this one's own underlined.
 *
 * @param {App} app
 * @param {Map<RankingName, Map<string, number>>} places
 * @param {RankingName} own
 * @param {string} id
 */
function placeRow(app, places, own, id) {
  const told = [...places].map(([name, ranks]) => ({ name, rank: ranks.get(id) ?? null }));
  const sentence = told.map(({ name, rank }) => `${app.t(`ranking_${name}`)}: ${rank ?? app.t("four_absent", { top: app.start.top })}`).join(app.t("comma"));
  const cell = (/** @type {{ name: RankingName, rank: number | null }} */ { name, rank }) =>
    h("span", { class: name === own ? "is-own" : null, data: { ranking: name } }, h("small", {}, app.t(`sign_${name}`)), h("b", {}, rank === null ? "–" : String(rank)));
  return h("span", { class: "ps-places", title: sentence }, h("span", { class: "ps-places-row", "aria-hidden": "true" }, told.map(cell)), h("span", { class: "ps-hidden" }, sentence));
}

/**
 * Likeness of each pair of the shown lists.
 *
 * @param {App} app
 * @param {Answer} answer
 */
function fourOverlaps(app, answer) {
  const names = FOUR.filter((name) => answer.personalized || name === "none" || name === "utility");
  const ids = (/** @type {RankingName} */ name) => answer.rankings[name].map(([id]) => id);
  return names.flatMap((first, place) =>
    names.slice(place + 1).map((second) => overlapLine(app, ids(first), ids(second), [app.t(`ranking_${first}`), app.t(`ranking_${second}`)])),
  );
}

/**
 * The stickers that the four lists of an answer show.
 *
 * @param {Answer} answer
 */
export function fourIds(answer) {
  return FOUR.flatMap((name) => answer.rankings[name].slice(0, FOUR_SHOWN)).map(([id]) => id);
}
