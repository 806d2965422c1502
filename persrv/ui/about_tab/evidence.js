// Experiments: every section that `evaluate` wrote, one at a time, asked for when it is first looked at. What a bundle
// does not hold is not there.

import { decimal, h } from "../shared/dom.js";
import { nameOfPerson } from "../shared/person.js";
import { answerOf } from "../shared/refusal.js";
import { bars, curveChart, pairs, reachOf } from "./charts.js";
import { clicksOf } from "./clicks.js";
import { choice, fileButtons, fold, picked } from "./controls.js";
import { leftOutContent } from "./leftout.js";
import { curvesCsv, figureText, significance, table, tableCsv, tableLatex, wholeTable } from "./tables.js";
import { inLanguage, labelOf, pointOf, worded } from "./words.js";

/** Columns that are shown first where a table has one of them. */
const FIRST_COLUMNS = ["M-MRR@10", "keyword recall", "gain", "mean"];

/** The two methods that are compared person by person until another is chosen. */
const FIRST_PAIR = ["w/o personalization", "PerSRV"];

/** PerSRV without the queries that led to a sticker. */
const WITHOUT_QUERIES = "w/o queries";

/** @param {App} app */
export function createEvidence(app) {
  const element = h("section", { class: "ps-block ps-evidence", data: { part: "evidence" }, hidden: true });
  const leftOut = h("section", { class: "ps-block ps-left-out", data: { part: "left-out" }, hidden: true });
  /** @type {Map<string, Section>} what the server said of a section */
  const known = new Map();
  /** @type {Picks} */
  const picks = {};
  /** @type {EvidenceIndex | null} */
  let index = null;
  /** @type {string | null} */
  let shown = null;
  let asking = false;
  let sought = app.state.section !== "";

  /**
   * Ask for the index once (a failure may be tried again), and show the section that the address names, or else the
   * first.
   */
  async function open() {
    if (asking) return;
    if (!index) {
      asking = true;
      const received = await app.server.evidence({}).catch(() => null);
      asking = false;
      index = answerOf(received);
      draw();
    }
    const names = index?.sections.map((section) => section.name) ?? [];
    if (names.length) show(names.includes(app.state.section) ? app.state.section : names[0]);
  }

  /** @param {string} name */
  async function show(name) {
    if (shown === name && known.has(name)) return;
    shown = name;
    draw();
    if (sought && app.state.section === name) element.scrollIntoView(); // a link leads to what it names
    sought = false;
    if (known.has(name)) return;
    const received = await app.server.evidence({ section: name }).catch(() => null);
    const section = answerOf(received);
    if (section) known.set(name, section);
    if (shown === name) draw(!known.has(name));
  }

  function draw(failed = false) {
    element.hidden = !index?.sections.length;
    leftOut.hidden = !index?.left_out;
    if (index?.left_out) leftOut.replaceChildren(...leftOutContent(app, index.left_out));
    if (!index || element.hidden) return;
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && element.contains(active) ? active.dataset.section : null;
    const { language } = app.state;
    const buttons = index.sections.map(({ name, label }) => h("button", { type: "button", data: { section: name }, "aria-pressed": String(name === shown), on: { click: () => app.store.set({ section: name }) } }, label[language]));
    const section = known.get(shown ?? "");
    const content = section ? sectionContent(app, section, picks, index.clicks) : [h("p", { class: "ps-note" }, app.t(failed ? "failed" : "evidence_waiting"))];
    element.replaceChildren(
      h("h2", {}, app.t("evidence_title")),
      h("p", {}, app.t("evidence_text")),
      h("div", { class: "ps-choice", role: "group", "aria-label": app.t("evidence_sections") }, buttons),
      h("div", { class: "ps-findings", data: { section: section ? shown : "" }, "aria-busy": String(!section && !failed) }, content),
    );
    if (focused) element.querySelector(`button[data-section="${CSS.escape(focused)}"]`)?.focus();
  }

  return { element, leftOut, open, draw };
}

/** @param {Section} section */
const isSimulated = (section) => section.data.en === "simulated world";

/**
 * Name a file of a section. The name says where the data is from, because the table itself does not.
 *
 * @param {Section} section
 * @param {string} what
 */
const evidenceStem = (section, what) => `persrv-${isSimulated(section) ? "simulated" : "real"}-${section.name}-${what}`;

/**
 * Show a section: its leading sentence, its data, its tables, clicks and curves, and its notes.
 *
 * @param {App} app
 * @param {Section} section
 * @param {Picks} picks
 * @param {boolean} hasClicks
 */
