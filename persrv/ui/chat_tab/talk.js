// A conversation as data: who says what, what goes to the server, and what a link can hold of it. Pure.

/** Messages that go along with a request: more than a reply ever looks at. */
const SENT_ALONG = 8;

/** Characters that a conversation may take in a link; messages that a browser keeps. */
export const MOST_IN_LINK = 1500;
const MOST_KEPT = 200;

/** @param {Side} side @returns {Side} */
export const otherSide = (side) => (side === "left" ? "right" : "left");

/**
 * Return who writes next: not whoever wrote last; the right one where nobody did.
 *
 * @param {Conversation} talk
 * @returns {Side}
 */
export const nextWriter = ({ messages }) => otherSide(messages.at(-1)?.side ?? "left");

/**
 * Return the newest messages as the server reads them.
 *
 * @param {ChatMessage[]} messages
 */
export const sentAlong = (messages) => messages.slice(-SENT_ALONG).map(({ side, text, sticker }) => ({ from: side, text: text ?? "", sticker: sticker?.id ?? "" }));

/**
 * Return the ids of the stickers that somebody sent during this visit, the oldest first.
 *
 * @param {ChatMessage[]} messages
 * @param {string} person
 */
export const sentBy = (messages, person) => messages.flatMap(({ live, by, sticker }) => (live && by === person && sticker ? [sticker.id] : []));

/**
 * Add a message; of a very long conversation the oldest goes.
 *
 * @param {ChatMessage[]} messages
 * @param {ChatMessage} message
 */
export const withMessage = (messages, message) => [...messages, message].slice(-MOST_KEPT);

/**
 * Return the messages of a ready conversation: each phrase, and the sticker with which the other one answers; the last
 * answer is left to be given.
 *
 * @param {ReadyConversation} conversation
 * @param {Record<string, Sticker>} stickers
 * @returns {ChatMessage[]}
 */
export function messagesOf({ people, turns }, stickers) {
  const said = turns.flatMap(([speaker, text, answer]) => {
    /** @type {Side} */
    const side = speaker === people[0] ? "left" : "right";
    const other = otherSide(side);
    return [{ side, by: speaker, text }, { side: other, by: people[other === "left" ? 0 : 1], sticker: stickers[answer] }];
  });
  return said.slice(0, -1);
}

/**
 * Write a conversation for a link: both people, the domain if there is one, and the newest messages that fit. kept: how
 * many these are.
 *
 * @param {Conversation} conversation
 */
export function written({ left, right, domain, messages }, most = MOST_IN_LINK) {
  for (let first = 0; ; first += 1) {
    const kept = messages.slice(first);
    const cells = kept.map(({ side, text, sticker }) => [side === "left" ? 0 : 1, text ?? "", ...(sticker ? [sticker.id] : [])]);
    const code = toBase64(JSON.stringify([left, right, cells, ...(domain ? [domain] : [])]));
    if (code.length <= most || !kept.length) return { code, kept: kept.length };
  }
}

/**
 * Read what `written` wrote: both people and the messages, with a sticker's id in place of the sticker, and the
 * domain if there is one; null for anything else.
 *
 * @param {string} code
 * @returns {{ left: string, right: string, domain?: string, messages: { side: Side, text: string, id: string }[] } | null}
 */
export function readBack(code, most = MOST_IN_LINK) {
  if (code.length > most) return null;
  try {
    const [left, right, cells, domain = ""] = JSON.parse(fromBase64(code));
    const texts = [left, right, domain, ...cells.flatMap((/** @type {any[]} */ cell) => cell.slice(1, 3))];
    if (!texts.every((each) => typeof each === "string")) return null;
    return { left, right, ...(domain ? { domain } : {}), messages: cells.map((/** @type {[number, string?, string?]} */ [side, text = "", id = ""]) => ({ side: side === 0 ? "left" : "right", text, id })) };
  } catch {
    return null;
  }
}

/**
 * Base64 of a text, with the characters that an address takes as they are.
 *
 * @param {string} text
 */
function toBase64(text) {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} code */
function fromBase64(code) {
  const bytes = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
