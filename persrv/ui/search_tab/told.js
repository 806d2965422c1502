// What is told above the results: refusals and stand-ins, how long it took, how alike two lists are, what the marks mean.

import { decimal, h, part } from "../shared/dom.js";
import { RELEVANT_SIGN } from "../shared/movement.js";
import { searcherName } from "./answer.js";
import { overlapLine } from "./overlap.js";

/**
 * Say why there are no results, or what stands in for them. `retry` asks once more.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Answer | Refusal | null} answer
 * @param {() => void} retry
 */
export function drawNotice(app, element, answer, retry) {
  const notice = part(element, "notice");
  const lines = noticeLines(app, answer);
  if (answer && answer.retry) lines.push(h("button", { type: "button", class: "ps-tool", on: { click: retry } }, app.t("retry")));
  notice.replaceChildren(...lines);
  notice.hidden = !lines.length;
}

/**
 * Return why there are no results, or what stands in for them, as paragraphs; none where there is nothing to say.
 *
 * @param {App} app
 * @param {Answer | Refusal | null} answer
 */
export function noticeLines(app, answer) {
  /** @type {HTMLElement[]} */
  const lines = [];
  if (answer && answer.error !== undefined) lines.push(h("p", {}, answer.code ? app.t(`error_${answer.code}`, answer.values) : answer.error));
  else if (answer && answer.notice === "blank_query") lines.push(h("p", {}, app.t("blank")));
  else if (answer && answer.notice === "none_weighted") lines.push(h("p", {}, app.t("tune_none")));
  else if (answer && answer.fallback) {
    const [lead] = answer.readings;
    const undrawn = lead?.without && lead.text === lead.without;
    const nothing = undrawn ? (lead.kind === "undrawn" ? "nothing_undrawn" : "nothing_undrawn_style") : answer.fallback === "nearest" ? "nothing_says" : "no_match";
    lines.push(h("p", {}, h("strong", {}, app.t(nothing, { q: undrawn ? lead.text : answer.query }))), h("p", {}, app.t(`fallback_${answer.fallback}`)));
  }
  return lines;
}

/**
 * Say how long the search took, and among how many stickers.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Answer | Refusal | null} answer
 */
export function drawTiming(app, element, answer) {
  const timing = part(element, "timing");
  const shown = answer && answer.error === undefined && answer.notice !== "blank_query" ? answer : null;
  timing.textContent = shown ? app.t("timing", { ms: decimal(shown.ms, shown.ms < 10 ? 1 : 0) }) : "";
  timing.title = shown ? app.t("timing_hint", { matched: (shown.counted ? "" : "≥ ") + shown.matched.toLocaleString("en"), all: app.start.about.stickers.toLocaleString("en"), round: decimal(shown.round ?? 0, 0) }) : "";
}

/**
 * Say how alike the two lists are; nothing where there is only one.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Entry[][]} lists
 * @param {boolean} compared
 */
export function drawOverlap(app, element, [first, second], compared) {
  const box = part(element, "overlap");
  const ids = (/** @type {Entry[]} */ entries) => entries.map((entry) => entry.id);
  box.hidden = !(compared && first.length && second.length);
  box.replaceChildren(...(box.hidden ? [] : [overlapLine(app, ids(first), ids(second))]));
}

/**
 * Say what the mark on some stickers means, and how many of the stickers that have it are in sight.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {[Answer, string[]][]} marks  answers, each with the stickers among which its marks are looked for
 */
export function drawRelevant(app, element, marks) {
  const line = part(element, "relevant");
  const told = marks.filter(([each]) => each.relevant?.length);
  line.hidden = !told.length;
  const said = (/** @type {string} */ first, second = first) => told.map(([each, ids], at) => {
    const relevant = each.relevant ?? [];
    return app.t(at ? second : first, { name: searcherName(app, each), q: each.query, n: relevant.length, shown: relevant.filter((id) => ids.includes(id)).length });
  }).join(app.t("relevant_and"));
  line.title = said("relevant_hint");
  line.replaceChildren(h("span", { class: "ps-sent", "aria-hidden": "true" }, RELEVANT_SIGN), h("span", {}, said("relevant_legend", "relevant_second")));
}
