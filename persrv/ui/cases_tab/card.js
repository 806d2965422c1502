// The card of a case: its sentence, its two rankings, and what can be done with it.

import { copyLink } from "../shared/copying.js";
import { h } from "../shared/dom.js";
import { figureFile } from "../shared/figure.js";
import { fileStem, saveFile } from "../shared/files.js";
import { personOf } from "../shared/person.js";
import { stickerButton, stickerImage } from "../shared/stickers.js";
import { shareLink } from "../shared/store.js";
import { casesCsv, casesJson, plainCase } from "./export.js";
import { absence, caseFigure, caseSentence, isKept, searcherOf, stateOfCase, titleOf } from "./telling.js";

/**
 * Callbacks of a card: the note of a case read and written, a kept case removed.
 *
 * @typedef {object} CaseCalls
 * @property {(one: Case) => string} noteOf
 * @property {(one: Case, text: string) => void} keepNote
 * @property {(one: Case) => void} remove
 */

/**
 * @param {App} app
 * @param {Case} one
 * @param {CaseCalls} calls
 */
export function caseCard(app, one, { noteOf, keepNote, remove }) {
  const person = personOf(app, one.user);
  const link = shareLink(stateOfCase(app, one));
  const plain = () => plainCase(one, noteOf(one), link, caseSentence(app, one));
  const name = `persrv-${one.kind}-${isKept(one) ? fileStem(one.query) : one.user.replaceAll(/[^\w-]+/g, "_")}`;
  const note = h("textarea", { rows: 1, maxlength: 2000, "aria-label": app.t("case_note"), placeholder: app.t("case_note"), on: { input: () => keepNote(one, note.value) } });
  note.value = noteOf(one);
  const copy = h("button", { type: "button", class: "ps-tool", on: { click: () => copyLink(app, copy, link) } }, h("span", { data: { t: "copy_link" } }, app.t("copy_link")));
  /** @param {"png" | "svg" | "pdf"} format */
  async function saveFigure(format) {
    const file = await figureFile(app, caseFigure(app, one, noteOf(one)), format);
    if (file) saveFile(`${name}.${format}`, file, file.type);
    else app.announce(app.t("figure_failed"));
  }
  return h(
    "article",
    { class: "ps-case", data: { sticker: one.sticker, query: one.query, user: one.user } },
    h(
      "header",
      { class: "ps-case-head" },
      person && person.avatar ? h("span", { class: "ps-avatar is-small" }, stickerImage(app, person.avatar, "")) : null,
      h("div", {}, h("h3", {}, `“${one.query}”`, h("span", {}, searcherOf(app, one.user))), h("p", { class: "ps-case-sentence" }, caseSentence(app, one))),
    ),
    h("div", { class: "ps-case-rankings" }, one.rankings.map((ranking, side) => rankingList(app, one, ranking, side))),
    h(
      "footer",
      { class: "ps-case-tools" },
      h("a", { class: "ps-tool", href: link, on: { click: (event) => show(app, event, one) } }, app.t("case_open")),
      copy,
      /** @type {const} */ (["png", "svg", "pdf"]).map((format) => h("button", { type: "button", class: "ps-tool", title: app.t("case_figure"), on: { click: () => saveFigure(format) } }, format.toUpperCase())),
      h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.json`, casesJson(app, [plain()]), "application/json") } }, "JSON"),
      h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.csv`, casesCsv(app, [plain()]), "text/csv") } }, "CSV"),
      isKept(one) && h("button", { type: "button", class: "ps-tool", on: { click: () => remove(one) } }, app.t("case_remove")),
      note,
    ),
  );
}

/**
 * Show a case in the search.
 *
 * @param {App} app
 * @param {MouseEvent} event
 * @param {Case} one
 */
function show(app, event, one) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for: the link does that
  event.preventDefault();
  app.store.set(stateOfCase(app, one));
  window.scrollTo({ top: 0 });
}

/**
 * List one of a case's two rankings: its first stickers, and the clicked one wherever it is.
 *
 * @param {App} app
 * @param {Case} one
 * @param {CaseRanking} ranking
 * @param {number} side
 */
function rankingList(app, one, ranking, side) {
  const ids = ranking.first;
  const entries = ids.map((id, index) => placed(id, index + 1, ranking.moves?.[index].marked ?? id === one.sticker, false));
  return h("section", {}, h("h4", {}, titleOf(app, one, side)), h("ol", {}, entries, outside()));

  /** Show the clicked sticker where it is not among the first, or say that it is missing. */
  function outside() {
    if (isKept(one)) return null;
    if (ranking.place === null) return h("li", { class: "ps-case-gone" }, h("span", {}, absence(app, ranking)));
    return ranking.place > ids.length ? placed(one.sticker, ranking.place, true, true) : null;
  }

  /**
   * @param {string} id
   * @param {number} place
   * @param {boolean} clicked
   * @param {boolean} apart
   */
  function placed(id, place, clicked, apart) {
    return h(
      "li",
      { class: `${clicked ? "is-clicked" : ""} ${apart ? "is-apart" : ""}`.trim() || null, data: { sticker: id } },
      stickerButton(app, one.stickers[id], ids.includes(id) ? ids : [...ids, id]),
      h("small", {}, String(place), clicked ? h("span", { class: "ps-hidden" }, app.t("case_clicked")) : null, clicked ? h("b", { "aria-hidden": "true" }, "●") : null),
    );
  }
}
