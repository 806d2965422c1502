// The map's points as the server sends them, and the groups they are coloured by. Pure: nothing here draws.

import { decimal } from "../shared/dom.js";
import { labelName } from "../shared/stickers.js";

/**
 * The points as they are laid out: empty stretches shortened, and the longer side across where the room is wide. What the
 *  server sent is in columns; a row is a place in every column. `rows` are the points of the map; stickers that are added
 *  later have rows too, so that they can be marked and looked at, but are no points.
 *
 * @param {SentMap} answer
 * @param {boolean} wide
 * @returns {Points}
 */
export function createPoints(answer, wide) {
  const [across, up] = [shortening(answer.x), shortening(answer.y)];
  const length = (/** @type {(value: number) => number} */ shorten) => shorten(Infinity) - shorten(-Infinity);
  const swapped = wide === length(up) > length(across);
  /** @type {Pick<Points, "ids" | "images" | "texts" | "x" | "y" | "clicks" | "utility">} */
  const columns = { ids: [], images: [], texts: [], x: [], y: [], clicks: [], utility: [] };
  /** @type {Record<string, string[]>} */
  const labels = Object.fromEntries(Object.keys(answer.labels).map((key) => [key, []]));
  /** @type {Map<string, number>} */
  const rowOf = new Map();
  const laid = (/** @type {number} */ x, /** @type {number} */ y) => (swapped ? { x: up(y), y: across(x) } : { x: across(x), y: up(y) });

  /** @param {SentPoints} sent */
  function add(sent) {
    sent.ids.forEach((id, place) => {
      if (rowOf.has(id)) return;
      rowOf.set(id, columns.ids.length);
      const { x, y } = laid(sent.x[place], sent.y[place]);
      columns.ids.push(id);
      columns.x.push(x);
      columns.y.push(y);
      for (const name of /** @type {const} */ (["images", "texts"])) columns[name].push(sent[name][place]);
      for (const name of /** @type {const} */ (["clicks", "utility"])) columns[name].push(sent[name][place]);
      for (const [key, column] of Object.entries(labels)) column.push(sent.labels[key].values[sent.labels[key].codes[place]]);
    });
  }
  add(answer);
  const rows = [...columns.ids.keys()];
  const label = (/** @type {string} */ key, /** @type {number} */ row) => labels[key][row];
  return {
    ...columns,
    total: answer.total,
    density: answer.density ? laidDensity(answer.density, swapped, across, up) : null,
    size: rows.length,
    rows,
    rowOf,
    label,
    add,
    /** Rows by clicks, ties by row: whose picture is shown first where there is no room for all. */
    byClicks: rows.toSorted((a, b) => answer.clicks[b] - answer.clicks[a] || a - b),
    /** Data that shows a sticker, as everywhere on the page. @param {number} row */
    sticker(row) {
      const shown = Object.fromEntries(Object.keys(labels).map((key) => [key, label(key, row)]));
      return { id: columns.ids[row], image: columns.images[row], width: 128, height: 128, text: columns.texts[row], labels: shown };
    },
  };
}

/**
 * The grid of all stickers where the points are laid out: {x, y: edges, counts: rows of cells}.
 *
 * @param {Density} density
 * @param {boolean} swapped
 * @param {(value: number) => number} across
 * @param {(value: number) => number} up
 * @returns {Density}
 */
function laidDensity({ x, y, counts }, swapped, across, up) {
  const transposed = x.slice(1).map((_, column) => counts.map((row) => row[column]));
  return swapped ? { x: y.map(up), y: x.map(across), counts: transposed } : { x: x.map(across), y: y.map(up), counts };
}

/** The widest empty stretch of an axis, as a share of all: UMAP says nothing by how far islands lie apart. */
const MAP_GAP = 0.04;

/**
 * Value -> place on an axis with every empty stretch between `values` cut down to MAP_GAP; all else keeps its distance.
 *  What lies outside is moved to the nearest end.
 *
 * @param {number[]} values
 */
function shortening(values) {
  const sorted = Float64Array.from(values).sort();
  const widest = MAP_GAP * (sorted[sorted.length - 1] - sorted[0]);
  const cuts = new Float64Array(sorted.length);
  for (let at = 1; at < sorted.length; at++) cuts[at] = cuts[at - 1] + Math.max(0, sorted[at] - sorted[at - 1] - widest);
  return (/** @type {number} */ value) => {
    let [low, high] = [0, sorted.length - 1]; // the last of the sorted values that is not greater
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sorted[middle] <= value) low = middle;
      else high = middle - 1;
    }
    const beyond = Math.min(Math.max(value - sorted[low], 0), low === sorted.length - 1 ? 0 : widest);
    return sorted[low] - cuts[low] + beyond;
  };
}

