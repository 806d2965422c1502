// What the map is drawn from, asked of the server once: points, Plotly, and the stickers of each person.

import { YOU } from "../you_tab/you.js";
import { loadPlotly, mapExtent } from "./plot.js";
import { createPoints } from "./points.js";

/**
 * The map's data. wide(): whether the room is wide, so that the longer side of the map lies across.
 *
 * @param {App} app
 * @param {MapServer} server
 * @param {() => boolean} wide
 */
export function createMapData(app, server, wide) {
  /** @type {Promise<{ points: Points, extent: MapWindow, plotly: any }> | null} */
  let loading = null;
  /** @type {Map<string, Promise<Members>>} */
  const membersOf = new Map();

  app.element.addEventListener("ps-catalogue", () => {
    loading = null;
    membersOf.clear();
  });

  async function ask() {
    /** @type {SentMap} */
    const answer = await server.map_points({});
    const points = createPoints(answer, wide());
    return { points, extent: mapExtent(points), plotly: await loadPlotly(app, answer.plotly) };
  }

  function load() {
    const asked = loading ?? ask();
    loading = asked;
    asked.catch(() => { loading = null; }); // else it would never be asked again
    return asked;
  }

  /**
   * Sees to it that stickers can be marked which are not among the points of a sampled catalogue.
   *
   * @param {Points} points
   * @param {string[]} ids
   */
  async function named(points, ids) {
    const strange = points.density ? ids.filter((id) => !points.rowOf.has(id)) : [];
    if (strange.length) points.add(await server.map_named({ ids: strange }));
  }

  /**
   * @param {Points} points
   * @param {string} user
   * @returns {Promise<Members>}
   */
  function members(points, user) {
    const key = user === YOU ? `${YOU} ${app.state.likes}` : user; // the visitor's change with every like
    const known = membersOf.get(key);
    if (known) return known;
    const asked = (user ? server.map_members(app.you.signed({ user })) : Promise.resolve({ members: [] })).then(async (answer) => {
      /** @type {[string, number, number][]} */
      const sent = answer.members;
      await named(points, sent.map(([id]) => id));
      return new Map(sent.flatMap(([id, cluster, clicks]) => {
        const row = points.rowOf.get(id);
        return row === undefined ? [] : [[row, { cluster, clicks }]];
      }));
    }).catch((error) => { membersOf.delete(key); throw error; });
    membersOf.set(key, asked);
    return asked;
  }

  return { load, named, members };
}
