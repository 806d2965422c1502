// A case as a file: JSON for programs, CSV (a line a place) for spreadsheets, both with what it takes to repeat it.

import { csvCell } from "../shared/files.js";

/**
 * Return where the numbers come from: bundle, content hash, settings, and the date of the export.
 *
 * @param {App} app
 */
function provenanceOf(app) {
  const { name, content_hash, settings } = app.start.about;
  return { bundle: name, content_hash, simulated: app.start.simulated, settings, date: new Date().toISOString() };
}

/**
 * Return a case without its pictures, with sentence, note and link.
 *
 * @param {Case} one
 * @param {string} note
 * @param {string} link
 * @param {string} sentence
 */
export function plainCase(one, note, link, sentence) {
  const { stickers, ...rest } = one;
  return { ...rest, sentence, note, link };
}

/**
 * @param {App} app
 * @param {PlainCase[]} cases
 */
export function casesJson(app, cases) {
  return `${JSON.stringify({ ...provenanceOf(app), cases }, null, 2)}\n`;
}

const CASE_COLUMNS = ["bundle", "content_hash", "simulated", "date", "settings", "kind", "user", "query", "clicked", "ranking", "place", "sticker", "is_clicked", "note", "link"];

/**
 * Write both rankings of every case as CSV, a line a place; a clicked sticker further down has a line of its own.
 *
 * @param {App} app
 * @param {PlainCase[]} cases
 */
export function casesCsv(app, cases) {
  const { settings, ...origin } = provenanceOf(app);
  const lines = cases.flatMap((one) =>
    one.rankings.flatMap((ranking, side) => {
      const places = ranking.first.map((sticker, index) => ({ place: index + 1, sticker, marked: ranking.moves?.[index].marked }));
      if (ranking.place && one.sticker !== null && ranking.place > places.length) places.push({ place: ranking.place, sticker: one.sticker, marked: undefined });
      return places.map(({ place, sticker, marked }) => /** @type {Record<string, unknown>} */ ({
        ...origin,
        content_hash: one.content_hash ?? origin.content_hash, // a case of one's own may be older than the bundle
        settings: JSON.stringify(one.settings ?? settings),
        kind: one.kind,
        user: one.user,
        query: one.query,
        clicked: one.sticker,
        ranking: ranking.name || (side === 0 ? `both without ${one.kind.replace("_rescues", "")}` : "both"),
        place,
        sticker,
        is_clicked: marked ?? sticker === one.sticker,
        note: one.note,
        link: one.link,
      }));
    }),
  );
  return `\ufeff${[CASE_COLUMNS, ...lines.map((line) => CASE_COLUMNS.map((column) => line[column]))].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}
