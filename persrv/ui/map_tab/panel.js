// Beside the map: the chosen sticker with its neighbours, the selected stickers, a person's tastes, and all in sight as a list.

import { h } from "../shared/dom.js";
import { personName } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { shapeMark, tasteColour, tasteShape } from "./looks.js";
import { styleMix } from "./points.js";

const MOST_SHOWN = 24; // stickers of a selection, and of one page of the list
const RESTING = 150; // ms without a move before the list follows

/**
 * A small sticker on the panel; `choose` is called with its row, looking at it rings its point.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {number} row
 */
function mapMini(app, map, row, { shared = false } = {}) {
  const sticker = map.points.sticker(row);
  const words = stickerWords(app, sticker);
  const events = {
    click: () => map.choose(row),
    pointerenter: () => map.point(row),
    pointerleave: () => map.point(null),
    focus: () => map.point(row, true),
    blur: () => map.point(null),
  };
  return h(
    "button",
    { type: "button", class: `ps-mini${shared ? " is-shared" : ""}`, data: { sticker: sticker.id }, "aria-label": shared ? app.t("map_both_sticker", { alt: words }) : words, title: words, on: events },
    stickerImage(app, sticker, ""),
  );
}

/**
 * Minis of stickers by id; those that a sampled map does not show are left out.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {string[]} ids
 * @param {(id: string) => boolean} isShared
 */
function mapMinis(app, map, ids, isShared = () => false) {
  const rows = ids.map((id) => map.points.rowOf.get(id)).filter((row) => row !== undefined);
  return h("div", { class: "ps-minis" }, rows.map((row) => mapMini(app, map, row, { shared: isShared(map.points.ids[row]) })));
}

/**
 * The chosen sticker: what it is, and whether its neighbours on the map are its neighbours in style.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {number} row
 */
export function chosenPanel(app, map, row) {
  const sticker = map.points.sticker(row);
  const near = h("div", { class: "ps-map-near", "aria-busy": "true" });
  const selected = map.selected.includes(row);
  fillNeighbours(app, map, sticker, near);
  return h(
    "section",
    { class: "ps-map-chosen", data: { part: "map-chosen", sticker: sticker.id } },
    h("div", { class: "ps-map-face" }, stickerImage(app, sticker, "", true), h("div", {}, h("h2", {}, stickerWords(app, sticker)), map.linesOf(row).map((line) => h("p", { class: "ps-note" }, line)))),
    h(
      "div",
      { class: "ps-map-buttons" },
      h("button", { type: "button", class: "ps-tool", on: { click: () => app.openSticker(sticker.id) } }, app.t("map_details")),
      h("button", { type: "button", class: "ps-tool", "aria-pressed": String(selected), on: { click: () => map.toggle(row) } }, app.t(selected ? "map_unselect" : "map_select")),
      h("button", { type: "button", class: "ps-tool", on: { click: () => map.choose(null) } }, app.t("close")),
    ),
    near,
  );
}

/**
 * @param {App} app
 * @param {StyleMap} map
 * @param {Sticker} sticker
 * @param {HTMLElement} box
 */
async function fillNeighbours(app, map, sticker, box) {
  const found = await map.server.map_neighbours({ sticker: sticker.id }).catch(() => ({ error: app.t("failed") }));
  box.setAttribute("aria-busy", "false");
  if (found.error !== undefined) {
    box.replaceChildren(h("p", { class: "ps-note" }, found.error));
    return;
  }
  const ids = (/** @type {Sticker[]} */ stickers) => stickers.map((each) => each.id);
  const [space, near] = [ids(found.space), ids(found.map)];
  box.replaceChildren(
    h("h3", {}, app.t("map_near_space")),
    mapMinis(app, map, space, (id) => near.includes(id)),
    h("h3", {}, app.t("map_near_map")),
    mapMinis(app, map, near, (id) => space.includes(id)),
    h("p", { class: "ps-note", data: { part: "map-shared" } }, app.t("map_shared", { n: found.shared, of: space.length })),
  );
}

