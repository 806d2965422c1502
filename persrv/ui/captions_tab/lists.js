// The list that is walked through: which one, by which rule, where in it one stands, and the stickers around.

import { h, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";

/** Lists to walk through, in their order; "results" is the list of the query's results. */
const CAPTION_LISTS = ["results", "all", "helped", "hurt", "contradicted", "cold", "animated"];

/**
 * Draw a button for each list, with its length where that is known.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Inspection | null} answer
 * @param {Record<string, number> | null} counts
 */
export function drawLists(app, element, answer, counts) {
  const current = answer ? answer.list.name : app.state.show;
  const offered = CAPTION_LISTS.filter((name) => name !== "results" || (app.state.query || "").trim());
  const length = (/** @type {string} */ name) => (answer?.list.name === name ? answer.list.total : name === "results" ? undefined : counts?.[name]);
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.list : undefined;
  const row = part(element, "lists");
  row.replaceChildren(
    ...offered.map((name) =>
      h(
        "button",
        { type: "button", class: "ps-chip", data: { list: name }, "aria-pressed": String(name === current), on: { click: () => app.store.set({ show: name, sticker: "" }) } },
        app.t(`show_${name}`, { q: app.state.query || "" }),
        lengthMark(length(name)),
      ),
    ),
  );
  if (focused) row.querySelector(`[data-list="${focused}"]`)?.focus({ preventScroll: true });
  const chosen = row.querySelector("[aria-pressed=true]"); // on a phone the row is wider than the screen
  if (chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
}

/** @param {number | undefined} length */
const lengthMark = (length) => (length === undefined ? null : h("small", {}, length.toLocaleString("en")));

/**
 * Say by which rule the list was made, and that it is empty where it is.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Inspection} answer
 */
export function drawWhy(app, element, answer) {
  const { name, total, fallback } = answer.list;
  const why = name === "results" ? (fallback ? app.t("no_match", { q: answer.query }) : "") : name === "all" ? "" : app.t(`show_why_${name}`, { n: answer.recall_size });
  const none = total ? "" : app.t("list_empty");
  part(element, "list-why").hidden = !why && !none;
  part(element, "list-why").textContent = [why, none].filter(Boolean).join(" ");
}

/**
 * Show the place in the list.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Inspection} answer
 */
export function drawSteps(app, element, { list: { place, total } }) {
  part(element, "exhibit-steps").hidden = !total;
  part(element, "exhibit-place").textContent = place === null ? app.t("outside_list") : `${(place + 1).toLocaleString("en")} / ${total.toLocaleString("en")}`;
}

/**
 * Draw the stretch of the list around the sticker on show.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Inspection} answer
 */
export function drawStrip(app, element, { list: { strip: stickers, place, start, total } }) {
  const strip = part(element, "strip");
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
