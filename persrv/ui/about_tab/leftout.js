// What an import left out: counts by reason, and examples when they are asked for.

import { h } from "../shared/dom.js";

/**
 * @param {App} app
 * @param {LeftOut} found
 */
export function leftOutContent(app, found) {
  const { clicks } = found;
  const number = (/** @type {number} */ value) => value.toLocaleString("en");
  const parts = [
    { sentence: app.t("left_out_files", { folder: found.folder, files: number(found.files), pictures: number(found.pictures) }), rows: found.left_out },
    ...(clicks ? [{ sentence: app.t("left_out_rows", { file: clicks.file, rows: number(clicks.rows), clicks: number(clicks.clicks) }), rows: clicks.left_out }] : []),
  ];
  return [
    h("h2", {}, app.t("left_out_title")),
    ...parts.flatMap(({ sentence, rows }) => [h("p", {}, sentence), rows.length ? h("ul", { class: "ps-reasons" }, rows.map((row) => reasonRow(app, row))) : h("p", { class: "ps-note" }, app.t("left_out_none"))]),
  ];
}

/**
 * @param {App} app
 * @param {LeftOutRow} leftOutRow
 */
function reasonRow(app, { reason, count, examples }) {
  const name = [h("strong", {}, count.toLocaleString("en")), h("span", {}, reason[app.state.language])];
  if (!examples.length) return h("li", { class: "ps-reason" }, name);
  return h("li", {}, h("details", {}, h("summary", { class: "ps-reason" }, name), h("ul", { class: "ps-reason-examples" }, examples.map((example) => h("li", {}, example)))));
}