/**
 * The least and the greatest of some numbers.
 *
 * @param {number[]} values
 * @returns {[least: number, greatest: number]}
 */
export function spanOf(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

const MAP_GROUPS = 8; // more labels than this share a last group: no more looks can be told apart

/**
 * Groups of rows under one colouring: [{name, rows, step}], step = place on a ramp of five, null where there is no
 * order.
 *
 * @param {App} app
 * @param {Points} points
 * @param {string} colouring
 * @returns {MapGroup[]}
 */
export function mapGroups(app, points, colouring) {
  if (colouring === "style") return labelGroups(app, points);
  if (colouring === "utility") return stepGroups(points, utilitySteps(points.utility));
  if (colouring === "popularity") return stepGroups(points, clickSteps(points.clicks));
  if (colouring === "text") {
    const written = (/** @type {boolean} */ wanted) => points.rows.filter((row) => Boolean(points.texts[row]) === wanted);
    return [{ name: app.t("map_with_text"), rows: written(true), step: null }, { name: app.t("map_without_text"), rows: written(false), step: null }]
      .filter(({ rows }) => rows.length);
  }
  return [{ name: "", rows: points.rows, step: null }];
}

/**
 * One group a style, largest first, ties by label; what has no style, or one too many, comes last.
 *
 * @param {App} app
 * @param {Points} points
 * @returns {MapGroup[]}
 */
function labelGroups(app, points) {
  const rowsOf = new Map();
  for (const row of points.rows) {
    const style = points.label("style", row);
    if (!rowsOf.has(style)) rowsOf.set(style, []);
    rowsOf.get(style).push(row);
  }
  const named = [...rowsOf.keys()].filter(Boolean).sort((a, b) => rowsOf.get(b).length - rowsOf.get(a).length || (a < b ? -1 : 1));
  const own = named.length > MAP_GROUPS ? named.slice(0, MAP_GROUPS - 1) : named;
  const others = points.rows.filter((row) => !own.includes(points.label("style", row)));
  const groups = own.map((style) => ({ name: labelName(app, style), rows: rowsOf.get(style), step: null }));
  return others.length ? [...groups, { name: app.t("map_other"), rows: others, step: null, rest: true }] : groups;
}

/**
 * Five equal steps between the least and the greatest utility: [{name, holds(row)}].
 *
 * @param {number[]} utility
 */
function utilitySteps(utility) {
  const [least, most] = spanOf(utility);
  const width = (most - least) / 5;
  const stepOf = (/** @type {number} */ row) => (width > 0 ? Math.min(4, Math.floor((utility[row] - least) / width)) : 0);
  return [0, 1, 2, 3, 4].map((step) => ({
    name: `${decimal(least + step * width)}–${decimal(least + (step + 1) * width)}`,
    holds: (/** @type {number} */ row) => stepOf(row) === step,
  }));
}

/**
 * Clicks by doubling: 0, 1, 2–3, 4–7, 8 and more.
 *
 * @param {number[]} clicks
 */
function clickSteps(clicks) {
  const stepOf = (/** @type {number} */ count) => Math.min(4, count ? 1 + Math.floor(Math.log2(count)) : 0);
  return ["0", "1", "2–3", "4–7", "8+"].map((name, step) => ({ name, holds: (/** @type {number} */ row) => stepOf(clicks[row]) === step }));
}

/**
 * @param {Points} points
 * @param {{ name: string, holds: (row: number) => boolean }[]} steps
 */
function stepGroups(points, steps) {
  return steps
    .map(({ name, holds }, step) => ({ name, rows: points.rows.filter(holds), step }))
    .filter((group) => group.rows.length);
}

/**
 * Counts of each style among some rows: [name, count], most first, ties by name.
 *
 * @param {App} app
 * @param {Points} points
 * @param {number[]} rows
 */
export function styleMix(app, points, rows) {
  const counts = new Map();
  for (const row of rows) {
    const name = labelName(app, points.label("style", row)) || app.t("map_other");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
