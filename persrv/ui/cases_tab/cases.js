// Cases: mined by the server when the tab is first opened; notes stay in this browser.

import { h, jumpTo, part } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { answerOf } from "../shared/refusal.js";
import { shareLink } from "../shared/store.js";
import { caseCard } from "./card.js";
import { casesCsv, casesJson, plainCase } from "./export.js";
import { KEPT_MOST, keptCase } from "./kept.js";
import { caseSentence, isKept, stateOfCase } from "./telling.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountCases(app, element) {
  const [box, own, keep] = ["cases", "cases-own", "cases-keep"].map((name) => part(element, name));
  const notes = createNotes(app);
  const kept = createKeep("kept-cases", /** @type {KeptCase[]} */ ([]));
  const calls = { noteOf: notes.of, keepNote: notes.keep, remove: removeKept };
  /** @type {MinedCases | null} */
  let answer = null;
  let asked = false;
  let failed = false;
  let mining = 0; // a later question makes an answer stale

  async function open() {
    if (asked) return;
    asked = true;
    failed = false;
    drawMined();
    const number = ++mining;
    const received = await app.server.cases({}).catch(() => null);
    if (number !== mining) return;
    answer = answerOf(received);
    failed = answer === null;
    asked = !failed; // a failure may be tried again
    drawMined();
    if (answer) app.announce(app.t("cases_announce", { n: mined().length }));
  }

  app.element.addEventListener("ps-catalogue", () => {
    asked = false;
    answer = null;
    mining += 1; // what is on its way is of the catalogue before
    if (app.state.view === "cases") open();
  });

  const mined = () => (answer ? answer.kinds.flatMap((kind) => kind.cases) : []);
  const everyCase = () => [...kept.get(), ...mined()];
  const everyPlain = () => everyCase().map((one) => plainCase(one, notes.of(one), shareLink(stateOfCase(app, one)), caseSentence(app, one)));

  // ---- drawing

  function draw() {
    drawMined();
    drawOwn();
  }

  /** Draw what the server mined, and leave the visitor's own cases as they are: a note may be under way there. */
  function drawMined() {
    part(element, "cases-problem").hidden = !failed;
    part(element, "cases-problem").textContent = failed ? app.t("failed") : "";
    part(element, "cases-lead").textContent = answer ? app.t(answer.questions ? "cases_lead" : "cases_no_questions", { n: answer.questions.toLocaleString("en") }) : app.t("cases_mining");
    drawTools();
    box.setAttribute("aria-busy", String(asked && !answer));
    const shown = answer?.questions ? answer : null; // six empty kinds tell no more than the sentence above them
    part(element, "cases-jumps").replaceChildren(...(shown ? shown.kinds.map((kind) => jumpButton(app, box, kind)) : []));
    const waiting = asked && !answer ? [0, 1].map(() => h("div", { class: "ps-case is-waiting", "aria-hidden": "true" })) : [];
    box.replaceChildren(...(shown ? kindBlocks(app, shown, (one) => caseCard(app, one, calls)) : waiting));
  }

  /** Draw what can be kept, and the buttons for all cases. */
  function drawTools() {
    const offered = element.querySelector(".ps-results .ps-card") && app.state.query;
    keep.hidden = !offered;
    keep.textContent = app.t("case_keep", { q: app.state.query ?? "" });
    for (const tool of part(element, "cases-tools").querySelectorAll(":scope > *")) if (tool !== keep) tool.hidden = !everyCase().length;
  }

  /** Draw what was kept. */
  function drawOwn() {
    drawTools();
    const head = h("header", { class: "ps-case-kind" }, h("h2", {}, app.t("cases_own")), h("p", {}, app.t("cases_own_hint")));
    own.replaceChildren(...(kept.get().length ? [h("section", {}, head, kept.get().map((one) => caseCard(app, one, calls)))] : []));
  }

  // ---- keeping

  function keepSearch() {
    const one = keptCase(app, element);
    if (!one) return;
    kept.set([one, ...kept.get()].slice(0, KEPT_MOST));
    drawOwn();
    own.querySelector(".ps-case a")?.focus();
    app.announce(app.t("case_kept_on", { date: one.date.slice(0, 10) }));
  }

  /** @param {Case} one */
  function removeKept(one) {
    kept.set(kept.get().filter((each) => each !== one));
    notes.keep(one, "");
    drawOwn();
    keep.focus();
  }

  keep.addEventListener("click", keepSearch);
  part(element, "cases-json").addEventListener("click", () => saveFile("persrv-cases.json", casesJson(app, everyPlain()), "application/json"));
  part(element, "cases-csv").addEventListener("click", () => saveFile("persrv-cases.csv", casesCsv(app, everyPlain()), "text/csv"));
  part(element, "cases-clear").addEventListener("click", () => {
    notes.clear();
    draw();
    app.announce(app.t("cases_cleared"));
  });

  app.store.subscribe((state, changed) => {
    if (changed.has("language")) draw();
    if (changed.has("view") && state.view === "cases") {
      drawOwn();
      open();
    }
  });
  app.element.addEventListener("ps-answered", () => queueMicrotask(drawTools)); // once the results are drawn
  draw();
  if (app.state.view === "cases") open();
}

