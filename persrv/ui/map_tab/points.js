// The map's points as the server sends them, and the groups they are coloured by. Pure: nothing here draws.

/** The columns of the server with what is looked up often. A row is a place in every column. */
function createPoints(answer) {
  const rowOf = new Map(answer.ids.map((id, row) => [id, row]));
  const label = (key, row) => answer.labels[key].values[answer.labels[key].codes[row]];
  const size = answer.ids.length;
  const rows = [...answer.ids.keys()];
  return {
    ...answer,
    size,
    rows,
    rowOf,
    label,
    /** Rows by clicks, ties by row: whose picture is shown first where there is no room for all. */
    byClicks: rows.toSorted((a, b) => answer.clicks[b] - answer.clicks[a] || a - b),
    /** What it takes to show a sticker, as everywhere on the page. */
    sticker(row) {
      const labels = Object.fromEntries(Object.keys(answer.labels).map((key) => [key, label(key, row)]));
      return { id: answer.ids[row], image: answer.images[row], width: 128, height: 128, text: answer.texts[row], labels };
    },
  };
}

/** The widest empty stretch of an axis, as a share of all: UMAP says nothing by how far islands lie apart. */
const MAP_GAP = 0.04;

/** The points as they are laid out: empty stretches shortened, and the longer side across where the room is wide. */
function layOut(points, wide) {
  const [x, y] = [shortened(points.x), shortened(points.y)];
  const length = ([low, high]) => high - low;
  return wide === length(spanOf(y)) > length(spanOf(x)) ? { ...points, x: y, y: x } : { ...points, x, y };
}

/** Places on one axis with every empty stretch cut down to MAP_GAP; all else keeps its distance. */
function shortened(values) {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const [low, high] = spanOf(values);
  const widest = MAP_GAP * (high - low);
  const places = new Array(values.length);
  let cut = 0;
  order.forEach((row, at) => {
    if (at) cut += Math.max(0, values[row] - values[order[at - 1]] - widest);
    places[row] = values[row] - cut;
  });
  return places;
}

/** The least and the greatest of some numbers. */
function spanOf(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

const MAP_GROUPS = 8; // more labels than this share a last group: no more looks can be told apart

/** Groups of rows under one colouring: [{name, rows, step}], step = place on a ramp of five, null where there is no order. */
function mapGroups(app, points, colouring) {
  if (colouring === "style") return labelGroups(app, points);
  if (colouring === "utility") return stepGroups(points, utilitySteps(points.utility));
  if (colouring === "popularity") return stepGroups(points, clickSteps(points.clicks));
  if (colouring === "text") {
    const written = (wanted) => points.rows.filter((row) => Boolean(points.texts[row]) === wanted);
    return [[app.t("map_with_text"), written(true)], [app.t("map_without_text"), written(false)]]
      .filter(([, rows]) => rows.length)
      .map(([name, rows]) => ({ name, rows, step: null }));
  }
  return [{ name: "", rows: points.rows, step: null }];
}

/** One group a style, largest first, ties by label; what has no style, or one too many, comes last. */
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

/** Five equal steps between the least and the greatest utility: [{name, holds(row)}]. */
function utilitySteps(utility) {
  const [least, most] = spanOf(utility);
  const width = (most - least) / 5;
  const stepOf = (row) => (width > 0 ? Math.min(4, Math.floor((utility[row] - least) / width)) : 0);
  return [0, 1, 2, 3, 4].map((step) => ({
    name: `${decimal(least + step * width)}–${decimal(least + (step + 1) * width)}`,
    holds: (row) => stepOf(row) === step,
  }));
}

/** Clicks by doubling: 0, 1, 2–3, 4–7, 8 and more. */
function clickSteps(clicks) {
  const stepOf = (count) => Math.min(4, count ? 1 + Math.floor(Math.log2(count)) : 0);
  return ["0", "1", "2–3", "4–7", "8+"].map((name, step) => ({ name, holds: (row) => stepOf(clicks[row]) === step }));
}

function stepGroups(points, steps) {
  return steps
    .map(({ name, holds }, step) => ({ name, rows: points.rows.filter(holds), step }))
    .filter((group) => group.rows.length);
}

/** How many of some rows bear each style: [name, count], most first, ties by name. */
function styleMix(app, points, rows) {
  const counts = new Map();
  for (const row of rows) {
    const name = labelName(app, points.label("style", row)) || app.t("map_other");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