function sectionContent(app, section, picks, hasClicks) {
  return [
    worded(app, "h3", section.title),
    section.lead ? worded(app, "p", section.lead, { class: "ps-findings-lead" }) : null,
    h("p", { class: "ps-note" }, app.t("evidence_data", { data: isSimulated(section) ? app.t("simulated") : inLanguage(app, section.data) })),
    isSimulated(section) ? h("p", { class: "ps-note" }, app.t("evidence_simulated")) : null,
    section.tables.length ? tablesOf(app, section, picks) : null,
    section.curves.length ? curvesOf(app, section) : null,
    section.name === "comparison" && hasClicks ? clicksOf(app, picks) : null,
    section.notes.length ? fold(app.t("evidence_notes"), h("ul", {}, section.notes.map((note) => worded(app, "li", note)))) : null,
  ].filter((each) => each !== null);
}

// ---- tables

/**
 * Show the tables of a section, one at a time.
 *
 * @param {App} app
 * @param {Section} section
 * @param {Picks} picks
 */
function tablesOf(app, section, picks) {
  const shows = h("div", { class: "ps-table-shows" });
  const key = `${section.name} table`;
  const names = section.tables.map((table) => table.name);
  const draw = () => {
    const name = picked(picks, key, names);
    shows.replaceChildren(...section.tables.filter((table) => table.name === name).flatMap((table) => oneTable(app, section, table, picks)));
  };
  draw();
  return h("div", { class: "ps-tables" }, choice(app.t("evidence_table"), section.tables.map((table) => tableChoice(app, section, table)), picked(picks, key, names), (name) => { picks[key] = name; draw(); }), shows);
}

/**
 * Name a table in the choice: by what and protocol in the comparison, by its title elsewhere.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @returns {Choice}
 */
function tableChoice(app, section, table) {
  /** @type {Record<string, string>} */
  const kinds = { "": app.t("evaluation_paper"), usual: app.t("evaluation_usual"), micro: app.t("evaluation_micro"), people: app.t("evidence_people") };
  /** @type {Record<string, string>} */
  const protocols = { paper: app.t("protocol_all"), new: app.t("protocol_new") };
  /** @type {Record<string, string>} */
  const clicks = { cold: app.t("clicks_cold"), warm: app.t("clicks_warm") };
  const [protocol, kind = "", ...rest] = table.name.split(" ");
  const tests = app.t("evidence_tests", { metric: rest.join(" ") });
  if (protocol in clicks) return [table.name, kind === "tests" ? `${clicks[protocol]}: ${tests}` : clicks[protocol], protocols.paper];
  const what = kind === "tests" ? tests : kinds[kind];
  return protocol in protocols && what !== undefined ? [table.name, what, protocols[protocol]] : [table.name, inLanguage(app, table.title)];
}

/** @param {MeasuredTable} table */
const ofPeople = (table) => table.name.split(" ").at(-1) === "people";

/**
 * Show a table: a chart of one column, which rows differ beyond chance, and everything else folded.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {Picks} picks
 */
function oneTable(app, section, table, picks) {
  const columnName = (/** @type {string} */ column) => (ofPeople(table) ? nameOfPerson(app, column) : inLanguage(app, labelOf(table, column)));
  const shows = h("div", { class: "ps-chart" });
  const stem = evidenceStem(section, table.name);
  const files = fileButtons(stem, [["CSV", "csv", "text/csv", () => tableCsv(table)], ["LaTeX", "tex", "application/x-tex", () => tableLatex(section, table)]]);
  return [
    worded(app, "h4", table.title),
    ofPeople(table) ? peopleChoice(app, table, picks, shows, columnName) : columnChoice(app, section, table, picks, shows),
    shows,
    table.notes.length ? h("ul", { class: "ps-small-notes" }, table.notes.map((note) => worded(app, "li", note))) : null,
    fold(app.t("evidence_whole"), wholeTable(app, section, table, columnName), h("p", { class: "ps-note" }, app.t("evidence_bold"))),
    h("div", { class: "ps-files", role: "group", "aria-label": app.t("evidence_files") }, files),
  ].filter((each) => each !== null);
}

/**
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {Picks} picks
 * @param {HTMLElement} shows
 */
function columnChoice(app, section, table, picks, shows) {
  const key = `${section.name} ${table.name} column`;
  const first = FIRST_COLUMNS.find((column) => table.columns.includes(column)) ?? table.columns[0];
  const draw = () => {
    const column = picked(picks, key, table.columns, first);
    const words = significance(app, section, table, column);
    const ofPaper = table.rows.some((row) => row.paper?.[column] !== undefined);
    const content = [figureMeaning(app, column), bars(app, section, table, column), ...whyBetter(app, section, table, column), words ? h("p", { class: "ps-apart" }, words) : null, ofPaper ? h("p", { class: "ps-note" }, app.t("evidence_paper_note")) : null];
    shows.replaceChildren(...content.filter((each) => each !== null));
  };
  draw();
  return choice(app.t("evidence_figure"), table.columns.map((column) => [column, inLanguage(app, labelOf(table, column))]), picked(picks, key, table.columns, first), (column) => { picks[key] = column; draw(); });
}

