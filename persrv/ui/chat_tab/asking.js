// Asking the server for stickers: one question at a time, and the newest state of what is written last.

import { problemOf } from "../shared/refusal.js";
import { YOU } from "../you_tab/you.js";
import { sentAlong, sentBy } from "./talk.js";

/**
 * Return a request for whoever is on a side, with the stickers that they sent during this visit and, for a
 * person of the catalogue, the domain of the conversation.
 *
 * @param {App} app
 * @param {Conversation} talk
 * @param {Side} side
 * @returns {Writer}
 */
export function signed(app, talk, side) {
  const [user, sent] = [talk[side], sentBy(talk.messages, talk[side])];
  if (user !== YOU) return { user, sent, ...(talk.domain ? { domain: talk.domain } : {}) };
  const likes = app.you.signed({ user }).likes ?? [];
  return { user, likes: [...likes, ...sent.filter((id) => !likes.includes(id))].slice(-app.start.you.most) };
}

/**
 * Return what asks for a reply. written(): what is written now, by whom; told(reply, draft): what came of it. While a
 * question is on its way, the next one waits, and is asked with what is written by then.
 *
 * @param {App} app
 * @param {() => { talk: Conversation, writer: Side, draft: string, compare: boolean }} written
 * @param {(reply: ChatReply, draft: string) => void} told
 */
export function createAsking(app, written, told) {
  let [busy, waiting] = [false, false];

  return async function ask() {
    if (busy) {
      waiting = true;
      return;
    }
    busy = true;
    do {
      waiting = false;
      const { talk, writer, draft, compare } = written();
      const request = { ...signed(app, talk, writer), messages: sentAlong(talk.messages), draft, compare };
      const received = await app.server.chat_reply(request).catch(() => null);
      const problem = problemOf(app, received);
      const pull = (/** @type {Pull} */ wanted) => app.server.chat_pulled({ ...request, ...wanted });
      told(problem ? refused(draft, problem()) : withPull(/** @type {ChatReply} */ (received), pull), draft);
    } while (waiting);
    busy = false;
  };
}

/**
 * Return the first sticker that a side is offered for the last messages, null where none is.
 *
 * @param {App} app
 * @param {Conversation} talk
 * @param {Side} side
 */
export async function firstOffered(app, talk, side) {
  const received = await app.server.chat_reply({ ...signed(app, talk, side), messages: sentAlong(talk.messages), draft: "", compare: false }).catch(() => null);
  const answer = received?.error === undefined && received?.offered ? /** @type {Answer} */ (received.answer) : null;
  return answer && answer.stickers[answer.rankings.both[0][0]];
}

/**
 * Return a reply whose answers know where the stickers that pulled a result up are asked for.
 *
 * @param {ChatReply} reply
 * @param {NonNullable<Answer["pull"]>} pull
 * @returns {ChatReply}
 */
function withPull(reply, pull) {
  const given = (/** @type {ChatReply["answer"]} */ answer) => (answer ? { ...answer, pull } : null);
  return /** @type {ChatReply} */ ({ ...reply, answer: given(reply.answer), methods: reply.methods.map((each) => (each.answer ? { ...each, answer: given(each.answer) } : each)), last: reply.last && { ...reply.last, answer: given(reply.last.answer) } });
}

/**
 * Return a reply that offers nothing and says why.
 *
 * @param {string} asked
 * @param {string} error
 * @returns {ChatReply}
 */
const refused = (asked, error) => ({ source: "draft", asked, place: null, offered: false, answer: { error }, last: null, methods: [], recall: null });
