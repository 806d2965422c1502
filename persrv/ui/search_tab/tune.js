// Tuning: every weight of the score as a slider. Moving one re-ranks the candidates here; the server is not asked.

import { decimal, h, part } from "../shared/dom.js";
import { KNOB_STEP, knobMost, knobsOf, settingAt, settingsWith, tuningOf, turnedIn, turnedText } from "../shared/knobs.js";
import { translate } from "../shared/store.js";
import { reranked } from "./rerank.js";

/**
 * Make the panel of knobs. `redraw()` is called when a setting moved, `fetchCandidates()` when the panel opens and
 * candidates may be missing.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {() => void} redraw
 * @param {() => void} fetchCandidates
 */
export function createTuner(app, element, redraw, fetchCandidates) {
  const panel = part(element, "tune");
  const door = part(element, "tune-door");
  const note = h("p", { class: "ps-note", "aria-live": "polite" });
  const reset = h("button", { type: "button", class: "ps-tool", on: { click: () => { if (turned.size) turn(new Map()); } } });
  const rows = new Map();
  let turned = turnedIn(app, app.state.tune);
  let frame = 0;

  const tuner = {
    /** Tells whether a search should bring its candidates along. */
    get wanted() { return turned.size > 0 || !panel.hidden; },
    /**
     * The answer as the knobs stand; the server's own where none is turned or nothing can be re-ranked.
     *
     * @param {Answer} answer
     */
    applied(answer) {
      const { candidates } = answer;
      return turned.size && candidates?.ids.length ? reranked({ ...answer, candidates }, settingsWith(app, turned), app.start.top) : answer;
    },
    /** Says, of an answer just received, what exactly is re-ranked. @param {Answer | Refusal | undefined} answer */
    describe(answer) {
      const pool = answer?.error === undefined && answer?.candidates;
      note.textContent = !pool ? "" : app.t(pool.complete ? "tune_all" : "tune_some", { n: pool.ids.length });
    },
  };

  /**
   * Set all knobs at once: those given are turned, the others stand as in the bundle.
   *
   * @param {Map<string, number>} newTurned
   */
  function turn(newTurned) {
    turned = newTurned;
    show();
    redraw();
    keep();
  }

  /**
   * Write the knobs into the link, and only when one is let go, because browsers allow few changes of the address a
   * second.
   */
  function keep() {
    app.store.set({ tune: turnedText(turned) });
  }

  /** @param {Knob} knob @param {number} value */
  function moved(knob, value) {
    const start = settingAt(tuningOf(app), knob.path);
    if (Math.abs(value - start) < KNOB_STEP / 2) turned.delete(knob.key); // put back, to all the decimals of the bundle
    else turned.set(knob.key, value);
    show();
    if (!frame) frame = window.requestAnimationFrame(() => { frame = 0; redraw(); });
  }

  /** @param {Knob} knob */
  function row(knob) {
    const start = settingAt(tuningOf(app), knob.path);
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
    door.textContent = app.t(turned.size ? "tune_count" : "tune", { n: turned.size });
    door.setAttribute("aria-label", app.t(turned.size ? "tune_turned" : "tune", { n: turned.size }));
  }

  /** @param {boolean} on */
  function open(on) {
    panel.hidden = !on;
    door.setAttribute("aria-expanded", String(on));
    if (on) fetchCandidates();
  }

  const group = (/** @type {string} */ kind, /** @type {string} */ text) =>
    h("fieldset", { class: `ps-knobs is-${kind}` }, h("legend", { data: { t: text } }), h("div", { class: "ps-knob-rows" }, knobsOf(app).filter((knob) => knob.group === kind).map(row)));
  panel.append(group("relevance", "tune_relevance"), group("utility", "tune_utility"), group("preference", "tune_preference"), h("div", { class: "ps-tune-foot" }, reset, note));
  door.addEventListener("click", () => open(panel.hidden));
  app.store.subscribe((state, changed) => {
    if (changed.has("language")) show();
    if (!changed.has("tune") || state.tune === turnedText(turned)) return;
    turn(turnedIn(app, state.tune));
    if (turned.size) open(true); // also brings the candidates, where there are none
  });
  /** Moves one knob from elsewhere, and shows it moved. */
  app.turnKnob = (key, value) => {
    /** @type {HTMLDialogElement | null} */ (element.querySelector("dialog[open]"))?.close();
    app.store.set({ tune: turnedText(new Map(turned).set(key, value)) });
  };
  translate(panel, app.t);
  show();
  open(turned.size > 0);
  return tuner;
}
