// Would it have been found? The sticker's rank under four descriptions of the catalogue, for the query at hand and, once
// they were asked for, for the held-out queries that really led to it.

import { decimal, h, part } from "../shared/dom.js";
import { nameOfPerson } from "../shared/person.js";
import { answerOf } from "../shared/refusal.js";

const VARIANTS = ["tuned", "base", "captionless", "textless"];

/**
 * @param {App} app
 * @param {HTMLElement} box
 */
export function createQuestions(app, box) {
  /** @type {Inspection | null} what the inspection answered */
  let shown = null;
  /** @type {HeldOut | null} the held-out queries of that sticker, once revealed */
  let heldOut = null;
  let failed = false;

  async function reveal() {
    const id = shown?.sticker?.id ?? "";
    failed = false;
    const received = answerOf(await app.server.held_out_queries({ sticker: id }).catch(() => null));
    if (shown?.sticker?.id !== id) return; // another sticker is on show
    failed = received === null;
    heldOut = received;
    draw();
    if (heldOut) app.announce(app.t("held_out_announce", { n: heldOut.queries.length }));
    part(box, "revealed")?.focus();
  }

  function draw() {
    if (!shown || !shown.sticker) return box.replaceChildren();
    const rows = [...(shown.places ? [{ query: shown.query, user: app.state.user, places: shown.places, current: true }] : []), ...revealedRows()];
    return box.replaceChildren(
      h("header", {}, h("h2", { id: "ps-found-title" }, app.t("found_title")), h("p", {}, shown.places ? verdict(shown.places) : app.t("found_ask"))),
      ...(rows.length ? [table(rows), h("p", { class: "ps-note" }, app.t("found_how", { n: shown.recall_size }))] : []),
      heldOut ? revealedPart(heldOut) : hiddenPart(shown.held_out),
    );
  }

  const revealedRows = () => (heldOut ? heldOut.queries.flatMap(({ query, trained, askers }) => askers.map((each) => ({ query, trained, ...each }))) : []);

  // ---- the table

  /** @param {AskedRow[]} rows */
  function table(rows) {
    const head = h("tr", { role: "row" }, h("th", { role: "columnheader", scope: "col" }, app.t("found_query")), VARIANTS.map((name) => h("th", { role: "columnheader", scope: "col", title: app.t(`variant_why_${name}`) }, app.t(`variant_${name}`))));
    return h("table", { class: "ps-standings", role: "table" }, h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, rows.map(row)));
  }

  /** @param {AskedRow} askedRow */
  function row({ query, user, places, current, trained }) {
    const name = user ? nameOfPerson(app, user) : app.t("nobody");
    const told = [current ? app.t("found_now", { name }) : app.t("held_out_by", { name }), ...(trained ? [app.t("held_out_trained")] : [])];
    return h(
      "tr",
      { role: "row", class: current ? "is-current" : "is-held-out", data: { query, user: user || "" } },
      h("th", { role: "rowheader", scope: "row" }, h("span", {}, query), h("small", {}, told.join(" · "))),
      VARIANTS.map((variant) => h("td", { role: "cell", data: { variant } }, h("span", { class: "ps-standings-name", "aria-hidden": "true" }, app.t(`variant_${variant}`)), standing(places[variant]))),
    );
  }

  /**
   * Write a rank; where recall left the sticker out, its recall rank if it is known; or that no word is shared.
   *
   * @param {Standing} standing
   */
  function standing({ rank, recall_rank: recalled, matched, counted, deep }) {
    const n = (counted ? "" : "≥ ") + matched;
    if (rank !== null) return [h("b", {}, String(rank)), h("small", {}, app.t("place_of", { n }))];
    if (deep) return [h("b", { class: "is-low" }, `> ${shown?.recall_size}`), h("small", {}, app.t("place_deep", { n }))];
    if (recalled !== null) return [h("b", { class: "is-low" }, `> ${shown?.recall_size}`), h("small", {}, app.t("place_recalled", { place: recalled, n }))];
    return [h("b", { class: "is-low" }, "—"), h("small", {}, app.t("no_field"))];
  }

  /** @param {Standings} standings */
  function verdict({ tuned, base }) {
    const values = { after: tuned.rank, before: base.rank };
    if (tuned.rank === null && base.rank === null) return app.t("verdict_neither");
    if (base.rank === null) return app.t("verdict_rescued", values);
    if (tuned.rank === null) return app.t("verdict_lost", values);
    if (tuned.rank === base.rank) return app.t("verdict_same", values);
    return app.t(tuned.rank < base.rank ? "verdict_helped" : "verdict_hurt", values);
  }

  // ---- held out

  /** @param {HeldOut} revealed */
  const revealedPart = ({ scores }) => h("div", { class: "ps-revealed", data: { part: "revealed" }, tabindex: "-1" }, scoresTable(app, scores), h("p", { class: "ps-note" }, app.t("held_out_how")));

  /** Number of held-out queries, and the button that reveals them. @param {number} n */
  function hiddenPart(n) {
    if (!n) return h("p", { class: "ps-note" }, app.t("held_out_none"));
    return h(
      "div",
      { class: "ps-reveal" },
      h("button", { type: "button", class: "ps-tool", data: { part: "reveal" }, on: { click: reveal } }, app.t("held_out_reveal", { n })),
      h("p", { class: "ps-note", role: failed ? "alert" : null }, failed ? app.t("failed") : app.t("held_out_hint")),
    );
  }

  return {
    /**
     * Shows the answer of the inspection (null: none). Revealed queries are hidden again where it is another sticker.
     *
     * @param {Inspection | null} answer
     */
    show(answer) {
      if (answer?.sticker?.id !== shown?.sticker?.id) [heldOut, failed] = [null, false];
      shown = answer;
      draw();
    },
  };
}

/**
 * Show how good the captions of both models are, by three scores.
 *
 * @param {App} app
 * @param {HeldOut["scores"]} scores
 */
function scoresTable(app, scores) {
  const columns = ["recall", "cosine", "bleu"];
  const shown = (/** @type {number | null} */ value) => (value === null ? "—" : decimal(value));
  const line = (/** @type {string} */ name, /** @type {string} */ title) => h("tr", { data: { model: name } }, h("th", { scope: "row" }, title), columns.map((key) => h("td", { data: { score: key } }, shown(scores[name][key]))));
  const head = h("tr", {}, h("td", {}, app.t("scores_title")), columns.map((key) => h("th", { scope: "col" }, app.t(`vlm_${key}`))));
  return h(
    "div",
    { class: "ps-table" },
    h("table", {}, h("caption", { class: "ps-hidden" }, app.t("scores_title")), h("thead", {}, head), h("tbody", {}, line("base", app.t("words_base")), line("tuned", app.t("words_tuned")))),
  );
}
