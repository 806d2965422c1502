// Knobs in links and settings, cells of CSV, and how a place moved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { csvCell, fileStem } from "../../../persrv/ui/shared/files.js";
import { settingsWith, turnedIn, turnedText } from "../../../persrv/ui/shared/knobs.js";
import { movement } from "../../../persrv/ui/shared/movement.js";

const app = { state: { words: false }, start: { tuning: { alpha: 0.5, lambda_: 2, utility_weights: [0.2, 0.3, 0.5], field_weights: { ocr: 1 }, utility_base: 1, recall_size: 100 } } };

test("a link says which knobs are turned; strangers and nonsense are ignored, too much is the most", () => {
  assert.deepEqual([...turnedIn(app, "alpha-1.5_ocr-0_zoom-3_w1-_w2--1_lambda-99")], [["alpha", 1.5], ["ocr", 0], ["lambda", 4]]);
  assert.equal(turnedText(turnedIn(app, "alpha-1.5_ocr-0")), "alpha-1.5_ocr-0");
  assert.deepEqual([...turnedIn(app, "")], []);
});

test("turned knobs change a copy of the bundle's settings, also a field that had no weight", () => {
  const changed = settingsWith(app, new Map([["w2", 0.9], ["emotion", 0.4]]));
  assert.deepEqual([changed.utility_weights, changed.field_weights], [[0.2, 0.9, 0.5], { ocr: 1, emotion: 0.4 }]);
  assert.deepEqual([app.start.tuning.utility_weights[1], app.start.tuning.field_weights.emotion], [0.3, undefined]);
});

test("a cell is quoted where it must be, and never a formula", () => {
  assert.deepEqual(["a", 'say "hi"', "a,b", "=1+1", -1, null].map(csvCell), ["a", '"say ""hi"""', '"a,b"', "'=1+1", "-1", ""]);
  assert.equal(fileStem("笑死 / 我了!"), "笑死-我了");
});

test("a place moves up, down, not at all, in or out", () => {
  const kinds = [[5, 2], [2, 5], [3, 3], [null, 1], [1, null]].map(([before, after]) => movement(before, after));
  assert.deepEqual(kinds.map(({ kind, steps }) => [kind, steps]), [["up", 3], ["down", 3], ["same", 0], ["new", undefined], ["gone", undefined]]);
});
