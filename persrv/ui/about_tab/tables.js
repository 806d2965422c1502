// A measured table: what is best in it, what is told apart from chance, all of it at once, and as CSV or LaTeX.

import { decimal, h } from "../shared/dom.js";
import { csvText } from "../shared/files.js";
import { chosenPlace, inLanguage, labelOf, pointOf, worded } from "./words.js";

const METRIC_DIGITS = 3;

/**
 * Write a number in as few digits as tell it.
 *
 * @param {number | null | undefined} value
 */
export function metric(value) {
  if (value === null || value === undefined) return "";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) < 0.001 ? Number(value).toExponential(1) : decimal(value, METRIC_DIGITS);
}

/**
 * Make a small table from its head and its rows.
 *
 * @param {string[]} head
 * @param {Child[][]} rows
 */
export function table(head, rows) {
  return h(
    "div",
    { class: "ps-table", tabindex: "0", role: "region", "aria-label": head[0] },
    h("table", {}, h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, place) => h(place ? "td" : "th", place ? {} : { scope: "row" }, cell)))))),
  );
}

/**
 * Write a figure in the digits of its column.
 *
 * @param {MeasuredTable} table
 * @param {MeasuredFigure} figure
 * @param {string} column
 */
export function figureText(table, figure, column) {
  return figure.value.toFixed(table.whole.includes(column) ? 0 : table.digits);
}

/**
 * Write the 95 % interval of a figure, "" where it has none.
 *
 * @param {App} app
 * @param {MeasuredTable} table
 * @param {MeasuredFigure} figure
 */
export function intervalText(app, table, figure) {
  if (figure.low === undefined || figure.high === undefined) return "";
  return app.t("interval", { low: minus(figure.low.toFixed(table.digits)), high: minus(figure.high.toFixed(table.digits)) });
}

/**
 * Replace a hyphen by a real minus sign.
 *
 * @param {string} text
 */
export const minus = (text) => text.replace("-", "−");

/**
 * Return the group of a row as a key, "" where it has none.
 *
 * @param {MeasuredRow} row
 */
const groupOf = (row) => row.group?.en ?? "";

/** Columns in which neither large nor small values are better; LITTLE: columns (seconds) in which small ones are. */
const NEITHER = /t-test|randomization|^won$|^lost$|^lambda$|^clicks |^centroids|^share /;
const LITTLE = /^(mean|median|p95)$|^(ms|µs) /;

/**
 * Return the best value of a column; null where there is none: a single value, or figures that do not compete.
 *
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 * @param {string} group  as groupOf tells it
 */
function bestOf(section, table, column, group) {
  if (NEITHER.test(column) || section.name === "splits") return null; // of different splits none is the best
  const competing = section.name === "drift" ? table.rows.filter((row) => groupOf(row) === group) : table.rows; // people of different kinds
  const values = competing.filter((row) => column in row.figures).map((row) => row.figures[column].value);
  if (new Set(values).size < 2) return null;
  return LITTLE.test(column) ? Math.min(...values) : Math.max(...values);
}

/**
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 * @param {MeasuredRow} row
 */
export const isBest = (section, table, column, row) => row.figures[column]?.value === bestOf(section, table, column, groupOf(row));

/**
 * Show the significance marks * and ** of a figure, and say them to screen readers.
 *
 * @param {App} app
 * @param {MeasuredFigure} figure
 */
export function markOf(app, figure) {
  if (!figure.mark) return null;
  return [h("sup", { "aria-hidden": "true" }, figure.mark), h("span", { class: "ps-hidden" }, ` (p < ${figure.mark === "**" ? ".01" : ".05"})`)];
}

/**
 * Say which rows of a column differ beyond chance after Holm's correction; "" where the table does not tell.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 */
export function significance(app, section, table, column) {
  const adjusted = [...[...table.notes, ...section.notes, section.lead].map((text) => text?.en), ...table.columns].some((text) => text?.includes("Holm"));
  const tested = (/** @type {MeasuredRow} */ row) => row.figures[column]?.p !== undefined || row.figures[column]?.mark;
  if (!adjusted || !table.rows.some(tested)) return "";
  const byInterval = !table.rows.some((row) => row.figures[column]?.p !== undefined); // gains: their p stands in another column
  const rows = table.rows.filter((row) => (byInterval ? row.figures[column] !== undefined : tested(row)));
  const [apart, together] = [rows.filter((row) => row.figures[column].mark), rows.filter((row) => !row.figures[column].mark)];
  const values = { n: apart.length, of: rows.length };
  if (!apart.length) return app.t("evidence_apart_none", values);
  if (!together.length) return app.t("evidence_apart_all", values);
  const shorter = together.length <= apart.length ? "evidence_apart_but" : "evidence_apart_only";
  const named = together.length <= apart.length ? together : apart;
  return app.t(shorter, { ...values, names: named.map((row) => inLanguage(app, labelOf(table, row.name))).join(app.t("evidence_and")) });
}

/**
 * Make the whole table: every figure with interval, mark and the paper's figure, groups apart, the best of a column
 * bold.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {(column: string) => string} columnName
 */
