// Queries to play blind: what is suggested, and what people search for.

import { isKnown, rankingsOf } from "./played.js";

const FRESH = 12; // of the searches nobody has played: more than enough for one that tells the rankings apart

/**
 * Offer queries to play: suggestions, then the searches of the training data once the suggestions were played.
 *
 * @param {App} app
 * @param {{ revealed: () => Set<string> }} played
 * @param {Record<Team, RankingName>} pair
 */
export function createQueries(app, played, pair) {
  /** @type {string[] | null} */
  let suggestions = null;
  /** @type {Promise<string[] | null> | null} */
  let searches = null;
  /** @type {Set<string>} what makes no round for this person and pair: asked again, it would be refused again */
  const refused = new Set();

  return {
    asked: () => suggestions !== null,
    suggested: () => suggestions ?? [],
    refuse: (/** @type {string} */ query) => refused.add(query),
    forgetRefused: () => refused.clear(),
    /** Asks for the suggestions; null where that was done already. */
    async ask() {
      if (suggestions) return null;
      suggestions = [];
      const { queries } = await app.server.examples({}).catch(() => ({ queries: [] }));
      suggestions = queries;
      return /** @type {string[]} */ (queries);
    },
    /** Queries that make a round neither of whose rankings was revealed yet, as far as is known. */
    async fresh() {
      const revealed = played.revealed();
      const isFresh = (/** @type {string} */ each) => !refused.has(each) && !isKnown(rankingsOf(each, app.state.user, [pair.A, pair.B]), revealed);
      const suggested = (suggestions ?? []).filter(isFresh);
      if (!suggested.length) searches ??= trainingQueries();
      const searched = (await searches) ?? [];
      return [...suggested, ...searched.filter(isFresh)].slice(0, FRESH);
    },
  };

  /** @returns {Promise<string[] | null>} */
  function trainingQueries() {
    return app.server.suggestions({}).then(({ queries }) => queries.map((/** @type {CountedQuery} */ [text]) => text), () => { searches = null; return null; });
  }
}
