// How alike two rankings are. tests/ui/search_tab/test_overlap_javascript.py compares with the library.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rankBiasedOverlap, sharedAtTop } from "../../../persrv/ui/search_tab/overlap.js";

test("nothing is alike to an empty ranking, nor unlike", () => {
  assert.ok(Number.isNaN(rankBiasedOverlap([], ["a"])));
  assert.equal(sharedAtTop([], ["a"]), 0);
});

test("a ranking is wholly alike to itself, and not at all to others' stickers", () => {
  assert.ok(Math.abs(rankBiasedOverlap(["a", "b", "c"], ["a", "b", "c"]) - 1) < 1e-12);
  assert.equal(rankBiasedOverlap(["a", "b"], ["c", "d"]), 0);
});

test("with p = 1/2 the agreements at depths 1 and 2 are weighed by hand", () => {
  // X_1 = 0, X_2 = 2: (1 - p) / p (0 p + 2/2 p^2) + 2/2 p^2 = 1/4 + 1/4
  assert.equal(rankBiasedOverlap(["a", "b"], ["b", "a"], 0.5), 0.5);
});

test("only the first places are counted", () => {
  assert.equal(sharedAtTop(["a", "b", "c"], ["c", "a", "x"], 2), 1);
});
