// Suggestions below the search box.

import assert from "node:assert/strict";
import { test } from "node:test";

import { suggestionsFor } from "../../../persrv/ui/search_tab/suggest.js";

test("suggestions that begin alike come first, each most frequent first", () => {
  const queries = [["so tired", 9], ["Tired cat", 5], ["tired", 4], ["tired dog", 3], ["累", 2]];
  const found = ["ＴＩＲＥＤ", " ", "累", "x"].map((text) => suggestionsFor(queries, text).map(([query]) => query));
  assert.deepEqual(found, [["Tired cat", "tired dog", "so tired"], [], [], []]);
});
