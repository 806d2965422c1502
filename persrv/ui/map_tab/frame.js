// The frame of a plot: whose it is, and its tools.

import { h, refill, svg } from "../shared/dom.js";
import { personName, personOf } from "../shared/person.js";

/**
 * A plot's name where it is one of two, and its tools. tools: which tool is in use, whether pictures are shown, and
 * what changes that.
 *
 * @param {App} app
 * @param {PersonsMap} each
 * @param {boolean} named
 * @param {{ tool: string, pictures: boolean, use: (tool: string) => void, turnPictures: () => void }} tools
 */
export function drawFrame(app, each, named, { tool, pictures, use, turnPictures }) {
  const person = personOf(app, each.user);
  const name = person ? app.t("map_plot", { name: personName(app, person) }) : app.t("map_plot_nobody");
  each.name.textContent = person ? personName(app, person) : app.t("nobody");
  each.name.hidden = !named;
  each.plot.element.setAttribute("role", "img");
  each.plot.element.setAttribute("aria-label", name);
  each.tools.setAttribute("aria-label", name);
  const mode = (/** @type {string} */ kind, /** @type {string} */ label) => mapTool(kind, label, { "aria-pressed": String(tool === kind), click: () => use(kind) });
  refill(each.tools, [
    mode("pan", app.t("map_pan")),
    mode("lasso", app.t("map_lasso")),
    mode("select", app.t("map_box")),
    mapTool("in", app.t("map_zoom_in"), { click: () => each.plot.zoom(0.6) }),
    mapTool("out", app.t("map_zoom_out"), { click: () => each.plot.zoom(1 / 0.6) }),
    mapTool("reset", app.t("map_reset"), { click: () => each.plot.reset() }),
    mapTool("pictures", app.t("map_pictures"), { "aria-pressed": String(pictures), click: turnPictures }),
  ]);
}

/** @type {Record<string, string>} */
const MAP_TOOL_ICONS = {
  pan: "M10 2v16M2 10h16M10 2L7.5 4.5M10 2l2.5 2.5M10 18l-2.5-2.5M10 18l2.5-2.5M2 10l2.5-2.5M2 10l2.5 2.5M18 10l-2.5-2.5M18 10l-2.5 2.5",
  lasso: "M6 14.5C3.500 13.500 2 11.500 2 9c0-3.600 3.600-6 8-6s8 2.400 8 6-3.600 6-8 6c-1 0-1.800-.1-2.600-.3M6 12.500a2 2 0 102 2.500c0-1.200-.8-2.500-2-2.500zM8 15.500c0 1.500-.8 2.500-2 3",
  select: "M3 6V3h3M9 3h2M14 3h3v3M17 9v2M17 14v3h-3M11 17H9M6 17H3v-3M3 11V9",
  in: "M10 4v12M4 10h12",
  out: "M4 10h12",
  reset: "M4 4v4h4M4.500 8A6.500 6.500 0 1110 16.500a6.500 6.500 0 01-5.600-3.200",
  pictures: "M3 4h14v12H3zM3 13l4-4 4 4 2.500-2.500L17 14M13 8h.01",
};

/**
 * @param {string} kind
 * @param {string} label
 * @param {{ click: () => void, [attribute: string]: unknown }} options  what a click does, and further attributes
 */
function mapTool(kind, label, { click, ...attributes }) {
  return h("button", { type: "button", data: { tool: kind }, "aria-label": label, title: label, ...attributes, on: { click } }, svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: MAP_TOOL_ICONS[kind] })));
}
