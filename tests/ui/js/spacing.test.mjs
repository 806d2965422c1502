// Room on the map: what steps aside, and what is crowded.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createTaken, stepsAside } from "../../../persrv/ui/map_tab/spacing.js";

test("who has room stays, and two that touch move apart by half of what is missing each", () => {
  assert.deepEqual(stepsAside([[0, 0], [100, 0]], [10, 10]), [[0, 0], [0, 0]]);
  const [[left], [right]] = stepsAside([[0, 0], [6, 0]], [10, 10]);
  assert.ok(Math.abs(left + 2) < 0.1 && Math.abs(right - 2) < 0.1, `${left} and ${right}`);
});

test("after stepping aside no two hide each other, even from one spot", () => {
  const [homes, rooms] = [[[5, 5], [5, 5], [5, 6]], [8, 10, 12]];
  const at = stepsAside(homes, rooms).map(([x, y], place) => [homes[place][0] + x, homes[place][1] + y]);
  for (let i = 0; i < 3; i += 1) {
    for (let j = 0; j < i; j += 1) assert.ok(Math.hypot(at[i][0] - at[j][0], at[i][1] - at[j][1]) > 0.99 * (rooms[i] + rooms[j]) / 2);
  }
});

test("a spot is crowded by what is nearer than the gap, on whichever side of a cell's edge", () => {
  const { take, crowded } = createTaken(10);
  take(10, 10);
  assert.deepEqual([[9, 9], [19, 10], [20, 10], [1, 5], [30, 30]].map(([x, y]) => crowded(x, y)), [true, true, false, false, false]);
});
