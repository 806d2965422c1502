// What a link holds and where it leads.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sharedPage } from "../../../persrv/ui/shared/store.js";

const SPACE = "https://someone-persrv.hf.space";

for (const [place, framed, space, expected] of [
  [`${SPACE}/?q=x`, true, "someone/persrv", "https://huggingface.co/spaces/someone/persrv"],
  [`${SPACE}/?q=x`, false, "someone/persrv", `${SPACE}/`],
  ["http://127.0.0.1:7860/sub/", true, null, "http://127.0.0.1:7860/sub/"],
  ["https://hf.space.example.org/", true, "someone/persrv", "https://hf.space.example.org/"],
]) {
  test(`the page that is shared from ${place}, ${framed ? "in a frame" : "by itself"}`, () => {
    assert.equal(sharedPage(new URL(place), framed, space), expected);
  });
}
