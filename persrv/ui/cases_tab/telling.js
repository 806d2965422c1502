// What a case says: its sentence, its titles, its places, and the state of the page that shows it.

import { movement, MOVE_SIGNS } from "../shared/movement.js";
import { decimal } from "../shared/dom.js";
import { figureFooter } from "../shared/figure.js";
import { nameOfPerson, personOf } from "../shared/person.js";
import { plainState } from "../shared/store.js";
import { keptSentence, keptState } from "./kept.js";

/**
 * @param {App} app
 * @param {string} user
 */
export const searcherOf = (app, user) => (user ? nameOfPerson(app, user) : app.t("nobody"));

/**
 * Write one sentence from numbers: who typed and clicked what, and the sticker's place without and with the part.
 *
 * @param {App} app
 * @param {Case} one
 */
export function caseSentence(app, one) {
  if (isKept(one)) return keptSentence(app, one);
  const [without, whole] = one.rankings;
  const placeOf = (/** @type {number | null} */ rank) => (rank === null ? app.t("case_below", { n: app.start.top }) : app.t("rank", { n: rank }));
  const values = { name: searcherOf(app, one.user), q: one.query, before: placeOf(without.place), after: placeOf(whole.place) };
  if (one.kind.endsWith("rescues")) {
    const said = app.t("case_rescue", { ...values, before: app.t("case_not_found"), fields: one.found_in.map((field) => app.t(`field_${field}`)).join(app.t("case_and")) });
    return wordsAlone(app, one) ? `${said} ${app.t("case_by_words")}` : said;
  }
  if (one.kind.startsWith("utility")) {
    const [clicks, people] = one.counts;
    return `${app.t("case_utility", values)} ${app.t("case_counts", { clicks, people })}`;
  }
  const taste = one.preference === null ? "" : ` ${app.t("case_taste", { name: values.name, value: decimal(one.preference) })}`;
  return `${app.t("case_personalization", values)}${taste}`;
}

/**
 * Tell whether a case is a search that the visitor kept.
 *
 * @param {Case} one
 * @returns {one is KeptCase}
 */
export const isKept = (one) => one.kind === "kept";

/**
 * Tell whether a case is one of a search by words alone, in a bundle whose search is more than that.
 *
 * @param {App} app
 * @param {Case} one
 */
const wordsAlone = (app, one) => one.kind.endsWith("rescues") && app.start.tuning.meaning > 0;

/**
 * Return the page's state that shows a case: its query, its person, the bundle's settings, and all four rankings where
 * utility makes the difference.
 *
 * @param {App} app
 * @param {Case} one
 */
export const stateOfCase = (app, one) => (isKept(one) ? keptState(app, one) : plainState(app, { query: one.query, user: one.user, four: one.kind.startsWith("utility"), words: wordsAlone(app, one) }));

/**
 * Name a ranking of a case; side: 0 without the part, 1 with it.
 *
 * @param {App} app
 * @param {Case} one
 * @param {number} side
 */
export function titleOf(app, one, side) {
  if (isKept(one)) return one.rankings[side].name;
  if (side === 1) return app.t("case_with");
  const part = one.kind.slice(0, one.kind.lastIndexOf("_"));
  return app.t(`case_without_${part}`);
}

/**
 * Say why the clicked sticker is missing in a ranking.
 *
 * @param {App} app
 * @param {CaseRanking} ranking
 */
export function absence(app, ranking) {
  if (!ranking.first.length) return app.t("case_nothing");
  return ranking.name ? app.t("case_below", { n: app.start.top }) : app.t("case_not_found");
}

/**
 * Return a case as a figure, with its note.
 *
 * @param {App} app
 * @param {Case} one
 * @param {string} note
 * @returns {Figure}
 */
export function caseFigure(app, one, note) {
  const person = personOf(app, one.user);
  const before = placesOf(one, one.rankings[0]);
  return {
    eyebrow: isKept(one) ? app.t("cases_own") : app.t(`case_kind_${one.kind}`),
    title: `“${one.query}”`,
    person: searcherOf(app, one.user),
    face: person?.avatar && !person.avatar.data ? person.avatar.id : null,
    language: app.state.language,
    description: caseSentence(app, one),
    ticks: isKept(one) || one.rankings.every((ranking) => ranking.place === null) ? "" : app.t("figure_clicked"),
    badges: app.t("figure_badges_first"),
    sentences: [caseSentence(app, one), ["kept", "caption_rescues", "ocr_rescues"].includes(one.kind) ? "" : app.t(`case_why_${one.kind}`), note].filter(Boolean),
    rows: one.rankings.map((ranking, side) => ({
      title: titleOf(app, one, side),
      hint: "",
      absent: ranking.place === null && !isKept(one) ? absence(app, ranking) : "",
      entries: [...placesOf(one, ranking)].map(([id, rank], index) => ({
        id,
        rank,
        ...(side === 1 && before.has(id) ? moved(before.get(id) ?? null, rank) : { kind: null, badge: null }),
        marked: id === one.sticker,
        apart: rank > ranking.first.length,
        ...ranking.moves?.[index],
      })),
    })),
    footer: figureFooter(app, one.settings ?? app.start.about.settings),
  };
}

/**
 * Return sticker -> place: the first stickers, and the clicked one wherever it is.
 *
 * @param {Case} one
 * @param {CaseRanking} ranking
 */
function placesOf(one, ranking) {
  const places = new Map(ranking.first.map((id, index) => [id, index + 1]));
  return ranking.place === null || one.sticker === null ? places : places.set(one.sticker, ranking.place);
}

/**
 * @param {number | null} before
 * @param {number} after
 */
function moved(before, after) {
  const { kind, steps } = movement(before, after);
  return { kind, badge: `${MOVE_SIGNS[kind]}${steps || ""}` };
}
