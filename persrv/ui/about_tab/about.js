// The evidence: what this is, how a rank is made, what was measured. All numbers come from the bundle.

import { createTerms } from "../search_tab/terms.js";
import { decimal, h, jumpTo, part } from "../shared/dom.js";
import { captionQuality } from "./captions.js";
import { citations } from "./cite.js";
import { fold } from "./controls.js";
import { createEvidence } from "./evidence.js";
import { metric, table } from "./tables.js";
import { inLanguage } from "./words.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountAbout(app, element) {
  const box = part(element, "about");
  const evidence = createEvidence(app);
  const engine = h("p", { class: "ps-note", data: { part: "engine" } });
  const jumps = h("nav", { class: "ps-jump" });

  function draw() {
    box.replaceChildren(...aboutContent(app, { evidence, engine, jumps }).filter((each) => each !== null));
    drawJumps();
  }

  const titles = () => [...box.querySelectorAll(".ps-block:not([hidden]) > h2")];

  /** Draw a button for each part of the long page, unless they are there already: one may be under a finger. */
  function drawJumps() {
    const names = titles().map((title) => title.textContent);
    jumps.setAttribute("aria-label", app.t("about_jumps"));
    if (names.join() === [...jumps.children].map((button) => button.textContent).join()) return;
    jumps.replaceChildren(...names.map((name, at) => h("button", { type: "button", class: "ps-chip", on: { click: () => jumpTo(titles()[at]) } }, name)));
  }

  let answers = "";
  const drawEngine = () => { engine.textContent = answers && app.t(`engine_${answers}`); };

  async function open() {
    if (app.state.view !== "about") return;
    askEngine();
    await evidence.open();
    drawJumps();
  }

  /** Ask which engine answers, whenever somebody looks: another may stand in by now. */
  async function askEngine() {
    answers = (await app.server.engine({}).catch(() => null))?.answers ?? "";
    drawEngine();
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("language")) {
      evidence.draw();
      drawEngine();
      draw();
    }
    if (changed.has("view") || changed.has("section")) open();
  });
  draw();
  open();
}

/**
 * Oddities found while opening the bundle, by name (persrv/bundle/derivation.py) -> its sentence.
 *
 * @type {Record<string, string>}
 */
const DOUBTS = { counts: "doubt_counts", style_mean: "doubt_style_mean", clusters: "doubt_clusters", meaning: "doubt_meaning", lexicon: "doubt_lexicon", hashes: "doubt_hashes" };

/**
 * @param {App} app
 * @param {{ evidence: Evidence, engine: HTMLElement, jumps: HTMLElement }} given
 */
function aboutContent(app, { evidence, engine, jumps }) {
  const { about } = app.start;
  return [
    h("header", { class: "ps-about-head" }, h("h1", {}, app.t("about_title")), ...headline(app), h("p", { class: about.headline ? null : "ps-lead" }, app.t("about_lead")), h("p", {}, app.t("about_paper"), " ", paperLink(app)), jumps),
    block(
      app.start.simulated ? app.t("about_world") : about.name,
      h("p", {}, app.t(app.start.simulated ? "about_world_text" : app.start.population ? "about_real_text" : "about_unclicked_text")),
      h("p", {}, app.t("about_counts", { stickers: about.stickers.toLocaleString("en"), people: app.start.population.toLocaleString("en") })),
    ),
    block(
      app.t("about_departures"),
      h("ul", {}, ["departure_cosine", ...(about.discriminant ? ["departure_discriminant"] : []), "departure_base", "departure_space", "departure_tokens", "departure_stems"].map((key) => h("li", {}, app.t(key, { base: about.settings.utility_base })))),
    ),
    about.doubts.length ? block(app.t("about_doubts"), h("ul", { data: { part: "doubts" } }, about.doubts.map((doubt) => h("li", {}, app.t(DOUBTS[doubt]))))) : null,
    evidence.leftOut,
    wide("ps-how", app.t("about_how"), equation(app), h("ol", { class: "ps-steps-list" }, recallStep(app), rerankStep(app)), settingsList(app), engine),
    gatesBlock(app),
    evidence.element,
    about.vlm ? wide("", app.t("about_vlm"), ...captionQuality(app)) : null,
    block(app.t("about_cite"), ...citations(app)),
    block(app.t("about_licences"), h("p", {}, app.t("about_licences_text", { name: about.name, licence: about.licence })), about.notes.en ? h("p", { class: "ps-note" }, app.t("about_notes", { notes: inLanguage(app, about.notes) })) : null),
  ];
}

/**
 * @param {string} title
 * @param {...Child} content
 */
function block(title, ...content) {
  return h("section", { class: "ps-block" }, h("h2", {}, title), ...content);
}

/**
 * A block that takes the whole width of the page, under a name of its own.
 *
 * @param {string} name
 * @param {string} title
 * @param {...Child} content
 */
function wide(name, title, ...content) {
  const made = block(title, ...content);
  made.classList.add("is-wide", ...(name ? [name] : []));
  return made;
}

/** Explains recall, by words alone or by words and meaning. @param {App} app */
function recallStep(app) {
  const { recall_size, meaning } = app.start.about.settings;
  return h("li", {}, app.t(meaning ? "about_recall_meaning" : "about_recall", { r: recall_size }));
}

