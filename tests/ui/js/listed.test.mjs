// Lists in a link: what is written is read, and nonsense is nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_LETTERS, readList, writeList } from "../../../persrv/ui/shared/listed.js";

test("what is written is read, whatever the ids hold", () => {
  for (const items of [[], ["s1"], ["s1", "s2"], ["a,b", "c.d", "%41", "<b>", "表情 1", "x|y"]]) assert.deepEqual(readList(writeList(items)), items);
  assert.equal(writeList(["a,b", "c"]), "a%2Cb,c");
});

test("half a character does not break a link", () => {
  assert.deepEqual(readList(writeList(["a\ud83d"])), ["a\ufffd"]);
});

test("a list that is too long is not written, and not read", () => {
  const many = Array.from({ length: MOST_LETTERS }, (_, at) => `s${at}`);
  assert.equal(writeList(many), "");
  assert.deepEqual(readList("a,".repeat(MOST_LETTERS)), []);
});

test("nonsense is nothing, and each item comes once", () => {
  assert.deepEqual(readList(null), []);
  assert.deepEqual(readList("%,%zz,,a,a,%E4%B8"), ["a"]);
});
