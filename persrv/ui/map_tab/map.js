// The style map: one plot, or two people's side by side, with one selection; what is beside it and around it.

import { decimal, h, part } from "../shared/dom.js";
import { readList, writeList } from "../shared/listed.js";
import { beside, createSurroundings } from "./around.js";
import { createMapData } from "./data.js";
import { exemplarIds, linesOf, MOST_PINS, resultLists, resultMarks, tasteMarks } from "./marks.js";
import { createMapList } from "./panel.js";
import { LostFile, mapTheme } from "./plot.js";
import { createPlots } from "./plots.js";
import { mapGroups } from "./points.js";

/**
 * `server`: the functions of map_tab/calls.py.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {MapServer} server
 */
export function mountMap(app, element, server) {
  const room = part(element, "map");
  const plotRow = part(room, "map-plots");
  const busy = createBusy(room);
  const data = createMapData(app, server, () => plotRow.clientWidth > 1.2 * plotRow.clientHeight);
  /** @type {{ points: Points, extent: MapWindow, plotly: any } | null} */
  let loaded = null;
  /** @type {MapLook} */
  const look = { colouring: app.state.colour, shows: app.state.map, alone: null, chosen: null, groups: [] };
  let turn = 0; // of showing: a later one overtakes an earlier one that still waits

  /** @type {StyleMap} */
  const map = {
    server,
    get points() { return /** @type {NonNullable<typeof loaded>} */ (loaded).points; },
    selected: [],
    choose(row) {
      look.chosen = row;
      app.store.set({ point: row === null ? "" : writeList([map.points.ids[row]]) });
      around.drawPanel();
      for (const each of plots.maps) each.layer.ring(row);
    },
    point(row, withCard = false) {
      for (const each of plots.maps) {
        each.layer.ring(row ?? look.chosen);
        if (row === null) each.layer.hideCard();
        else if (withCard) each.layer.card(row, linesOf(app, map.points, row, each));
      }
    },
    toggle(row) {
      map.select(map.selected.includes(row) ? map.selected.filter((each) => each !== row) : [...map.selected, row]);
    },
    select(rows) {
      map.selected = rows;
      app.store.set({ lasso: writeList(rows.map((row) => map.points.ids[row])) });
      app.announce(app.t("map_selected", { n: rows.length }));
      drawPlots();
      around.drawPanel();
    },
    linesOf: (row) => linesOf(app, map.points, row, plots.maps[0]),
    actions: (rows) => [borrowButton(app, map.points, rows)],
  };
  const list = createMapList(app, map, part(room, "map-all"));
  const drawTrust = createTrust(app, part(room, "map-trust"), server);
  const around = createSurroundings(app, room, map, look, () => drawPlots());
  const plots = createPlots(app, room, busy, {
    hover(row) { map.point(row, true); },
    leave() { map.point(null); },
    click(each, row) { map.choose(row); each.layer.card(row, linesOf(app, map.points, row, each)); },
    select: map.select,
    moved: () => list.follow(plots.maps[0].plot),
  });

  // ---- drawing

  /** Draws what should be there, once the view is looked at. */
  const show = () => busy(drawAll);
  async function drawAll() {
    if (app.state.view !== "map" || !app.start.has_map) return;
    const note = part(room, "map-loading");
    const mine = ++turn;
    try {
      const ready = await data.load();
      loaded = ready;
      const users = [app.state.user, ...(beside(app) ? [beside(app)] : [])];
      const members = await Promise.all(users.map((user) => data.members(ready.points, user)));
      await data.named(ready.points, [...users.flatMap((user) => resultLists(app, user)).flatMap(({ ids }) => ids.slice(0, MOST_PINS)), ...exemplarIds(app, users), ...readList(app.state.lasso), ...readList(app.state.point)]);
      if (mine !== turn) return;
      restore(app, map, look);
      look.groups = mapGroups(app, ready.points, look.colouring);
      plots.show(ready.points, ready.extent, users, members);
      part(room, "map-body").classList.toggle("is-double", users.length > 1);
      note.hidden = true;
      around.drawWords();
      plots.drawFrames();
      around.drawPanel();
      await drawPlots();
      drawTrust(ready.points);
    } catch (error) {
      note.textContent = app.t("map_failed");
      note.hidden = false;
      if (!(error instanceof LostFile)) throw error;
    }
  }

  app.stays.push(() => (map.selected.length && !app.state.lasso ? app.t("stays_lasso", { n: map.selected.length }) : null));

  const drawPlots = () => busy(async () => {
    const marksOf = (/** @type {PersonsMap} */ each) => (look.shows === "results" ? resultMarks(app, map, each) : tasteMarks(app, map.points, each));
    if (loaded) await plots.draw(loaded.plotly, viewOf, marksOf, () => look.chosen);
  });

  /**
   * @param {PersonsMap} each
   * @returns {MapView}
   */
  function viewOf({ members }) {
    /** @type {Map<number, number[]>} */
    const tastes = new Map();
    for (const [row, { cluster }] of members) tastes.set(cluster, [...(tastes.get(cluster) ?? []), row]);
    return { groups: look.groups, tastes: [...tastes].sort((a, b) => a[0] - b[0]), selected: map.selected, quiet: members.size > 0 || map.selected.length > 0 || look.shows === "results", alone: look.alone };
  }

  // ---- what people do

  onTheme(() => { if (loaded) show(); });
  app.element.addEventListener("ps-answered", () => { if (loaded) show(); });
  app.store.subscribe((_, changed) => {
    if (SHOWN_ANEW.some((key) => changed.has(key))) show();
  });
  around.drawWords();
  show();
}

