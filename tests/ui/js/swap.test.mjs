// How a sticker moves between two people's lists.

import assert from "node:assert/strict";
import { test } from "node:test";

import { movedBetween } from "../../../persrv/ui/search_tab/swap.js";

test("what only one of them gets is said without colour", () => {
  const t = (key, values = {}) => [key, values.before, values.after, values.top].join(" ");
  const app = { t, start: { top: 24 } };
  const told = [[3, null], [null, 2], [5, 2]].map((places) => movedBetween(app, ["A", "B"], places));
  assert.deepEqual(told.map(({ kind, sign }) => [kind, sign]), [["gone", "✦"], ["new", "✦"], ["up", undefined]]);
  assert.ok(told.slice(0, 2).every(({ word }) => word.startsWith("swap_only")));
  assert.deepEqual(told.map(({ sentence }) => sentence), ["swap_gone 3  24", "swap_new  2 24", "swap_up 5 2 24"]);
});
