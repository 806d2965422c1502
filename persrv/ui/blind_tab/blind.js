// Blind mode: two hidden rankings in one grid; one click says what one would send, and only then whose it was is asked for.

import { fillIn, h, part, refill } from "../shared/dom.js";
import { answerOf, problemOf } from "../shared/refusal.js";
import { YOU } from "../you_tab/you.js";
import { createHistory } from "./history.js";
import { recordOf } from "./played.js";
import { createQueries } from "./queries.js";
import { rankingName, roundCards, roundWords } from "./round.js";

/** @type {RankingName[]} */
const BLIND_RANKINGS = ["none", "utility", "personalization", "both"];

/** @type {[Team, string][]} teams, and the choice of the ranking of each */
const CHOICES = [["A", "blind-first"], ["B", "blind-second"]];

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountBlind(app, element) {
  /** @type {HTMLInputElement} */
  const input = part(element, "blind-query");
  const [grid, words] = [part(element, "blind-grid"), part(element, "blind-words")];
  /** @type {Record<Team, RankingName>} */
  const pair = { A: "none", B: "both" };
  const played = createHistory(app, element, pair);
  const queries = createQueries(app, played, pair);
  /** @type {Round | null} */
  let round = null;
  /** @type {(() => string) | null} says it in the language of the moment */
  let problem = null;
  let asked = 0;
  let again = false; // whether somebody else, or somebody of another taste, is playing than the round was dealt for
  input.maxLength = app.start.max_query;

  /** Deal a round of the first of these queries that makes one. */
  async function deal(some = [input.value]) {
    const [number, typed] = [++asked, input.value];
    again = false;
    if (app.state.user === YOU && !app.you.likes().length) return askForLikes(some);
    grid.setAttribute("aria-busy", "true");
    const dealt = await firstRound(app, some, pair, queries.refuse, () => number !== asked);
    if (!dealt) return; // something else was asked meanwhile
    const { trial, received } = dealt;
    const answer = answerOf(received);
    grid.removeAttribute("aria-busy");
    problem = problemOf(app, received);
    round = answer && { trial: { ...trial, query: answer.query }, stickers: answer.stickers };
    if (input.value === typed) fillIn(input, round ? trial.query : some[0]); // else somebody went on typing meanwhile
    draw();
    if (round) app.announce(app.t("blind_question", { q: round.trial.query }));
  }

  /**
   * Ask a visitor without likes for some, instead of dealing a round without a taste.
   *
   * @param {string[]} some
   */
  function askForLikes(some) {
    input.value ||= some[0];
    grid.removeAttribute("aria-busy"); // what was being dealt is not waited for any more
    [round, problem] = [null, () => app.t("blind_likes")];
    draw();
    app.you.pick();
  }

  /** @param {string | null} sticker */
  async function choose(sticker) {
    if (!round || round.revealed) return;
    const chosen = round;
    const number = ++asked;
    grid.removeAttribute("aria-busy"); // a round that was being dealt meanwhile is not waited for any more
    const received = await app.server.reveal({ ...chosen.trial, choice: sticker }).catch(() => null);
    if (number !== asked) return; // something else was asked meanwhile
    const revealed = answerOf(received);
    problem = problemOf(app, received);
    if (revealed) {
      Object.assign(chosen, { choice: sticker, revealed, known: played.knows(chosen.trial) });
      played.add(recordOf(app, chosen.trial, sticker, revealed));
    }
    draw();
    if (problem) return;
    app.announce(words.textContent ?? "");
    part(element, "blind-next").focus({ preventScroll: true });
    played.count();
  }

  async function next() {
    const [query, number] = [round?.trial.query ?? input.value, ++asked];
    words.focus({ preventScroll: true });
    const fresh = await queries.fresh();
    if (number !== asked) return; // something else was asked meanwhile
    await deal([...fresh, query]);
    bringIntoSight(part(element, "blind-round"));
  }

  function draw() {
    const alarm = part(element, "blind-problem");
    alarm.hidden = !problem;
    alarm.textContent = problem ? problem() : "";
    part(element, "blind-round").hidden = !round;
    drawChips(app, element, queries.suggested(), round?.trial.query, (query) => deal([query]));
    if (round) drawRound(app, element, round, round.revealed ? Boolean(round.known) : played.knows(round.trial), choose);
  }

  part(element, "blind-form").addEventListener("submit", (event) => { event.preventDefault(); deal(); });
  choosePair(app, element, pair, () => {
    queries.forgetRefused();
    played.count();
    deal();
  });
  part(element, "blind-none").addEventListener("click", () => choose(null));
  part(element, "blind-next").addEventListener("click", next);

  /** Deal at the first visit, so that a visitor sees what this is. */
  async function open() {
    const number = asked;
    const some = await queries.ask();
    if (number !== asked || input.value) draw(); // a round was asked for meanwhile, or is about to be
    else if (some) deal(app.state.query ? [app.state.query, ...some] : some.length ? some : [""]);
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("language")) {
      draw();
      played.draw();
    }
    if (changed.has("user")) played.count();
    if (changed.has("user") || changed.has("likes")) {
      again = true;
      queries.forgetRefused();
    }
    if (state.view !== "blind") return;
    if (!queries.asked()) open();
    else if (again) deal();
  });
  played.count();
  if (app.state.view === "blind") open();
}

