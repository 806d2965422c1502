// What is offered for the next message: a row of stickers, with the comparison one a method; a press sends.

import { arrange, gliding, h, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { measured, methodRows, searchRow } from "./comparison.js";
import { readAs } from "../search_tab/reading.js";
import { nameOr } from "./log.js";
import { otherSide } from "./talk.js";

/** The rows by name, in their order. */
const ROWS = ["mine", "everybody", "last", "BM25", "meaning alone", "retrieving LM", "SRS"];

const GIST = 40; // characters of an answered message that are repeated

/**
 * Keep the tray of offers. send(sticker, row): what a press does; back(): where Escape leads; answer(): lets the other
 * one answer.
 *
 * @param {App} app
 * @param {HTMLElement} tray
 * @param {{ send: (sticker: Sticker) => void, back: () => void, answer: () => void }} does
 */
export function createTray(app, tray, does) {
  const [words, rows] = [part(tray, "chat-words"), part(tray, "chat-rows")];
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const kept = new Map(ROWS.map((name) => [name, createRow(app, name, does)]));
  let nearest = false; // whether what is merely nearest is shown, for the words that are asked now
  let asked = "";

  /**
   * @param {{ talk: Conversation, writer: Side, compare: boolean, reply: ChatReply | null }} chat
   * @param {string} draft
   */
  function draw(chat, draft) {
    const { talk, writer, reply } = chat;
    const last = talk.messages.at(-1);
    const own = last?.side === writer;
    const given = { writer: talk[writer], other: talk[otherSide(writer)], own, done: own && Boolean(last?.sticker) && !draft.trim(), compare: chat.compare };
    if (reply?.asked !== asked) nearest = false;
    asked = reply?.asked ?? "";
    const answer = reply?.answer && !("error" in reply.answer && reply.answer.error) ? /** @type {Answer} */ (reply.answer) : null;
    const shown = answer && !given.done && (reply?.offered || nearest) ? answer : null;
    const again = () => draw(chat, draft);
    words.replaceChildren(...wordsFor(app, reply, shown, given, { ...does, nearest: () => { nearest = true; again(); } }));
    const before = given.compare && !given.done && reply?.last?.offered ? /** @type {Answer} */ (reply.last.answer) : null;
    const wanted = shown ? [searchRow("mine", app.t("chat_mine", { name: nameOr(app, given.writer) }), shown, "both")] : [];
    if (shown && given.compare) wanted.push(searchRow("everybody", measured(app, "chat_everybody", reply?.recall), shown, "utility"));
    if (before) wanted.push(searchRow("last", app.t("chat_last"), before, "both"));
    if (given.compare && !given.done) wanted.push(...methodRows(app, reply?.methods ?? []));
    const lists = wanted.flatMap(({ name }) => kept.get(name)?.list ?? []);
    gliding(true, lists, () => {
      for (const row of wanted) kept.get(row.name)?.show(row, wanted.length > 1);
      arrange(rows, wanted.flatMap(({ name }) => kept.get(name)?.element ?? []));
    });
  }

  /** Bring the keyboard to the first sticker. */
  const enter = () => rows.querySelector("button")?.focus();
  tray.addEventListener("keydown", (event) => walk(event, rows, does.back));
  return { draw, enter };
}

/**
 * Say what the stickers are for, or why there are none.
 *
 * @param {App} app
 * @param {ChatReply | null} reply
 * @param {Answer | null} shown
 * @param {{ other: string, own: boolean, done: boolean }} given
 * @param {{ nearest: () => void, answer: () => void }} does
 * @returns {(Node | string)[]}
 */
function wordsFor(app, reply, shown, { other, own, done }, does) {
  const door = (/** @type {string} */ text, /** @type {() => void} */ press) => h("button", { type: "button", class: "ps-tool", on: { click: press } }, text);
  if (done) return [h("span", {}, app.t("chat_done")), door(app.t("chat_answer", { name: nameOr(app, other) }), does.answer)];
  if (!reply || !reply.source) return [h("span", {}, app.t("chat_empty"))];
  if (reply.answer && "error" in reply.answer && reply.answer.error) return [h("span", {}, reply.answer.error)];
  const text = reply.asked.length > GIST ? `${reply.asked.slice(0, GIST)}…` : reply.asked;
  const title = app.t(reply.source === "draft" ? "chat_for_draft" : own ? "chat_after_own" : "chat_for_last", { text });
  if (shown && (!reply.offered || shown.fallback)) return [h("span", {}, title), h("small", {}, app.t("chat_nearest_shown"))];
  if (shown) {
    const [lead] = shown.readings;
    const read = lead && lead.kind !== "literal" ? [h("small", {}, readAs(app, lead))] : [];
    return [h("span", {}, title), ...read];
  }
  return [h("span", {}, app.t("chat_quiet")), ...(/** @type {any} */ (reply.answer)?.rankings?.both.length ? [door(app.t("chat_nearest"), does.nearest)] : [])];
}

/**
 * One row, which keeps the tile of a sticker while the sticker stays, so that it can glide.
 *
 * @param {App} app
 * @param {string} name
 * @param {{ send: (sticker: Sticker) => void }} does
 */
function createRow(app, name, { send }) {
  const title = h("p", { class: "ps-chat-row-name" });
  const line = h("p", { class: "ps-chat-row-line" });
  const list = h("ol", { class: "ps-chat-offers" });
  const element = h("section", { class: "ps-chat-row", data: { row: name } }, title, line, list);
  /** @type {Map<string, Tile>} */
  let tiles = new Map();

  /** @param {import("./comparison.js").Offers} offers @param {boolean} named */
  function show(offers, named) {
    title.textContent = offers.title;
    line.textContent = offers.line;
    line.hidden = !offers.line;
    list.setAttribute("aria-label", offers.title);
    title.classList.toggle("ps-hidden", !named);
    tiles = new Map(offers.stickers.map((sticker, at) => {
      const tile = tiles.get(sticker.id) ?? createTile(app, sticker);
      const explained = offers.explained;
      const tell = explained && (() => app.openSticker(sticker.id, explained.ids(), { column: explained }));
      tile.update(at, offers.own.has(sticker.id) ? app.t("chat_own") : "", () => send(sticker), tell);
      return [sticker.id, tile];
    }));
    arrange(list, [...tiles.values()].map((tile) => tile.element));
  }

  return { element, list, show };
}

/** @typedef {ReturnType<typeof createTile>} Tile */

/**
 * A sticker to send, and a small button that says why it is there. The keyboard reaches the first tile of a row by Tab,
 * the others by arrow keys, and the reason by "?".
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
function createTile(app, sticker) {
  const sign = h("b", { class: "ps-chat-own", "aria-hidden": "true" }, "✦");
  const offer = h("button", { type: "button", class: "ps-chat-offer" }, stickerImage(app, sticker, "", true), sign);
  const why = h("button", { type: "button", class: "ps-chat-why", tabindex: -1 }, "?");
  const element = h("li", { data: { sticker: sticker.id } }, offer, why);
  let press = () => {};
  /** @type {(() => void) | null} */
  let tell = null;
  offer.addEventListener("click", () => press());
  why.addEventListener("click", () => tell?.());
  offer.addEventListener("keydown", (event) => {
    if (event.key !== "?" || !tell) return;
    event.preventDefault();
    event.stopPropagation();
    tell();
  });

  return {
    element,
    /** @param {number} at @param {string} own @param {() => void} send @param {(() => void) | null} explain */
    update(at, own, send, explain) {
      [press, tell] = [send, explain];
      const n = at + 1;
      offer.tabIndex = at === 0 ? 0 : -1;
      offer.setAttribute("aria-label", [app.t("chat_offer", { n, alt: stickerWords(app, sticker) }), own].filter(Boolean).join(app.t("comma")));
      offer.title = [stickerWords(app, sticker), own].filter(Boolean).join(" · ");
      why.hidden = !explain;
      why.setAttribute("aria-label", app.t("chat_why", { n }));
      why.title = app.t("chat_why", { n });
      sign.hidden = !own;
    },
  };
}

/**
 * Walk through the stickers by arrow keys; up from the first row, and Escape, lead back to the box.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} rows
 * @param {() => void} back
 */
function walk(event, rows, back) {
  const lists = [...rows.querySelectorAll("ol")].map((list) => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".ps-chat-offer"))]).filter((list) => list.length);
  const row = lists.findIndex((list) => list.some((each) => each === document.activeElement));
  if (row < 0) return;
  const place = lists[row].findIndex((each) => each === document.activeElement);
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  if (!steps && event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  if (!steps || row + steps[0] < 0) back();
  else {
    const list = lists[Math.min(row + steps[0], lists.length - 1)];
    list[Math.max(0, Math.min(place + steps[1], list.length - 1))].focus();
  }
}