/**
 * The selected stickers: how many, which styles, and what can be done with them.
 *
 * @param {App} app
 * @param {StyleMap} map
 */
export function selectionPanel(app, map) {
  const rows = map.selected;
  const mix = styleMix(app, map.points, rows);
  const most = mix[0][1];
  return h(
    "section",
    { class: "ps-map-selection", data: { part: "map-selection" } },
    h("h2", {}, app.t("map_selected", { n: rows.length })),
    h("div", { class: "ps-map-buttons" }, ...map.actions(rows), h("button", { type: "button", class: "ps-tool", on: { click: () => map.select([]) } }, app.t("map_clear"))),
    h(
      "ul",
      { class: "ps-map-mix", "aria-label": app.t("map_mix") },
      mix.slice(0, 5).map(([name, count]) => h("li", {}, h("span", {}, name), h("i", { style: { width: `${(100 * count) / most}%` } }), h("b", {}, String(count)))),
    ),
    h("div", { class: "ps-minis" }, rows.slice(0, MOST_SHOWN).map((row) => mapMini(app, map, row))),
    rows.length > MOST_SHOWN && h("p", { class: "ps-note" }, app.t("map_more", { n: rows.length - MOST_SHOWN })),
  );
}

/**
 * A person's tastes with their examples.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {Person} person
 */
export function tastesPanel(app, map, person) {
  const taste = (/** @type {Cluster} */ each, /** @type {number} */ place) =>
    h(
      "section",
      { class: "ps-cluster" },
      h("h3", {}, shapeMark(tasteShape(place), tasteColour(place)), app.t("map_cluster", { n: place + 1 }), h("small", {}, app.t("map_cluster_size", { n: each.size }))),
      mapMinis(app, map, each.exemplars.slice(0, 5).map((sticker) => sticker.id)),
    );
  return h("section", { class: "ps-map-tastes" }, h("h2", {}, app.t("map_title", { name: personName(app, person) })), h("div", { class: "ps-cluster-row" }, person.clusters.map(taste)), h("p", { class: "ps-note" }, app.t("map_centroid")));
}

/**
 * Every sticker in sight as a list: what a keyboard or a screen reader walks through instead of the points.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {HTMLDetailsElement} details
 */
export function createMapList(app, map, details) {
  const box = h("div", { class: "ps-map-list", data: { part: "map-list" } });
  const summary = /** @type {HTMLElement} */ (details.querySelector("summary"));
  details.append(box);
  /** @type {number[]} */
  let rows = [];
  let length = MOST_SHOWN;
  let waiting = 0;
  let spoken = ""; // the language of what is there

  function draw() {
    spoken = app.state.language;
    summary.textContent = app.t("map_list", { n: rows.length.toLocaleString("en") });
    if (!details.open) return;
    const more = rows.length > length && h("button", { type: "button", class: "ps-tool", on: { click: () => { length += MOST_SHOWN; draw(); box.querySelectorAll(".ps-mini")[length - MOST_SHOWN].focus(); } } }, app.t("map_list_more"));
    box.replaceChildren(h("div", { class: "ps-minis" }, rows.slice(0, length).map((row) => mapMini(app, map, row))), more || "");
  }

  /** @param {number[]} inSight */
  function show(inSight) {
    const same = inSight.length === rows.length && inSight.every((row, place) => row === rows[place]);
    if (same && spoken === app.state.language) return; // what has the focus keeps it, and what was unfolded stays
    rows = inSight;
    length = MOST_SHOWN;
    draw();
  }

  details.addEventListener("toggle", draw);
  return {
    /**
     * Shows what a plot shows, once it has come to rest.
     *
     * @param {Plot} plot
     */
    follow(plot) {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        const [sight, { x, y, byClicks }] = [plot.window, map.points];
        if (sight) show(byClicks.filter((row) => x[row] >= sight.x[0] && x[row] <= sight.x[1] && y[row] >= sight.y[0] && y[row] <= sight.y[1]));
      }, RESTING);
    },
  };
}