/**
 * Ask for rounds until one of the queries makes one. Returns what was asked and what came, a refusal where no query
 * makes a round, null where `stale()` says that something else was asked meanwhile. The browser chooses the seed; the
 * rankings stay with the server.
 *
 * @param {App} app
 * @param {string[]} queries
 * @param {Record<Team, RankingName>} pair
 * @param {(query: string) => void} refuse
 * @param {() => boolean} stale
 */
async function firstRound(app, queries, pair, refuse, stale) {
  /** @type {{ trial: Trial, received: { query: string, stickers: Sticker[] } | Refusal | null } | null} */
  let dealt = null;
  for (const query of queries) {
    const trial = app.you.signed({ query, user: app.state.user, first: pair.A, second: pair.B, seed: crypto.getRandomValues(new Uint32Array(1))[0] });
    const received = await app.server.blind(trial).catch(() => null);
    if (stale()) return null;
    dealt = { trial, received };
    if (received && !received.error) break;
    if (received) refuse(query);
  }
  return dealt;
}

/** @param {HTMLElement} element */
function bringIntoSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) element.scrollIntoView();
}

/**
 * Draw a button for each query; `choose` is called with the pressed one.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {string[]} queries
 * @param {string | undefined} current
 * @param {(query: string) => void} choose
 */
function drawChips(app, element, queries, current, choose) {
  refill(part(element, "blind-chips"), queries.map((query) => h("button", { type: "button", class: "ps-chip", "aria-pressed": String(query === current), on: { click: () => choose(query) } }, query)));
}

/**
 * Draw a round: its question or what was revealed, and its stickers.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Round} round
 * @param {boolean} known
 * @param {(sticker: string) => void} choose
 */
function drawRound(app, element, round, known, choose) {
  const grid = part(element, "blind-grid");
  part(element, "blind-none").hidden = Boolean(round.revealed);
  part(element, "blind-next").hidden = !round.revealed;
  part(element, "blind-words").replaceChildren(...roundWords(app, round, known));
  grid.replaceChildren(...roundCards(app, round, choose));
  grid.classList.toggle("is-revealed", Boolean(round.revealed));
}

/**
 * Let the visitor choose both rankings; `changed` is called when one is chosen.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Record<Team, RankingName>} pair
 * @param {() => void} changed
 */
function choosePair(app, element, pair, changed) {
  function draw() {
    for (const [team, name] of CHOICES) {
      part(element, name).replaceChildren(...BLIND_RANKINGS.map((ranking) => h("option", { value: ranking, selected: ranking === pair[team] }, rankingName(app, ranking))));
    }
  }
  for (const [team, name] of CHOICES) {
    /** @type {HTMLSelectElement} */
    const select = part(element, name);
    select.addEventListener("change", () => {
      pair[team] = /** @type {RankingName} */ (select.value);
      changed();
    });
  }
  app.store.subscribe((_, languages) => { if (languages.has("language")) draw(); });
  draw();
}
