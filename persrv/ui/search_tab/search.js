// Search: as one types, one call for all four rankings; switches re-sort what is already here.

import { fillIn, part } from "../shared/dom.js";
import { mountFold } from "./fold.js";
import { mountKeys } from "./keys.js";
import { createResults, drawChips, showPressed } from "./results.js";
import { mountSending } from "./send.js";
import { mountStriking } from "./strike.js";
import { mountSuggestions } from "./suggest.js";
import { othersThan } from "./swap.js";
import { compareWithAnother, mountSwap } from "./swap_head.js";
import { createTuner } from "./tune.js";

const TYPING_PAUSE = 80; // ms without a key before a search starts while another is under way; else it starts at once

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountSearch(app, element) {
  /** @type {HTMLInputElement} */
  const input = part(element, "query");
  input.maxLength = app.start.max_query;
  mountSuggestions(app, element);
  mountStriking(app, element);
  mountSending(app, element);
  mountKeys(app, element);
  mountSwap(app);
  mountFold(app, element);
  /** @type {(Answer | Refusal)[]} what the server answered: for whoever searches, and for the person they are compared with */
  let received = [];
  /** @type {(Answer | Refusal)[]} the same as the knobs stand */
  let turned = [];
  let asked = 0;
  let answered = 0; // the last question whose answer came
  let chosen = 0; // presses of the buttons that lay the results out

  const results = createResults(app, element, ask);
  const tuner = createTuner(app, element, () => retune(true), () => { if (received.some(lacksCandidates)) ask(); });
  const box = mountBox(app, element, { busy: () => asked !== answered, ask });

  async function ask() {
    box.settle();
    const number = ++asked;
    const sent = performance.now();
    const query = app.state.query || "";
    const people = [app.state.user, ...(app.state.other ? [app.state.other] : [])];
    /** @type {(Answer | Refusal)[]} */
    let newest;
    try {
      newest = await Promise.all(people.map((user) => app.server.search({ query, user, candidates: tuner.wanted, literal: app.state.literal, words_only: app.state.words })));
    } catch {
      newest = [{ error: app.t("failed"), retry: true }];
    }
    if (number !== asked) return; // a later question is on its way: this answer is stale
    answered = number;
    const sameQuery = turned.length > 0 && !turned[0].error && turned[0].query === newest[0].query;
    received = newest;
    received[0].round = performance.now() - sent;
    retune(sameQuery);
    if (tuner.wanted && received.some(lacksCandidates)) ask(); // the panel was opened while this was on its way
    const [answer] = turned;
    if (answer.error === undefined) app.announce(app.t("results_announce", { n: answer.rankings.none.length }));
  }

  /**
   * Compute the answers as the knobs stand now, and draw them.
   *
   * @param {boolean} glide
   */
  function retune(glide) {
    if (!received.length) return;
    turned = received.map((each) => (each.error !== undefined ? each : tuner.applied(each)));
    app.answer = turned[0];
    app.othersAnswer = turned[1] ?? null;
    element.dispatchEvent(new Event("ps-answered")); // the map marks these results
    tuner.describe(received[0]);
    draw(glide);
  }

  const draw = (/** @type {boolean} */ glide) => results.draw(turned[0] ?? null, turned[1] ?? null, glide);

  for (const button of part(element, "layout").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const number = ++chosen;
      if (button.dataset.layout === "people") compareWithAnother(app, () => number === chosen);
      else app.store.set({ four: button.dataset.layout === "4", other: "" });
    });
  }
  const words = part(element, "words");
  words.hidden = !app.start.tuning.meaning;
  words.addEventListener("click", () => app.store.set({ words: !app.state.words, tune: "" }));
  part(element, "utility").addEventListener("click", () => app.store.set({ utility: !app.state.utility }));

  app.store.subscribe((state, changed) => {
    if (changed.has("query")) {
      fillIn(input, state.query || "");
      showPressed(app, element);
    }
    if (changed.has("query") || changed.has("user") || changed.has("likes") || changed.has("literal") || changed.has("words") || (changed.has("other") && state.other)) ask();
    else if (changed.has("utility") || changed.has("language") || changed.has("four") || changed.has("other") || changed.has("struck")) draw(changed.has("utility") || changed.has("struck"));
    if (!changed.has("language")) return;
    tuner.describe(received[0]);
    offered(false).then(({ queries }) => drawChips(app, element, queries), () => {}); // those that are there stay
  });

  /** @param {boolean} named  whether the address names who searches */
  const offered = (named) => app.server.examples({ language: app.state.language, ...(named ? { user: app.state.user } : {}) });

  async function begin() {
    if (input.value && app.state.query === null) app.store.set({ query: input.value }); // typed before the scripts came
    input.value = app.state.query || "";
    for (const button of part(element, "layout").querySelectorAll("[data-layout=people]")) button.hidden = othersThan(app, app.start.people[0]?.id).length < 1;
    draw(false);
    if (app.state.query !== null) ask();
    const named = new URLSearchParams(window.location.search).has("user");
    const { user } = app.state;
    const { queries, opening } = await offered(named).catch(() => ({ queries: [], opening: { query: "", user: undefined } }));
    const untouched = app.state.query === null && !input.value; // nobody has begun to type meanwhile
    if (untouched) app.store.set({ query: opening.query, ...(named || app.state.view !== "search" || app.state.user !== user ? {} : { user: opening.user }) });
    drawChips(app, element, queries);
  }
  begin();
}

/** @param {Answer | Refusal} answer */
const lacksCandidates = (answer) => answer.error === undefined && !answer.candidates;

/**
 * Search while somebody types. busy(): whether an answer is on its way, for which typing waits. The returned `settle`
 * forgets what was typed and is not searched for yet.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {{ busy: () => boolean, ask: () => void }} search
 */
function mountBox(app, element, { busy, ask }) {
  /** @type {HTMLInputElement} */
  const input = part(element, "query");
  let pause = 0;
  let composing = false; // an input method is still choosing characters
  const settle = () => window.clearTimeout(pause);

  function typed() {
    settle();
    pause = window.setTimeout(() => app.store.set({ query: input.value }), busy() ? TYPING_PAUSE : 0);
  }

  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; typed(); });
  input.addEventListener("input", () => { if (!composing) typed(); });
  part(element, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    settle();
    if (app.state.query === input.value) ask();
    else app.store.set({ query: input.value });
  });
  return { settle };
}
