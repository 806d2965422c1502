// How to cite what is on this page: the paper, this software with the bundle's hash, and a paragraph of methods.

import { flash } from "../shared/copying.js";
import { h } from "../shared/dom.js";
import { settingsLine } from "../shared/knobs.js";

/** The paper, as BibTeX. */
const PAPER = `@article{chee2024persrv,
  title   = {{PerSRV}: Personalized Sticker Retrieval with Vision-Language Model},
  author  = {Chee, Heng Er Metilda and Wang, Jiayin and Guo, Zhiqiang and Ma, Weizhi and Zhang, Min},
  journal = {arXiv preprint arXiv:2410.21801},
  year    = {2024}
}`;

/**
 * Entry of this software with the shown bundle, as BibTeX.
 *
 * @param {{ name: string, content_hash: string }} about
 */
export function softwareEntry({ name, content_hash }) {
  return `@software{persrv_demo,
  title = {{PerSRV} demo: an interactive, explainable re-implementation of personalized sticker retrieval},
  note  = {Bundle ${texSafe(name)}, sha256 ${content_hash}}
}`;
}

/**
 * Escape what TeX would read as a command.
 *
 * @param {string} text
 */
export function texSafe(text) {
  return text.replaceAll("\\", "").replaceAll(/[#$%&_{}]/g, "\\$&").replaceAll(/[~^]/g, " ");
}

/**
 * The section on citing: three texts, each with a button that copies it.
 *
 * @param {App} app
 */
export function citations(app) {
  const { about } = app.start;
  const methods = app.t(app.start.simulated ? "cite_methods_simulated" : "cite_methods_real", {
    name: about.name,
    stickers: about.stickers.toLocaleString("en"),
    people: app.start.population.toLocaleString("en"),
    settings: settingsLine(app, about.settings),
    hash: about.content_hash,
  });
  return [
    copied(app, "cite_paper", PAPER, true),
    copied(app, "cite_software", softwareEntry(about), true),
    copied(app, "cite_methods", methods, false),
  ];
}

/**
 * A text under its name, with a button that copies it.
 *
 * @param {App} app
 * @param {string} name
 * @param {string} text
 * @param {boolean} code
 */
function copied(app, name, text, code) {
  const shown = h(code ? "pre" : "p", { class: "ps-cited", tabindex: 0 }, text);
  const label = h("span", { data: { t: "cite_copy" } }, app.t("cite_copy"));
  const button = h("button", { type: "button", class: "ps-tool", "aria-label": `${app.t("cite_copy")}: ${app.t(name)}`, on: { click: copy } }, label);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      flash(app, button, app.t("copied"));
    } catch {
      window.getSelection()?.selectAllChildren(shown); // the browser forbids it: one key is left to press
    }
  }
  return h("div", { class: "ps-cite" }, h("h3", {}, app.t(name), button), shown);
}
