// The page's state: what a link holds, what the address is told, and where a shared link leads.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createStore, createTranslator, plainState, queryString, readState, sharedPage } from "../../../persrv/ui/shared/store.js";

const START = { people: [{ id: "ann" }, { id: "bob" }], languages: ["zh", "en"], has_map: false, strings: { en: { hello: "{name}, {n} times {x}", found: "{n} {n:click|clicks}" } } };

/** A state in which nothing is as an empty address has it. */
const TURNED = { query: "laugh", user: "", utility: false, literal: true, words: true, other: "bob", four: true, tune: "alpha-1.5", show: "cold", sticker: "s1", chat: "2", section: "speed", why: "left.s1,right.s2", open: "left.s1", map: "results", colour: "style", lasso: "s1,s2", point: "s3", lent: "s4", note: "look: <b>", present: "plain", story: 3, view: "cases", language: "zh" };

/** The parts of a browser that the store uses. */
let visited = [];
let back = null;
function visit(address) {
  globalThis.window = {
    location: new URL(address),
    history: {
      state: null,
      pushState: (_, __, to) => visited.push(["push", to]),
      replaceState: (_, __, to) => visited.push(["replace", to]),
    },
    addEventListener: (name, listener) => { if (name === "popstate") back = listener; },
  };
}
beforeEach(() => {
  visited = [];
  visit("http://here/sub/?lang=en&__theme=dark");
});

test("a link restores all of the state", () => {
  assert.deepEqual(readState(new URLSearchParams(queryString(TURNED)), START), TURNED);
});

test("an empty address is the first person, no query, and the search", () => {
  const { query, user, utility, other, view } = readState(new URLSearchParams("lang=en"), START);
  assert.deepEqual({ query, user, utility, other, view }, { query: null, user: "ann", utility: true, other: "", view: "search" });
});

test("what an address cannot mean is as if it were not there, but an unknown person is answered", () => {
  const state = readState(new URLSearchParams("view=map&lang=fr&with=nobody&user=zoe"), START);
  assert.deepEqual([state.view, state.other, state.user], ["search", "", "zoe"]);
  assert.ok(START.languages.includes(state.language));
});

test("plain is as an empty address has it, but for the language and what is asked for", () => {
  const state = plainState({ start: START, state: TURNED }, { query: "night" });
  assert.deepEqual(state, { ...readState(new URLSearchParams(), START), language: "zh", query: "night" });
});

test("a change tells the address and every listener, another view is a step of its own", () => {
  const store = createStore(START);
  const heard = [];
  store.subscribe((state, changed) => heard.push([...changed].sort(), state.query));
  store.set({ query: "hi" });
  store.set({ query: "hi" }); // no change
  store.set({ view: "about", four: true });
  assert.deepEqual(heard, [["query"], "hi", ["four", "view"], "hi"]);
  assert.deepEqual(visited.map(([how]) => how), ["replace", "push"]);
  const parameters = new URL(visited[1][1], "http://here").searchParams;
  assert.deepEqual(["q", "columns", "view", "__theme"].map((name) => parameters.get(name)), ["hi", "4", "about", "dark"]);
});

test("back restores what the address says, never another language, and before the first results keeps the query", () => {
  const store = createStore(START);
  store.set({ query: "hi", view: "about", language: "zh" });
  window.location = new URL("http://here/sub/?lang=en");
  back();
  assert.deepEqual([store.state.view, store.state.language, store.state.query], ["search", "zh", "hi"]);
});

test("a text's values are put in, what has none stays", () => {
  const t = createTranslator(START, { state: { language: "en" } });
  assert.equal(t("hello", { name: "Ann", n: 2 }), "Ann, 2 times {x}");
  assert.throws(() => t("missing"), /No text for missing/);
});

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

test("one of a thing is not said to be several", () => {
  const t = createTranslator(START, createStore(START));
  assert.deepEqual([0, 1, "1", 2].map((n) => t("found", { n })), ["0 clicks", "1 click", "1 click", "2 clicks"]);
});
