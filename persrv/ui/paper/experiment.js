// A whole experiment as a ZIP: queries that are pasted, searched as the page searches now.

import { h } from "../shared/dom.js";
import { decoded, fileStem, saveFile } from "../shared/files.js";
import { currentSettings } from "../shared/knobs.js";

/** @param {App} app */
export function experimentSection(app) {
  const queries = h("textarea", { class: "ps-paper-draft", rows: 3, maxlength: 20000, "aria-label": app.t("experiment_queries") });
  queries.value = app.state.query ?? "";
  const status = h("p", { class: "ps-note", role: "status" });
  const make = h("button", { type: "button", class: "ps-tool", on: { click: save } }, app.t("experiment_make"));

  async function save() {
    make.disabled = true;
    status.textContent = app.t("experiment_making");
    const { lambda, ...settings } = currentSettings(app);
    const request = app.you.signed({ user: app.state.user, queries: queries.value, settings, literal: app.state.literal, language: app.state.language });
    const answer = await app.server.experiment(request).catch(() => ({ error: app.t("failed"), code: "", values: {} }));
    make.disabled = false;
    if (answer.error !== undefined) {
      status.textContent = answer.code ? app.t(`error_${answer.code}`, answer.values) : answer.error;
      return;
    }
    saveFile(`persrv-experiment-${fileStem(queries.value)}.zip`, decoded(answer.file), "application/zip");
    status.textContent = app.t("experiment_made", { n: answer.queries });
  }
  return h("section", { class: "ps-paper-words" }, h("h3", {}, app.t("experiment"), make), h("p", { class: "ps-note" }, app.t("experiment_what")), queries, status);
}
