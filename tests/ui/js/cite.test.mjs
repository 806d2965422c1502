import assert from "node:assert/strict";
import { test } from "node:test";

import { softwareEntry, texSafe } from "../../../persrv/ui/about_tab/cite.js";

test("what TeX would read as a command is escaped", () => {
  assert.equal(texSafe("50% of {my_stickers} & $1 #2 \\x ~^"), "50\\% of \\{my\\_stickers\\} \\& \\$1 \\#2 x   ");
  assert.equal(texSafe("表情 pack"), "表情 pack");
});

test("the software's entry names the bundle and its hash, and closes every brace", () => {
  const entry = softwareEntry({ name: "a_b", content_hash: "0f3" });
  assert.match(entry, /Bundle a\\_b, sha256 0f3/);
  assert.equal(entry.split("{").length, entry.split("}").length);
});
