// The chat: two people write to each other, and stickers are offered as they type, in the style of who is writing.

import { copyLink } from "../shared/copying.js";
import { h, part } from "../shared/dom.js";
import { shareLink } from "../shared/store.js";
import { YOU } from "../you_tab/you.js";
import { createAsking, firstOffered, signed } from "./asking.js";
import { createConversations, FREE, isReady } from "./conversations.js";
import { drawMessages, nameOr, spoken } from "./log.js";
import { drawPlaces } from "./places.js";
import { createPlayer } from "./player.js";
import { createTaste } from "./side.js";
import { nextWriter, otherSide, sentBy, withMessage, written } from "./talk.js";
import { createTray } from "./tray.js";
import { drawWriters } from "./writers.js";

/**
 * State of the chat. opened: the name of the conversation; reply: what is offered for what is written now.
 *
 * @typedef {{ talk: Conversation, writer: Side, opened: string, compare: boolean, reply: ChatReply | null }} Chat
 */

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountChat(app, element) {
  /** @type {HTMLInputElement} */
  const input = part(element, "chat-input");
  input.maxLength = app.start.max_query;
  /** @type {Chat} */
  const chat = { talk: { left: "", right: YOU, messages: [] }, writer: "right", opened: "", compare: false, reply: null };
  const conversations = createConversations(app);
  const taste = createTaste(app, part(element, "chat-taste"));
  const tray = createTray(app, part(element, "chat-tray"), { send: press, back: () => input.focus(), answer: letAnswer });
  const player = createPlayer({ type: showDraft, send: say }, () => drawPlay(app, element, chat, player.playing()));
  const ask = createAsking(app, () => ({ ...chat, draft: input.value }), (reply, draft) => {
    chat.reply = reply;
    tray.draw(chat, input.value);
    part(element, "chat").dataset.asked = draft;
  });

  /** Draw the state after another message, another writer, other people, and ask what is offered now. */
  function changed() {
    drawMessages(app, part(element, "chat-messages"), chat.talk.messages);
    drawWriters(app, element, chat.talk, chat.writer, { write, seat: (side, id) => { player.stop(); become({ ...chat.talk, [side]: id }); } });
    drawPlaces(app, element, chat.talk.domain ?? "", (domain) => { player.stop(); become({ ...chat.talk, domain }); });
    drawFrame(app, element, chat);
    drawPlay(app, element, chat, player.playing());
    tray.draw(chat, input.value);
    taste.ask(signed(app, chat.talk, chat.writer), sentBy(chat.talk.messages, chat.talk[chat.writer]).length);
    return ask();
  }

  /** @param {Conversation} talk */
  function become(talk) {
    chat.talk = talk;
    if (chat.opened === FREE) conversations.keep(talk);
    changed();
  }

  /** Add a message, and leave in the box what is not part of it. @param {ChatMessage} message */
  function say(message, unsent = "") {
    input.value = unsent;
    app.announce(spoken(app, message));
    become({ ...chat.talk, messages: withMessage(chat.talk.messages, message) });
  }

  /** @param {Sticker} sticker */
  function press(sticker) {
    player.stop();
    say({ side: chat.writer, by: chat.talk[chat.writer], sticker, live: true });
    input.focus({ preventScroll: true });
  }

  /** Let the other one send the first sticker that they are offered; say so where there is none. */
  async function letAnswer() {
    const [{ talk }, side] = [chat, otherSide(chat.writer)];
    const sticker = await firstOffered(app, talk, side);
    if (talk !== chat.talk) return; // it went on meanwhile, or another one is open
    if (sticker) say({ side, by: talk[side], sticker, live: true }, input.value);
    else app.announce(app.t("chat_no_answer", { name: nameOr(app, talk[side]) }));
    input.focus({ preventScroll: true });
  }

  /** Show somebody's draft, and wait until its stickers are there. @param {Side} side @param {string} text */
  function showDraft(side, text) {
    input.value = text;
    if (chat.writer === side) return ask();
    chat.writer = side;
    return changed();
  }

  app.element.addEventListener("ps-catalogue", conversations.forget);

  /** Show another conversation: that which the address names by now, with an empty box. */
  function switchOver() {
    input.value = "";
    open();
  }

  /** Show the conversation that the address names; what was typed meanwhile stays. */
  async function open() {
    player.stop();
    const { opened, talk, lost, late } = await conversations.named();
    if (late) return;
    Object.assign(chat, { opened, talk, reply: null, writer: opened === FREE ? "right" : nextWriter(talk) });
    part(element, "chat-travels").textContent = lost ? app.t("chat_link_lost") : "";
    drawChips(app, part(element, "chat-choices"), conversations.listed(), opened, (named) => (app.state.chat === named ? switchOver() : app.store.set({ chat: named })));
    changed();
  }

  /** @param {Side} side */
  function write(side) {
    player.stop();
    chat.writer = side;
    changed();
    input.focus({ preventScroll: true });
  }

  async function play() {
    const script = conversations.open(chat.opened).talk;
    chat.talk = { ...script, domain: chat.talk.domain, messages: [] };
    const played = player.play(script.messages);
    changed();
    if (await played) write(otherSide(chat.writer));
  }

  listen(element, {
    ask: () => { player.stop(); ask(); },
    enter: tray.enter,
    say: (text) => { player.stop(); say({ side: chat.writer, by: chat.talk[chat.writer], text, live: true }); },
    compare: () => { chat.compare = !chat.compare; changed(); },
    play: () => (player.playing() ? player.stop() : play()),
    again: () => { conversations.clear(); chat.talk = { ...chat.talk, messages: [] }; changed(); input.focus(); },
    link: () => copyConversation(app, element, chat.talk),
  });
  app.you.onForget(() => { conversations.clear(); if (chat.opened === FREE) switchOver(); });
  app.store.subscribe((state, what) => {
    if (state.view !== "chat") return player.stop();
    if (what.has("chat")) switchOver();
    else if (conversations.stale()) open();
    else if (what.has("likes") && chat.talk[chat.writer] === YOU) changed();
  });
  if (app.state.view === "chat") open();
}

