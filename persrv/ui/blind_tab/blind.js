// Blind mode: two hidden rankings in one grid; one click says what one would send, and only then whose it was is asked for.

import { decimal, h, part } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { personName } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { YOU } from "../you_tab/you.js";

const BLIND_RANKINGS = ["none", "utility", "personalization", "both"];
const BLIND_OWN = ["personalization", "both"]; // of these everybody has their own; the others are the same for all
const ROUNDS_SHOWN = 8;
const FRESH = 12; // of the searches nobody has played: more than enough for one that tells the rankings apart

export function mountBlind(app, element) {
  const input = part(element, "blind-query");
  const grid = part(element, "blind-grid");
  const words = part(element, "blind-words");
  const kept = createKeep("blind", []);
  const pair = { A: "none", B: "both" };
  let suggestions = null; // queries to play, once they were asked for
  let searches = null; // and those of the training data, once these were played
  const refused = new Set(); // of all these, what makes no round for this person and pair: asked again, it would be refused again
  let round = null; // { trial, stickers } and, once chosen, { choice, revealed }
  let problem = null; // a function that says it in the language of the moment
  let posterior = null; // the score of the rounds of this pair
  let unscored = null; // why there is none though there are rounds, as `problem`
  let asked = 0;
  let again = false; // whether somebody else, or somebody of another taste, is playing than the round was dealt for
  input.maxLength = app.start.max_query;

  // ---- playing

  /** Deals a round of the first of these queries that tells something; the seed is the browser's, the rankings stay with the server. */
  async function deal(queries = [input.value]) {
    const number = ++asked;
    again = false;
    if (app.state.user === YOU && !app.you.likes().length) return askForLikes(queries);
    grid.setAttribute("aria-busy", "true");
    let [trial, received] = [null, null];
    for (const query of queries) {
      trial = app.you.signed({ query, user: app.state.user, first: pair.A, second: pair.B, seed: crypto.getRandomValues(new Uint32Array(1))[0] });
      received = await app.server.blind(trial).catch(() => null);
      if (number !== asked) return; // something else was asked meanwhile
      if (received && !received.error) break;
      if (received) refused.add(query);
    }
    grid.removeAttribute("aria-busy");
    problem = problemOf(received);
    round = problem ? null : { trial: { ...trial, query: received.query }, stickers: received.stickers };
    input.value = round ? trial.query : queries[0];
    draw();
    if (round) app.announce(app.t("blind_question", { q: round.trial.query }));
  }

  /** Somebody who is themselves, with no taste told yet, is asked for it instead of being dealt a round without one. */
  function askForLikes(queries) {
    input.value ||= queries[0];
    grid.removeAttribute("aria-busy"); // what was being dealt is not waited for any more
    [round, problem] = [null, () => app.t("blind_likes")];
    draw();
    app.you.pick();
  }

  async function choose(sticker) {
    if (!round || round.revealed) return;
    const { trial } = round;
    const number = ++asked;
    grid.removeAttribute("aria-busy"); // a round that was being dealt meanwhile is not waited for any more
    const received = await app.server.reveal({ ...trial, choice: sticker }).catch(() => null);
    if (number !== asked) return;
    problem = problemOf(received);
    if (problem) {
      draw();
      return;
    }
    const known = isKnown(rankingsOf(trial.query, trial.user, [trial.first, trial.second]));
    Object.assign(round, { choice: sticker, revealed: received, known });
    kept.set([...kept.get(), record(round)]);
    draw();
    app.announce(words.textContent);
    part(element, "blind-next").focus({ preventScroll: true });
    count();
  }

  function problemOf(received) {
    if (!received) return () => app.t("failed");
    if (!received.error) return null;
    return () => (received.code ? app.t(`error_${received.code}`, received.values) : received.error);
  }

  /** The next query that makes a round neither of whose rankings was revealed yet, as far as is known: a suggestion, or else what people search for. */
  async function next() {
    const { query } = round.trial;
    const number = ++asked;
    words.focus({ preventScroll: true });
    const known = rankingsRevealed();
    const fresh = (queries) => queries.filter((each) => !refused.has(each) && !isKnown(rankingsOf(each, app.state.user, [pair.A, pair.B]), known));
    if (!fresh(suggestions).length) searches ??= await app.server.suggestions({}).then(({ queries }) => queries.map(([text]) => text), () => null);
    if (number !== asked) return; // something else was asked meanwhile
    await deal([...[...fresh(suggestions), ...fresh(searches ?? [])].slice(0, FRESH), query]);
    const { top, bottom } = part(element, "blind-round").getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) part(element, "blind-round").scrollIntoView();
  }

  // ---- keeping

  function record({ trial, choice, revealed }) {
    return {
      time: new Date().toISOString(),
      bundle: app.start.about.name,
      content_hash: app.start.about.content_hash,
      simulated: app.start.simulated,
      settings: app.start.about.settings,
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

  const here = () => kept.get().filter((each) => each.content_hash === app.start.about.content_hash);
  const asOneself = (each) => each.user === YOU;
  /** Rounds of this pair; what one would send oneself, and what one thinks others would, are two scores. */
  const ours = () => here().filter((each) => each.rankings.A.name === pair.A && each.rankings.B.name === pair.B && asOneself(each) === asOneself(app.state));

  /** Both rankings of a round. One's own are the same ones after other likes: a round keeps only how many there were. */
  const rankingsOf = (query, user, names) => names.map((name) => JSON.stringify([query, name, BLIND_OWN.includes(name) ? user || null : null]));
  const rankingsPlayed = (each) => rankingsOf(each.query, each.user, [each.rankings.A.name, each.rankings.B.name]);
  const rankingsRevealed = () => new Set(here().flatMap(rankingsPlayed));
  /** Whoever has seen one of two rankings revealed knows its stickers, and so the other's too: neither is hidden any more. */
  const isKnown = (rankings, known = rankingsRevealed()) => rankings.some((each) => known.has(each));

  /** The rounds that were not blind any more, because an earlier one had revealed one of their rankings. */
  function repeats() {
    const known = new Set();
    return new Set(
      here().filter((each) => {
        const rankings = rankingsPlayed(each);
        const again = isKnown(rankings, known);
        for (const ranking of rankings) known.add(ranking);
        return again;
      }),
    );
  }

  const won = (team, seen = repeats()) => ours().filter((each) => each.credit === team && !seen.has(each)).length;

  /** The score comes from the server, which has the formula; it is told two numbers and nothing else. */
  async function count() {
    const [a, b] = [won("A"), won("B")];
    [posterior, unscored] = [null, null];
    drawScore();
    if (a + b === 0) return;
    const received = await app.server.blind_score({ a, b }).catch(() => null);
    if (a !== won("A") || b !== won("B")) return;
    unscored = problemOf(received);
    posterior = unscored ? null : received;
    drawScore();
  }

  function save() {
    const seen = repeats();
    const lines = here().map((each) => JSON.stringify({ ...each, repeated: seen.has(each) })).join("\n");
    saveFile("persrv-blind.jsonl", `${lines}\n`, "application/x-ndjson");
  }

  // ---- drawing

  const rankingName = (name) => app.t(`blind_ranking_${name}`);

  function draw() {
    const alarm = part(element, "blind-problem");
    alarm.hidden = !problem;
    alarm.textContent = problem ? problem() : "";
    part(element, "blind-round").hidden = !round;
    drawChips();
    if (!round) return;
    const { revealed, trial } = round;
    const known = revealed ? round.known : isKnown(rankingsOf(trial.query, trial.user, [trial.first, trial.second]));
    part(element, "blind-none").hidden = Boolean(revealed);
    part(element, "blind-next").hidden = !revealed;
    words.replaceChildren(
      h("h2", { id: "ps-blind-question" }, app.t("blind_question", { q: round.trial.query })),
      h("p", {}, revealed ? verdict() : app.t("blind_how"), known && !revealed ? ` ${app.t("blind_known")}` : ""),
      ...(revealed ? [h("p", { class: "ps-note" }, app.t("blind_legend"))] : []),
    );
    grid.replaceChildren(...round.stickers.map(card));
    grid.classList.toggle("is-revealed", Boolean(revealed));
  }

  function verdict() {
    const { choice, revealed, trial } = round;
    if (!choice) return app.t("blind_verdict_none");
    const [a, b] = revealed.places[choice];
    const stood = app.t("blind_stood", { a: place(a), b: place(b), first: rankingName(trial.first), second: rankingName(trial.second) });
    if (round.known) return `${app.t("blind_verdict_known")} ${stood}`;
    if (!revealed.credit) return `${app.t("blind_verdict_same")} ${stood}`;
    return `${app.t("blind_verdict", { team: revealed.credit, name: rankingName(revealed.credit === "A" ? trial.first : trial.second) })} ${stood}`;
  }

  const place = (rank) => (rank === null ? app.t("blind_below", { n: round.revealed.depth }) : app.t("rank", { n: rank }));

  /** Before the choice a sticker is only a picture to be chosen; after it, whose it was and where it stood. */
  function card(sticker, index) {
    const { revealed, choice } = round;
    const name = stickerWords(app, sticker);
    if (!revealed) {
      const label = app.t("blind_send", { n: index + 1, alt: name });
      return h("li", {}, h("button", { type: "button", class: "ps-blind-face", "aria-label": label, on: { click: () => choose(sticker.id) } }, stickerImage(app, sticker, "", true)));
    }
    const team = revealed.picks[index][1];
    const [a, b] = revealed.places[sticker.id];
    const said = app.t("blind_card", { team, a: place(a), b: place(b) });
    const number = (rank) => (rank === null ? "–" : String(rank));
    return h(
      "li",
      { class: sticker.id === choice ? "is-chosen" : null, data: { sticker: sticker.id, team } },
      h("button", { type: "button", class: "ps-blind-face", "aria-label": app.t("open_sticker", { alt: name }), on: { click: () => app.openSticker(sticker.id, round.stickers.map((each) => each.id)) } }, stickerImage(app, sticker, "", true)),
      h("p", { class: "ps-blind-places", title: said }, h("b", { class: `ps-team is-${team}`, "aria-hidden": "true" }, team), h("span", { "aria-hidden": "true" }, `A ${number(a)} · B ${number(b)}`), h("span", { class: "ps-hidden" }, said)),
    );
  }

  function drawChips() {
    part(element, "blind-chips").replaceChildren(
      ...(suggestions || []).map((query) => h("button", { type: "button", class: "ps-chip", "aria-pressed": String(Boolean(round) && round.trial.query === query), on: { click: () => deal([query]) } }, query)),
    );
  }

  function drawScore() {
    const seen = repeats();
    const [a, b, all] = [won("A", seen), won("B", seen), ours()];
    const again = all.filter((each) => seen.has(each)).length;
    const undecided = all.length - a - b - again;
    const shown = all.slice(-ROUNDS_SHOWN).reverse();
    const count = here().length;
    part(element, "blind-whose").textContent = app.t(asOneself(app.state) ? "blind_score_you" : "blind_score");
    const note = (...words) => h("p", { class: "ps-note" }, words);
    const content = [
      h("p", { class: "ps-blind-line" }, standing(a + b)),
      all.length ? tally({ A: a, B: b }) : null,
      posterior && intervalBar(),
      undecided ? note(app.t("blind_undecided", { n: undecided })) : null,
      again ? note(app.t("blind_repeated", { n: again })) : null,
    ];
    part(element, "blind-score").replaceChildren(...content.filter((each) => each));
    part(element, "blind-shown").hidden = all.length <= shown.length;
    part(element, "blind-shown").textContent = app.t("blind_shown", { n: shown.length, of: all.length });
    part(element, "blind-rounds").replaceChildren(...shown.map((each) => roundLine(each, seen.has(each))));
    for (const name of ["export", "clear"]) {
      part(element, `blind-${name}`).textContent = app.t(name === "export" ? "blind_export" : "blind_clear", { n: count });
      part(element, `blind-${name}`).disabled = !count;
    }
  }

  /** What the rounds say in one sentence: which ranking is ahead only where the interval leaves a half out. */
  function standing(decisive) {
    if (!decisive) return app.t("blind_no_rounds");
    if (!posterior) return unscored ? unscored() : "";
    const team = posterior.low > 0.5 ? "B" : posterior.high < 0.5 ? "A" : null;
    return team ? app.t("blind_ahead", { team, name: rankingName(pair[team]) }) : app.t("blind_open");
  }

  /** Both rankings with the rounds that went to them. */
  function tally(rounds) {
    const row = (team) => h("div", {}, h("dt", {}, h("b", { class: `ps-team is-${team}`, "aria-hidden": "true" }, team), h("span", {}, rankingName(pair[team]))), h("dd", {}, String(rounds[team])));
    return h("dl", { class: "ps-blind-tally", "aria-label": app.t("blind_tally") }, row("A"), row("B"));
  }

  /** From A's end to B's: where the share of rounds that prefer B lies with 95 %, its mean, and the middle. */
  function intervalBar() {
    const percent = (share) => `${decimal(100 * share, 0)} %`;
    const said = app.t("blind_interval", { low: percent(posterior.low), high: percent(posterior.high), above: percent(posterior.above_half) });
    const at = (share) => `${decimal(100 * share, 2)}%`;
    return h(
      "div",
      { class: "ps-interval" },
      h("div", { class: "ps-interval-row", "aria-hidden": "true" }, h("b", { class: "ps-team is-A" }, "A"), h("div", { class: "ps-interval-track" }, h("i", { style: { left: at(posterior.low), width: at(posterior.high - posterior.low) } }), h("u", { style: { left: at(posterior.mean) } })), h("b", { class: "ps-team is-B" }, "B")),
      h("p", { class: "ps-interval-ends", "aria-hidden": "true" }, ["blind_end_a", "blind_end_half", "blind_end_b"].map((key) => h("span", {}, app.t(key)))),
      h("p", { class: "ps-note" }, said),
    );
  }

  function roundLine(each, repeated) {
    const person = app.start.people.find((one) => one.id === each.user);
    const who = person ? personName(app, person) : each.user || app.t("nobody");
    const team = (!repeated && each.credit) || "–";
    const said = team === "–" ? app.t(repeated ? "blind_for_repeat" : "blind_for_neither") : app.t("blind_for", { team });
    return h("li", {}, h("b", { class: `ps-team ${team === "–" ? "" : `is-${team}`}`, title: said, "aria-label": said, role: "img" }, team), h("span", {}, each.query), h("small", {}, who));
  }

  function drawPair() {
    for (const [team, name] of [["A", "blind-first"], ["B", "blind-second"]]) {
      part(element, name).replaceChildren(...BLIND_RANKINGS.map((ranking) => h("option", { value: ranking, selected: ranking === pair[team] }, rankingName(ranking))));
    }
  }

  // ---- listening

  part(element, "blind-form").addEventListener("submit", (event) => {
    event.preventDefault();
    deal();
  });
  for (const [team, name] of [["A", "blind-first"], ["B", "blind-second"]]) {
    part(element, name).addEventListener("change", (event) => {
      pair[team] = event.target.value;
      refused.clear();
      count();
      deal();
    });
  }
  part(element, "blind-none").addEventListener("click", () => choose(null));
  part(element, "blind-next").addEventListener("click", next);
  part(element, "blind-export").addEventListener("click", save);
  part(element, "blind-clear").addEventListener("click", () => {
    kept.clear();
    count();
    app.announce(app.t("blind_cleared"));
  });

  /** The first visit deals at once, so that one sees what this is. */
  async function open() {
    if (suggestions) return;
    suggestions = [];
    const { queries } = await app.server.examples({}).catch(() => ({ queries: [] }));
    suggestions = queries;
    deal(app.state.query ? [app.state.query, ...queries] : queries.length ? queries : [""]);
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("language")) {
      drawPair();
      draw();
      drawScore();
    }
    if (changed.has("user")) count();
    if (changed.has("user") || changed.has("likes")) {
      again = true;
      refused.clear();
    }
    if (state.view !== "blind") return;
    if (!suggestions) open();
    else if (again) deal();
  });
  app.you.onForget(() => {
    kept.set(kept.get().filter((each) => !asOneself(each)));
    count();
  });
  drawPair();
  count();
  if (app.state.view === "blind") open();
}
