// What the judge tab asks the server: rankings under each side's settings, and the measures of both sides.

import { answerOf, problemOf } from "../shared/refusal.js";
import { MOST_QUERIES } from "./topics.js";

/**
 * Return functions that rank the list, then measure it, or measure alone; of answers that cross, only the last counts.
 *
 * @param {App} app
 * @param {Judging} judging
 * @param {{ tell: (problem: string) => void, ranked: () => void, measured: () => void }} then
 */
export function createAsking(app, judging, then) {
  let ranking = 0;
  let measuring = 0;

  async function rank() {
    const mine = ++ranking;
    const list = judging.topics();
    if (list.length > MOST_QUERIES) return then.tell(app.t("judge_too_many", { max: MOST_QUERIES }));
    const queries = list.map(({ query }) => query);
    const asked = judging.sides.filter((side) => !side.file);
    const received = await Promise.all(asked.map(({ settings }) => app.server.judge_rank({ queries, user: judging.user, settings }).catch(() => null)));
    if (mine !== ranking) return;
    const problem = received.map((each) => problemOf(app, each)).find(Boolean);
    then.tell(problem ? problem() : "");
    if (problem) return;
    for (const [number, side] of asked.entries()) {
      const answer = answerOf(received[number]);
      Object.assign(judging.stickers, answer?.stickers);
      side.rankings = Object.fromEntries(list.map(({ topic }, place) => [topic, answer?.rankings[place] ?? []]));
    }
    then.ranked();
    await measure();
  }

  async function measure() {
    const mine = ++measuring;
    const runs = Object.fromEntries(judging.sides.map(({ name, rankings }) => [name, rankings]));
    const received = await app.server.judge_measure({ runs, judgements: judging.judgementsInList() }).catch(() => null);
    if (mine !== measuring) return;
    const problem = problemOf(app, received);
    if (problem) then.tell(problem());
    judging.measures = answerOf(received)?.runs ?? {};
    then.measured();
  }

  return { rank, measure };
}
