// What a late answer writes into a field, with fields of which only that much is real.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fillIn } from "../../../persrv/ui/shared/dom.js";

/** A field that holds `value`; typing replaces what is selected, or is joined to what is there. */
function fieldWith(value, focused) {
  const field = { value, ownerDocument: {}, selected: false, select() { this.selected = true; }, type(text) { this.value = this.selected ? text : this.value + text; } };
  field.ownerDocument.activeElement = focused ? field : null;
  return field;
}

test("what somebody begins to type takes the place of what came late, and is not joined to it", () => {
  const field = fieldWith("", true);
  fillIn(field, "hi");
  assert.equal(field.value, "hi");
  field.type("night");
  assert.equal(field.value, "night");
});

test("a field that nobody stands in is only filled", () => {
  const field = fieldWith("", false);
  fillIn(field, "hi");
  assert.deepEqual([field.value, field.selected], ["hi", false]);
});

test("the same text leaves the cursor where it is", () => {
  const field = fieldWith("hi", true);
  fillIn(field, "hi");
  assert.equal(field.selected, false);
});
