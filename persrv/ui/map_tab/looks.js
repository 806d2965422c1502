// How points look: colours that people who confuse colours can still tell apart (tests simulate them), each with a shape.

import { svg } from "../shared/dom.js";

/** Shapes by Plotly's name, and the same for legends. */
/** @type {Record<string, string>} */
const MAP_SHAPES = {
  circle: "M10 2a8 8 0 100 16 8 8 0 000-16z",
  square: "M3 3h14v14H3z",
  diamond: "M10 1l9 9-9 9-9-9z",
  "triangle-up": "M10 2l9 16H1z",
  cross: "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
  "triangle-down": "M10 18L1 2h18z",
  hexagon: "M10 1l8 4.5v9L10 19l-8-4.5v-9z",
  star: "M10 1l2.6 6 6.4.5-5 4.2 1.6 6.3L10 14.6 4.4 18 6 11.7 1 7.5 7.4 7z",
};
const MAP_SHAPE_NAMES = Object.keys(MAP_SHAPES);

/** Colours of labels that have no order, on a light and on a dark ground. */
export const MAP_PALETTE = {
  light: ["#2e42ad", "#f03500", "#009066", "#ba5cc3", "#f79900", "#57bdc9", "#471f68", "#871402"],
  dark: ["#4884ad", "#e36900", "#42d78f", "#e394f5", "#ffee38", "#a5f8ff", "#992cff", "#a54c47"],
};

/** Colours from little to much; the size grows with it, so that it is read without colour. */
export const MAP_RAMP = {
  light: ["#bcc1cc", "#86a9d2", "#4f82c0", "#255aa3", "#0d2f63"],
  dark: ["#4a505d", "#43699a", "#4b90d2", "#82c0f5", "#dcefff"],
};
const MAP_RAMP_SIZES = [5, 6, 7.5, 9.5, 12];

const MAP_FAINT = "#8b93a3";

/** Colour and shape of a taste: dark enough to carry white words. */
export const TASTE_COLOURS = ["#cf3564", "#2a6fd0", "#ad6500", "#177f55", "#7a4fe0"];
const TASTE_SHAPES = ["circle", "diamond", "square", "triangle-up", "star"];
/** @param {number} cluster */
export const tasteColour = (cluster) => TASTE_COLOURS[cluster % TASTE_COLOURS.length];
/** @param {number} cluster */
export const tasteShape = (cluster) => TASTE_SHAPES[cluster % TASTE_SHAPES.length];

/**
 * Colour, shape and relative size of the group at a place among `groups`.
 *
 * @param {MapGroup[]} groups
 * @param {number} place
 * @param {Theme} theme
 */
export function groupLook(groups, place, theme) {
  const group = groups[place];
  if (group.step !== null) return { colour: MAP_RAMP[theme][group.step], shape: "circle", size: MAP_RAMP_SIZES[group.step] / 6 };
  if (groups.length === 1 || group.rest) return { colour: MAP_FAINT, shape: "circle", size: 1 };
  return { colour: MAP_PALETTE[theme][place % MAP_PALETTE[theme].length], shape: MAP_SHAPE_NAMES[place % MAP_SHAPE_NAMES.length], size: 1.15 };
}

/**
 * A shape as a picture for legends and headings.
 *
 * @param {string} shape
 * @param {string} colour
 */
export function shapeMark(shape, colour) {
  const mark = svg("svg", { viewBox: "0 0 20 20", class: "ps-shape", "aria-hidden": "true" }, svg("path", { d: MAP_SHAPES[shape] }));
  mark.style.fill = colour;
  return mark;
}
