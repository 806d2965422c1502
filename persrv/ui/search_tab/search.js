// Search: as one types, one call for all four rankings; switches re-sort what is already here.

import { decimal, gliding, h, part, reducedMotion } from "../shared/dom.js";
import { movement, RELEVANT_SIGN } from "../shared/movement.js";
import { chosenPerson, personName } from "../shared/person.js";
import { stickerImage } from "../shared/stickers.js";
import { YOU } from "../you_tab/you.js";
import { entriesOf, searcherName } from "./answer.js";
import { createColumn } from "./column.js";
import { createFour, fourIds } from "./four.js";
import { mountKeys } from "./keys.js";
import { overlapLine } from "./overlap.js";
import { mountSuggestions } from "./suggest.js";
import { comparedPerson, othersThan, peoplePair } from "./swap.js";
import { compareWithAnother, createSwapHead, mountSwap } from "./swap_head.js";
import { createTuner } from "./tune.js";

const TYPING_PAUSE = 80; // ms without a key before a search starts while another is under way; else it starts at once

export function mountSearch(app, element) {
  const input = part(element, "query");
  const timing = part(element, "timing");
  const columns = part(element, "columns");
  const left = createColumn(app, part(element, "left-grid"));
  const right = createColumn(app, part(element, "right-grid"));
  left.others = [right];
  right.others = [left];
  const four = createFour(app, element);
  const swapHead = createSwapHead(app);
  input.maxLength = app.start.max_query;
  mountSuggestions(app, element);
  mountKeys(app, element);
  mountSwap(app);
  let received = []; // what the server answered: for whoever searches, and for the person they are compared with
  let [answer, other] = [null, null]; // the same as the knobs stand
  let asked = 0;
  let answered = 0; // the last question whose answer came
  let pause = 0;

  const tuner = createTuner(app, element, () => retune(true), () => { if (received.some(lacksCandidates)) ask(); });

  // ---- asking

  async function ask() {
    window.clearTimeout(pause);
    const number = ++asked;
    const sent = performance.now();
    const query = app.state.query || "";
    const people = [app.state.user, ...(app.state.other ? [app.state.other] : [])];
    let newest;
    try {
      newest = await Promise.all(people.map((user) => app.server.search({ query, user, candidates: tuner.wanted })));
    } catch {
      newest = [{ error: app.t("failed"), retry: true }];
    }
    if (number !== asked) return; // a later question is on its way: this answer is stale
    answered = number;
    const sameQuery = Boolean(answer) && !answer.error && answer.query === newest[0].query;
    received = newest;
    received[0].round = performance.now() - sent;
    retune(sameQuery);
    if (tuner.wanted && received.some(lacksCandidates)) ask(); // the panel was opened while this was on its way
    if (!answer.error) app.announce(app.t("results_announce", { n: answer.rankings.none.length }));
  }

  let composing = false; // an input method is still choosing characters
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; typed(); });
  input.addEventListener("input", () => { if (!composing) typed(); });
  function typed() {
    window.clearTimeout(pause);
    pause = window.setTimeout(() => app.store.set({ query: input.value }), asked === answered ? 0 : TYPING_PAUSE);
  }
  part(element, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(pause);
    if (app.state.query === input.value) ask();
    else app.store.set({ query: input.value });
  });
  for (const button of part(element, "layout").querySelectorAll("button")) {
    button.addEventListener("click", () => (button.dataset.layout === "people" ? compareWithAnother(app) : app.store.set({ four: button.dataset.layout === "4", other: "" })));
  }
  part(element, "utility").addEventListener("click", () => app.store.set({ utility: !app.state.utility }));
  for (const button of part(element, "segment").querySelectorAll("button")) {
    button.addEventListener("click", () => chooseSide(button.dataset.side));
  }

  function chooseSide(side) {
    columns.dataset.side = side;
    for (const button of part(element, "segment").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.side === side));
    }
  }

  /** The answers that are there, as the knobs stand now. */
  function retune(glide) {
    if (!received.length) return;
    [answer, other = null] = received.map((each) => (each.error ? each : tuner.applied(each)));
    app.answer = answer;
    element.dispatchEvent(new Event("ps-answered")); // the map marks these results
    tuner.describe(received[0]);
    draw(glide);
  }

  // ---- drawing

  /** Both columns, their heads and what is to be said about them; gliding where the question stayed the same. */
  function draw(glide) {
    part(element, "utility").setAttribute("aria-checked", String(app.state.utility));
    drawNotice();
    drawTiming();
    const shown = Boolean(answer) && !answer.error;
    const inFour = drawLayout(shown);
    const { answers, lists, move, extras, people = false } = pairShown(shown);
    drawHeads(people);
    drawFan(lists[people ? 0 : 1].length ? lists[people ? 0 : 1] : lists[0]);
    drawOverlap(lists, people || (shown && answer.personalized && !inFour));
    drawRelevant(shown ? (inFour ? [[answer, fourIds(answer)]] : markedIn(answers, lists, people)) : []);
    gliding(glide, [...part(element, "results").querySelectorAll(".ps-grid")], () => {
      if (inFour) four.show(answer);
      else {
        const largest = Math.max(1e-9, ...lists.flat().map((entry) => entry.final));
        left.show(answers[0], lists[0], move, largest, extras?.(0));
        right.show(answers[1], lists[1], move, largest, extras?.(1));
      }
    });
    const single = !people && (!shown || !answer.personalized);
    columns.classList.toggle("is-single", single);
    columns.classList.toggle("is-people", people);
    const awaited = !answer && !app.state.four && hasTaste(app, chosenPerson(app)); // on a phone its room is kept, or the results would move down
    part(element, "segment").hidden = (single || inFour) && !awaited;
    part(element, "segment").classList.toggle("is-awaited", awaited);
    part(element, "why-hint").hidden = !shown || !answer.rankings.none.length;
    const results = part(element, "results");
    results.setAttribute("aria-busy", String(!answer));
    if (shown) results.dataset.query = answer.query;
  }

  /** What the two columns show: two people, or one person beside everybody. */
  function pairShown(shown) {
    if (!shown) return { answers: [answer, answer], lists: [[], []], move: () => null };
    const compared = other && !other.error && other.user === app.state.other && !answer.fallback && answer.rankings.none.length > 0;
    if (compared) return { ...peoplePair(app, [answer, other]), people: true };
    const lists = (app.state.utility ? ["utility", "both"] : ["none", "personalization"]).map((name) => entriesOf(answer, name));
    const [before, after] = lists.map((entries) => new Map(entries.map((entry) => [entry.id, entry.rank])));
    const move = (id) => (answer.personalized ? movement(before.get(id) ?? null, after.get(id) ?? null) : null);
    return { answers: [answer, answer], lists, move };
  }

  /** Which lists are on the page: all four where that is wanted and there are results, else the columns. */
  function drawLayout(shown) {
    const layout = app.state.other ? "people" : app.state.four ? "4" : "2";
    const inFour = shown && layout === "4" && !answer.fallback && answer.rankings.none.length > 0;
    part(element, "four").hidden = !inFour;
    columns.hidden = inFour;
    part(element, "utility").hidden = inFour || (!answer && layout === "4");
    for (const button of part(element, "layout").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.layout === layout));
    }
    return inFour;
  }

  /** How alike the two lists are; nothing where there is but one. */
  function drawOverlap([first, second], compared) {
    const box = part(element, "overlap");
    const ids = (entries) => entries.map((entry) => entry.id);
    box.hidden = !(compared && first.length && second.length);
    box.replaceChildren(...(box.hidden ? [] : [overlapLine(app, ids(first), ids(second))]));
  }

  /** Whose marks are looked for in what: two people's each in their own list, one person's in all that is there. */
  function markedIn(answers, lists, people) {
    if (people) return answers.map((each, at) => [each, lists[at].map((entry) => entry.id)]);
    return [[answer, lists.flat().map((entry) => entry.id)]];
  }

  /** What the mark on some stickers means, and how many of those that could have it are in sight. */
  function drawRelevant(marks) {
    const line = part(element, "relevant");
    const told = marks.filter(([each]) => each.relevant?.length);
    line.hidden = !told.length;
    const said = (first, second = first) => told.map(([each, ids], at) =>
      app.t(at ? second : first, { name: searcherName(app, each), q: each.query, n: each.relevant.length, shown: each.relevant.filter((id) => ids.includes(id)).length }),
    ).join(app.t("relevant_and"));
    line.title = said("relevant_hint");
    line.replaceChildren(h("span", { class: "ps-sent", "aria-hidden": "true" }, RELEVANT_SIGN), h("span", {}, said("relevant_legend", "relevant_second")));
  }

  let fanned = "";
  function drawFan(entries) {
    const best = entries.slice(0, 3);
    const key = best.map((entry) => entry.id).join();
    if (key === fanned) return;
    fanned = key;
    const images = best.map((entry) => stickerImage(app, entry.sticker, "", true));
    part(element, "fan").replaceChildren(...images);
    if (!reducedMotion()) for (const image of images) image.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 260 });
  }

  function drawHeads(people) {
    const person = chosenPerson(app);
    const name = person ? personName(app, person) : "";
    const second = people ? personName(app, comparedPerson(app)) : name;
    part(element, "left-head").replaceChildren(...(people && person ? personHead(person) : leftHead(person)));
    const head = part(element, "right-head");
    if (!people) head.replaceChildren(...personHead(person));
    else if (!head.contains(swapHead.element)) head.replaceChildren(swapHead.element);
    swapHead.update();
    part(element, "segment-left").textContent = people && person ? app.t("right_title", { name }) : app.t("segment_left");
    part(element, "segment-right").textContent = app.t("right_title", { name: second });
  }

  function personHead(person) {
    const name = person ? personName(app, person) : "";
    return [
      person && person.avatar ? h("span", { class: "ps-avatar is-small" }, stickerImage(app, person.avatar, "", true)) : "",
      h("div", {}, h("h2", {}, app.t("right_title", { name })), h("p", {}, person?.id === YOU ? app.t("you_right_hint") : app.t("right_hint", { name }))),
    ];
  }

  /** What the left column is, said only of results that are there: without them nothing is known of the person. */
  function leftHead(person) {
    if (!answer || answer.error || !answer.rankings.none.length) return [];
    if (answer.user !== (app.state.user || null)) return []; // the answer for the person now chosen is on its way
    if (answer.fallback) return [h("h2", {}, app.t("fallback_title"))];
    if (answer.personalized && person) return [h("h2", {}, app.t("left_title")), h("p", {}, app.t("left_hint"))];
    return [h("h2", {}, app.t("not_personalised")), h("p", {}, notPersonalisedBecause(person))];
  }

  function notPersonalisedBecause(person) {
    if (person?.id === YOU) return app.t("you_none");
    if (person) return app.t("no_style", { name: personName(app, person) });
    return app.state.user ? app.t("unknown_user", { name: app.state.user }) : app.t("not_personalised_hint");
  }

  function drawNotice() {
    const notice = part(element, "notice");
    const lines = [];
    if (answer && answer.error) lines.push(h("p", {}, answer.code ? app.t(`error_${answer.code}`, answer.values) : answer.error));
    else if (answer && answer.notice === "blank_query") lines.push(h("p", {}, app.t("blank")));
    else if (answer && answer.notice === "none_weighted") lines.push(h("p", {}, app.t("tune_none")));
    else if (answer && answer.fallback) {
      lines.push(h("p", {}, h("strong", {}, app.t("no_match", { q: answer.query }))), h("p", {}, app.t(`fallback_${answer.fallback}`)));
    }
    if (answer && answer.retry) lines.push(h("button", { type: "button", class: "ps-tool", on: { click: ask } }, app.t("retry")));
    notice.replaceChildren(...lines);
    notice.hidden = !lines.length;
  }

  function drawTiming() {
    const shown = answer && !answer.error && answer.notice !== "blank_query";
    timing.textContent = shown ? app.t("timing", { ms: decimal(answer.ms, answer.ms < 10 ? 1 : 0) }) : "";
    timing.title = shown ? app.t("timing_hint", { matched: (answer.counted ? "" : "≥ ") + answer.matched.toLocaleString("en"), all: app.start.about.stickers.toLocaleString("en"), round: decimal(answer.round, 0) }) : "";
  }

  function drawChips(queries) {
    part(element, "chips").replaceChildren(
      ...queries.map((query) => h("button", { type: "button", class: "ps-chip", "aria-pressed": String(query === app.state.query), data: { query }, on: { click: () => app.store.set({ query }) } }, query)),
    );
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("query")) {
      if (input.value !== state.query) input.value = state.query || "";
      for (const chip of part(element, "chips").children) chip.setAttribute("aria-pressed", String(chip.dataset.query === state.query));
    }
    if (changed.has("query") || changed.has("user") || changed.has("likes") || (changed.has("other") && state.other)) ask();
    else if (changed.has("utility") || changed.has("language") || changed.has("four") || changed.has("other")) draw(changed.has("utility"));
    if (changed.has("language")) tuner.describe(received[0]);
  });

  async function begin() {
    input.value = app.state.query || "";
    chooseSide("right");
    for (const button of part(element, "layout").querySelectorAll("[data-layout=people]")) button.hidden = othersThan(app, app.start.people[0]?.id).length < 1;
    draw(false);
    if (app.state.query !== null) ask();
    const named = new URLSearchParams(window.location.search).has("user");
    const { queries, opening } = await app.server.examples(named ? { user: app.state.user } : {}).catch(() => ({ queries: [], opening: { query: "" } }));
    if (app.state.query === null) app.store.set({ query: opening.query, ...(named || app.state.view !== "search" ? {} : { user: opening.user }) });
    drawChips(queries);
  }
  begin();
}

/** Whether somebody's results will be personalised, as far as the page knows before it has asked. */
const hasTaste = (app, person) => Boolean(person) && (person.id === YOU ? app.you.likes() : person.clusters).length > 0;

const lacksCandidates = (answer) => !answer.error && !answer.candidates;