/**
 * Take over what the address says and the map does not yet show.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {MapLook} look
 */
function restore({ state }, map, look) {
  const written = (/** @type {number[]} */ rows) => writeList(rows.map((row) => map.points.ids[row]));
  const rowsOf = (/** @type {string} */ list) => readList(list).flatMap((id) => map.points.rowOf.get(id) ?? []);
  if (look.colouring !== state.colour) Object.assign(look, { colouring: state.colour, alone: null });
  look.shows = state.map;
  if (written(map.selected) !== state.lasso) map.selected = rowsOf(state.lasso);
  if (written(look.chosen === null ? [] : [look.chosen]) !== state.point) look.chosen = rowsOf(state.point)[0] ?? null;
}

/** @type {(keyof State)[]} */
const SHOWN_ANEW = ["user", "other", "likes", "language", "view", "utility", "map", "colour"];

/**
 * Does work, and says of the map that it is busy until all work is done that will change what is seen.
 *
 * @param {HTMLElement} room
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
function createBusy(room) {
  let underWay = 0;
  return async (work) => {
    underWay += 1;
    room.setAttribute("aria-busy", "true");
    try {
      return await work();
    } finally {
      underWay -= 1;
      room.setAttribute("aria-busy", String(underWay > 0));
    }
  };
}

/**
 * Calls `changed` when the page turns dark or light.
 *
 * @param {() => void} changed
 */
function onTheme(changed) {
  let theme = mapTheme();
  new MutationObserver(() => {
    if (theme !== mapTheme()) changed();
    theme = mapTheme();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

/**
 * Says in `line` how far the map can be trusted, which is asked for once for a catalogue.
 *
 * @param {App} app
 * @param {HTMLElement} line
 * @param {MapServer} server
 */
function createTrust(app, line, server) {
  /** @type {Promise<any> | null} */
  let trust = null;
  app.element.addEventListener("ps-catalogue", () => { trust = null; });
  return async (/** @type {Points} */ points) => {
    const sampled = points.size < points.total ? app.t("map_sampled", { n: points.size.toLocaleString("en"), total: points.total.toLocaleString("en") }) : "";
    trust ??= server.map_trust({}).catch(() => { trust = null; return { value: null }; });
    const { value, k, judged, among } = await trust;
    line.textContent = [sampled, value === null ? "" : app.t("map_trust", { value: decimal(value, 3), k, n: judged.toLocaleString("en"), of: among.toLocaleString("en") })].filter(Boolean).join(" ");
  };
}

/**
 * The button that searches with some stickers as the visitor's likes; of too many, every so many-th is taken.
 *
 * @param {App} app
 * @param {Points} points
 * @param {number[]} rows
 */
function borrowButton(app, points, rows) {
  const { most } = app.start.you;
  const some = rows.length > most;
  const lent = some ? rows.filter((_, place) => Math.floor((place * most) / rows.length) > Math.floor(((place - 1) * most) / rows.length)) : rows;
  const label = some ? app.t("map_mine_some", { n: most }) : app.t("map_mine");
  return h("button", { type: "button", class: "ps-tool is-first", data: { part: "map-mine" }, on: { click: () => app.you.borrow(lent.map((row) => points.sticker(row))) } }, label);
}
