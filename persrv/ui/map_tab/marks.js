// What stands over the points: the examples of a person's tastes, or the results of the search with their ranks.

import { h } from "../shared/dom.js";
import { personName, personOf } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { shapeMark, tasteColour, tasteShape } from "./looks.js";

export const MOST_PINS = 10; // results of one ranking that are marked

/**
 * The sticker nearest to each taste's centroid, in a ring.
 *
 * @param {App} app
 * @param {Points} points
 * @param {PersonsMap} each
 * @returns {MapMark[]}
 */
export function tasteMarks(app, points, each) {
  const clusters = personOf(app, each.user)?.clusters ?? [];
  return clusters.flatMap((cluster, place) =>
    cluster.exemplars.slice(0, 1).flatMap((sticker) => {
      const row = points.rowOf.get(sticker.id);
      if (row === undefined) return [];
      const name = app.t("map_cluster", { n: place + 1 });
      const mark = h("div", { class: "ps-taste", data: { cluster: place, sticker: sticker.id }, style: { "--taste": tasteColour(place) } }, h("span", {}, stickerImage(app, sticker, "", true)), h("b", {}, shapeMark(tasteShape(place), "#fff"), name));
      return [{ row, element: mark, room: 88 }];
    }),
  );
}

/**
 * Places of the results: ranks of the ranking for everyone in circles, of the personalised one in squares.
 *
 * @param {App} app
 * @param {StyleMap} map
 * @param {PersonsMap} each
 * @returns {MapMark[]}
 */
export function resultMarks(app, map, each) {
  const { points } = map;
  /** @type {Map<number, { kind: string, rank: number, title: string }[]>} */
  const pins = new Map();
  for (const { kind, title, ids } of resultLists(app, each.user)) {
    ids.slice(0, MOST_PINS).forEach((id, place) => {
      const row = points.rowOf.get(id);
      if (row !== undefined) pins.set(row, [...(pins.get(row) ?? []), { kind, rank: place + 1, title }]);
    });
  }
  return [...pins].map(([row, ranks]) => {
    const words = [stickerWords(app, points.sticker(row)), ...ranks.map(({ title, rank }) => app.t("map_pin_plain", { title, n: rank }))].join(app.t("comma"));
    const badges = ranks.map(({ kind, rank }) => h("b", { class: `is-${kind}` }, String(rank)));
    const look = () => each.layer.card(row, linesOf(app, points, row, each));
    const leave = () => each.layer.hideCard();
    const events = { click: () => map.choose(row), focus: look, blur: leave, pointerenter: look, pointerleave: leave };
    return { row, room: 58, element: h("button", { type: "button", class: "ps-pin", data: { sticker: points.ids[row] }, "aria-label": words, on: events }, stickerImage(app, points.sticker(row), "", true), badges) };
  });
}

/**
 * Text of a point beside its picture: taste, clicks.
 *
 * @param {App} app
 * @param {Points} points
 * @param {number} row
 * @param {PersonsMap | undefined} each
 */
export function linesOf(app, points, row, each) {
  const member = each?.members.get(row);
  const person = each && personOf(app, each.user);
  const clicks = [app.t("map_clicks", { n: points.clicks[row] })];
  if (member?.clicks && person) clicks.push(app.t("map_clicks_of", { name: personName(app, person), n: member.clicks }));
  return [...(member ? [app.t("map_cluster", { n: member.cluster + 1 })] : []), clicks.join(app.t("comma"))];
}

/**
 * The stickers that stand for the tastes of these people.
 *
 * @param {App} app
 * @param {string[]} users
 */
export function exemplarIds(app, users) {
  const people = app.start.people.filter((one) => users.includes(one.id));
  return people.flatMap(({ clusters }) => clusters.flatMap(({ exemplars }) => exemplars.slice(0, 1).map(({ id }) => id)));
}

/**
 * The results of the search as it stands, as the map of one person marks them: one list for everyone, one for that person
 * if it differs.
 *
 * @param {App} app
 * @param {string} user
 * @returns {{ kind: "plain" | "personal", title: string, ids: string[] }[]}
 */
export function resultLists(app, user) {
  const answer = user === app.state.user ? app.answer : app.othersAnswer;
  if (!answer || answer.error !== undefined || !answer.rankings.none.length) return [];
  const ids = (/** @type {RankingName} */ name) => answer.rankings[name].map(([id]) => id);
  const person = personOf(app, user);
  const everyone = /** @type {const} */ ({ kind: "plain", title: app.t(answer.personalized ? "left_title" : "not_personalised"), ids: ids(app.state.utility ? "utility" : "none") });
  if (!answer.personalized || !person) return [everyone];
  return [everyone, { kind: "personal", title: app.t("right_title", { name: personName(app, person) }), ids: ids(app.state.utility ? "both" : "personalization") }];
}

/** @param {App} app */
export function resultsLegend(app) {
  const lists = resultLists(app, app.state.user);
  const others = app.state.other && app.state.other !== app.state.user ? resultLists(app, app.state.other).filter(({ kind }) => kind === "personal") : [];
  if (!lists.length) return [h("span", {}, app.t("map_pins_none"))];
  const sentences = { plain: "map_pins_plain", personal: "map_pins_personal" };
  return [
    h("span", {}, app.t("map_pins_for", { q: app.answer?.query, n: MOST_PINS })),
    ...[...lists, ...others].map(({ kind, title }) => h("span", { class: "ps-pin-key" }, h("b", { class: `is-${kind}`, "aria-hidden": "true" }, "1"), app.t(sentences[kind], { title }))),
  ];
}
