// Rounds that were played, and what they count for: a round counts only where neither ranking was revealed before. Pure.

import { YOU } from "../you_tab/you.js";

/** @type {RankingName[]} of these everybody has their own; the others are the same for all */
const OWN = ["personalization", "both"];

/**
 * Return keys of both rankings of a round. A visitor's own rankings keep their keys after other likes, because a round
 * keeps only how many likes there were.
 *
 * @param {string} query
 * @param {string | null} user
 * @param {RankingName[]} names
 */
export const rankingsOf = (query, user, names) => names.map((name) => JSON.stringify([query, name, OWN.includes(name) ? user || null : null]));

/** @param {PlayedRound} round */
const rankingsPlayed = (round) => rankingsOf(round.query, round.user, [round.rankings.A.name, round.rankings.B.name]);

/**
 * Return the keys of all rankings that some rounds revealed.
 *
 * @param {PlayedRound[]} rounds
 */
export const rankingsRevealed = (rounds) => new Set(rounds.flatMap(rankingsPlayed));

/**
 * Tell whether one of two rankings was revealed. Whoever has seen it can tell the other one's stickers, so neither is
 * hidden any more.
 *
 * @param {string[]} rankings
 * @param {Set<string>} revealed
 */
export const isKnown = (rankings, revealed) => rankings.some((each) => revealed.has(each));

/**
 * Return the rounds that were not blind, because an earlier round had revealed one of their rankings.
 *
 * @param {PlayedRound[]} rounds  in the order in which they were played
 */
export function repeatsAmong(rounds) {
  /** @type {Set<string>} */
  const revealed = new Set();
  return new Set(
    rounds.filter((each) => {
      const rankings = rankingsPlayed(each);
      const again = isKnown(rankings, revealed);
      for (const ranking of rankings) revealed.add(ranking);
      return again;
    }),
  );
}

/**
 * Tell whether somebody plays as themselves. What people send themselves, and what they think others would send, are
 * two scores.
 *
 * @param {{ user: string | null }} each
 */
export const asOneself = ({ user }) => user === YOU;

/**
 * Result of the rounds of a pair. rounds: all of them over this bundle; pair: what A and B are; oneself: whose rounds.
 *
 * all: those of the pair; again: which of them were not blind; A and B: how many went to each; undecided: to neither.
 *
 * @param {PlayedRound[]} rounds
 * @param {Record<Team, RankingName>} pair
 * @param {boolean} oneself
 */
export function tallyOf(rounds, pair, oneself) {
  const all = rounds.filter((each) => each.rankings.A.name === pair.A && each.rankings.B.name === pair.B && asOneself(each) === oneself);
  const repeats = repeatsAmong(rounds);
  const again = new Set(all.filter((each) => repeats.has(each)));
  const won = (/** @type {Team} */ team) => all.filter((each) => each.credit === team && !again.has(each)).length;
  const [a, b] = [won("A"), won("B")];
  return { all, again, A: a, B: b, undecided: all.length - a - b - again.size };
}

/** @typedef {ReturnType<typeof tallyOf>} Tally */

/**
 * Return a chosen round as the browser keeps it, with everything needed to repeat it.
 *
 * @param {App} app
 * @param {Trial} trial
 * @param {string | null} choice
 * @param {Revealed} revealed
 * @returns {PlayedRound}
 */
export function recordOf(app, trial, choice, revealed) {
  const { name, content_hash, settings } = app.start.about;
  return {
    time: new Date().toISOString(),
    bundle: name,
    content_hash,
    simulated: app.start.simulated,
    settings,
    seed: trial.seed,
    query: trial.query,
    user: trial.user || null,
    likes: trial.likes ? trial.likes.length : undefined, // how many; which ones is the visitor's own business
    rankings: { A: { name: trial.first, ids: revealed.rankings.A }, B: { name: trial.second, ids: revealed.rankings.B } },
    interleaved: revealed.picks.map(([sticker, team]) => ({ sticker, team })),
    choice,
    credit: revealed.credit,
  };
}