/**
 * Answer the question that a table raises where PerSRV without one of its fields stands above it: whether chance
 * explains it, and for clicked queries what the protocol has to do with it.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 */
function whyBetter(app, section, table, column) {
  const own = (/** @type {MeasuredTable} */ each, /** @type {string} */ name) => each.rows.find((row) => row.name === name)?.figures[column];
  const [ours, without] = [own(table, FIRST_PAIR[1]), own(table, WITHOUT_QUERIES)];
  if (section.name !== "comparison" || !ours || !without || without.value <= ours.value) return [];
  const name = inLanguage(app, labelOf(table, WITHOUT_QUERIES));
  const told = app.t(without.mark ? "evidence_better" : "evidence_better_chance", { name, value: figureText(table, without, column), ours: figureText(table, ours, column) });
  const other = table.name.startsWith("paper") ? section.tables.find((each) => each.name === table.name.replace("paper", "new")) : undefined;
  const [newOurs, newWithout] = other ? [own(other, FIRST_PAIR[1]), own(other, WITHOUT_QUERIES)] : [];
  if (!other || !newOurs || !newWithout) return [h("p", { class: "ps-note ps-why-better" }, told)];
  const why = newWithout.value <= newOurs.value ? "evidence_better_queries" : "evidence_better_still";
  const values = { other: app.t("protocol_new"), without: figureText(other, newWithout, column), ours: figureText(other, newOurs, column) };
  return [h("p", { class: "ps-note ps-why-better" }, `${told} ${app.t(why, values)}`)];
}

/**
 * Say what a figure such as M-MRR@10 means; null for a figure that has no such name.
 *
 * @param {App} app
 * @param {string} name
 */
function figureMeaning(app, name) {
  const [, figure, k] = /^(M-MRR|MRR|R|Success)@(\d+)$/.exec(name) ?? [];
  return figure ? h("p", { class: "ps-note ps-figure-meaning" }, app.t(`figure_is_${figure.toLowerCase().replace("-", "_")}`, { name, k })) : null;
}

/**
 * Show what PerSRV gives each person beside another method, which is chosen here.
 *
 * @param {App} app
 * @param {MeasuredTable} table
 * @param {Picks} picks
 * @param {HTMLElement} shows
 * @param {(column: string) => string} columnName
 */
function peopleChoice(app, table, picks, shows, columnName) {
  const ours = table.rows.find((row) => row.name === FIRST_PAIR[1]);
  const others = table.rows.filter((row) => row !== ours).map((row) => row.name);
  if (!ours || !others.length) return null;
  const first = others.includes(FIRST_PAIR[0]) ? FIRST_PAIR[0] : others[0];
  const draw = () => {
    const name = picked(picks, "people against", others, first);
    const other = table.rows.find((row) => row.name === name) ?? ours;
    shows.replaceChildren(pairs(app, table, [other, ours], columnName), h("p", { class: "ps-note" }, app.t("evidence_pairs", { before: inLanguage(app, labelOf(table, name)), after: ours.name })));
  };
  draw();
  return choice(app.t("evidence_against"), others.map((name) => [name, inLanguage(app, labelOf(table, name))]), picked(picks, "people against", others, first), (name) => { picks["people against"] = name; draw(); });
}

// ---- curves

/**
 * Show all curves of a section to one scale, and their numbers.
 *
 * @param {App} app
 * @param {Section} section
 */
function curvesOf(app, section) {
  const reach = reachOf(section.curves);
  const rows = section.curves.flatMap((curve) => curve.x.map((x, at) => [inLanguage(app, curve.title), inLanguage(app, pointOf(x)), decimal(curve.y[at], 4), curve.lower && curve.upper ? app.t("interval", { low: decimal(curve.lower[at], 4), high: decimal(curve.upper[at], 4) }) : ""]));
  const parts = new Set(section.curves.map((curve) => curve.part));
  const part = parts.size > 1 || parts.has("training") ? "" : app.t(parts.has("test") ? "evidence_on_test" : "evidence_on_validation");
  return h(
    "div",
    { class: "ps-curves-of" },
    h("h4", {}, app.t("evidence_curves", { y: inLanguage(app, section.curves[0].y_label) })),
    h("p", { class: "ps-note" }, `${part}${app.t("evidence_curves_text")}`),
    figureMeaning(app, section.curves[0].y_label.en),
    h("div", { class: "ps-curves" }, section.curves.map((curve) => curveChart(app, curve, reach))),
    fold(app.t("evidence_values"), table([app.t("evidence_curve_name"), "x", inLanguage(app, section.curves[0].y_label), "95%"], rows)),
    h("div", { class: "ps-files", role: "group", "aria-label": app.t("evidence_files") }, fileButtons(evidenceStem(section, "curves"), [["CSV", "csv", "text/csv", () => curvesCsv(section.curves)]])),
  );
}
