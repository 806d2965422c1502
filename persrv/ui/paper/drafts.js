// Drafts for a paper: the caption of a figure and its alt text, in either language whatever the page speaks.

import { currentSettings, settingsLine } from "../shared/knobs.js";
import { nameOfPerson } from "../shared/person.js";
import { stickerWords } from "../shared/stickers.js";
import { createTranslator } from "../shared/store.js";
import { pictured, tickers } from "../search_tab/picture.js";

/**
 * Return the app as it would be in another language, for whatever only reads it.
 *
 * @param {App} app
 * @param {Language} language
 * @returns {App}
 */
export function spoken(app, language) {
  const state = { ...app.state, language };
  return { ...app, state, t: createTranslator(app.start, { ...app.store, state }) };
}

/**
 * @param {App} app
 * @param {ListShown} list
 */
const titleOf = (app, { told }) => app.t(told.key, { name: nameOfPerson(app, told.side ? app.state.other : app.state.user) });

/**
 * Draft a caption: what the rows are, what lines and ticks mean, and where the numbers come from.
 *
 * @param {App} app
 * @param {ListShown[]} lists
 * @param {number} count
 */
export function draftCaption(app, lists, count) {
  const { about, simulated } = app.start;
  const shown = pictured(lists, count);
  const n = Math.max(...shown.map((list) => list.entries.length));
  const values = { q: app.state.query, n };
  const source = app.t("caption_source", {
    world: simulated ? app.t("caption_simulated") : "",
    bundle: about.name,
    hash: about.content_hash.slice(0, 12),
    stickers: about.stickers.toLocaleString("en"),
    settings: settingsLine(app, currentSettings(app)),
  });
  return [
    lists.length === 1 ? app.t("caption_one", values) : app.t("caption_rows", { ...values, rows: lists.map((list) => titleOf(app, list)).join(app.t("comma")) }),
    ...(shown.some((list) => list.entries.some((entry) => entry.marked)) ? [app.t("caption_ticks", { name: tickers(app) })] : []),
    source,
  ].join(app.state.language === "zh" ? "" : " ");
}

/**
 * Describe a figure for who cannot see it: row by row, sticker by sticker, with how each moved.
 *
 * @param {App} app
 * @param {ListShown[]} lists
 * @param {number} count
 */
export function altText(app, lists, count) {
  const moved = (/** @type {ListShown["entries"][number]} */ { kind, badge }) => {
    const move = { up: "move_up", down: "move_down" }[kind ?? ""];
    return move === undefined ? "" : app.t("alt_moved", { move: app.t(move, { n: (badge ?? "").replaceAll(/\D/g, "") }) });
  };
  const rows = pictured(lists, count).map((list) => app.t("alt_row", {
    title: titleOf(app, list),
    entries: list.entries.map((entry) => app.t("alt_entry", { rank: entry.rank, words: stickerWords(app, entry.sticker) }) + moved(entry)).join(app.t("comma")),
  }));
  return [app.t("alt_lead", { q: app.state.query, n: lists.length }), ...rows].join(app.state.language === "zh" ? "" : " ");
}
