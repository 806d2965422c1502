// Tuning: every weight of the score as a slider. Moving one re-ranks the candidates here; the server is not asked.

/** A knob: its name in the link, the group and text it stands under, and where in the settings it turns. */
const KNOBS = [
  { key: "alpha", group: "preference", text: "knob_alpha", most: 2, path: ["alpha"] },
  { key: "lambda", group: "utility", text: "knob_lambda", most: 2, path: ["lambda_"] },
  { key: "w1", group: "utility", text: "metric_popularity", most: 1, path: ["utility_weights", 0] },
  { key: "w2", group: "utility", text: "metric_cross_user", most: 1, path: ["utility_weights", 1] },
  { key: "w3", group: "utility", text: "metric_query_adapt", most: 1, path: ["utility_weights", 2] },
  ...["ocr", "keywords", "description", "emotion", "queries"].map((field) => ({ key: field, group: "relevance", text: `field_${field}`, most: 2, path: ["field_weights", field] })),
];
const KNOB_STEP = 0.01;

const settingAt = (settings, [name, within]) => (within === undefined ? settings[name] : settings[name][within] ?? 0);
const knobMost = (app, knob) => Math.max(knob.most, 2 * settingAt(app.start.tuning, knob.path));

/** What a link says of turned knobs, "alpha-1.5_ocr-0": key -> value within its knob's range; all else is ignored. */
function turnedIn(app, text) {
  const turned = new Map();
  for (const pair of text.split("_")) {
    const [key, number] = pair.split("-");
    const knob = KNOBS.find((each) => each.key === key);
    const value = number ? Number(number) : NaN;
    if (knob && value >= 0) turned.set(key, Math.min(value, knobMost(app, knob)));
  }
  return turned;
}

const turnedText = (turned) => [...turned].map(([key, value]) => `${key}-${value}`).join("_");

/** The bundle's settings with these knobs turned. */
function settingsWith(app, turned) {
  const changed = JSON.parse(JSON.stringify(app.start.tuning));
  for (const { key, path: [name, within] } of KNOBS) {
    if (!turned.has(key)) continue;
    if (within === undefined) changed[name] = turned.get(key);
    else changed[name][within] = turned.get(key);
  }
  return changed;
}

/** The settings behind the results on the page, named as an answer names them. */
function currentSettings(app) {
  const settings = settingsWith(app, turnedIn(app, app.state.tune));
  return { ...settings, lambda: settings.lambda_ };
}

/** The panel. `redraw()` is called when settings moved, `fetchCandidates()` when it opens and may lack them. */
function createTuner(app, element, redraw, fetchCandidates) {
  const panel = part(element, "tune");
  const door = part(element, "tune-door");
  const note = h("p", { class: "ps-note", "aria-live": "polite" });
  const reset = h("button", { type: "button", class: "ps-tool", on: { click: () => { if (turned.size) turn(new Map()); } } });
  const rows = new Map();
  let turned = turnedIn(app, app.state.tune);
  let frame = 0;

  const tuner = {
    /** Whether a search should bring its candidates along. */
    get wanted() { return turned.size > 0 || !panel.hidden; },
    /** The answer as the knobs stand; the server's own where none is turned or nothing can be re-ranked. */
    applied(answer) {
      return turned.size && answer.candidates && answer.candidates.ids.length ? reranked(answer, settingsWith(app, turned), app.start.top) : answer;
    },
    /** Says, of an answer just received, what exactly is re-ranked. */
    describe(answer) {
      const pool = answer && !answer.error && answer.candidates;
      note.textContent = !pool ? "" : app.t(pool.complete ? "tune_all" : "tune_some", { n: pool.ids.length });
    },
  };

  /** All knobs at once: what is turned is turned, the rest stands as in the bundle. */
  function turn(newTurned) {
    turned = newTurned;
    show();
    redraw();
    keep();
  }

  /** Into the link; only when a knob is let go, because browsers allow few changes of the address a second. */
  function keep() {
    app.store.set({ tune: turnedText(turned) });
  }

  function moved(knob, value) {
    const start = settingAt(app.start.tuning, knob.path);
    if (Math.abs(value - start) < KNOB_STEP / 2) turned.delete(knob.key); // put back, to all the decimals of the bundle
    else turned.set(knob.key, value);
    show();
    if (!frame) frame = window.requestAnimationFrame(() => { frame = 0; redraw(); });
  }

  function row(knob) {
    const start = settingAt(app.start.tuning, knob.path);
    const input = h("input", { type: "range", min: 0, max: knobMost(app, knob), step: KNOB_STEP, data: { knob: knob.key } });
    const value = h("output", {});
    const name = h("span", {});
    input.addEventListener("input", () => moved(knob, Number(input.value)));
    input.addEventListener("change", keep);
    rows.set(knob.key, { knob, start, input, value, name });
    return h("label", { class: "ps-knob" }, h("span", { class: "ps-knob-head" }, name, value), input);
  }

  function show() {
    for (const { knob, start, input, value, name } of rows.values()) {
      const now = turned.get(knob.key) ?? start;
      if (Number(input.value) !== now) input.value = String(now);
      name.textContent = app.t(knob.text);
      value.textContent = turned.has(knob.key) ? app.t("knob_turned", { from: decimal(start), to: decimal(now) }) : decimal(now);
    }
    reset.textContent = app.t("tune_reset");
    reset.setAttribute("aria-disabled", String(!turned.size)); // not disabled: it would lose the focus it has just been pressed with
    door.textContent = app.t(turned.size ? "tune_turned" : "tune", { n: turned.size });
  }

  function open(on) {
    panel.hidden = !on;
    door.setAttribute("aria-expanded", String(on));
    if (on) fetchCandidates();
  }

  const group = ([kind, text]) =>
    h("fieldset", { class: `ps-knobs is-${kind}` }, h("legend", { data: { t: text } }), h("div", { class: "ps-knob-rows" }, KNOBS.filter((knob) => knob.group === kind).map(row)));
  panel.append(...[["relevance", "tune_relevance"], ["utility", "tune_utility"], ["preference", "tune_preference"]].map(group), h("div", { class: "ps-tune-foot" }, reset, note));
  door.addEventListener("click", () => open(panel.hidden));
  app.store.subscribe((state, changed) => {
    if (changed.has("language")) show();
    if (!changed.has("tune") || state.tune === turnedText(turned)) return;
    turn(turnedIn(app, state.tune));
    if (turned.size) open(true); // also brings the candidates, where there are none
  });
  /** Moves one knob from elsewhere, and shows it moved. */
  app.turnKnob = (key, value) => {
    element.querySelector("dialog[open]")?.close();
    app.store.set({ tune: turnedText(new Map(turned).set(key, value)) });
  };
  translate(panel, app.t);
  show();
  open(turned.size > 0);
  return tuner;
}
