// The plots side by side: one for the chosen person, a second for whoever is beside them, in one window of the map.

import { h, part } from "../shared/dom.js";
import { drawFrame } from "./frame.js";
import { createLayer } from "./layer.js";
import { createPlot } from "./plot.js";

/**
 * Reports events of the plots to `on`: hover and click with a plot and a row, leave, select with rows, moved.
 * busy: see map.js.
 *
 * @param {App} app
 * @param {HTMLElement} room
 * @param {<T>(work: () => Promise<T>) => Promise<T>} busy
 * @param {{ hover(row: number): void, leave(): void, click(each: PersonsMap, row: number): void, select(rows: number[]): void, moved(): void }} on
 */
export function createPlots(app, room, busy, on) {
  const row = part(room, "map-plots");
  /** @type {PersonsMap[]} */
  const maps = [];
  /** @type {Points | null} */
  let drawn = null;
  let tool = "pan";
  let pictures = true;

  /**
   * @param {Points} points
   * @param {MapWindow} extent
   */
  function create(points, extent) {
    /** @type {PersonsMap} */
    const each = /** @type {any} */ ({ user: "", members: new Map(), opening: null, led: false, ahead: false });
    each.plot = createPlot(points, extent, {
      hover: on.hover,
      leave: on.leave,
      click: (/** @type {number} */ at) => on.click(each, at),
      select: on.select,
      moving() { each.layer.follow(); mirror(each); },
      moved() { each.layer.arrange(); mirror(each); on.moved(); },
    });
    each.layer = createLayer(app, points, each.plot);
    each.name = h("h2", { class: "ps-map-name" });
    each.tools = h("div", { class: "ps-map-tools", role: "toolbar" });
    each.element = h("div", { class: "ps-map-plot" }, each.plot.element, each.layer.element, each.name, each.tools);
    new ResizeObserver(() => busy(each.plot.resize)).observe(each.element);
    return each;
  }

  /**
   * The other map follows into the same window, and catches up with what happened meanwhile.
   *
   * @param {PersonsMap} source
   */
  async function mirror(source) {
    const other = maps.find((each) => each !== source);
    if (!other || source.led) return;
    source.ahead = true;
    if (other.led) return;
    other.led = true;
    await busy(async () => {
      while (source.ahead) {
        source.ahead = false;
        if (source.plot.window) await other.plot.show(source.plot.window);
      }
    });
    other.led = false;
  }

  const frame = (/** @type {PersonsMap} */ each) => drawFrame(app, each, maps.length > 1, { tool, pictures, use, turnPictures });

  /** @param {string} kind */
  function use(kind) {
    tool = kind;
    for (const each of maps) each.plot.use(kind);
    maps.forEach(frame);
  }

  function turnPictures() {
    pictures = !pictures;
    maps.forEach(frame);
    for (const each of maps) {
      each.layer.pictures(pictures);
      each.layer.arrange();
    }
  }

  return {
    maps,
    /**
     * One map for each of these people, with their stickers.
     *
     * @param {Points} points
     * @param {MapWindow} extent
     * @param {string[]} users
     * @param {Members[]} members
     */
    show(points, extent, users, members) {
      if (drawn !== points) for (const { element } of maps.splice(0)) element.remove(); // of the catalogue before the owner's edit
      drawn = points;
      while (maps.length > users.length) maps.pop()?.element.remove();
      users.forEach((user, place) => {
        if (!maps[place]) {
          maps[place] = create(points, extent);
          row.append(maps[place].element);
          if (place) maps[place].opening = maps[0].plot.window;
        }
        Object.assign(maps[place], { user, members: members[place] });
      });
    },
    drawFrames: () => maps.forEach(frame),
    /**
     * Draws each map. viewOf and marksOf: what it shows of a person; ringed: the row in the ring.
     *
     * @param {any} plotly
     * @param {(each: PersonsMap) => MapView} viewOf
     * @param {(each: PersonsMap) => MapMark[]} marksOf
     * @param {() => number | null} ringed
     */
    async draw(plotly, viewOf, marksOf, ringed) {
      for (const each of maps) {
        each.layer.pictures(pictures);
        each.layer.mark(marksOf(each));
        await each.plot.draw(plotly, viewOf(each));
        if (each.opening) await each.plot.show(each.opening);
        each.opening = null;
        each.layer.ring(ringed());
      }
    },
  };
}
