// An answer of the server, read for the page: the entries of its rankings and the parts of their scores.

import { nameOfPerson } from "../shared/person.js";

/**
 * One entry of a ranking with everything its card needs.
 *
 * @param {Answer} answer
 * @param {RankingName} ranking
 */
export function entriesOf(answer, ranking) {
  return answer.rankings[ranking].map(([id, recallRank, recall, final], index) => ({
    id,
    rank: index + 1,
    recallRank,
    recall,
    final,
    sticker: answer.stickers[id],
    parts: answer.hits[id],
    usesUtility: ranking === "utility" || ranking === "both",
    usesPreference: (ranking === "personalization" || ranking === "both") && answer.personalized,
  }));
}

/**
 * The score in its three parts; they add up to the final score. Utility and preference are 0 where switched off.
 *
 * @param {Answer} answer
 * @param {Entry} entry
 */
export function scoreParts(answer, entry) {
  if (answer.fallback) return { relevance: 0, utility: 0, preference: 0, [answer.fallback === "popular" ? "utility" : "relevance"]: entry.final };
  const utility = entry.usesUtility ? answer.settings.lambda * entry.parts.utility.value : 0;
  return { relevance: entry.recall - utility, utility, preference: entry.final - entry.recall };
}

/**
 * The name of the person an answer was made for.
 *
 * @param {App} app
 * @param {Answer} answer
 */
export function searcherName(app, answer) {
  return nameOfPerson(app, answer.user ?? "");
}
