// What would flip two stickers, by hand. tests/ui/search_tab/test_flips_javascript.py compares with the oracle.

import assert from "node:assert/strict";
import { test } from "node:test";

import { exactSettings, flippedAt, flips, ingredientsOf, preferenceNeeded, scoreOf } from "../../../persrv/ui/search_tab/flips.js";
import { KNOBS } from "../../../persrv/ui/shared/knobs.js";

const SETTINGS = { field_weights: { ocr: 1, queries: 2 }, lambda_: 1, alpha: 1, utility_weights: [1, 0, 0], use_utility: true, use_personalization: true };
const UPPER = { fields: { ocr: 3 }, utility: [1, 0.5, 0.5], preference: 0, meaning: null }; // (3 + 1) x 1 = 4
const LOWER = { fields: { queries: 1 }, utility: [0, 0.5, 1], preference: 0.5, meaning: null }; // (2 + 0) x 1.5 = 3
const WIDE = KNOBS.map((knob) => ({ ...knob, most: 4 }));
const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

test("a score is the paper's, with its switches", () => {
  assert.equal(scoreOf(UPPER, SETTINGS), 4);
  assert.equal(scoreOf(LOWER, SETTINGS), 3);
  assert.equal(scoreOf(LOWER, { ...SETTINGS, use_personalization: false }), 2);
  assert.equal(scoreOf(UPPER, { ...SETTINGS, use_utility: false }), 3);
});

test("every setting that alone would do is found, the shortest way first", () => {
  const found = flips(UPPER, LOWER, SETTINGS, WIDE);
  assert.deepEqual(found.map(({ setting, now }) => [setting, now]), [["ocr", 1], ["queries", 2], ["alpha", 1], ["w3", 0]]);
  [2 / 3, 8 / 3, 2, 1].forEach((level, at) => close(found[at].level, level));
});

test("beyond its level the lower sticker is ahead, and at it both are level", () => {
  for (const { gap, level, now } of flips(UPPER, LOWER, SETTINGS, WIDE)) {
    close(gap(level), 0);
    assert.ok(gap(level + 0.1 * Math.sign(level - now)) > 0);
  }
});

test("a slider's range ends what it can do, and whoever is ahead needs nothing", () => {
  const narrow = KNOBS.map((knob) => ({ ...knob, most: 1.5 }));
  assert.deepEqual(flips(UPPER, LOWER, SETTINGS, narrow).map(({ setting }) => setting), ["ocr", "w3"]);
  assert.deepEqual(flips(LOWER, UPPER, SETTINGS, WIDE), []);
});

test("the preference that would do, null where even 1 would not", () => {
  close(preferenceNeeded(UPPER, LOWER, { ...SETTINGS, alpha: 1.25 }), 0.8); // 2 (1 + 1.25 p) = 4
  assert.equal(preferenceNeeded(UPPER, LOWER, SETTINGS), null); // 2 (1 + p) = 4 at p = 1
  assert.equal(preferenceNeeded(LOWER, UPPER, SETTINGS), null);
});

test("a place is one that a slider has, on the far side of the level", () => {
  assert.equal(flippedAt({ now: 1, level: 2, gap: (value) => value - 2 }, 4), 2.01);
  assert.equal(flippedAt({ now: 1, level: 2 / 3, gap: (value) => 2 / 3 - value }, 4), 0.66);
  assert.equal(flippedAt({ now: 1, level: 1.995, gap: (value) => value - 1.995 }, 1.99), null);
});

test("ingredients are read off an answer: counts become sqrt(Norm(U)), 0 the base", () => {
  const app = { state: { words: false }, start: { maxima: [4, 1, 9], tuning: { utility_base: 1, alpha: 3 } } };
  const entry = { usesUtility: true, usesPreference: false, parts: { fields: [{ field: "ocr", bm25: 2 }], utility: { counts: [4, 0, 1] }, preference: null, meaning: null } };
  assert.deepEqual(ingredientsOf(app, {}, entry), { fields: { ocr: 2 }, utility: [1, 1, 1 / 3], meaning: null, preference: 0 });
  assert.deepEqual(exactSettings(app, { settings: { alpha: 2.999 } }, entry), { utility_base: 1, alpha: 3, use_utility: true, use_personalization: false });
});

test("meaning is a setting, too, where there is meaning", () => {
  const meant = { ...SETTINGS, meaning: 0.5, use_utility: false, use_personalization: false };
  const [upper, lower] = [{ ...UPPER, meaning: 0 }, { ...LOWER, meaning: 1 }]; // 3 (1 - m) against 2 (1 - m) + m
  const found = flips(upper, lower, { ...meant, meaning: 0.25 }, KNOBS.map((knob) => ({ ...knob, most: 4 })));
  close(found.find(({ setting }) => setting === "meaning").level, 0.5);
});
