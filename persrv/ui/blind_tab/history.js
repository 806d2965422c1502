// The rounds that this browser keeps: their score, how they are taken home and forgotten.

import { part } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { answerOf, problemOf } from "../shared/refusal.js";
import { asOneself, isKnown, rankingsOf, rankingsRevealed, repeatsAmong, tallyOf } from "./played.js";
import { drawScore } from "./score.js";

/**
 * Keep the rounds of this browser, and show, save and delete them.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Record<Team, RankingName>} pair
 */
export function createHistory(app, element, pair) {
  const kept = createKeep("blind", /** @type {PlayedRound[]} */ ([]));
  /** @type {Posterior | null} the score of the rounds of this pair */
  let posterior = null;
  /** @type {(() => string) | null} why there is none though there are rounds */
  let unscored = null;

  const here = () => kept.get().filter((each) => each.content_hash === app.start.about.content_hash);
  const tally = () => tallyOf(here(), pair, asOneself(app.state));
  const draw = () => drawScore(app, element, pair, tally(), here().length, posterior, unscored);

  /** Ask the server, which has the formula, for the score; it is told two numbers and nothing else. */
  async function count() {
    const { A: a, B: b } = tally();
    [posterior, unscored] = [null, null];
    draw();
    if (a + b === 0) return;
    const received = await app.server.blind_score({ a, b }).catch(() => null);
    const now = tally();
    if (a !== now.A || b !== now.B) return;
    unscored = problemOf(app, received);
    posterior = answerOf(received);
    draw();
  }

  function save() {
    const seen = repeatsAmong(here());
    const lines = here().map((each) => JSON.stringify({ ...each, repeated: seen.has(each) })).join("\n");
    saveFile("persrv-blind.jsonl", `${lines}\n`, "application/x-ndjson");
  }

  part(element, "blind-export").addEventListener("click", save);
  part(element, "blind-clear").addEventListener("click", () => {
    kept.clear();
    count();
    app.announce(app.t("blind_cleared"));
  });
  app.you.onForget(() => {
    kept.set(kept.get().filter((each) => !asOneself(each)));
    count();
  });

  return {
    draw,
    count,
    add: (/** @type {PlayedRound} */ round) => kept.set([...kept.get(), round]),
    revealed: () => rankingsRevealed(here()),
    knows: (/** @type {Trial} */ { query, user, first, second }) => isKnown(rankingsOf(query, user, [first, second]), rankingsRevealed(here())),
  };
}
