// The style map: one plot, or two people's side by side, with one selection; what is beside it and around it.

import { comparedPerson } from "../search_tab/swap.js";
import { decimal, h, part, svg } from "../shared/dom.js";
import { chosenPerson, personName } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { translate } from "../shared/store.js";
import { YOU } from "../you_tab/you.js";
import { createLayer } from "./layer.js";
import { groupLook, shapeMark, tasteColour, tasteShape } from "./looks.js";
import { chosenPanel, createMapList, selectionPanel, tastesPanel } from "./panel.js";
import { createPlot, loadPlotly, LostFile, mapExtent, mapTheme } from "./plot.js";
import { createPoints, mapGroups } from "./points.js";

const MOST_PINS = 10; // results of one ranking that are marked

/** `server`: the functions of map_tab/calls.py. */
export function mountMap(app, element, server) {
  const room = part(element, "map");
  const panel = part(room, "map-panel");
  const plotRow = part(room, "map-plots");
  let points = null;
  let extent = null;
  let plotly = null;
  let loading = null;
  let maps = []; // one or two {user, plot, layer, element, members}
  let colouring = "none";
  let shows = "tastes";
  let tool = "pan";
  let pictures = true;
  let alone = null; // the group of the legend that is seen alone
  let chosen = null; // the row whose neighbours are shown
  let groups = [];
  let turn = 0; // of showing: a later one overtakes an earlier one that still waits
  let underWay = 0; // pieces of work that will still change what is seen
  const membersOf = new Map(); // user -> promise of {rows, of: row -> [cluster, clicks]}

  /** What panel and list may do with the map. */
  const map = {
    server,
    get points() { return points; },
    selected: [],
    choose(row) {
      chosen = row;
      drawPanel();
      for (const each of maps) each.layer.ring(row);
    },
    /** Rings a point; from the keyboard its card is shown too. */
    point(row, withCard = false) {
      for (const each of maps) {
        each.layer.ring(row ?? chosen);
        if (row === null) each.layer.hideCard();
        else if (withCard) each.layer.card(row, linesOf(row, each));
      }
    },
    toggle(row) {
      map.select(map.selected.includes(row) ? map.selected.filter((each) => each !== row) : [...map.selected, row]);
    },
    select(rows) {
      map.selected = rows;
      app.announce(app.t("map_selected", { n: rows.length }));
      drawPlots();
      drawPanel();
    },
    linesOf: (row) => linesOf(row, maps[0]),
    actions(rows) {
      const most = app.start.you.most;
      const some = rows.length > most;
      const lent = some ? rows.filter((_, place) => Math.floor((place * most) / rows.length) > Math.floor(((place - 1) * most) / rows.length)) : rows;
      const label = some ? app.t("map_mine_some", { n: most }) : app.t("map_mine");
      return [h("button", { type: "button", class: "ps-tool is-first", data: { part: "map-mine" }, on: { click: () => app.you.borrow(lent.map((row) => points.sticker(row))) } }, label)];
    },
  };
  const list = createMapList(app, map, part(room, "map-all"));

  // ---- loading

  function load() {
    loading ??= server.map_points({}).then(async (answer) => {
      points = createPoints(answer, plotRow.clientWidth > 1.2 * plotRow.clientHeight);
      extent = mapExtent(points);
      plotly = await loadPlotly(app, answer.plotly);
    }).catch((error) => { loading = null; throw error; });
    return loading;
  }

  /** Sees to it that stickers can be marked which are not among the points of a sampled catalogue. */
  async function named(ids) {
    const strange = points.density ? ids.filter((id) => !points.rowOf.has(id)) : [];
    if (strange.length) points.add(await server.map_named({ ids: strange }));
  }

  function personsMembers(user) {
    const key = user === YOU ? `${YOU} ${app.state.likes}` : user; // the visitor's change with every like
    if (!membersOf.has(key)) {
      const asked = user ? server.map_members(app.you.signed({ user })) : Promise.resolve({ members: [] });
      membersOf.set(key, asked.then(async ({ members }) => {
        await named(members.map(([id]) => id));
        const known = members.filter(([id]) => points.rowOf.has(id));
        return new Map(known.map(([id, cluster, clicks]) => [points.rowOf.get(id), { cluster, clicks }]));
      }).catch((error) => { membersOf.delete(key); throw error; }));
    }
    return membersOf.get(key);
  }

  /** Does some work, and says of the map that it is busy until all work is done. */
  async function busy(work) {
    underWay += 1;
    room.setAttribute("aria-busy", "true");
    try {
      return await work();
    } finally {
      underWay -= 1;
      room.setAttribute("aria-busy", String(underWay > 0));
    }
  }

  /** Draws what should be there, once the view is looked at. */
  const show = () => busy(drawAll);
  async function drawAll() {
    if (app.state.view !== "map" || !app.start.has_map) return;
    const note = part(room, "map-loading");
    const mine = ++turn;
    try {
      if (!points || !plotly) await load();
      const users = [app.state.user, ...(beside() ? [beside()] : [])];
      const members = await Promise.all(users.map(personsMembers));
      await named([...resultLists(app).flatMap(({ ids }) => ids.slice(0, MOST_PINS)), ...exemplarIds(app, users)]);
      if (mine !== turn) return;
      groups = mapGroups(app, points, colouring);
      arrangeMaps(users, members);
      note.hidden = true;
      drawWords();
      drawPanel();
      await drawPlots();
      drawTrust();
    } catch (error) {
      note.textContent = app.t("map_failed");
      note.hidden = false;
      if (!(error instanceof LostFile)) throw error;
    }
  }

  // ---- plots

  /** Who is shown beside the chosen person: whoever the search compares them with; "" for no one. */
  const beside = () => (app.state.other && app.state.other !== app.state.user ? app.state.other : "");

  /** One map for the chosen person, a second one beside it where that is wanted. */
  function arrangeMaps(users, members) {
    while (maps.length > users.length) maps.pop().element.remove();
    users.forEach((user, place) => {
      if (!maps[place]) {
        maps[place] = createMap();
        plotRow.append(maps[place].element);
        if (place) maps[place].opening = maps[0].plot.window;
      }
      Object.assign(maps[place], { user, members: members[place] });
    });
    part(room, "map-body").classList.toggle("is-double", users.length > 1);
  }

  function createMap() {
    const each = { user: "", members: new Map(), opening: null, led: false, ahead: false };
    each.plot = createPlot(points, extent, {
      hover(row) { for (const other of maps) { other.layer.ring(row); other.layer.card(row, linesOf(row, other)); } },
      leave() { for (const other of maps) { other.layer.ring(chosen); other.layer.hideCard(); } },
      click(row) { map.choose(row); each.layer.card(row, linesOf(row, each)); },
      select(rows) { map.select(rows); },
      moving() { each.layer.follow(); mirror(each); },
      moved() { each.layer.arrange(); mirror(each); drawList(); },
    });
    each.layer = createLayer(app, points, each.plot);
    each.name = h("h2", { class: "ps-map-name" });
    each.tools = h("div", { class: "ps-map-tools", role: "toolbar" });
    each.element = h("div", { class: "ps-map-plot" }, each.plot.element, each.layer.element, each.name, each.tools);
    new ResizeObserver(() => busy(each.plot.resize)).observe(each.element);
    return each;
  }

  /** The other map follows into the same window, and catches up with what happened meanwhile. */
  async function mirror(source) {
    const other = maps.find((each) => each !== source);
    if (!other || source.led) return;
    source.ahead = true;
    if (other.led) return;
    other.led = true;
    await busy(async () => {
      while (source.ahead) {
        source.ahead = false;
        await other.plot.show(source.plot.window);
      }
    });
    other.led = false;
  }

  const drawPlots = () => busy(drawEachPlot);
  async function drawEachPlot() {
    if (!plotly) return;
    for (const each of maps) {
      const tastes = new Map();
      for (const [row, { cluster }] of each.members) tastes.set(cluster, [...(tastes.get(cluster) ?? []), row]);
      const view = { groups, tastes: [...tastes].sort((a, b) => a[0] - b[0]), selected: map.selected, quiet: each.members.size > 0 || shows === "results", alone };
      each.layer.pictures(pictures);
      each.layer.mark(shows === "results" ? resultMarks(each) : tasteMarks(each));
      await each.plot.draw(plotly, view);
      if (each.opening) await each.plot.show(each.opening);
      each.opening = null;
      each.layer.ring(chosen);
    }
  }

  /** The sticker nearest to each taste's centroid, in a ring, and the next examples small. */
  function tasteMarks(each) {
    const person = app.start.people.find((one) => one.id === each.user);
    return (person?.clusters ?? []).flatMap((cluster, place) =>
      cluster.exemplars.slice(0, 1).filter((sticker) => points.rowOf.has(sticker.id)).map((sticker) => {
        const name = app.t("map_cluster", { n: place + 1 });
        const mark = h("div", { class: "ps-taste", data: { cluster: place, sticker: sticker.id }, style: { "--taste": tasteColour(place) } }, h("span", {}, stickerImage(app, sticker, "", true)), h("b", {}, shapeMark(tasteShape(place), "#fff"), name));
        return { row: points.rowOf.get(sticker.id), element: mark, room: 88 };
      }),
    );
  }

  /** Where the results are: ranks of the ranking for everyone in circles, of the personalised one in squares. */
  function resultMarks(each) {
    const pins = new Map();
    for (const { kind, title, ids } of resultLists(app)) {
      ids.slice(0, MOST_PINS).forEach((id, place) => {
        const row = points.rowOf.get(id);
        if (row === undefined) return;
        if (!pins.has(row)) pins.set(row, []);
        pins.get(row).push({ kind, rank: place + 1, title });
      });
    }
    return [...pins].map(([row, ranks]) => {
      const words = [stickerWords(app, points.sticker(row)), ...ranks.map(({ title, rank }) => app.t("map_pin_plain", { title, n: rank }))].join(app.t("comma"));
      const badges = ranks.map(({ kind, rank }) => h("b", { class: `is-${kind}` }, String(rank)));
      const events = { click: () => map.choose(row), focus: () => each.layer.card(row, linesOf(row, each)), blur: () => each.layer.hideCard(), pointerenter: () => each.layer.card(row, linesOf(row, each)), pointerleave: () => each.layer.hideCard() };
      return { row, room: 58, element: h("button", { type: "button", class: "ps-pin", data: { sticker: points.ids[row] }, "aria-label": words, on: events }, stickerImage(app, points.sticker(row), "", true), badges) };
    });
  }

  /** What is said of a point beside its picture: taste, clicks. */
  function linesOf(row, each) {
    const member = each?.members.get(row);
    const person = app.start.people.find((one) => one.id === each?.user);
    const clicks = [app.t("map_clicks", { n: points.clicks[row] })];
    if (member?.clicks && person) clicks.push(app.t("map_clicks_of", { name: personName(app, person), n: member.clicks }));
    return [...(member ? [app.t("map_cluster", { n: member.cluster + 1 })] : []), clicks.join(app.t("comma"))];
  }

  // ---- around the plots

  function drawWords() {
    translate(room, app.t);
    const person = chosenPerson(app);
    part(room, "map-title").textContent = person ? app.t("map_title", { name: personName(app, person) }) : app.t("map_title_nobody");
    for (const button of part(room, "map-shows").children) button.setAttribute("aria-pressed", String(button.dataset.showsMarks === shows));
    const select = part(room, "map-beside");
    select.replaceChildren(h("option", { value: "" }, app.t("map_beside_nobody")), ...app.start.people.filter((each) => each.id !== app.state.user).map((each) => h("option", { value: each.id }, personName(app, each))));
    select.value = beside();
    drawLegend();
    for (const each of maps) drawFrame(each);
  }

  /** A plot's name where there are two, and its tools. */
  function drawFrame(each) {
    const person = app.start.people.find((one) => one.id === each.user);
    const name = person ? app.t("map_plot", { name: personName(app, person) }) : app.t("map_plot_nobody");
    each.name.textContent = person ? personName(app, person) : app.t("nobody");
    each.name.hidden = maps.length < 2;
    each.plot.element.setAttribute("role", "img");
    each.plot.element.setAttribute("aria-label", name);
    each.tools.setAttribute("aria-label", name);
    const mode = (kind, label) => mapTool(kind, label, { "aria-pressed": String(tool === kind), click: () => use(kind) });
    each.tools.replaceChildren(
      mode("pan", app.t("map_pan")),
      mode("lasso", app.t("map_lasso")),
      mode("select", app.t("map_box")),
      mapTool("in", app.t("map_zoom_in"), { click: () => each.plot.zoom(0.6) }),
      mapTool("out", app.t("map_zoom_out"), { click: () => each.plot.zoom(1 / 0.6) }),
      mapTool("reset", app.t("map_reset"), { click: () => each.plot.reset() }),
      mapTool("pictures", app.t("map_pictures"), { "aria-pressed": String(pictures), click: () => { pictures = !pictures; drawWords(); for (const other of maps) { other.layer.pictures(pictures); other.layer.arrange(); } } }),
    );
  }

  function use(kind) {
    tool = kind;
    for (const each of maps) {
      each.plot.use(kind);
      drawFrame(each);
    }
  }

  function drawLegend() {
    const box = part(room, "map-legend");
    if (shows === "results") {
      box.replaceChildren(...resultsLegend(app));
      return;
    }
    const entries = groups.length > 1 ? groups : [];
    box.replaceChildren(...entries.map((group, place) => {
      const look = groupLook(groups, place, mapTheme());
      const name = colouring === "popularity" ? app.t("map_legend_clicks", { n: group.name }) : group.name;
      const mark = shapeMark(look.shape, look.colour);
      mark.style.width = mark.style.height = `${(9 * look.size).toFixed(1)}px`;
      return h("button", { type: "button", "aria-pressed": String(alone === place), on: { click: () => { alone = alone === place ? null : place; drawLegend(); drawPlots(); } } }, mark, name);
    }));
  }

  function drawPanel() {
    const people = [chosenPerson(app), beside() ? comparedPerson(app) : null].filter((person) => person);
    const tastes = people.length ? people.map((person) => tastesPanel(app, map, person)) : [h("p", { class: "ps-note" }, app.t("map_nobody"))];
    panel.replaceChildren(
      ...(chosen !== null ? [chosenPanel(app, map, chosen)] : []),
      ...(map.selected.length ? [selectionPanel(app, map)] : []),
      ...(chosen === null && !map.selected.length ? tastes : []),
    );
  }

  let listing = 0;
  function drawList() {
    window.clearTimeout(listing);
    listing = window.setTimeout(() => {
      const { x, y } = maps[0].plot.window;
      list.show(points.byClicks.filter((row) => points.x[row] >= x[0] && points.x[row] <= x[1] && points.y[row] >= y[0] && points.y[row] <= y[1]));
    }, 150);
  }

  let trust = null;
  async function drawTrust() {
    const line = part(room, "map-trust");
    const sampled = points.size < points.total ? app.t("map_sampled", { n: points.size.toLocaleString("en"), total: points.total.toLocaleString("en") }) : "";
    trust ??= server.map_trust({}).catch(() => { trust = null; return { value: null }; });
    const { value, k, judged, among } = await trust;
    line.textContent = [sampled, value === null ? "" : app.t("map_trust", { value: decimal(value, 3), k, n: judged.toLocaleString("en"), of: among.toLocaleString("en") })].filter(Boolean).join(" ");
  }

  // ---- what people do

  for (const button of part(room, "map-shows").children) {
    button.addEventListener("click", () => { shows = button.dataset.showsMarks; show(); });
  }
  part(room, "map-colour").addEventListener("change", (event) => { colouring = event.target.value; alone = null; show(); });
  part(room, "map-beside").addEventListener("change", (event) => app.store.set({ other: event.target.value }));
  let theme = mapTheme();
  new MutationObserver(() => {
    if (theme !== mapTheme() && points) show();
    theme = mapTheme();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  app.element.addEventListener("ps-answered", () => { if (points) show(); });
  app.store.subscribe((_, changed) => {
    if (["user", "other", "likes", "language", "view", "utility"].some((key) => changed.has(key))) show();
  });
  drawWords();
  show();
}

/** The stickers that stand for the tastes of these people. */
function exemplarIds(app, users) {
  const people = app.start.people.filter((one) => users.includes(one.id));
  return people.flatMap(({ clusters }) => clusters.flatMap(({ exemplars }) => exemplars.slice(0, 1).map(({ id }) => id)));
}

/** The results of the search as it stands, as the map marks them: one list for everyone, one for the person if it differs. */
function resultLists(app) {
  const answer = app.answer;
  if (!answer || answer.error || !answer.rankings.none.length) return [];
  const [plain, personal] = app.state.utility ? ["utility", "both"] : ["none", "personalization"];
  const ids = (name) => answer.rankings[name].map(([id]) => id);
  const person = chosenPerson(app);
  const lists = [{ kind: "plain", title: app.t(answer.personalized ? "left_title" : "not_personalised"), ids: ids(plain) }];
  if (answer.personalized && person) lists.push({ kind: "personal", title: app.t("right_title", { name: personName(app, person) }), ids: ids(personal) });
  return lists;
}

function resultsLegend(app) {
  const lists = resultLists(app);
  if (!lists.length) return [h("span", {}, app.t("map_pins_none"))];
  const sentences = { plain: "map_pins_plain", personal: "map_pins_personal" };
  return [
    h("span", {}, app.t("map_pins_for", { q: app.answer.query, n: MOST_PINS })),
    ...lists.map(({ kind, title }) => h("span", { class: "ps-pin-key" }, h("b", { class: `is-${kind}`, "aria-hidden": "true" }, "1"), app.t(sentences[kind], { title }))),
  ];
}

const MAP_TOOL_ICONS = {
  pan: "M10 2v16M2 10h16M10 2L7.5 4.5M10 2l2.5 2.5M10 18l-2.5-2.5M10 18l2.5-2.5M2 10l2.5-2.5M2 10l2.5 2.5M18 10l-2.5-2.5M18 10l-2.5 2.5",
  lasso: "M6 14.5C3.500 13.500 2 11.500 2 9c0-3.600 3.600-6 8-6s8 2.400 8 6-3.600 6-8 6c-1 0-1.800-.1-2.600-.3M6 12.500a2 2 0 102 2.500c0-1.200-.8-2.500-2-2.500zM8 15.500c0 1.500-.8 2.500-2 3",
  select: "M3 6V3h3M9 3h2M14 3h3v3M17 9v2M17 14v3h-3M11 17H9M6 17H3v-3M3 11V9",
  in: "M10 4v12M4 10h12",
  out: "M4 10h12",
  reset: "M4 4v4h4M4.500 8A6.500 6.500 0 1110 16.500a6.500 6.500 0 01-5.600-3.200",
  pictures: "M3 4h14v12H3zM3 13l4-4 4 4 2.500-2.500L17 14M13 8h.01",
};

function mapTool(kind, label, { click, ...attributes }) {
  return h("button", { type: "button", data: { tool: kind }, "aria-label": label, title: label, ...attributes, on: { click } }, svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: MAP_TOOL_ICONS[kind] })));
}
