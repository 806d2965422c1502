// What is offered for the next message: one row of stickers, or with the comparison up to three; a press sends.

import { arrange, gliding, h, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { entriesOf } from "../search_tab/answer.js";
import { nameOr } from "./log.js";
import { otherSide } from "./talk.js";

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
  const kept = new Map(["mine", "everybody", "last", "BM25", "meaning alone"].map((name) => [name, createRow(app, name, does)]));
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
    /** @type {[string, string, Answer, RankingName][]} */
    const wanted = [];
    if (shown) wanted.push(["mine", nameOr(app, given.writer), shown, "both"]);
    if (shown && given.compare) wanted.push(["everybody", app.t("chat_everybody"), shown, "utility"]);
    if (before) wanted.push(["last", app.t("chat_last"), before, "both"]);
    if (shown && given.compare) wanted.push(...methodRows(app, reply?.methods ?? []));
    const lists = wanted.flatMap(([name]) => kept.get(name)?.list ?? []);
    gliding(true, lists, () => {
      for (const [name, title, from, ranking] of wanted) kept.get(name)?.show(title, from, ranking, wanted.length > 1);
      arrange(rows, wanted.flatMap(([name]) => kept.get(name)?.element ?? []));
    });
  }

  /** Bring the keyboard to the first sticker. */
  const enter = () => rows.querySelector("button")?.focus();
  tray.addEventListener("keydown", (event) => walk(event, rows, does.back));
  return { draw, enter };
}

/**
 * Name the row of each method that found anything, with its measured recall.
 *
 * @param {App} app
 * @param {ChatMethod[]} methods
 * @returns {[string, string, Answer, RankingName][]}
 */
function methodRows(app, methods) {
  return methods.flatMap(({ name, recall, answer }) => {
    if ("error" in answer && answer.error) return [];
    const found = /** @type {Answer} */ (answer);
    if (!found.rankings.none.length) return [];
    const title = app.t(name === "BM25" ? "chat_words_only" : "chat_meaning_only");
    return [[name, recall === null ? title : `${title} · ${app.t("chat_recall", { value: recall.toFixed(2) })}`, found, "none"]];
  });
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
    const read = lead && lead.kind !== "literal" ? [h("small", {}, app.t("reading", { text: lead.text, kind: app.t(`reading_${lead.kind.replace(" ", "_")}`) }))] : [];
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
  const list = h("ol", { class: "ps-chat-offers" });
  const element = h("section", { class: "ps-chat-row", data: { row: name } }, title, list);
  /** @type {Map<string, Tile>} */
  let tiles = new Map();

  /** @param {string} heading @param {Answer} answer @param {RankingName} ranking @param {boolean} named */
  function show(heading, answer, ranking, named) {
    const entries = entriesOf(answer, ranking);
    const others = new Set(answer.rankings.utility.map(([id]) => id));
    const ids = entries.map(({ id }) => id);
    const column = /** @type {any} */ ({ ids: () => ids, answer: () => answer, entry: (/** @type {string} */ id) => entries.find((each) => each.id === id) ?? null, above: () => null });
    title.textContent = heading;
    list.setAttribute("aria-label", heading);
    title.classList.toggle("ps-hidden", !named);
    tiles = new Map(entries.map((entry, at) => {
      const tile = tiles.get(entry.id) ?? createTile(app, entry.sticker);
      const own = answer.personalized && ranking === "both" && !others.has(entry.id);
      tile.update(entry, at === 0, own ? app.t("chat_own") : "", () => send(entry.sticker), () => app.openSticker(entry.id, ids, { column }));
      return [entry.id, tile];
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
  let tell = () => {};
  offer.addEventListener("click", () => press());
  why.addEventListener("click", () => tell());
  offer.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    event.stopPropagation();
    tell();
  });

  return {
    element,
    /** @param {Entry} entry @param {boolean} first @param {string} own @param {() => void} send @param {() => void} explain */
    update(entry, first, own, send, explain) {
      [press, tell] = [send, explain];
      offer.tabIndex = first ? 0 : -1;
      offer.setAttribute("aria-label", [app.t("chat_offer", { n: entry.rank, alt: stickerWords(app, entry.sticker) }), own].filter(Boolean).join(app.t("comma")));
      offer.title = [stickerWords(app, entry.sticker), own].filter(Boolean).join(" · ");
      why.setAttribute("aria-label", app.t("chat_why", { n: entry.rank }));
      why.title = app.t("chat_why", { n: entry.rank });
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
  const lists = [...rows.querySelectorAll("ol")].map((list) => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".ps-chat-offer"))]);
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
