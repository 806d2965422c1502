// The catalogue on show: one sticker at a time with its label, out of a list that the visitor chose.

import { pictureWithBoxes } from "../shared/details.js";
import { icon, part } from "../shared/dom.js";
import { answerOf } from "../shared/refusal.js";
import { stickerWords } from "../shared/stickers.js";
import { createQuestions } from "./found.js";
import { museumLabel, ocrBoxes } from "./label.js";
import { drawLists, drawSteps, drawStrip, drawWhy } from "./lists.js";

/** Lists that are mined: they are counted once the page rests, or where that takes long, when they are asked for. */
const MINED_LISTS = ["helped", "contradicted"];
const MINED_AT_ONCE = 20_000; // stickers
export const OWN_PICTURE = "own";

/** @type {(keyof State)[]} */
const SHOWN_ANEW = ["view", "show", "sticker", "query", "user"];

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountInspection(app, element) {
  const museum = part(element, "museum");
  /** @type {HTMLInputElement} */
  const input = part(element, "find-query");
  /** @type {Inspection | null} */
  let answer = null;
  /** @type {Record<string, number> | null} lengths of lists */
  let counts = null;
  /** @type {string | null} */
  let problem = null;
  let asked = 0;
  let typed = false; // whether the box holds what nobody has asked for yet
  const questions = createQuestions(app, part(element, "found"));
  input.maxLength = app.start.max_query;
  part(element, "exhibit-previous").append(icon("previous"));
  part(element, "exhibit-next").append(icon("next"));

  const isOpen = () => app.state.view === "captions" && app.state.show !== OWN_PICTURE;

  // ---- asking

  async function ask() {
    if (app.state.query === null) return; // the page is about to choose an example, and will call again
    const number = ++asked;
    museum.setAttribute("aria-busy", "true");
    const request = { show: app.state.show, query: app.state.query || "", user: app.state.user };
    /** @type {Inspection | Refusal} */
    const received = await app.server.inspect_sticker({ ...request, ...(app.state.sticker ? { sticker: app.state.sticker } : {}) }).catch(() => ({ error: app.t("failed") }));
    if (number !== asked) return; // another one was asked for meanwhile
    museum.setAttribute("aria-busy", "false");
    const found = answerOf(received);
    problem = received.error ?? null;
    answer = found ?? answer;
    questions.show(found);
    draw();
    if (found?.sticker) {
      app.announce(stickerWords(app, found.sticker));
      app.store.set({ sticker: found.sticker.id }); // so that a link leads to this very one
    }
    if (!counts) count();
  }

  /** Ask for the lengths of the lists: first those that cost nothing, then those that have to be mined. */
  async function count() {
    counts = {};
    for (const mine of [null, ...(app.start.about.stickers > MINED_AT_ONCE ? [] : MINED_LISTS)]) {
      const received = answerOf(await app.server.caption_lists(mine ? { mine } : {}).catch(() => null));
      if (!received) continue; // a list without its length is still a list
      counts = received.counts;
      drawLists(app, element, answer, counts);
    }
  }

  // ---- choosing

  part(element, "find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    typed = false;
    app.store.set({ query: input.value, show: "", sticker: "" });
  });
  input.addEventListener("input", () => { typed = true; });
  part(element, "exhibit-previous").addEventListener("click", () => walk("previous"));
  part(element, "exhibit-next").addEventListener("click", () => walk("next"));
  document.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowLeft" ? "previous" : event.key === "ArrowRight" ? "next" : null;
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.defaultPrevented;
    const within = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [role=radiogroup]");
    if (!step || !free || !isOpen() || within) return;
    event.preventDefault();
    walk(step);
  });

  /** @param {"previous" | "next"} step */
  function walk(step) {
    const next = answer && answer.list[step];
    if (next) app.store.set({ sticker: next });
  }

  // ---- drawing

  function draw() {
    museum.hidden = app.state.show === OWN_PICTURE;
    if (!typed && document.activeElement !== input) input.value = app.state.query || "";
    part(element, "museum-problem").hidden = !problem;
    part(element, "museum-problem").textContent = problem || "";
    part(element, "exhibit").hidden = !answer || !answer.sticker || Boolean(problem);
    drawLists(app, element, answer, counts);
    if (!answer || problem) return;
    drawWhy(app, element, answer);
    if (!answer.sticker) return;
    part(element, "exhibit-picture").replaceChildren(pictureWithBoxes(app, answer.sticker, ocrBoxes));
    part(element, "label").replaceChildren(...museumLabel(app, answer.sticker, answer.query, search));
    drawSteps(app, element, answer);
    drawStrip(app, element, answer);
  }

  /** @param {string} query */
  function search(query) {
    app.store.set({ query, view: "search" });
    window.scrollTo({ top: 0 });
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("view")) typed = false;
    if (changed.has("show")) museum.hidden = state.show === OWN_PICTURE;
    const same = changed.size === 1 && changed.has("sticker") && answer?.sticker?.id === state.sticker;
    if (isOpen() && !same && SHOWN_ANEW.some((key) => changed.has(key))) ask();
    if (changed.has("language")) {
      draw();
      questions.show(answer);
    }
  });
  draw();
  if (isOpen()) ask();
}
