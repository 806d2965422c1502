// Re-ranking under moved sliders, by hand. tests/ui/search_tab/test_rerank_javascript.py compares with the library.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reranked } from "../../../persrv/ui/search_tab/rerank.js";

// BM25 of "x": a 2 in OCR; b 1 in OCR and 4 in keywords; c nothing. sqrt(Norm(clicks)): a 1, b 1/2 (the base), c 1/2.
const POOL = {
  complete: true,
  ids: ["a", "b", "c"],
  tokens: ["x"],
  postings: [
    { field: "ocr", tokens: { x: [[0, 1], [2, 1]] } },
    { field: "keywords", tokens: { x: [[1], [4]] } },
  ],
  counts: [[4, 1, 1], [0, 0, 0], [1, 1, 1]],
  maxima: [4, 1, 1],
  preference: [1, 0, 0],
  cluster: [0, 0, 0],
  likeness: null,
  stickers: { a: {}, b: {}, c: {} },
};
const ANSWER = { query: "x", matched: 9, counted: false, notice: "", fallback: "", hits: {}, stickers: {}, candidates: POOL };
const SETTINGS = { field_weights: { ocr: 1, keywords: 0.5 }, lambda_: 1, alpha: 1, utility_weights: [1, 0, 0], utility_base: 1, recall_size: 10, meaning: 0, floor: 0 };

const under = (changes, answer = ANSWER) => reranked(answer, { ...SETTINGS, ...changes }, 24);

test("the four rankings are those of Eq. 6 and 10", () => {
  // relevance: a 2, b 1 + 4/2 = 3; with utility a 3, b 3.5; a's preference of 1 doubles its score
  assert.deepEqual(under({}).rankings, {
    none: [["b", 1, 3, 3], ["a", 2, 2, 2]],
    utility: [["b", 1, 3.5, 3.5], ["a", 2, 3, 3]],
    personalization: [["a", 2, 2, 4], ["b", 1, 3, 3]],
    both: [["a", 2, 3, 6], ["b", 1, 3.5, 3.5]],
  });
});

test("what is sent beside them follows", () => {
  const { matched, counted, personalized, notice, settings, hits } = under({});
  assert.deepEqual({ matched, counted, personalized, notice }, { matched: 2, counted: true, personalized: true, notice: "" });
  assert.equal(settings.lambda, 1);
  assert.deepEqual(Object.keys(hits).sort(), ["a", "b"]);
  assert.deepEqual(hits.b, {
    relevance: 3,
    fields: [
      { field: "ocr", bm25: 1, weight: 1, tokens: [["x", 1]] },
      { field: "keywords", bm25: 4, weight: 0.5, tokens: [["x", 4]] },
    ],
    utility: { value: 0.5, parts: [0.5, 0, 0], counts: [0, 0, 0] },
    preference: { value: 0, cluster: 0, kept_back: false },
    meaning: null,
  });
});

test("a field without weight matches nothing, and without any field nothing is left", () => {
  assert.deepEqual(under({ field_weights: { keywords: 1 } }).rankings.none, [["b", 1, 4, 4]]);
  const none = under({ field_weights: { ocr: 0, keywords: 0 } });
  assert.deepEqual(none.rankings.both, []);
  assert.deepEqual([none.notice, none.personalized], ["none_weighted", false]);
});

test("who is not recalled is not re-ranked", () => {
  assert.deepEqual(under({ recall_size: 1 }).rankings.both, [["b", 1, 3.5, 3.5]]);
});

test("ties go by the candidates' order, and a word of every object's own is no token", () => {
  const pool = { ...POOL, tokens: ["x", "constructor"], postings: [{ field: "ocr", tokens: { x: [[1, 0], [2, 2]] } }] };
  const tied = under({ lambda_: 0, alpha: 0 }, { ...ANSWER, candidates: pool });
  assert.deepEqual(tied.rankings.both.map(([id]) => id), ["a", "b"]);
});

// Beside meaning (weight 1/2): a 1/2 x 2 + 1/2 x .4 = 1.2, b 1/2 x 3 + 1/2 x 0 = 1.5, c 1/2 x 1 = .5, which shares no word.
const MEANT = { ...ANSWER, candidates: { ...POOL, likeness: [0.4, 0, 1] }, hits: { c: { meaning: { texts: [{ field: "ocr", text: "y", likeness: 1 }], support: 0.5, feedback: 0.4 } } } };

test("words and meaning mix by their weights, and what means it needs no word", () => {
  const { rankings, hits, matched } = under({ meaning: 0.5 }, MEANT);
  assert.deepEqual(rankings.none.map(([id, , recall]) => [id, Number(recall.toFixed(6))]), [["b", 1.5], ["a", 1.2], ["c", 0.5]]);
  assert.equal(matched, 3);
  assert.deepEqual(hits.c.meaning, { value: 1, weight: 0.5, texts: [{ field: "ocr", text: "y", likeness: 1 }], support: 0.5, feedback: 0.4 });
  assert.deepEqual(hits.b.fields.map(({ weight }) => weight), [0.5, 0.25]);
});

test("taste lifts only what reaches the floor", () => {
  const { rankings, hits } = under({ meaning: 0.5, floor: 0.9, alpha: 9 }, MEANT); // 0.9 x 1.5 = 1.35 > 1.2
  assert.deepEqual(rankings.personalization.map(([id]) => id), ["b", "a", "c"]);
  assert.deepEqual([hits.a.preference.kept_back, hits.b.preference.kept_back], [true, false]);
  assert.equal(under({ meaning: 0.5, floor: 0.75, alpha: 9 }, MEANT).rankings.personalization[0][0], "a");
});

test("what is nearest stays labelled so", () => {
  const { notice, fallback } = under({ meaning: 0.5 }, { ...MEANT, fallback: "nearest" });
  assert.deepEqual([notice, fallback], ["no_match", "nearest"]);
});
