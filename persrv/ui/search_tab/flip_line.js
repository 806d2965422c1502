// What would flip a sticker and the one above it, in one sentence.

import { decimal, h } from "../shared/dom.js";
import { knobMost, knobsOf } from "../shared/knobs.js";
import { searcherName } from "./answer.js";
import { exactSettings, flippedAt, flips, ingredientsOf, preferenceNeeded, scoreOf } from "./flips.js";

/**
 * One plain sentence about the sticker above, and where a slider would do it, a button that moves that slider.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 * @param {Entry | null} above
 */
export function flipLine(app, answer, entry, above) {
  if (!above) return null;
  const settings = exactSettings(app, answer, entry);
  const [upper, lower] = [ingredientsOf(app, answer, above), ingredientsOf(app, answer, entry)];
  const place = { n: above.rank };
  if (scoreOf(lower, settings) >= scoreOf(upper, settings)) return h("p", { class: "ps-flip" }, app.t("flip_level", place));
  const floored = entry.usesPreference && settings.floor > 0;
  const movable = knobsOf(app).filter(({ key, group }) => (key !== "meaning" || lower.meaning !== null) && !(floored && group === "relevance"));
  const knobs = movable.map((knob) => ({ ...knob, most: knobMost(app, knob) }));
  const shortest = flips(upper, lower, settings, knobs)
    .flatMap((flip) => knobs.filter((knob) => knob.key === flip.setting).map((knob) => ({ now: flip.now, knob, value: flippedAt(flip, knob.most) })))
    .flatMap(({ value, ...flip }) => (value === null ? [] : [{ ...flip, value }]))
    .at(0);
  const needed = preferenceNeeded(upper, lower, settings);
  const taste = { name: searcherName(app, answer), to: needed === null ? "" : decimal(Math.ceil(needed * 100) / 100), from: decimal(lower.preference) };
  const instead = needed === null ? "" : app.t(shortest ? "flip_or_taste" : "flip_but_taste", taste);
  if (!shortest) return h("p", { class: "ps-flip" }, app.t("flip_none", place), instead);
  const { knob, now, value } = shortest;
  const sentence = app.t("flip_setting", { ...place, knob: app.t(knob.text), from: decimal(now), to: decimal(value) });
  const tryIt = h("button", { type: "button", class: "ps-tool ps-flip-try", on: { click: () => app.turnKnob(knob.key, value) } }, app.t("flip_try"));
  return h("p", { class: "ps-flip" }, sentence, instead, " ", tryIt);
}
