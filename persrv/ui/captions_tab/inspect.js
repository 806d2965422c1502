// The catalogue on show: one sticker at a time with its label, out of a list that the visitor chose.

import { pictureWithBoxes } from "../shared/details.js";
import { h, icon, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { createQuestions } from "./found.js";
import { museumLabel, ocrBoxes } from "./label.js";

/** Lists to walk through, in their order; "results" are the query's. Mined ones are counted once the page rests; where
 *  that takes long, when they are asked for. */
const CAPTION_LISTS = ["results", "all", "helped", "hurt", "contradicted", "cold", "animated"];
const MINED_LISTS = ["helped", "contradicted"];
const MINED_AT_ONCE = 20_000; // stickers
export const OWN_PICTURE = "own";

export function mountInspection(app, element) {
  const museum = part(element, "museum");
  const input = part(element, "find-query");
  let answer = null;
  let counts = null;
  let problem = null;
  let asked = 0;
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
    const received = await app.server.inspect_sticker({ ...request, ...(app.state.sticker ? { sticker: app.state.sticker } : {}) }).catch(() => ({ error: app.t("failed") }));
    if (number !== asked) return; // another one was asked for meanwhile
    museum.setAttribute("aria-busy", "false");
    problem = received.error || null;
    if (!problem) answer = received;
    questions.show(problem ? null : answer);
    draw();
    if (!problem && answer.sticker) {
      app.announce(stickerWords(app, answer.sticker));
      app.store.set({ sticker: answer.sticker.id }); // so that a link leads to this very one
    }
    if (!counts) count();
  }

  /** The lists' lengths: first those that cost nothing, then those that have to be mined. */
  async function count() {
    counts = {};
    for (const mine of [null, ...(app.start.about.stickers > MINED_AT_ONCE ? [] : MINED_LISTS)]) {
      const received = await app.server.caption_lists(mine ? { mine } : {}).catch(() => null);
      if (!received || received.error) continue; // a list without its length is still a list
      counts = received.counts;
      drawLists();
    }
  }

  // ---- choosing

  part(element, "find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    app.store.set({ query: input.value, show: "", sticker: "" });
  });
  part(element, "exhibit-previous").addEventListener("click", () => walk("previous"));
  part(element, "exhibit-next").addEventListener("click", () => walk("next"));
  document.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.defaultPrevented;
    if (!step || !free || !isOpen() || event.target.closest("input, textarea, select, dialog, [role=radiogroup]")) return;
    event.preventDefault();
    walk(step);
  });

  function walk(step) {
    const next = answer && answer.list[step];
    if (next) app.store.set({ sticker: next });
  }

  // ---- drawing

  function draw() {
    museum.hidden = app.state.show === OWN_PICTURE;
    if (document.activeElement !== input) input.value = app.state.query || "";
    part(element, "museum-problem").hidden = !problem;
    part(element, "museum-problem").textContent = problem || "";
    part(element, "exhibit").hidden = !answer || !answer.sticker || Boolean(problem);
    drawLists();
    if (!answer || problem) return;
    drawWhy();
    if (!answer.sticker) return;
    part(element, "exhibit-picture").replaceChildren(pictureWithBoxes(app, answer.sticker, ocrBoxes));
    part(element, "label").replaceChildren(...museumLabel(app, answer.sticker, answer.query, search));
    drawSteps();
    drawStrip();
  }

  function drawLists() {
    const current = answer ? answer.list.name : app.state.show;
    const offered = CAPTION_LISTS.filter((name) => name !== "results" || (app.state.query || "").trim());
    const length = (name) => (answer?.list.name === name ? answer.list.total : name === "results" ? undefined : counts?.[name]);
    const focused = document.activeElement?.dataset?.list;
    const row = part(element, "lists");
    row.replaceChildren(
      ...offered.map((name) =>
        h(
          "button",
          { type: "button", class: "ps-chip", data: { list: name }, "aria-pressed": String(name === current), on: { click: () => app.store.set({ show: name, sticker: "" }) } },
          app.t(`show_${name}`, { q: app.state.query || "" }),
          length(name) === undefined ? null : h("small", {}, length(name).toLocaleString("en")),
        ),
      ),
    );
    if (focused) row.querySelector(`[data-list="${focused}"]`)?.focus({ preventScroll: true });
    const chosen = row.querySelector("[aria-pressed=true]"); // on a phone the row is wider than the screen
    if (chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }

  /** By which rule the list was made, and that it is empty where it is. */
  function drawWhy() {
    const { name, total, fallback } = answer.list;
    const why = name === "results" ? (fallback ? app.t("no_match", { q: answer.query }) : "") : name === "all" ? "" : app.t(`show_why_${name}`, { n: answer.recall_size });
    const none = total ? "" : app.t("list_empty");
    part(element, "list-why").hidden = !why && !none;
    part(element, "list-why").textContent = [why, none].filter(Boolean).join(" ");
  }

  function drawSteps() {
    const { place, total } = answer.list;
    part(element, "exhibit-steps").hidden = !total;
    part(element, "exhibit-place").textContent = place === null ? app.t("outside_list") : `${(place + 1).toLocaleString("en")} / ${total.toLocaleString("en")}`;
  }

  function drawStrip() {
    const strip = part(element, "strip");
    const { strip: stickers, place, start, total } = answer.list;
    const focused = strip.contains(document.activeElement);
    strip.hidden = total < 2;
    strip.replaceChildren(
      ...stickers.map((sticker, at) =>
        h(
          "button",
          { type: "button", class: "ps-mini", data: { sticker: sticker.id }, "aria-current": start + at === place ? "true" : null, "aria-label": stickerWords(app, sticker), title: stickerWords(app, sticker), on: { click: () => app.store.set({ sticker: sticker.id }) } },
          stickerImage(app, sticker, "", true),
        ),
      ),
    );
    const here = strip.querySelector("[aria-current]");
    if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
    if (here && focused) here.focus({ preventScroll: true });
  }

  function search(query) {
    app.store.set({ query, view: "search" });
    window.scrollTo({ top: 0 });
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("show")) museum.hidden = state.show === OWN_PICTURE;
    const same = changed.size === 1 && changed.has("sticker") && answer?.sticker?.id === state.sticker;
    if (isOpen() && !same && ["view", "show", "sticker", "query", "user"].some((key) => changed.has(key))) ask();
    if (changed.has("language")) {
      draw();
      questions.show(answer);
    }
  });
  draw();
  if (isOpen()) ask();
}
