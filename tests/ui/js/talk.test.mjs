// A conversation as data: what goes to the server, what a link holds, what is read back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { messagesOf, MOST_IN_LINK, otherSide, readBack, sentAlong, sentBy, withMessage, written } from "../../../persrv/ui/chat_tab/talk.js";

const sticker = (id) => ({ id, image: `${id}.webp`, width: 8, height: 8, text: "", labels: {} });
const TALK = {
  left: "ann",
  right: "@you",
  messages: [
    { side: "left", by: "ann", text: "谢谢老板 😂" },
    { side: "right", by: "@you", sticker: sticker("s01"), live: true },
    { side: "right", by: "@you", text: "ok", live: true },
  ],
};

test("the newest messages go along, as words and ids", () => {
  assert.deepEqual(sentAlong(TALK.messages).slice(0, 2), [{ from: "left", text: "谢谢老板 😂", sticker: "" }, { from: "right", text: "", sticker: "s01" }]);
  const many = Array.from({ length: 30 }, (_, at) => ({ side: "left", by: "ann", text: String(at) }));
  assert.deepEqual(sentAlong(many).map(({ text }) => text), ["22", "23", "24", "25", "26", "27", "28", "29"]);
});

test("only what was sent during this visit counts as a click, for whoever sent it", () => {
  const messages = [...TALK.messages, { side: "left", by: "ann", sticker: sticker("s02") }, { side: "right", by: "bob", sticker: sticker("s03"), live: true }];
  assert.deepEqual(sentBy(messages, "@you"), ["s01"]);
  assert.deepEqual(sentBy(messages, "ann"), []);
  assert.deepEqual(sentBy(messages, "bob"), ["s03"]);
});

test("a ready conversation alternates, and leaves the last answer to be given", () => {
  const made = messagesOf({ people: ["ann", "bob"], turns: [["ann", "hi", "s01"], ["bob", "bye", "s02"]] }, { s01: sticker("s01"), s02: sticker("s02") });
  assert.deepEqual(made.map(({ side, by, text, sticker: sent }) => [side, by, text ?? sent.id]), [["left", "ann", "hi"], ["right", "bob", "s01"], ["right", "bob", "bye"]]);
});

test("a link holds the domain of its conversation", () => {
  assert.equal(readBack(written({ ...TALK, domain: "work" }).code).domain, "work");
  assert.equal(readBack(written(TALK).code).domain, undefined);
});

test("a link gives back what was written, in any script", () => {
  const { code, kept } = written(TALK);
  assert.equal(kept, 3);
  assert.match(code, /^[A-Za-z0-9_-]+$/);
  assert.deepEqual(readBack(code), {
    left: "ann",
    right: "@you",
    messages: [{ side: "left", text: "谢谢老板 😂", id: "" }, { side: "right", text: "", id: "s01" }, { side: "right", text: "ok", id: "" }],
  });
});

test("of a long conversation a link holds the newest messages that fit", () => {
  const messages = Array.from({ length: 100 }, (_, at) => ({ side: "left", by: "ann", text: `message number ${at}` }));
  const { code, kept } = written({ ...TALK, messages });
  assert.ok(code.length <= MOST_IN_LINK && kept > 10 && kept < 100);
  assert.equal(readBack(code).messages.at(-1).text, "message number 99");
  assert.equal(written({ ...TALK, messages: [{ side: "left", by: "ann", text: "x".repeat(5000) }] }).kept, 0);
});

test("what is no conversation is none", () => {
  const of = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const code of ["", "free", "1", "%%%", "====", of(null), of([]), of({}), of(["a", "b", 3]), of(["a", "b", [[0, 7]]]), of(["a", 1, []]), "A".repeat(MOST_IN_LINK + 1)]) assert.equal(readBack(code), null, code.slice(0, 40));
});

test("the oldest message of a very long conversation goes", () => {
  let messages = [];
  for (let at = 0; at < 205; at += 1) messages = withMessage(messages, { side: "left", by: "ann", text: String(at) });
  assert.deepEqual([messages.length, messages[0].text, messages.at(-1).text], [200, "5", "204"]);
});

test("there are two sides", () => assert.deepEqual([otherSide("left"), otherSide("right")], ["right", "left"]));
