// The messages of a conversation: words in bubbles, stickers as they are.

import { h } from "../shared/dom.js";
import { nameOfPerson, personOf } from "../shared/person.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { heartSign, YOU } from "../you_tab/you.js";

/**
 * Draw the messages that are not drawn yet, all of them where they are others, and show the newest.
 *
 * @param {App} app
 * @param {HTMLElement} list
 * @param {ChatMessage[]} messages
 */
export function drawMessages(app, list, messages) {
  const known = drawn.get(list);
  const same = known?.language === app.state.language && known.messages.length <= messages.length && known.messages.every((each, at) => each === messages[at]);
  const fresh = messages.slice(same ? known.messages.length : 0);
  if (!same) list.replaceChildren();
  for (const each of fresh) list.append(bubble(app, each));
  drawn.set(list, { messages, language: app.state.language });
  const log = list.parentElement;
  if (log && (fresh.length || !same)) log.scrollTop = log.scrollHeight;
}

/** @type {WeakMap<HTMLElement, { messages: ChatMessage[], language: Language }>} what each list shows */
const drawn = new WeakMap();

/**
 * @param {App} app
 * @param {ChatMessage} message
 */
function bubble(app, { side, by, text, sticker }) {
  const name = nameOr(app, by);
  const said = text && h("p", { class: "ps-bubble" }, text);
  const sent = sticker && h(
    "button",
    { type: "button", class: "ps-bubble-sticker", "aria-label": app.t("open_sticker", { alt: stickerWords(app, sticker) }), title: stickerWords(app, sticker), on: { click: () => app.openSticker(sticker.id) } },
    stickerImage(app, sticker, "", true),
  );
  return h("li", { class: `ps-message is-${side}` }, face(app, by), h("div", {}, h("span", { class: "ps-hidden" }, `${name}: `), said, sent));
}

/**
 * Return a message as a screen reader says it.
 *
 * @param {App} app
 * @param {ChatMessage} message
 */
export function spoken(app, { by, text, sticker }) {
  const name = nameOr(app, by);
  return sticker ? app.t("chat_sent", { name, alt: stickerWords(app, sticker) }) : app.t("chat_message", { name, text });
}

/**
 * Return somebody's name; "nobody" for nobody.
 *
 * @param {App} app
 * @param {string} id
 */
export const nameOr = (app, id) => (id ? nameOfPerson(app, id) : app.t("nobody"));

/**
 * Draw somebody's face: a favourite, a heart for the visitor without likes, or the first letter of the name.
 *
 * @param {App} app
 * @param {string} id
 */
export function face(app, id) {
  const avatar = personOf(app, id)?.avatar;
  const drawing = avatar ? stickerImage(app, avatar, "", true) : id === YOU ? heartSign() : h("span", {}, nameOr(app, id).slice(0, 1));
  return h("span", { class: "ps-avatar is-small", "aria-hidden": "true" }, drawing);
}
