// The code that embeds a card.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cardAddress, frameCode } from "../../../persrv/ui/sharing/embed.js";

const STATE = { query: "笑 & cry", user: "ann", utility: true, words: false, literal: false, language: "zh" };

test("the card's address is below the page's own, and says what is compared", () => {
  const address = new URL(cardAddress({ origin: "http://here", pathname: "/sub" }, STATE));
  assert.equal(address.origin + address.pathname, "http://here/sub/card");
  assert.deepEqual(Object.fromEntries(address.searchParams), { q: "笑 & cry", user: "ann", utility: "1", lang: "zh" });
  const other = new URL(cardAddress({ origin: "http://here", pathname: "/" }, { ...STATE, user: "@you", utility: false, words: true, literal: true }));
  assert.equal(other.pathname, "/card");
  assert.deepEqual(Object.fromEntries(other.searchParams), { q: "笑 & cry", user: "none", utility: "0", search: "words", literal: "1", lang: "zh" });
});

test("no text ends an attribute", () => {
  const code = frameCode("http://here/card?q=1&user=2", `"><script>'&`);
  assert.equal(code.match(/"/g).length, 12);
  assert.ok(!code.includes("<script"));
  assert.ok(code.includes("card?q=1&#38;user=2"));
});
