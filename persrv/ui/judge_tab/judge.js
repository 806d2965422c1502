// Judge: a person says which stickers fit a list of queries; two settings, or settings and a run file, are measured by it.

import { decimal, h, part } from "../shared/dom.js";
import { saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { personName } from "../shared/person.js";
import { answerOf } from "../shared/refusal.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { YOU } from "../you_tab/you.js";
import { MOST_QUERIES, qrelsText, topicsIn } from "./topics.js";

const MEASURES = ["P@4", "nDCG@10", "Judged@10"];
const MOST_BYTES = 4_000_000;
const PAUSE = 150; // ms without a move before settings are searched

/** The settings that move: their name on the server, their text, and their end. */
const KNOBS = /** @type {const} */ ([["alpha", "knob_alpha", 2], ["lambda_", "knob_lambda", 2], ["meaning", "knob_meaning", 1], ["floor", "judge_floor", 1]]);

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountJudge(app, element) {
  const [problem, topicsBox] = ["judge-problem", "judge-topics"].map((name) => part(element, name));
  const kept = createKeep(`judgements-${app.start.about.content_hash.slice(0, 12)}`, /** @type {{ text: string, judgements: Judged }} */ ({ text: "", judgements: {} }));
  const own = () => ({ ...Object.fromEntries(KNOBS.map(([name]) => [name, app.start.tuning[name]])) });
  /** @type {JudgeSide[]} */
  const sides = ["a", "b"].map((name) => ({ name, settings: own(), rankings: {}, file: "" }));
  /** @type {Record<string, Sticker>} */
  const stickers = {};
  /** @type {Record<string, Measured>} */
  let measures = {};
  let user = app.start.people.some(({ id }) => id === app.state.user && id !== YOU) ? app.state.user : "";
  let turn = 0;
  let at = ""; // the tile that the keys act on

  const topics = () => topicsIn(kept.get().text);
  const judgements = () => kept.get().judgements;
  const inList = () => Object.fromEntries(topics().map(({ topic }) => [topic, judgements()[topic] ?? {}]));

  /** @param {Refusal | null} answer  null: it could not be reached */
  function tell(answer) {
    problem.textContent = answer ? (answer.code ? app.t(`error_${answer.code}`, answer.values) : answer.error) : "";
    problem.hidden = !answer;
  }

  // ---- asking

  /** Rank the list under each side's settings, then measure. */
  async function rank() {
    const mine = ++turn;
    const list = topics();
    if (list.length > MOST_QUERIES) return tell({ error: app.t("judge_too_many", { max: MOST_QUERIES }) });
    const asked = sides.filter((side) => !side.file);
    const answers = await Promise.all(asked.map(({ settings }) => app.server.judge_rank({ queries: list.map(({ query }) => query), user, settings }))).catch(() => null);
    if (mine !== turn) return;
    const refused = answers ? answers.find((answer) => answer.error !== undefined) : { error: app.t("failed") };
    tell(refused?.error === undefined ? null : refused);
    if (refused || !answers) return;
    for (const [number, answer] of answers.entries()) {
      if (answer.error !== undefined) continue;
      Object.assign(stickers, answer.stickers);
      asked[number].rankings = Object.fromEntries(list.map(({ topic }, place) => [topic, answer.rankings[place] ?? []]));
    }
    drawTopics();
    await measure();
  }

  async function measure() {
    const mine = turn;
    const runs = Object.fromEntries(sides.map(({ name, rankings }) => [name, rankings]));
    const answer = answerOf(await app.server.judge_measure({ runs, judgements: inList() }).catch(() => null));
    if (mine !== turn) return;
    if (answer && answer.error === undefined) measures = answer.runs;
    drawMeasures();
  }

  // ---- drawing

  function drawSettings() {
    part(element, "judge-settings").replaceChildren(...sides.map((side) => h("section", { class: "ps-judge-set", data: { side: side.name } }, h("h2", {}, side.file ? app.t("judge_b_run", { name: side.file }) : app.t(`judge_${side.name}`)), ...(side.file ? [h("button", { type: "button", class: "ps-tool", on: { click: dropRun } }, app.t("judge_no_run"))] : KNOBS.map((knob) => knobRow(side, knob))))));
  }

  /**
   * @param {JudgeSide} side
   * @param {typeof KNOBS[number]} knob
   */
  function knobRow(side, [name, text, most]) {
    const told = h("output", {}, decimal(side.settings[name]));
    const input = h("input", { type: "range", min: 0, max: most, step: 0.01, value: side.settings[name], data: { setting: name } });
    let pause = 0;
    input.addEventListener("input", () => {
      side.settings[name] = Number(input.value);
      told.textContent = decimal(input.value);
      window.clearTimeout(pause);
      pause = window.setTimeout(rank, PAUSE);
    });
    return h("label", { class: "ps-judge-knob" }, h("span", {}, app.t(text)), input, told);
  }

  function drawMeasures() {
    const [a, b] = sides.map(({ name }) => measures[name]?.means ?? null);
    const judged = Object.values(inList()).filter((grades) => Object.keys(grades).length).length;
    part(element, "judge-over").textContent = a && b ? app.t("judge_over", { judged, all: topics().length }) : app.t("judge_none");
    const cell = (/** @type {number} */ value, sign = "") => h("td", {}, `${sign}${decimal(value, 3)}`);
    const row = (/** @type {string} */ name) => a && b && h("tr", { data: { measure: name } }, h("th", { scope: "row" }, app.t(`judge_${name}`)), cell(a[name]), cell(b[name]), cell(b[name] - a[name], b[name] > a[name] ? "+" : ""));
    const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, app.t("judge_measure")), ...["A", "B", app.t("judge_difference")].map((name) => h("th", { scope: "col" }, name))));
    part(element, "judge-measures").replaceChildren(...(a && b ? [h("table", {}, head, h("tbody", {}, MEASURES.map(row)))] : []));
    for (const title of topicsBox.querySelectorAll("h2")) {
      const values = sides.map(({ name }) => measures[name]?.topics[title.dataset.topic ?? ""]);
      const told = title.querySelector("span");
      if (told) told.textContent = values.every(Boolean) ? `P@4: A ${decimal(values[0]["P@4"])} · B ${decimal(values[1]["P@4"])}` : "";
    }
  }

  function drawTopics() {
    const active = document.activeElement instanceof HTMLElement && document.activeElement.classList.contains("ps-judge-tile");
    topicsBox.replaceChildren(...topics().map(({ topic, query }) => {
      const [a, b] = sides.map(({ rankings }) => rankings[topic] ?? []);
      const pool = [...new Set([...a, ...b])];
      const tiles = pool.map((id) => tile(topic, id, [a.indexOf(id), b.indexOf(id)]));
      return h("section", { class: "ps-judge-topic" }, h("h2", { data: { topic } }, query, h("span", {})), pool.length ? h("ol", {}, tiles) : h("p", { class: "ps-note" }, app.t("judge_empty")));
    }));
    reach(active);
    drawMeasures();
  }

  /**
   * @param {string} topic
   * @param {string} id
   * @param {number[]} places
   */
  function tile(topic, id, places) {
    const [a, b] = places.map((place) => (place < 0 ? "–" : String(place + 1)));
    const said = stickers[id] ? stickerWords(app, stickers[id]) : id;
    const mark = (/** @type {number} */ grade, /** @type {string} */ sign) => h("button", { type: "button", tabindex: -1, "aria-label": app.t(grade ? "judge_yes" : "judge_no"), data: { grade }, on: { click: () => { judge(item, grade); item.focus(); } } }, sign);
    const item = h("li", { class: "ps-judge-tile", tabindex: -1, data: { topic, sticker: id } }, stickers[id] ? stickerImage(app, stickers[id], said) : h("small", {}, id), h("small", {}, app.t("judge_at", { a, b })), h("div", { class: "ps-judge-marks" }, mark(1, "✓"), mark(0, "✕")));
    item.addEventListener("focus", () => { at = keyOf(item); reach(false); });
    drawMark(item);
    return item;
  }

  /** @param {HTMLElement} item */
  function drawMark(item) {
    const grade = judgements()[item.dataset.topic ?? ""]?.[item.dataset.sticker ?? ""];
    item.classList.toggle("is-yes", grade !== undefined && grade > 0);
    item.classList.toggle("is-no", grade === 0);
    for (const button of item.querySelectorAll("button")) button.setAttribute("aria-pressed", String(grade !== undefined && Number(button.dataset.grade) === Math.min(1, grade)));
  }

  // ---- judging

  const keyOf = (/** @type {HTMLElement} */ item) => `${item.dataset.topic}\n${item.dataset.sticker}`;
  const tiles = () => /** @type {HTMLElement[]} */ ([...topicsBox.querySelectorAll(".ps-judge-tile")]);

  /** Let Tab reach the tile that the keys act on, the first at first; focus it where a tile had the focus. */
  function reach(/** @type {boolean} */ focused) {
    const all = tiles();
    const chosen = all.find((item) => keyOf(item) === at) ?? all[0];
    for (const item of all) item.tabIndex = item === chosen ? 0 : -1;
    if (focused) chosen?.focus();
  }

  /** @param {HTMLElement} item @param {number | null} grade  null: none any more */
  function judge(item, grade) {
    const [topic, sticker] = [item.dataset.topic ?? "", item.dataset.sticker ?? ""];
    const { [sticker]: _, ...others } = judgements()[topic] ?? {};
    kept.set({ ...kept.get(), judgements: { ...judgements(), [topic]: grade === null ? others : { ...others, [sticker]: grade } } });
    drawMark(item);
    app.announce(app.t(grade === null ? "judge_open" : grade ? "judge_yes" : "judge_no"));
    measure();
  }

  /** @type {Record<string, [step: number, grade?: number | null]>} */
  const KEYS = { j: [1], k: [-1], ArrowRight: [1], ArrowLeft: [-1], y: [1, 1], n: [1, 0], u: [0, null] };

  topicsBox.addEventListener("keydown", (event) => {
    const item = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".ps-judge-tile")) : null;
    const meant = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!item || !meant || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [step, grade] = meant;
    if (grade !== undefined) judge(item, grade);
    const all = tiles();
    all[Math.min(Math.max(all.indexOf(item) + step, 0), all.length - 1)].focus();
  });

  // ---- lists and files

  /** @param {string} text */
  function use(text) {
    kept.set({ ...kept.get(), text });
    box.value = text;
    rank();
  }

  /** @type {HTMLTextAreaElement} */
  const box = part(element, "judge-queries");
  part(element, "judge-form").addEventListener("submit", (event) => {
    event.preventDefault();
    use(box.value);
  });
  part(element, "judge-examples").addEventListener("click", async () => {
    const { queries } = await app.server.examples({ language: app.state.language }).catch(() => ({ queries: [] }));
    use(queries.join("\n"));
  });
  part(element, "judge-export").addEventListener("click", () => saveFile("persrv.qrels", qrelsText(judgements()), "text/plain"));
  part(element, "judge-clear").addEventListener("click", () => {
    kept.set({ ...kept.get(), judgements: {} });
    drawTopics();
    measure();
  });

  /**
   * Read the file that an input was given, on the server; null where it is refused, and why is told.
   *
   * @param {HTMLInputElement} input
   * @param {"qrels" | "run"} kind
   */
  async function read(input, kind) {
    const file = input.files?.[0];
    if (!file) return null;
    const refused = file.size > MOST_BYTES ? { error: app.t("judge_too_large", { max: MOST_BYTES / 1e6 }) } : null;
    const answer = refused ?? (await app.server.judge_read({ kind, text: await file.text() }).catch(() => ({ error: app.t("failed") })));
    input.value = "";
    tell(answer.error === undefined ? null : answer);
    return answer.error === undefined ? { ...answer, name: file.name } : null;
  }

  part(element, "judge-import").addEventListener("change", async (event) => {
    const answer = await read(/** @type {HTMLInputElement} */ (event.target), "qrels");
    if (!answer) return;
    const merged = { ...judgements() };
    for (const [topic, grades] of Object.entries(answer.qrels)) merged[topic] = { ...merged[topic], ...grades };
    const known = new Set(topics().map(({ topic }) => topic));
    const text = [kept.get().text, ...Object.keys(answer.qrels).filter((topic) => !known.has(topic))].filter(Boolean).join("\n");
    kept.set({ text, judgements: merged });
    app.announce(app.t("judge_read_done", { n: Object.values(answer.qrels).reduce((sum, grades) => sum + Object.keys(grades).length, 0) }));
    use(text);
  });

  part(element, "judge-run").addEventListener("change", async (event) => {
    const answer = await read(/** @type {HTMLInputElement} */ (event.target), "run");
    if (!answer) return;
    Object.assign(stickers, answer.stickers);
    Object.assign(sides[1], { file: answer.name, rankings: answer.run });
    if (answer.unknown) tell({ error: app.t("judge_unknown", { n: answer.unknown }) });
    drawSettings();
    if (topics().length) drawTopics();
    else use(Object.keys(answer.run).join("\n"));
    measure();
  });

  function dropRun() {
    sides[1].file = "";
    drawSettings();
    rank();
  }

  // ---- the person, the language, the first look

  /** @type {HTMLSelectElement} */
  const who = part(element, "judge-for");
  who.addEventListener("change", () => { user = who.value; rank(); });

  function draw() {
    who.replaceChildren(h("option", { value: "" }, app.t("nobody")), ...app.start.people.filter(({ id }) => id !== YOU).map((person) => h("option", { value: person.id, selected: person.id === user }, personName(app, person))));
    drawSettings();
    drawTopics();
  }

  let opened = false;
  function open() {
    if (app.state.view !== "judge" || opened) return;
    opened = true;
    box.value = kept.get().text;
    draw();
    if (topics().length) rank();
    else part(element, "judge-examples").click();
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("view")) open();
    if (changed.has("language") && opened) draw();
  });
  open();
}