/**
 * Draw what surrounds the messages.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Chat} chat
 */
function drawFrame(app, element, { talk, writer, opened, compare }) {
  part(element, "chat-input").setAttribute("placeholder", talk[writer] === YOU ? app.t("chat_input_you") : app.t("chat_input_as", { name: nameOr(app, talk[writer]) }));
  for (const name of ["chat-made", "chat-made-how"]) part(element, name).hidden = !isReady(opened);
  part(element, "chat-again").hidden = opened !== FREE;
  part(element, "chat-compare").setAttribute("aria-checked", String(compare));
}

/**
 * Draw the button that plays and stops a ready conversation.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Chat} chat
 * @param {boolean} playing
 */
function drawPlay(app, element, { opened }, playing) {
  part(element, "chat-play").hidden = !isReady(opened);
  part(element, "chat-play").textContent = app.t(playing ? "chat_stop" : "chat_play");
}

/**
 * Let box and buttons do what they are for.
 *
 * @param {HTMLElement} element
 * @param {{ ask: () => void, enter: () => void, say: (text: string) => void, compare: () => void, play: () => void, again: () => void, link: () => void }} does
 */
function listen(element, does) {
  /** @type {HTMLInputElement} */
  const input = part(element, "chat-input");
  let composing = false; // an input method is still choosing characters
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; does.ask(); });
  input.addEventListener("input", () => { if (!composing) does.ask(); });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || composing) return;
    event.preventDefault();
    does.enter();
  });
  part(element, "chat-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text) does.say(text);
  });
  for (const name of /** @type {const} */ (["compare", "play", "again", "link"])) part(element, `chat-${name}`).addEventListener("click", does[name]);
}

/**
 * Draw a chip for each conversation.
 *
 * @param {App} app
 * @param {HTMLElement} chips
 * @param {{ pairs: [string, string][], code: string | null }} listed
 * @param {string} opened
 * @param {(chat: string) => void} choose
 */
function drawChips(app, chips, { pairs, code }, opened, choose) {
  /** @type {[string, string][]} */
  const named = pairs.map(([left, right], at) => [String(at + 1), app.t("chat_pair", { left: nameOr(app, left), right: nameOr(app, right) })]);
  if (code) named.push([code, app.t("chat_linked")]);
  named.push([FREE, app.t("chat_free")]);
  chips.replaceChildren(...named.map(([chat, text]) => h("button", { type: "button", class: "ps-chip", "aria-pressed": String(opened === chat), on: { click: () => choose(chat) } }, text)));
}

/**
 * Copy a link to a conversation, and say how much of it travels.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Conversation} talk
 */
function copyConversation(app, element, talk) {
  const { code, kept } = written(talk);
  const all = talk.messages.length;
  part(element, "chat-travels").textContent = kept < all ? app.t("chat_travels_not", { n: all, kept }) : app.t("chat_travels", { n: all });
  copyLink(app, part(element, "chat-link"), shareLink({ ...app.state, view: "chat", chat: code }));
}
