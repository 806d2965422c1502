// One Plotly figure of the map: its traces, its window, and what people do on it, told as rows of the points.

import { h } from "../shared/dom.js";
import { fileUrl } from "../shared/stickers.js";
import { groupLook, tasteColour, tasteShape } from "./looks.js";
import { spanOf } from "./points.js";

/** A file of ours did not come: the browser has reported it already. */
export class LostFile extends Error {}

/** Plotly, loaded once, from this server. */
let plotlyPromise = null;
/**
 * @param {App} app
 * @param {string} path
 */
export function loadPlotly(app, path) {
  plotlyPromise ??= new Promise((resolve, reject) => {
    const lost = () => reject(new LostFile(path));
    const script = h("script", { src: fileUrl(path), on: { load: () => resolve(window.Plotly), error: lost } });
    document.head.append(script);
  }).catch((error) => { plotlyPromise = null; throw error; });
  return plotlyPromise;
}

/** Plotly draws on the graphics card where there is one to be had, and in SVG elsewhere. */
/** @type {boolean | null} */
let webgl = null;
function hasWebgl() {
  if (webgl === null) {
    const context = document.createElement("canvas").getContext("webgl");
    webgl = Boolean(context);
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return webgl;
}

export const mapTheme = () => (document.body.classList.contains("dark") ? "dark" : "light");

/** A cloud of points. What Plotly can take over unchanged is made once for each array of rows. */
const cloudColumns = new WeakMap();
/**
 * @param {Points} points
 * @param {number[]} rows
 */
function cloudOf(points, rows) {
  if (!cloudColumns.has(rows)) {
    cloudColumns.set(rows, {
      x: Float64Array.from(rows, (row) => points.x[row]),
      y: Float64Array.from(rows, (row) => points.y[row]),
      customdata: rows,
    });
  }
  return { ...cloudColumns.get(rows), type: hasWebgl() ? "scattergl" : "scatter", mode: "markers", hoverinfo: "none" };
}

const MOST_RINGED = 12; // selected points; rings around more would run into one another: those are filled
const PICKED = "#ea5585";

/**
 * The traces of one map: groups of all points, a person's points by taste, the selected ones.
 *  view: {groups, tastes: [[cluster, rows]], selected: rows, quiet: whether something else is to be seen, alone: a group or null}
 *
 * @param {Points} points
 * @param {MapView} view
 */
function mapTraces(points, view) {
  const theme = mapTheme();
  const size = points.size > 20_000 ? 3 : points.size > 5_000 ? 4.5 : 6;
  const opacity = (/** @type {number} */ place) => (view.alone === null ? (view.quiet ? 0.4 : 0.75) : view.alone === place ? 1 : 0.06);
  const groups = view.groups.map((group, place) => {
    const look = groupLook(view.groups, place, theme);
    return { ...cloudOf(points, group.rows), marker: { size: size * look.size, color: look.colour, symbol: look.shape, opacity: opacity(place) }, meta: { kind: "all", name: group.name } };
  });
  const tastes = view.tastes.map(([cluster, rows]) => ({
    ...cloudOf(points, rows),
    marker: { size: 11, color: tasteColour(cluster), symbol: tasteShape(cluster), opacity: view.alone === null ? 1 : 0.15, line: { width: 1.5, color: theme === "dark" ? "#181b21" : "#ffffff" } },
    meta: { kind: "taste", cluster },
  }));
  const ink = theme === "dark" ? "#ffffff" : "#15181e";
  const chosen = view.selected.length
    ? [{ ...cloudOf(points, view.selected), hoverinfo: "skip", marker: view.selected.length > MOST_RINGED ? { size: 8, color: PICKED, opacity: 0.85, line: { width: 1, color: theme === "dark" ? "#181b21" : "#ffffff" } } : { size: 13, color: ink, symbol: "circle-open", line: { width: 2, color: ink } }, meta: { kind: "selected" } }]
    : [];
  return [...(points.density ? [densityTrace(points.density, theme, view)] : []), ...groups, ...tastes, ...chosen];
}

/**
 * Density of all stickers of a sampled catalogue: shades under the points, by the logarithm of how many there are.
 *
 * @param {Density} density
 * @param {Theme} theme
 * @param {MapView} view
 */
function densityTrace({ x, y, counts }, theme, view) {
  const [red, green, blue] = theme === "dark" ? [116, 140, 190] : [96, 118, 168];
  const shade = (/** @type {number} */ alpha) => `rgba(${red},${green},${blue},${alpha})`;
  return {
    type: "heatmap", x, y, z: counts.map((row) => row.map((count) => (count ? Math.log1p(count) : null))), zmin: 0,
    colorscale: [[0, shade(0.06)], [1, shade(view.quiet ? 0.4 : 0.55)]], showscale: false, hoverinfo: "skip", hoverongaps: false, customdata: [], meta: { kind: "density" },
  };
}

/**
 * The window that shows every point, with a margin.
 *
 * @param {Points} points
 * @returns {MapWindow}
 */
export function mapExtent(points) {
  /** @returns {[number, number]} */
  const span = (/** @type {number[]} */ values) => {
    const [low, high] = spanOf(values);
    const margin = 0.09 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return { x: span(points.x), y: span(points.y) };
}

/**
 * A figure in `element`. on: {hover(row), leave(), click(row), select(rows), moving(), moved()}.
 *
 * @param {Points} points
 * @param {MapWindow} extent
 * @param {PlotEvents} on
 */
export function createPlot(points, extent, on) {
  /** @type {any} Plotly makes its own of it */
  const canvas = h("div", { class: "ps-plot" });
  /** @type {any} */
  let plotly = null;
  let tool = "pan";
  let revision = 0;

  const layout = () => ({
    xaxis: { visible: false, range: (plot.window ?? extent).x },
    yaxis: { visible: false, range: (plot.window ?? extent).y, scaleanchor: "x" },
    showlegend: false,
    dragmode: tool,
    hovermode: "closest",
    hoverdistance: 14,
    uirevision: revision, // what is in sight is handed over above, whoever moved it
    selections: [],
    newselection: { line: { color: mapTheme() === "dark" ? "#ffffff" : "#15181e", width: 1.5, dash: "dot" } },
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
  });
  const rowsOf = (/** @type {PlotlyEvent} */ event) => [...new Set((event?.points ?? []).map((point) => point.customdata))].filter((row) => row !== undefined);

  /** @type {Plot} */
  const plot = {
    element: canvas,
    async draw(loaded, view) {
      const first = plotly === null;
      plotly = loaded;
      revision += 1;
      await plotly.react(canvas, mapTraces(points, view), layout(), { displayModeBar: false, scrollZoom: true, doubleClick: false });
      if (first) listen();
      on.moved();
    },
    use(newTool) {
      tool = newTool;
      if (plotly) plotly.relayout(canvas, { dragmode: tool });
    },
    /** Visible part of the map, as ranges of both axes; null before the first drawing. */
    get window() {
      if (!canvas._fullLayout) return null;
      const { xaxis, yaxis } = canvas._fullLayout;
      return /** @type {MapWindow} */ ({ x: [...xaxis.range], y: [...yaxis.range] });
    },
    show({ x, y }) {
      if (plotly) return plotly.relayout(canvas, { "xaxis.range": [...x], "yaxis.range": [...y] });
    },
    zoom(factor) {
      /** @returns {[number, number]} */
      const scaled = (/** @type {[low: number, high: number]} */ [low, high]) => [(low + high) / 2 - ((high - low) / 2) * factor, (low + high) / 2 + ((high - low) / 2) * factor];
      const sight = plot.window;
      return sight ? plot.show({ x: scaled(sight.x), y: scaled(sight.y) }) : undefined;
    },
    reset: () => plot.show(extent),
    async resize() {
      if (!plotly || !canvas.offsetParent) return; // Plotly cannot measure what is not displayed
      const { width, height } = canvas._fullLayout ?? {};
      if (Math.abs(width - canvas.clientWidth) < 1 && Math.abs(height - canvas.clientHeight) < 1) return; // it fits
      await plotly.Plots.resize(canvas);
      on.moved();
    },
    /** Position of a row, in pixels of the figure; null before the first drawing. */
    placer() {
      const full = canvas._fullLayout;
      if (!full) return null;
      const { xaxis, yaxis } = full;
      const [left, right] = xaxis.range;
      const [bottom, top] = yaxis.range;
      const [sx, sy] = [xaxis._length / (right - left), yaxis._length / (top - bottom)];
      /** @returns {[number, number]} */
      const place = (/** @type {number} */ row) => [xaxis._offset + (points.x[row] - left) * sx, yaxis._offset + (top - points.y[row]) * sy];
      return { place, width: full.width, height: full.height };
    },
  };

  function listen() {
    canvas.on("plotly_hover", (/** @type {PlotlyEvent} */ event) => { const [row] = rowsOf(event); if (row !== undefined) on.hover(row); });
    canvas.on("plotly_unhover", () => on.leave());
    canvas.on("plotly_click", (/** @type {PlotlyEvent} */ event) => { const [row] = rowsOf(event); if (row !== undefined) on.click(row); });
    canvas.on("plotly_selected", (/** @type {PlotlyEvent} */ event) => {
      if (event?.lassoPoints || event?.range) queueMicrotask(() => on.select(rowsOf(event))); // without either, Plotly only tells of our own redrawing
    });
    canvas.on("plotly_relayouting", () => on.moving());
    canvas.on("plotly_relayout", () => on.moved());
  }
  return plot;
}