/**
 * Keep notes on cases in this browser.
 *
 * @param {App} app
 */
function createNotes(app) {
  const kept = createKeep("case-notes", /** @type {Record<string, string>} */ ({}));
  const keyOf = (/** @type {Case} */ one) => (isKept(one) ? `kept|${one.date}` : [app.start.about.content_hash, one.kind, one.user, one.query, one.sticker].join("|"));
  return {
    of: (/** @type {Case} */ one) => kept.get()[keyOf(one)] || "",
    /**
     * @param {Case} one
     * @param {string} text
     */
    keep(one, text) {
      const { [keyOf(one)]: _, ...others } = kept.get();
      kept.set(text ? { ...others, [keyOf(one)]: text } : others);
    },
    clear: kept.clear,
  };
}

/**
 * Make a button that jumps to a kind of case: on a phone the page is a dozen screens long.
 *
 * @param {App} app
 * @param {HTMLElement} box
 * @param {CaseKind} kind
 */
function jumpButton(app, box, { name }) {
  const jump = () => {
    const title = box.querySelector(`[data-kind="${name}"] h2`);
    if (title) jumpTo(title);
  };
  return h("button", { type: "button", class: "ps-chip", on: { click: jump } }, app.t(`case_kind_${name}`));
}

/**
 * Show every kind with its cases, or why it has none.
 *
 * @param {App} app
 * @param {MinedCases} answer
 * @param {(one: Case) => HTMLElement} card
 */
function kindBlocks(app, { kinds, captions }, card) {
  return kinds.map((kind) => {
    const head = h("header", { class: "ps-case-kind" }, h("h2", {}, app.t(`case_kind_${kind.name}`)), h("p", {}, app.t(`case_why_${kind.name}`)));
    const empty = app.t(kind.name === "caption_rescues" ? "cases_no_captions" : "cases_no_ocr");
    const none = kind.state ? h("p", { class: "ps-note" }, kind.state === "empty" ? empty : app.t("cases_none")) : null;
    return h("section", { data: { kind: kind.name } }, head, none, kind.cases.map(card), kind.state ? null : missing(app, kind, captions));
  });
}

/**
 * Name the captions that were not computed, where only some were; null elsewhere.
 *
 * @param {App} app
 * @param {CaseKind} kind
 * @param {Record<string, boolean>} captions
 */
function missing(app, kind, captions) {
  const empty = Object.keys(captions).filter((field) => !captions[field]);
  if (kind.name !== "caption_rescues" || !empty.length) return null;
  return h("p", { class: "ps-note" }, app.t("cases_some_captions", { fields: empty.map((field) => app.t(`field_${field}`)).join(app.t("case_and")) }));
}
