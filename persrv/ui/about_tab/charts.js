// Pictures of what was measured: bars with intervals, people one by one, curves with bands. Small SVG and CSS of our
// own: they follow theme, language and width.

import { decimal, h, svg } from "../shared/dom.js";
import { figureText, headed, intervalText, isBest, markOf, minus } from "./tables.js";
import { chosenPlace, inLanguage, labelOf, pointOf, worded } from "./words.js";

// ---- bars

/** Names of the rows that are the page's own search. */
const OURS = ["PerSRV", "as shipped"];

/**
 * Return what gives the place of a value between `least` and `most`, in per cent of the width.
 *
 * @param {number} least
 * @param {number} most
 */
const along = (least, most) => (/** @type {number} */ value) => `${(100 * (value - least)) / (most - least || 1)}%`;

/**
 * Draw one column of a table as bars: the value, its 95 % interval as a line, the paper's figure as a diamond; the best
 * value is bold.
 *
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 */
export function bars(app, section, table, column) {
  const rows = table.rows.filter((row) => column in row.figures);
  const ends = rows.flatMap((row) => [row.figures[column].value, row.figures[column].low, row.figures[column].high, row.paper?.[column]]).filter((end) => end !== undefined);
  const at = along(Math.min(0, ...ends), Math.max(0, ...ends));
  return h("div", { class: "ps-bars", lang: "en" }, headed(rows).map(([group, some]) => h("div", { class: "ps-bars-group" }, group ? worded(app, "h5", group) : null, h("dl", {}, some.map((row) => barRow(app, section, table, column, row, at))))));
}

/**
 * @param {App} app
 * @param {Section} section
 * @param {MeasuredTable} table
 * @param {string} column
 * @param {MeasuredRow} row
 * @param {(value: number) => string} at
 */
function barRow(app, section, table, column, row, at) {
  const figure = row.figures[column];
  const paper = row.paper?.[column];
  const text = minus(figureText(table, figure, column));
  const details = [intervalText(app, table, figure), paper === undefined ? "" : app.t("evidence_paper", { value: paper.toFixed(table.digits) })];
  const [from, to] = [Math.min(0, figure.value), Math.max(0, figure.value)];
  return h(
    "div",
    { class: `ps-bar-row${OURS.includes(row.name) ? " is-ours" : ""}`, data: { row: row.name } },
    worded(app, "dt", labelOf(table, row.name), { title: row.note ? inLanguage(app, row.note) : null }),
    h(
      "dd",
      {},
      h(
        "span",
        { class: "ps-track", "aria-hidden": "true" },
        h("i", { class: "ps-bar-zero", style: { left: at(0) } }),
        h("i", { class: "ps-bar-fill", style: { left: at(from), right: `calc(100% - ${at(to)})` } }),
        figure.low === undefined || figure.high === undefined ? null : h("i", { class: "ps-bar-span", style: { left: at(figure.low), right: `calc(100% - ${at(figure.high)})` } }),
        paper === undefined ? null : h("i", { class: "ps-bar-paper", style: { left: at(paper) } }),
      ),
      h("span", { class: "ps-bar-value" }, isBest(section, table, column, row) ? h("strong", {}, text) : text, markOf(app, figure)),
      h("small", {}, details.filter(Boolean).join(" · ")),
    ),
  );
}

/**
 * Draw two rows of a table column by column: a ring for the first, a dot for the second, a line between them.
 *
 * @param {App} app
 * @param {MeasuredTable} table
 * @param {[MeasuredRow, MeasuredRow]} pair
 * @param {(column: string) => Child} columnName
 */
export function pairs(app, table, [before, after], columnName) {
  const columns = table.columns.filter((column) => column in before.figures && column in after.figures);
  const value = (/** @type {MeasuredRow} */ row, /** @type {string} */ column) => row.figures[column].value;
  const at = along(0, Math.max(...columns.flatMap((column) => [value(before, column), value(after, column)])));
  return h(
    "dl",
    { class: "ps-bars is-pairs" },
    columns.map((column) => {
      const [from, to] = [value(before, column), value(after, column)];
      const way = to > from ? "is-up" : to < from ? "is-down" : "is-same";
      const told = `${minus(from.toFixed(table.digits))} → ${minus(to.toFixed(table.digits))}`;
      return h(
        "div",
        { class: `ps-bar-row ${way}`, data: { row: column } },
        h("dt", {}, columnName(column)),
        h(
          "dd",
          {},
          h(
            "span",
            { class: "ps-track", "aria-hidden": "true" },
            h("i", { class: "ps-pair-line", style: { left: at(Math.min(from, to)), right: `calc(100% - ${at(Math.max(from, to))})` } }),
            h("i", { class: "ps-pair-ring", style: { left: at(from) } }),
            h("i", { class: "ps-pair-dot", style: { left: at(to) } }),
          ),
          h("span", { class: "ps-bar-value" }, `${way === "is-up" ? "▲ " : way === "is-down" ? "▼ " : ""}${told}`),
        ),
      );
    }),
  );
}