/** Explains taste, and its limit. @param {App} app */
function rerankStep(app) {
  const { discriminant, settings: { floor } } = app.start.about;
  return h("li", {}, app.t(discriminant ? "about_rerank_discriminant" : "about_rerank"), floor ? ` ${app.t("about_floor", { percent: Math.round(100 * floor) })}` : "");
}

/** @param {App} app */
function equation(app) {
  const { term, told } = createTerms(app, app.start.about.settings);
  const part = (/** @type {string} */ kind) => term(kind, `ps-term is-${kind}`, app.t(kind));
  const sign = (/** @type {string} */ name, /** @type {string} */ text) => term(name, "ps-term is-sign", text);
  const meant = app.start.about.settings.meaning ? [" + ", sign("mu", "μ"), " × ", part("meaning")] : [];
  const line = [term("score", "ps-term is-sign", app.t("score")), " = ( ", part("relevance"), ...meant, " + ", sign("lambda", "λ"), " × ", part("utility"), " ) × ( 1 + ", sign("alpha", "α"), " × ", part("preference"), " )"];
  return h("div", { class: "ps-equation" }, h("p", {}, line), told);
}

/** @param {App} app */
function settingsList(app) {
  const { settings } = app.start.about;
  /** @type {[name: string, value: string | number][]} */
  const pairs = [
    [app.t("knob_lambda"), settings.lambda],
    [app.t("knob_alpha"), settings.alpha],
    [app.t("setting_w"), settings.utility_weights.map((weight) => decimal(weight)).join(" · ")],
    [app.t("setting_r"), settings.recall_size],
    ...(settings.meaning ? /** @type {[string, number][]} */ ([[app.t("setting_meaning"), settings.meaning], [app.t("setting_floor"), settings.floor], [app.t("setting_threshold"), settings.threshold]]) : []),
    ...Object.entries(settings.field_weights).map(([field, weight]) => /** @type {[string, number]} */ ([app.t("setting_field", { field: app.t(`field_${field}`) }), weight])),
  ];
  return h("dl", { class: "ps-settings", "aria-label": app.t("about_settings") }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))));
}

/**
 * Measurements against goals, made with the bundle: how many were reached, and all of them folded.
 *
 * @param {App} app
 */
function gatesBlock(app) {
  const { gates: rows } = app.start.about;
  const reached = rows.filter((gate) => gate.passed).length;
  const table = h("div", { class: "ps-gates" }, gates(app));
  return block(app.t("about_gates"), h("p", {}, app.t("about_gates_text")), rows.length ? fold(app.t("about_gates_reached", { n: reached, of: rows.length }), table) : table);
}

/**
 * The first sentence: what a person's taste gains, with its interval, of whom and under which protocol; the words of the
 * trade tell what they mean. Nothing where the bundle was not evaluated so.
 *
 * @param {App} app
 */
function headline(app) {
  const { headline: found, settings } = app.start.about;
  if (!found) return [];
  const { term, told } = createTerms(app, settings);
  const points = (/** @type {number} */ share) => decimal(100 * share, 1);
  const word = (/** @type {string} */ name) => term(name, "ps-jargon", app.t(`headline_${name}`));
  /** A term and what follows it, whose first sign stays on the term's line. @type {(name: string, after: string) => Child[]} */
  const closed = (name, after) => [h("span", { class: "ps-together" }, word(name), after.slice(0, 1)), after.slice(1)];
  const signed = (/** @type {number} */ share) => (share < 0 ? `−${points(-share)}` : `+${points(share)}`);
  const sentence = [
    app.t("headline_gain", { ours: points(found.ours), without: points(found.without), gain: signed(found.gain) }),
    word("interval"),
    app.t(found.apart ? "headline_apart" : "headline_chance", { low: signed(found.low), high: signed(found.high) }),
    ...(found.simulated ? [app.t("headline_people"), ...closed("simulated", app.t("headline_and"))] : [app.t("headline_counted")]),
    ...closed("protocol", app.t("headline_end")),
  ];
  return [h("p", { class: "ps-lead ps-headline", data: { part: "headline" } }, sentence), told];
}

/** @param {App} app */
const paperLink = (app) => h("a", { href: "https://arxiv.org/abs/2410.21801", target: "_blank", rel: "noopener noreferrer" }, app.t("about_paper_link"));

/** @param {App} app */
function gates(app) {
  const { gates: rows } = app.start.about;
  if (!rows.length) return h("p", { class: "ps-note" }, app.t("about_gates_none"));
  return table(
    [app.t("gate"), app.t("gate_value"), app.t("gate_goal"), app.t("gate_cases"), app.t("gate_result")],
    rows.map((gate) => [
      gateName(app, gate.name),
      metric(gate.value),
      `${gate.bound} ${metric(gate.goal)}`,
      gate.cases === null ? "" : Number(gate.cases).toLocaleString("en"),
      h("span", { class: gate.passed ? "ps-pass" : "ps-miss" }, `${gate.passed ? "✓" : "✕"} `, h("b", {}, app.t(gate.passed ? "passed" : "missed"))),
    ]),
  );
}

/**
 * Name a gate: ours in the page's language, another by its own name.
 *
 * @param {App} app
 * @param {string} name
 */
const gateName = (app, name) => (`gate_is_${name}` in app.start.strings.en ? app.t(`gate_is_${name}`) : name.replaceAll("_", " "));
