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

/** Tells whether the shown stickers have no parts of a score: nearest pictures, or popular ones. @param {Answer} answer */
export const isStandIn = (answer) => answer.fallback !== "" && answer.fallback !== "nearest";

/**
 * The score in its four parts; they add up to the final score. Those that are switched off are 0.
 *
 * @param {Answer} answer
 * @param {Entry} entry
 */
export function scoreParts(answer, entry) {
  const none = { relevance: 0, meaning: 0, utility: 0, preference: 0 };
  if (isStandIn(answer)) return { ...none, [answer.fallback === "popular" ? "utility" : "relevance"]: entry.final };
  const utility = entry.usesUtility ? answer.settings.lambda * entry.parts.utility.value : 0;
  const meaning = meaningPart(entry);
  return { relevance: entry.recall - utility - meaning, meaning, utility, preference: entry.final - entry.recall };
}

/** Part of a score that comes from meaning. @param {Entry} entry */
export const meaningPart = ({ parts: { meaning } }) => (meaning ? meaning.weight * meaning.value : 0);

/**
 * The name of the person an answer was made for.
 *
 * @param {App} app
 * @param {Answer} answer
 */
export function searcherName(app, answer) {
  return nameOfPerson(app, answer.user ?? "");
}
