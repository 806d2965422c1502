// What the judge tab knows: the list of queries and the judgements, kept in this browser, and two sides that are compared.

import { createKeep } from "../shared/keep.js";
import { YOU } from "../you_tab/you.js";
import { topicsIn } from "./topics.js";

/** The settings that move: their name on the server, their text, and their end. */
export const KNOBS = /** @type {const} */ ([["alpha", "knob_alpha", 2], ["lambda_", "knob_lambda", 2], ["meaning", "knob_meaning", 1], ["floor", "judge_floor", 1]]);

/** @param {App} app */
function sidesOf(app) {
  const settings = () => Object.fromEntries(KNOBS.map(([name]) => [name, app.start.tuning[name]]));
  return [["a", "judge_a"], ["b", "judge_b"]].map(([name, title]) => ({ name, title, settings: settings(), rankings: {}, file: "" }));
}

/**
 * Begin with the judgements of this browser for the open bundle, and with the bundle's settings on both sides.
 *
 * @param {App} app
 * @returns {Judging}
 */
export function createJudging(app) {
  const empty = /** @type {{ text: string, judgements: Judged }} */ ({ text: "", judgements: {} });
  const kept = createKeep(`judgements-${app.start.about.content_hash.slice(0, 12)}`, empty);
  const topics = () => topicsIn(kept.get().text);
  const judgements = () => kept.get().judgements;
  return {
    user: app.start.people.some(({ id }) => id === app.state.user && id !== YOU) ? app.state.user : "",
    sides: sidesOf(app),
    stickers: {},
    measures: {},
    text: () => kept.get().text,
    topics,
    judgements,
    judgementsInList: () => Object.fromEntries(topics().map(({ topic }) => [topic, judgements()[topic] ?? {}])),
    gradeOf: (topic, sticker) => judgements()[topic]?.[sticker],
    keep: (changed) => kept.set({ ...kept.get(), ...changed }),
    judge(topic, sticker, grade) {
      const { [sticker]: _, ...others } = judgements()[topic] ?? {};
      const grades = grade === null ? others : { ...others, [sticker]: grade };
      kept.set({ ...kept.get(), judgements: { ...judgements(), [topic]: grades } });
    },
  };
}
