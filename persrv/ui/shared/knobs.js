// Every weight of the score as a knob: where it is in the settings, how a link names it, how it is told.

import { faithful } from "./dom.js";

/**
 * All knobs: the name in the link, the group and text they stand under, and where in the settings they turn.
 *
 * @type {Knob[]}
 */
export const KNOBS = [
  { key: "alpha", group: "preference", text: "knob_alpha", most: 2, path: ["alpha"] },
  { key: "lambda", group: "utility", text: "knob_lambda", most: 2, path: ["lambda_"] },
  { key: "meaning", group: "relevance", text: "knob_meaning", most: 1, path: ["meaning"] },
  { key: "w1", group: "utility", text: "metric_popularity", most: 1, path: ["utility_weights", 0] },
  { key: "w2", group: "utility", text: "metric_cross_user", most: 1, path: ["utility_weights", 1] },
  { key: "w3", group: "utility", text: "metric_query_adapt", most: 1, path: ["utility_weights", 2] },
  ...["ocr", "keywords", "description", "emotion", "queries", "names"].map(fieldKnob),
];

export const KNOB_STEP = 0.01;

/**
 * @param {string} field
 * @returns {Knob}
 */
function fieldKnob(field) {
  return { key: field, group: "relevance", text: `field_${field}`, most: 2, path: ["field_weights", field] };
}

/**
 * Return the knobs of a bundle: an older one has no weight for names.
 *
 * @param {App} app
 */
export const knobsOf = (app) => KNOBS.filter(({ path: [, field] }) => typeof field !== "string" || field in app.start.tuning.field_weights);

/**
 * Return the value of a setting; 0 where a field has no weight.
 *
 * @param {Record<string, any>} settings
 * @param {SettingPath} path
 * @returns {number}
 */
export const settingAt = (settings, [name, within]) => (within === undefined ? settings[name] : settings[name][within] ?? 0);

/**
 * Return the settings of the bundle to all their decimals, of the search that is on: with meaning, or by words alone.
 *
 * @param {App} app
 */
export const tuningOf = (app) => (app.state.words ? app.start.words_tuning : app.start.tuning);

/**
 * Return the greatest value of a knob; meaning is a share of the whole, so at most 1.
 *
 * @param {App} app
 * @param {Knob} knob
 */
export const knobMost = (app, knob) => (knob.key === "meaning" ? 1 : Math.max(knob.most, 2 * settingAt(tuningOf(app), knob.path)));

/**
 * Read turned knobs from a link, "alpha-1.5_ocr-0": key -> value within the knob's range; all else is ignored.
 *
 * @param {App} app
 * @param {string} text
 */
export function turnedIn(app, text) {
  const turned = new Map();
  for (const pair of text.split("_")) {
    const [key, number] = pair.split("-");
    const knob = KNOBS.find((each) => each.key === key);
    const value = number ? Number(number) : NaN;
    if (knob && value >= 0) turned.set(key, Math.min(value, knobMost(app, knob)));
  }
  return turned;
}

/** @param {Map<string, number>} turned */
export const turnedText = (turned) => [...turned].map(([key, value]) => `${key}-${value}`).join("_");

/**
 * Return the bundle's settings with these knobs turned.
 *
 * @param {App} app
 * @param {Map<string, number>} turned
 */
export function settingsWith(app, turned) {
  const changed = JSON.parse(JSON.stringify(tuningOf(app)));
  for (const { key, path: [name, within] } of KNOBS) {
    if (!turned.has(key)) continue;
    if (within === undefined) changed[name] = turned.get(key);
    else changed[name][within] = turned.get(key);
  }
  return changed;
}

/**
 * Return the settings behind the results on the page, named as an answer names them.
 *
 * @param {App} app
 */
export function currentSettings(app) {
  const settings = settingsWith(app, turnedIn(app, app.state.tune));
  return { ...settings, lambda: settings.lambda_ };
}

/**
 * Write every setting with its value; those that differ from the bundle's say so.
 *
 * @param {App} app
 * @param {Settings} settings
 */
export function settingsLine(app, settings) {
  return settingsTold(app, settings).map((each) => each.text).join(" · ");
}

/**
 * Return, setting by setting, what is said of it, and whether it differs from the bundle's.
 *
 * @param {App} app
 * @param {Settings} settings
 */
export function settingsTold(app, settings) {
  const told = (/** @type {Settings} */ each) => [
    ["λ", faithful(each.lambda)],
    ["α", faithful(each.alpha)],
    ["w", each.utility_weights.map((weight) => faithful(weight)).join("/")],
    [app.t("figure_base"), faithful(each.utility_base)],
    ["R", String(each.recall_size)],
    ...(each.meaning ? [[app.t("meaning"), faithful(each.meaning)], [app.t("figure_floor"), faithful(each.floor)]] : []),
    ...knobsOf(app).filter(({ path }) => path[0] === "field_weights").map(({ text, path }) => [app.t(text), faithful(settingAt(each, path))]),
  ];
  const own = told(app.start.about.settings);
  return told(settings).map(([label, value], place) => {
    const changed = value !== own[place][1];
    return { changed, text: changed ? `${label} ${value} (${app.t("figure_instead", { value: own[place][1] })})` : `${label} ${value}` };
  });
}
