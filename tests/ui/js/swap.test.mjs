// Two people side by side: whom one can be compared with, and how a sticker moves between their lists.

import assert from "node:assert/strict";
import { test } from "node:test";

import { comparedPerson, movedBetween, othersThan, peoplePair } from "../../../persrv/ui/search_tab/swap.js";

const t = (key, values = {}) => [key, values.before, values.after, values.top].join(" ");
const named = (id) => ({ id, name: { en: id.toUpperCase() } });
const PEOPLE = [named("ann"), named("bob"), named("@you")];

const app = (likes, state = {}) => ({ t, start: { top: 24, people: PEOPLE }, state: { other: "", utility: true, language: "en", ...state }, you: { likes: () => likes } });

test("what only one of them gets is said without colour", () => {
  const told = [[3, null], [null, 2], [5, 2]].map((places) => movedBetween(app([]), ["A", "B"], places));
  assert.deepEqual(told.map(({ kind, sign }) => [kind, sign]), [["gone", "✦"], ["new", "✦"], ["up", undefined]]);
  assert.ok(told.slice(0, 2).every(({ word }) => word.startsWith("swap_only")));
  assert.deepEqual(told.map(({ sentence }) => sentence), ["swap_gone 3  24", "swap_new  2 24", "swap_up 5 2 24"]);
});

test("the visitor can be compared with once they said what they like", () => {
  assert.deepEqual(othersThan(app([]), "ann").map(({ id }) => id), ["bob"]);
  assert.deepEqual(othersThan(app(["s1"]), "ann").map(({ id }) => id), ["bob", "@you"]);
});

test("nobody is compared with a person whom the page does not have", () => {
  assert.equal(comparedPerson(app([], { other: "bob" })).id, "bob");
  assert.equal(comparedPerson(app([], { other: "zoe" })), null);
});

test("the two lists are those that the switch for utility asks for", () => {
  const answer = (user, both, personalization) => ({ user, personalized: true, stickers: {}, hits: {}, rankings: { both: both.map((id) => [id, 1, 1, 1]), personalization: personalization.map((id) => [id, 1, 1, 1]) } });
  const answers = [answer("ann", ["a", "b"], ["b", "a"]), answer("bob", ["b", "c"], ["c"])];
  const ids = ({ lists }) => lists.map((list) => list.map(({ id }) => id));
  const pair = peoplePair(app([]), answers);
  assert.deepEqual(ids(pair), [["a", "b"], ["b", "c"]]);
  assert.deepEqual(["a", "b", "c"].map((id) => pair.move(id).kind), ["gone", "up", "new"]);
  assert.deepEqual(ids(peoplePair(app([], { utility: false }), answers)), [["b", "a"], ["c"]]);
});