// ---- curves

/**
 * The text that says what a setting does, by the sign of the setting on the x axis.
 *
 * @type {Record<string, string>}
 */
const CURVES_OF = { alpha: "knob_alpha", lambda: "knob_lambda", R: "setting_r" };

const CURVE = { width: 320, height: 190, left: 46, right: 18, top: 12, bottom: 34, most: 8 };

/**
 * Return the least and the greatest value of several curves and their bands, so that all share one scale.
 *
 * @param {MeasuredCurve[]} curves
 * @returns {[least: number, most: number]}
 */
export function reachOf(curves) {
  const all = curves.flatMap((curve) => [...curve.y, ...(curve.lower ?? []), ...(curve.upper ?? [])]);
  return [Math.min(...all), Math.max(...all)];
}

/**
 * Draw one curve with its band. x stands at even steps, as it was tried; a ring marks what validation chose.
 *
 * @param {App} app
 * @param {MeasuredCurve} curve
 * @param {[least: number, most: number]} pair
 */
export function curveChart(app, curve, [least, most]) {
  const { width, height, left, right, top, bottom } = CURVE;
  const count = curve.x.length;
  const x = (/** @type {number} */ at) => (count === 1 ? (left + width - right) / 2 : left + ((width - left - right) * at) / (count - 1));
  const y = (/** @type {number} */ value) => height - bottom - ((height - bottom - top) * (value - least)) / (most - least || 1);
  const point = (/** @type {number} */ value, /** @type {number} */ at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
  const { lower = [], upper = [] } = curve;
  const banded = lower.length > 0;
  const chosen = chosenPlace(curve);
  const step = Math.ceil(count / CURVE.most);
  const named = (/** @type {number} */ at) => at === chosen || (at % step === 0 && (chosen < 0 || at === chosen || Math.abs(at - chosen) >= step));
  const ticks = [least, (least + most) / 2, most];
  const told = (/** @type {number} */ at) => `${inLanguage(app, curve.x_label)} ${inLanguage(app, pointOf(curve.x[at]))}: ${decimal(curve.y[at], 4)}${banded ? ` (${app.t("interval", { low: decimal(lower[at], 4), high: decimal(upper[at], 4) })})` : ""}`;
  const label = app.t("evidence_curve", { title: inLanguage(app, curve.title), y: inLanguage(app, curve.y_label), low: decimal(Math.min(...curve.y), 3), high: decimal(Math.max(...curve.y), 3) });
  return h(
    "figure",
    { class: "ps-curve", data: { curve: curve.name } },
    h("figcaption", {}, worded(app, "strong", curve.title), curve.chosen === null || chosen < 0 ? null : h("span", {}, app.t("evidence_chosen", { x: inLanguage(app, pointOf(curve.chosen)) })), Object.hasOwn(CURVES_OF, curve.x_label.en) ? h("span", { class: "ps-curve-means" }, app.t(CURVES_OF[curve.x_label.en])) : null),
    svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
      ticks.flatMap((value) => [
        svg("line", { class: "ps-curve-grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        svg("text", { class: "ps-curve-text is-end", x: left - 7, y: y(value) + 4 }, decimal(value, 3)),
      ]),
      banded && count > 1 ? svg("polygon", { class: "ps-curve-band", points: [...upper.map(point), ...lower.map(point).reverse()].join(" ") }) : null,
      banded && count === 1 ? svg("line", { class: "ps-curve-span", x1: x(0), x2: x(0), y1: y(lower[0]), y2: y(upper[0]) }) : null,
      svg("polyline", { class: "ps-curve-line", points: curve.y.map(point).join(" ") }),
      curve.y.map((value, at) => svg("circle", { class: at === chosen ? "ps-curve-point is-chosen" : "ps-curve-point", cx: x(at), cy: y(value), r: at === chosen ? 6 : 3 }, svg("title", {}, told(at)))),
      curve.x.map((each, at) => (named(at) ? svg("text", { class: "ps-curve-text", x: x(at), y: height - bottom + 16 }, inLanguage(app, pointOf(each))) : null)),
      svg("text", { class: "ps-curve-text is-label", x: (left + width - right) / 2, y: height - 3 }, inLanguage(app, curve.x_label)),
    ),
  );
}
