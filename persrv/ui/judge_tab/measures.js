// What was measured: a table of means with the difference of the sides, and P@4 beside each query.

import { decimal, h, part } from "../shared/dom.js";

/** The measures by their names on the server, with their text. */
const MEASURES = /** @type {const} */ ([["P@4", "judge_precision"], ["nDCG@10", "judge_ndcg"], ["Judged@10", "judge_judged"]]);

/**
 * @param {App} app
 * @param {Judging} judging
 * @param {HTMLElement} element
 */
export function drawMeasures(app, judging, element) {
  const [a, b] = judging.sides.map(({ name }) => judging.measures[name]?.means ?? null);
  const judged = Object.values(judging.judgementsInList()).filter((grades) => Object.keys(grades).length).length;
  part(element, "judge-over").textContent = a && b ? app.t("judge_over", { judged, all: judging.topics().length }) : app.t("judge_none");
  part(element, "judge-measures").replaceChildren(...(a && b ? [tableOf(app, a, b)] : []));
  for (const title of part(element, "judge-topics").querySelectorAll("h2")) {
    const values = judging.sides.map(({ name }) => judging.measures[name]?.topics[title.dataset.topic ?? ""]);
    const told = title.querySelector("span");
    if (told) told.textContent = values.every(Boolean) ? `P@4: A ${decimal(values[0]["P@4"])} · B ${decimal(values[1]["P@4"])}` : "";
  }
}

/**
 * @param {App} app
 * @param {Record<string, number>} a
 * @param {Record<string, number>} b
 */
function tableOf(app, a, b) {
  const cell = (/** @type {number} */ value, sign = "") => h("td", {}, `${sign}${decimal(value, 3)}`);
  const titles = [app.t("judge_measure"), "A", "B", app.t("judge_difference")];
  const rows = MEASURES.map(([name, text]) => {
    const differs = cell(b[name] - a[name], b[name] > a[name] ? "+" : "");
    return h("tr", { data: { measure: name } }, h("th", { scope: "row" }, app.t(text)), cell(a[name]), cell(b[name]), differs);
  });
  return h("table", {}, h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col" }, title)))), h("tbody", {}, rows));
}