export function wholeTable(app, section, table, columnName) {
  const cell = (/** @type {MeasuredRow} */ row, /** @type {string} */ column) => {
    const figure = row.figures[column];
    if (!figure) return h("td", {}, "–");
    const text = minus(figureText(table, figure, column));
    const interval = intervalText(app, table, figure);
    return h(
      "td",
      {},
      isBest(section, table, column, row) ? h("strong", {}, text) : text,
      markOf(app, figure),
      interval ? h("small", {}, interval) : null,
      row.paper?.[column] === undefined ? null : h("small", { class: "ps-of-paper" }, app.t("evidence_paper", { value: row.paper[column].toFixed(table.digits) })),
    );
  };
  const bodies = headed(table.rows).map(([group, rows]) =>
    h(
      "tbody",
      {},
      group ? h("tr", { class: "ps-group" }, worded(app, "th", group, { scope: "colgroup", colspan: table.columns.length + 1 })) : null,
      rows.map((row) => h("tr", {}, h("th", { scope: "row" }, worded(app, "span", labelOf(table, row.name)), row.note ? worded(app, "small", row.note) : null), table.columns.map((column) => cell(row, column)))),
    ),
  );
  const name = (/** @type {string} */ column) => h("th", { scope: "col", lang: columnName(column) === column ? "en" : app.state.language }, columnName(column));
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }), table.columns.map(name)));
  return h("div", { class: "ps-table is-whole", tabindex: "0", role: "region", "aria-label": inLanguage(app, table.title) }, h("table", { lang: "en" }, head, bodies));
}

/**
 * Split rows into runs of the same group, in their order.
 *
 * @param {MeasuredRow[]} rows
 */
function grouped(rows) {
  /** @type {MeasuredRow[][]} */
  const groups = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last && groupOf(last[0]) === groupOf(row)) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/**
 * Split rows into groups with headings; one group without a heading where a heading would come twice.
 *
 * @param {MeasuredRow[]} rows
 * @returns {[heading: InLanguages | null, rows: MeasuredRow[]][]}
 */
export function headed(rows) {
  const groups = grouped(rows);
  const names = new Set(groups.map(([first]) => groupOf(first)));
  return names.size === groups.length ? groups.map((some) => [some[0].group ?? null, some]) : [[null, rows]];
}

// ---- as files

/** @typedef {"value" | "low" | "high" | "p"} Part */

/** @type {Part[]} of a figure, beside its value */
const FURTHER = ["low", "high", "p"];

/**
 * Write a table as CSV, a line a row, with all digits; intervals, p and the paper's figures have columns of their own.
 *
 * @param {MeasuredTable} table
 */
export function tableCsv(table) {
  /** @returns {Part[]} */
  const parts = (/** @type {string} */ column) => ["value", ...FURTHER.filter((part) => table.rows.some((row) => row.figures[column]?.[part] !== undefined))];
  const ofPaper = table.columns.filter((column) => table.rows.some((row) => row.paper?.[column] !== undefined));
  const head = ["group", "name", ...table.columns.flatMap((column) => parts(column).map((part) => (part === "value" ? column : `${column} ${part}`))), ...ofPaper.map((column) => `${column} paper`)];
  const lines = table.rows.map((row) => [
    groupOf(row),
    row.name,
    ...table.columns.flatMap((column) => parts(column).map((part) => row.figures[column]?.[part])),
    ...ofPaper.map((column) => row.paper?.[column]),
  ]);
  return csvText([head, ...lines]);
}

/**
 * Write the points of all curves as CSV, a line a point.
 *
 * @param {MeasuredCurve[]} curves
 */
export function curvesCsv(curves) {
  const head = ["curve", "x_label", "x", "y_label", "y", "low", "high", "part", "chosen"];
  const lines = curves.flatMap((curve) => curve.x.map((x, at) => [curve.name, curve.x_label.en, pointOf(x).en, curve.y_label.en, curve.y[at], curve.lower?.[at], curve.upper?.[at], curve.part, at === chosenPlace(curve)]));
  return csvText([head, ...lines]);
}

/** @type {Record<string, string>} */
const LATEX_SIGNS = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
/** @param {string} text */
const latexText = (text) => text.replace(/[\\~^&%$#_{}]/g, (sign) => LATEX_SIGNS[sign] ?? `\\${sign}`);

/**
 * Write a booktabs table as `evaluate --export` does: the best of a column bold, groups apart, the data named in the
 * caption.
 *
 * @param {Section} section
 * @param {MeasuredTable} table
 */
export function tableLatex(section, table) {
  const cell = (/** @type {MeasuredRow} */ row, /** @type {string} */ column) => {
    const figure = row.figures[column];
    if (!figure) return "--";
    const text = figureText(table, figure, column);
    return `${isBest(section, table, column, row) ? `\\textbf{${text}}` : text}${figure.mark ? `$^{${figure.mark}}$` : ""}`;
  };
  const line = (/** @type {string[]} */ cells) => `${cells.join(" & ")} \\\\`;
  const rows = grouped(table.rows).flatMap((some) => ["\\midrule", ...some.map((row) => line([latexText(row.name), ...table.columns.map((column) => cell(row, column))]))]);
  return [
    "\\begin{table}",
    "\\centering",
    `\\caption{${latexText(table.title.en)} Data: ${latexText(section.data.en)}.}`,
    `\\begin{tabular}{l${"r".repeat(table.columns.length)}}`,
    "\\toprule",
    line(["", ...table.columns.map(latexText)]),
    ...rows,
    "\\bottomrule",
    "\\end{tabular}",
    ...table.notes.map((note) => `% ${note.en}`),
    "\\end{table}",
    "",
  ].join("\n");
}
