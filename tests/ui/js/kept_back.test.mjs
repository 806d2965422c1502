// What the floor of relevance keeps back from a better place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keptBack } from "../../../persrv/ui/search_tab/kept_back.js";

const entry = (id, rank, recall, value, kept) => ({ id, rank, recall, parts: { preference: value === null ? null : { value, kept_back: kept } } });

test("what taste would lift stands with the place that it would have", () => {
  // freely, with alpha 1: a 1.0 x 1.1, b 0.9 x 1.2 = 1.08, c 0.6 x 1.9 = 1.14
  const entries = [entry("a", 1, 1.0, 0.1, false), entry("b", 2, 0.9, 0.2, false), entry("c", 3, 0.6, 0.9, true)];
  assert.deepEqual(keptBack(entries, 1).map(({ entry: { id }, place }) => [id, place]), [["c", 1]]);
});

test("what is kept back and would stand no higher is not told, nor what nobody's taste is known of", () => {
  assert.deepEqual(keptBack([entry("a", 1, 1.0, 0.5, false), entry("b", 2, 0.5, 0.6, true)], 1), []);
  assert.deepEqual(keptBack([entry("a", 1, 1.0, null, false), entry("b", 2, 0.9, null, false)], 5), []);
});
