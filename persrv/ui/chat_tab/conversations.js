// The conversations that can be shown: ready ones, the visitor's own, which this browser keeps, and that of a link.

import { createKeep } from "../shared/keep.js";
import { YOU } from "../you_tab/you.js";
import { messagesOf, readBack } from "./talk.js";

/** Name in an address of the visitor's own conversation; a longer one is a conversation itself. */
export const FREE = "free";

/**
 * Keep what can be shown. `named` asks for what the page's address means, `open` says it of what was loaded.
 *
 * @param {App} app
 */
export function createConversations(app) {
  const kept = createKeep("chat", /** @type {{ bundle?: string, talk?: Conversation }} */ ({}));
  const bundle = app.start.about.content_hash;
  /** @type {Ready} */
  let ready = { conversations: [], stickers: {} };
  /** @type {{ code: string, talk: Conversation } | null} */
  let linked = null;
  let loaded = ""; // the language of what is ready
  let asked = 0;

  /** Return what the page's address shows; late: whether it was asked for again before the answer came. */
  async function named() {
    const number = ++asked;
    const { language } = app.state;
    if (loaded !== language) await load();
    const late = number !== asked;
    if (!late) loaded = language;
    return { ...open(app.state.chat), late };
  }

  async function load() {
    ready = await app.server.chat_ready({ language: app.state.language }).catch(() => null) ?? { conversations: [], stickers: {} };
    const talk = await conversationOf(app, app.state.chat);
    if (talk) linked = { code: app.state.chat, talk };
  }

  /**
   * Return what an address shows: the name of a conversation and the conversation; lost: whether it holds one that
   * cannot be read.
   *
   * @param {string} chat
   */
  function open(chat) {
    const lost = chat.length > FREE.length && chat !== linked?.code;
    if (linked && chat === linked.code) return { opened: chat, talk: linked.talk, lost };
    if (chat === FREE || !ready.conversations.length) return { opened: FREE, talk: own(), lost };
    const number = Math.min(Math.max(1, Math.trunc(Number(chat)) || 1), ready.conversations.length);
    return { opened: String(number), talk: made(number - 1), lost };
  }

  /** @param {number} at @returns {Conversation} */
  function made(at) {
    const { people: [left, right] } = ready.conversations[at];
    return { left, right, messages: messagesOf(ready.conversations[at], ready.stickers) };
  }

  /** @returns {Conversation} what this browser kept, else an empty one between the first person and the visitor */
  function own() {
    const found = kept.get();
    if (found.talk && found.bundle === bundle && isConversation(found.talk)) return found.talk;
    return { left: app.start.people.find((each) => each.id !== YOU)?.id ?? "", right: YOU, messages: [] };
  }

  return {
    named,
    open,
    stale: () => loaded !== app.state.language,
    forget: () => { loaded = ""; },
    /** The people of each ready conversation, and the address of that of a link. */
    listed: () => ({ pairs: ready.conversations.map(({ people }) => people), code: linked?.code ?? null }),
    keep: (/** @type {Conversation} */ talk) => kept.set({ bundle, talk }),
    clear: kept.clear,
  };
}

/** Tells whether a conversation is a ready one. @param {string} opened */
export const isReady = (opened) => /^\d+$/.test(opened);

/**
 * Return the conversation of a link, null where the text is none; stickers and a domain that the
 * catalogue lacks are left out.
 *
 * @param {App} app
 * @param {string} code
 * @returns {Promise<Conversation | null>}
 */
async function conversationOf(app, code) {
  const read = code.length > FREE.length ? readBack(code) : null;
  if (!read) return null;
  const ids = read.messages.flatMap(({ id }) => (id ? [id] : []));
  const none = { stickers: /** @type {Record<string, Sticker>} */ ({}) };
  const { stickers } = ids.length ? await app.server.chat_stickers({ ids }).catch(() => none) : none;
  const messages = read.messages.map(({ side, text, id }) => ({ side, by: side === "left" ? read.left : read.right, text, sticker: stickers[id] }));
  const domain = app.start.domains.includes(read.domain ?? "") ? read.domain : "";
  return { left: read.left, right: read.right, domain, messages: messages.filter(({ text, sticker }) => text || sticker) };
}

/**
 * Tell whether what a browser kept is a conversation.
 *
 * @param {any} found
 */
function isConversation(found) {
  const isMessage = (/** @type {any} */ each) => ["left", "right"].includes(each?.side) && typeof each.by === "string" && (each.sticker ? typeof each.sticker.id === "string" : typeof each.text === "string");
  return typeof found.left === "string" && typeof found.right === "string" && Array.isArray(found.messages) && found.messages.every(isMessage);
}
