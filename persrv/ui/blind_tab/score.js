// The score of the rounds: what they say in one sentence, how many went to which ranking, the interval, the newest ones.

import { decimal, h, part } from "../shared/dom.js";
import { nameOfPerson } from "../shared/person.js";
import { asOneself } from "./played.js";
import { rankingName } from "./round.js";

const ROUNDS_SHOWN = 8;

/**
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Record<Team, RankingName>} pair
 * @param {import("./played.js").Tally} tally
 * @param {number} kept  rounds in this browser, of every pair
 * @param {Posterior | null} posterior
 * @param {(() => string) | null} unscored  why there is no posterior though there are rounds
 */
export function drawScore(app, element, pair, tally, kept, posterior, unscored) {
  const { all, again, A, B, undecided } = tally;
  const shown = all.slice(-ROUNDS_SHOWN).reverse();
  part(element, "blind-whose").textContent = app.t(asOneself(app.state) ? "blind_score_you" : "blind_score");
  const note = (/** @type {string} */ words) => h("p", { class: "ps-note" }, words);
  const content = [
    h("p", { class: "ps-blind-line" }, standing(app, pair, A + B, posterior, unscored)),
    all.length ? tallyList(app, pair, tally) : null,
    posterior && intervalBar(app, posterior),
    undecided ? note(app.t("blind_undecided", { n: undecided })) : null,
    again.size ? note(app.t("blind_repeated", { n: again.size })) : null,
  ];
  part(element, "blind-score").replaceChildren(...content.filter((each) => each !== null));
  part(element, "blind-shown").hidden = all.length <= shown.length;
  part(element, "blind-shown").textContent = app.t("blind_shown", { n: shown.length, of: all.length });
  part(element, "blind-rounds").replaceChildren(...shown.map((each) => roundLine(app, each, again.has(each))));
  for (const name of ["export", "clear"]) {
    /** @type {HTMLButtonElement} */
    const button = part(element, `blind-${name}`);
    button.textContent = app.t(name === "export" ? "blind_export" : "blind_clear", { n: kept });
    button.disabled = !kept;
  }
}

/**
 * Say in one sentence which ranking is ahead, and only where the interval excludes one half.
 *
 * @param {App} app
 * @param {Record<Team, RankingName>} pair
 * @param {number} decisive
 * @param {Posterior | null} posterior
 * @param {(() => string) | null} unscored
 */
function standing(app, pair, decisive, posterior, unscored) {
  if (!decisive) return app.t("blind_no_rounds");
  if (!posterior) return unscored ? unscored() : "";
  const team = posterior.low > 0.5 ? "B" : posterior.high < 0.5 ? "A" : null;
  return team ? app.t("blind_ahead", { team, name: rankingName(app, pair[team]) }) : app.t("blind_open");
}

/**
 * List both rankings with the rounds that each won.
 *
 * @param {App} app
 * @param {Record<Team, RankingName>} pair
 * @param {Record<Team, number>} rounds
 */
function tallyList(app, pair, rounds) {
  const row = (/** @type {Team} */ team) => h("div", {}, h("dt", {}, h("b", { class: `ps-team is-${team}`, "aria-hidden": "true" }, team), h("span", {}, rankingName(app, pair[team]))), h("dd", {}, String(rounds[team])));
  return h("dl", { class: "ps-blind-tally", "aria-label": app.t("blind_tally") }, row("A"), row("B"));
}

/**
 * Draw the 95 % interval of the share of rounds that prefer B, from A's end to B's, with its mean and the middle.
 *
 * @param {App} app
 * @param {Posterior} posterior
 */
function intervalBar(app, posterior) {
  const percent = (/** @type {number} */ share) => `${decimal(100 * share, 0)} %`;
  const said = app.t("blind_interval", { low: percent(posterior.low), high: percent(posterior.high), above: percent(posterior.above_half) });
  const at = (/** @type {number} */ share) => `${decimal(100 * share, 2)}%`;
  return h(
    "div",
    { class: "ps-interval" },
    h("div", { class: "ps-interval-row", "aria-hidden": "true" }, h("b", { class: "ps-team is-A" }, "A"), h("div", { class: "ps-interval-track" }, h("i", { style: { left: at(posterior.low), width: at(posterior.high - posterior.low) } }), h("u", { style: { left: at(posterior.mean) } })), h("b", { class: "ps-team is-B" }, "B")),
    h("p", { class: "ps-interval-ends", "aria-hidden": "true" }, ["blind_end_a", "blind_end_half", "blind_end_b"].map((key) => h("span", {}, app.t(key)))),
    h("p", { class: "ps-note" }, said),
  );
}

/**
 * @param {App} app
 * @param {PlayedRound} round
 * @param {boolean} repeated
 */
function roundLine(app, round, repeated) {
  const who = round.user ? nameOfPerson(app, round.user) : app.t("nobody");
  const team = (!repeated && round.credit) || "–";
  const said = team === "–" ? app.t(repeated ? "blind_for_repeat" : "blind_for_neither") : app.t("blind_for", { team });
  return h("li", {}, h("b", { class: `ps-team ${team === "–" ? "" : `is-${team}`}`, title: said, "aria-label": said, role: "img" }, team), h("span", {}, round.query), h("small", {}, who));
}
