// Beside the chat: the taste of whoever is writing, and how what they sent moved it.

import { h } from "../shared/dom.js";
import { sharesOf } from "../you_tab/portrait.js";
import { YOU } from "../you_tab/you.js";
import { face, nameOr } from "./log.js";

/**
 * Keep the portrait of the writer's taste. `ask(request, sent)` asks the server for it; what it was before the last
 * sticker stays as a thin line.
 *
 * @param {App} app
 * @param {HTMLElement} box
 */
export function createTaste(app, box) {
  let asked = 0;
  let person = "";
  let sent = 0;
  /** @type {ChatTaste | null} */
  let taste = null;
  /** @type {YouTold | null} */
  let before = null;

  /** @param {{ user: string }} request @param {number} count  stickers that the writer sent */
  async function ask(request, count) {
    const number = ++asked;
    const received = await app.server.chat_taste(request).catch(() => null);
    if (number !== asked) return;
    before = request.user === person && count !== sent ? taste?.told ?? null : request.user === person ? before : null;
    [person, sent] = [request.user, count];
    taste = received && received.error === undefined ? received : null;
    draw();
  }

  function draw() {
    if (!taste) return;
    const { told, stickers } = taste;
    const made = sent ? app.t("chat_taste_more", { n: stickers, sent }) : app.t("chat_taste_of", { n: stickers });
    const none = app.t(person === YOU ? "chat_taste_none" : "chat_taste_unknown");
    box.replaceChildren(
      h("header", {}, face(app, person), h("div", {}, h("h2", {}, person === YOU ? app.t("chat_taste_you") : app.t("chat_taste", { name: nameOr(app, person) })), h("p", { class: "ps-note" }, told ? made : none))),
      ...(told ? [sharesOf(app, told, before)] : []),
    );
  }

  return { ask, draw };
}
