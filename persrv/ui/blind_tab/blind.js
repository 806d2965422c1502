// Blind mode: two hidden rankings in one grid; one click says what one would send, and only then whose it was is asked for.

const BLIND_RANKINGS = ["none", "utility", "personalization", "both"];
const ROUNDS_SHOWN = 8;

function mountBlind(app, element) {
  const input = part(element, "blind-query");
  const grid = part(element, "blind-grid");
  const words = part(element, "blind-words");
  const kept = createKeep("blind", []);
  const pair = { A: "none", B: "both" };
  let suggestions = null; // queries to play, once they were asked for
  let round = null; // { trial, stickers } and, once chosen, { choice, revealed }
  let problem = null; // a function that says it in the language of the moment
  let posterior = null; // the score of the rounds of this pair
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
    [round, problem] = [null, () => app.t("blind_likes")];
    draw();
    app.you.pick();
  }

  async function choose(sticker) {
    if (!round || round.revealed) return;
    const { trial } = round;
    const number = ++asked;
    const received = await app.server.reveal({ ...trial, choice: sticker }).catch(() => null);
    if (number !== asked) return;
    problem = problemOf(received);
    if (problem) {
      draw();
      return;
    }
    Object.assign(round, { choice: sticker, revealed: received });
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

  /** The next suggestion that this person has not played with this pair, else the same query dealt anew. */
  function next() {
    const played = new Set(ours().filter((each) => each.user === (app.state.user || null)).map((each) => each.query));
    deal([...suggestions.filter((query) => !played.has(query)), round.trial.query]);
    words.focus({ preventScroll: true });
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
  const won = (team) => ours().filter((each) => each.credit === team).length;

  /** The score comes from the server, which has the formula; it is told two numbers and nothing else. */
  async function count() {
    const [a, b] = [won("A"), won("B")];
    posterior = null;
    drawScore();
    if (a + b === 0) return;
    const received = await app.server.blind_score({ a, b }).catch(() => null);
    if (a !== won("A") || b !== won("B")) return;
    posterior = received;
    drawScore();
  }

  function save() {
    const lines = here().map((each) => JSON.stringify(each)).join("\n");
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
    const { revealed } = round;
    part(element, "blind-none").hidden = Boolean(revealed);
    part(element, "blind-next").hidden = !revealed;
    words.replaceChildren(
      h("h2", { id: "ps-blind-question" }, app.t("blind_question", { q: round.trial.query })),
      h("p", {}, revealed ? verdict() : app.t("blind_how")),
    );
    grid.replaceChildren(...round.stickers.map(card));
    grid.classList.toggle("is-revealed", Boolean(revealed));
  }

  function verdict() {
    const { choice, revealed, trial } = round;
    if (!choice) return app.t("blind_verdict_none");
    const [a, b] = revealed.places[choice];
    const stood = app.t("blind_stood", { a: place(a), b: place(b), first: rankingName(trial.first), second: rankingName(trial.second) });
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
    const [a, b, all] = [won("A"), won("B"), ours().length];
    const box = part(element, "blind-score");
    const values = { b, n: a + b, first: rankingName(pair.A), second: rankingName(pair.B) };
    const told = a + b ? app.t("blind_line", values) : app.t("blind_no_rounds");
    const line = asOneself(app.state) ? app.t("blind_as_you", { line: told }) : told;
    const undecided = all > a + b ? h("p", { class: "ps-note" }, app.t("blind_undecided", { n: all - a - b })) : null;
    box.replaceChildren(...[h("p", { class: "ps-blind-line" }, line), posterior && intervalBar(), undecided].filter((each) => each));
    const rounds = ours().slice(-ROUNDS_SHOWN).reverse();
    part(element, "blind-rounds").replaceChildren(...rounds.map(roundLine));
    for (const name of ["blind-export", "blind-clear"]) part(element, name).disabled = !here().length;
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
      h("p", {}, said),
    );
  }

  function roundLine(each) {
    const person = app.start.people.find((one) => one.id === each.user);
    const who = person ? personName(app, person) : each.user || app.t("nobody");
    const team = each.credit || "–";
    const said = each.credit ? app.t("blind_for", { team }) : app.t("blind_for_neither");
    return h("li", {}, h("b", { class: `ps-team ${each.credit ? `is-${each.credit}` : ""}`, title: said, "aria-label": said, role: "img" }, team), h("span", {}, each.query), h("small", {}, who));
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
    if (changed.has("user") || changed.has("likes")) again = true;
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
