// What would flip two neighbours. Scores are linear in every single setting and in a preference, so where their
// difference crosses zero follows from its values at 0 and at 1. Tests compare it with tests/flips_oracle.py. Where
// taste lifts only what fits, a weight of relevance also decides what fits: such a flip is not told.

import { KNOB_STEP, settingAt, tuningOf } from "../shared/knobs.js";

/**
 * Parts of a score before any weight: BM25 a field, likeness in meaning, the three sqrt(Norm(U)) of Eq. 5,
 * preference (0 where taste is kept from lifting the sticker).
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 */
export function ingredientsOf(app, answer, entry) {
  const { maxima } = app.start;
  const { utility_base: base } = tuningOf(app);
  const { fields, utility, preference, meaning } = entry.parts;
  return {
    fields: Object.fromEntries(fields.map(({ field, bm25 }) => [field, bm25])),
    utility: utility.counts.map((count, metric) => Math.sqrt((count || base) / maxima[metric])),
    meaning: meaning ? meaning.value : null,
    preference: preference && !preference.kept_back ? preference.value : 0,
  };
}

/**
 * The settings of an answer to all their decimals: the sliders', or the bundle's, which the server rounds.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 */
export function exactSettings(app, answer, entry) {
  const settings = "lambda_" in answer.settings ? answer.settings : tuningOf(app);
  return { ...settings, use_utility: entry.usesUtility, use_personalization: entry.usesPreference };
}

/**
 * Score of Eq. 10, with its switches.
 *
 * @param {Ingredients} parts
 * @param {SwitchedSettings} settings
 */
export function scoreOf(parts, settings) {
  const words = Object.entries(parts.fields).reduce((sum, [field, bm25]) => sum + (settings.field_weights[field] ?? 0) * bm25, 0);
  const relevance = parts.meaning === null ? words : (1 - settings.meaning) * words + settings.meaning * parts.meaning;
  const worth = parts.utility.reduce((sum, part, metric) => sum + settings.utility_weights[metric] * part, 0);
  const lambda = settings.use_utility ? settings.lambda_ : 0;
  const alpha = settings.use_personalization ? settings.alpha : 0;
  return (relevance + lambda * worth) * (1 + alpha * parts.preference);
}

/**
 * The settings with what lies at a knob's path elsewhere.
 *
 * @param {SwitchedSettings} settings
 * @param {SettingPath} path
 * @param {number} value
 * @returns {SwitchedSettings}
 */
function settingsMoved(settings, [name, within], value) {
  /** @type {Record<string, any>} */
  const old = settings;
  if (within === undefined) return { ...settings, [name]: value };
  const inside = Array.isArray(old[name]) ? [...old[name]] : { ...old[name] };
  inside[within] = value;
  return { ...settings, [name]: inside };
}

/**
 * Zero of a straight line; NaN where the line is level.
 *
 * @param {(at: number) => number} line
 */
function crossing(line) {
  const atZero = line(0);
  const slope = line(1) - atZero;
  return slope ? -atZero / slope : NaN;
}

/**
 * Every knob that alone would bring the lower sticker past the upper one, the shortest way (of its range) first.
 *
 * @param {Ingredients} upper
 * @param {Ingredients} lower
 * @param {SwitchedSettings} settings
 * @param {Knob[]} knobs
 */
export function flips(upper, lower, settings, knobs) {
  if (scoreOf(lower, settings) >= scoreOf(upper, settings)) return [];
  const found = [];
  for (const knob of knobs) {
    const gap = (/** @type {number} */ value) => {
      const changed = settingsMoved(settings, knob.path, value);
      return scoreOf(lower, changed) - scoreOf(upper, changed);
    };
    const level = crossing(gap);
    const now = settingAt(settings, knob.path);
    if (level > 0 && level < knob.most) found.push({ setting: knob.key, now, level, gap, way: Math.abs(level - now) / knob.most });
  }
  return found.sort((a, b) => a.way - b.way);
}

/**
 * The preference beyond which the lower sticker would pass the upper one; null where even 1 would not do.
 *
 * @param {Ingredients} upper
 * @param {Ingredients} lower
 * @param {SwitchedSettings} settings
 */
export function preferenceNeeded(upper, lower, settings) {
  if (scoreOf(lower, settings) >= scoreOf(upper, settings)) return null;
  const level = crossing((preference) => scoreOf({ ...lower, preference }, settings) - scoreOf(upper, settings));
  return level > lower.preference && level < 1 ? level : null;
}

const FLIP_MARGIN = 1e-4; // scores that travelled with five decimals differ by less

/**
 * The first place of a slider at which a flip has happened, as its number is shown; null where its range ends before.
 *
 * @param {Flip} flip
 * @param {number} most
 */
export function flippedAt({ now, level, gap }, most) {
  const up = level > now;
  const steps = level / KNOB_STEP;
  for (let step = up ? Math.floor(steps) + 1 : Math.ceil(steps) - 1; step > 0 && step * KNOB_STEP <= most; step += up ? 1 : -1) {
    const value = Number((step * KNOB_STEP).toFixed(2));
    if (gap(value) > FLIP_MARGIN) return value;
  }
  return null;
}
