// The rows of the comparison: what each method offers, under its name and what was measured of it.

import { entriesOf } from "../search_tab/answer.js";

/**
 * One row. line: in place of stickers; own: those that only this style brings; explained: where a sticker's rank is told
 * of, null for a model that has no formula.
 *
 * @typedef {{ name: string, title: string, line: string, stickers: Sticker[], own: Set<string>, explained: Column | null }} Offers
 */

/**
 * Return the row of a search's ranking.
 *
 * @param {string} name
 * @param {string} title
 * @param {Answer} answer
 * @param {RankingName} ranking
 * @returns {Offers}
 */
export function searchRow(name, title, answer, ranking) {
  const entries = entriesOf(answer, ranking);
  const others = new Set(answer.rankings.utility.map(([id]) => id));
  const ids = entries.map(({ id }) => id);
  const explained = /** @type {any} */ ({ ids: () => ids, answer: () => answer, entry: (/** @type {string} */ id) => entries.find((each) => each.id === id) ?? null, above: () => null });
  const own = new Set(answer.personalized && ranking === "both" ? ids.filter((id) => !others.has(id)) : []);
  return { name, title, line: "", stickers: entries.map(({ sticker }) => sticker), own, explained };
}

/**
 * Return a row for each method that offers anything, or says why it does not.
 *
 * @param {App} app
 * @param {ChatMethod[]} methods
 * @returns {Offers[]}
 */
export function methodRows(app, methods) {
  return methods.flatMap((method) => (method.answer === null ? [modelRow(app, method)] : searched(app, method)));
}

/** @param {App} app @param {ChatSearch & { recall: number | null }} method @returns {Offers[]} */
function searched(app, { name, recall, answer }) {
  if ("error" in answer && answer.error) return [];
  const found = /** @type {Answer} */ (answer);
  if (!found.rankings.none.length) return [];
  return [searchRow(name, measured(app, name === "BM25" ? "chat_words_only" : "chat_meaning_only", recall), found, "none")];
}

/** @param {App} app @param {ChatModel & { recall: number | null }} method @returns {Offers} */
function modelRow(app, { name, recall, state, stickers, error }) {
  const [key, missing] = name === "SRS" ? ["chat_srs", "chat_srs_missing"] : ["chat_retrieving_lm", "chat_retrieving_lm_missing"];
  const line = { offers: "", unwanted: app.t("chat_unwanted"), missing: app.t(missing), broken: error ?? "" }[state];
  return { name, title: measured(app, key, recall), line, stickers, own: new Set(), explained: null };
}

/**
 * Return the name of a method with its R@10 on held-out questions, where that was measured.
 *
 * @param {App} app
 * @param {string} key
 * @param {number | null | undefined} recall
 */
export function measured(app, key, recall) {
  return typeof recall === "number" ? `${app.t(key)} · ${app.t("chat_recall", { value: recall.toFixed(2) })}` : app.t(key);
}
