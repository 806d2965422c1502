// Blind rounds: which of them count, and for whom.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isKnown, rankingsOf, rankingsRevealed, recordOf, repeatsAmong, tallyOf } from "../../../persrv/ui/blind_tab/played.js";

const PAIR = { A: "none", B: "both" };

function round(query, user, credit, pair = PAIR) {
  return { query, user, credit, rankings: { A: { name: pair.A, ids: [] }, B: { name: pair.B, ids: [] } } };
}

test("rankings for everyone are the same for all, one's own are not", () => {
  assert.deepEqual(rankingsOf("hi", "ann", ["none", "utility"]), rankingsOf("hi", "bob", ["none", "utility"]));
  assert.notDeepEqual(rankingsOf("hi", "ann", ["both"]), rankingsOf("hi", "bob", ["both"]));
  assert.deepEqual(rankingsOf("hi", "", ["both"]), rankingsOf("hi", null, ["both"]));
});

test("a round is known where either of its rankings was revealed", () => {
  const revealed = rankingsRevealed([round("hi", "ann", "A")]);
  assert.ok(isKnown(rankingsOf("hi", "bob", ["none", "both"]), revealed), "what is the same for all was seen");
  assert.ok(isKnown(rankingsOf("hi", "ann", ["personalization", "both"]), revealed));
  assert.ok(!isKnown(rankingsOf("hi", "bob", ["personalization", "both"]), revealed));
  assert.ok(!isKnown(rankingsOf("bye", "ann", ["none", "both"]), revealed));
});

test("only the first round of a ranking was blind", () => {
  const rounds = [round("hi", "ann", "A"), round("hi", "ann", "B"), round("bye", "ann", "B"), round("hi", "bob", "B")];
  assert.deepEqual(repeatsAmong(rounds), new Set([rounds[1], rounds[3]]));
});

test("the tally tells wins, undecided and repeated rounds apart", () => {
  const rounds = [round("1", "ann", "A"), round("2", "ann", "B"), round("3", "bob", "B"), round("4", "ann", null), round("2", "ann", "B")];
  const { A, B, undecided, all, again } = tallyOf(rounds, PAIR, false);
  assert.deepEqual([A, B, undecided, all.length, again.size], [1, 2, 1, 5, 1]);
});

test("another pair's rounds, and one's own, are scores of their own, but spoil a round all the same", () => {
  const other = { A: "none", B: "utility" };
  const rounds = [round("1", "ann", "A", other), round("1", "@you", "B"), round("2", "@you", "B")];
  assert.deepEqual([tallyOf(rounds, PAIR, false).all.length, tallyOf(rounds, other, false).A], [0, 1]);
  const own = tallyOf(rounds, PAIR, true);
  assert.deepEqual([own.B, own.again.size], [1, 1]);
});

test("a record keeps how the lists were interleaved, and how many likes there were, not which", () => {
  const about = { name: "toy", content_hash: "c0ffee", settings: { alpha: 1 } };
  const trial = { query: "hi", user: "@you", first: "none", second: "both", seed: 7, likes: ["s1", "s2"] };
  const revealed = { picks: [["s1", "B"], ["s2", "A"]], places: {}, rankings: { A: ["s2", "s1"], B: ["s1", "s2"] }, credit: "B", depth: 100 };
  const record = recordOf({ start: { about, simulated: true } }, trial, "s1", revealed);
  assert.deepEqual(record.interleaved, [{ sticker: "s1", team: "B" }, { sticker: "s2", team: "A" }]);
  assert.deepEqual(record.rankings, { A: { name: "none", ids: ["s2", "s1"] }, B: { name: "both", ids: ["s1", "s2"] } });
  assert.deepEqual([record.likes, record.choice, record.credit, record.seed, record.content_hash], [2, "s1", "B", 7, "c0ffee"]);
});
