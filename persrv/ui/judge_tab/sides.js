// The two sides that are compared: settings that move, or the name of a run file in their place.

import { decimal, h } from "../shared/dom.js";
import { KNOBS } from "./judging.js";

const PAUSE = 150; // ms without a move before settings are searched

/**
 * @param {App} app
 * @param {Judging} judging
 * @param {HTMLElement} box
 * @param {{ moved: () => void, dropped: () => void }} then  a setting moved; a run file is to be taken away
 */
export function drawSides(app, judging, box, then) {
  box.replaceChildren(...judging.sides.map((side) => {
    const title = side.file ? app.t("judge_b_run", { name: side.file }) : app.t(side.title);
    const drop = () => h("button", { type: "button", class: "ps-tool", on: { click: then.dropped } }, app.t("judge_no_run"));
    const knobs = () => KNOBS.map((knob) => knobRow(app, side, knob, then.moved));
    return h("section", { class: "ps-judge-set", data: { side: side.name } }, h("h2", {}, title), side.file ? drop() : knobs());
  }));
}

/**
 * @param {App} app
 * @param {JudgeSide} side
 * @param {typeof KNOBS[number]} knob
 * @param {() => void} moved
 */
function knobRow(app, side, [name, text, most], moved) {
  const told = h("output", {}, decimal(side.settings[name]));
  const input = h("input", { type: "range", min: 0, max: most, step: 0.01, value: side.settings[name], data: { setting: name } });
  let pause = 0;
  input.addEventListener("input", () => {
    side.settings[name] = Number(input.value);
    told.textContent = decimal(input.value);
    window.clearTimeout(pause);
    pause = window.setTimeout(moved, PAUSE);
  });
  return h("label", { class: "ps-judge-knob" }, h("span", {}, app.t(text)), input, told);
}
