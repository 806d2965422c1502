// The dialog for papers: a figure of what the page shows, in the width and the format that a journal wants, with drafts
// of its caption and of its alt text.

import { flash } from "../shared/copying.js";
import { h, icon, part } from "../shared/dom.js";
import { asPixels, FIGURE_WIDTHS, figureFile } from "../shared/figure.js";
import { fileStem, saveFile } from "../shared/files.js";
import { listsShown, PICTURED, searchFigure } from "../search_tab/picture.js";
import { experimentSection } from "./experiment.js";
import { altText, draftCaption, spoken } from "./drafts.js";

/** Stickers of a row that can be chosen. */
const COUNTS = [3, 4, 5, 6, 7, 8, PICTURED, 10, 12];
const COLUMNS = /** @type {const} */ ({ one: { text: "figure_one", count: 5 }, two: { text: "figure_two", count: PICTURED } });

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountPaper(app, element) {
  const button = part(element, "picture");
  button.addEventListener("click", () => (listsShown(element).length ? openPaper(app, element) : flash(app, button, app.t("figure_nothing"))));
  const show = () => { button.hidden = app.state.view !== "search"; };
  app.store.subscribe(show);
  show();
}

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
function openPaper(app, element) {
  const lists = listsShown(element);
  /** @type {{ width: keyof typeof COLUMNS, count: number, language: Language }} */
  const chosen = { width: "two", count: PICTURED, language: app.state.language };
  let asked = 0;
  /** @type {Blob | null} the figure on show */
  let drawn = null;

  const image = h("img", { class: "ps-paper-figure" });
  const status = h("p", { class: "ps-note", role: "status" });
  const counts = h("select", { class: "ps-select", "aria-label": app.t("figure_count"), on: { change: () => { chosen.count = Number(counts.value); draw(); } } }, COUNTS.map((n) => h("option", { value: n }, String(n))));
  const widths = Object.entries(COLUMNS).map(([name, { text, count }]) => h("button", { type: "button", data: { width: name }, on: { click: () => { Object.assign(chosen, { width: name, count }); draw(); } } }, app.t(text)));
  const formats = /** @type {const} */ (["svg", "pdf", "png"]).map((format) => h("button", { type: "button", class: "ps-tool", on: { click: (event) => save(event.currentTarget, format) } }, h("span", {}, format.toUpperCase())));
  const languages = /** @type {const} */ (["zh", "en"]).map((language) => h("button", { type: "button", lang: language, data: { language }, on: { click: () => { chosen.language = language; write(); } } }, language === "zh" ? "中文" : "English"));
  const [caption, alt] = ["figure_caption", "figure_alt"].map((name) => draft(app, name));
  const dialog = h(
    "dialog",
    { class: "ps-dialog ps-paper", "aria-label": app.t("figure"), on: { close: () => dialog.remove() } },
    h("button", { type: "button", class: "ps-dialog-close", "aria-label": app.t("close"), on: { click: () => dialog.close() } }, icon("close")),
    h("h2", {}, app.t("figure")),
    h(
      "div",
      { class: "ps-paper-controls" },
      h("div", { class: "ps-choice", role: "group", "aria-label": app.t("figure_width") }, widths),
      h("label", { class: "ps-choose" }, app.t("figure_count"), counts),
      h("div", { class: "ps-files", role: "group", "aria-label": app.t("figure_files") }, formats),
    ),
    h("div", { class: "ps-paper-sheet" }, image, status),
    h("p", { class: "ps-note" }, app.t("figure_fonts")),
    h("div", { class: "ps-choice", role: "group", "aria-label": app.t("figure_words") }, languages),
    caption.element,
    alt.element,
    experimentSection(app),
  );

  const width = () => FIGURE_WIDTHS[chosen.width];
  const figure = () => searchFigure(app, element, chosen.count, altText(app, lists, chosen.count));

  async function draw() {
    write();
    const number = ++asked;
    drawn = null; // what is saved meanwhile is asked for anew
    status.textContent = app.t("figure_drawing");
    const content = figure();
    const made = content && (await figureFile(app, content, "svg", width()));
    if (number !== asked) return;
    drawn = made;
    status.textContent = made ? "" : app.t("figure_failed");
    image.hidden = !made;
    if (!made) return;
    if (image.src) URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(made);
    image.dataset.width = chosen.width;
  }

  /** Say what is chosen, and draft the texts anew. */
  function write() {
    counts.value = String(chosen.count);
    for (const each of widths) each.setAttribute("aria-pressed", String(each.dataset.width === chosen.width));
    for (const each of languages) each.setAttribute("aria-pressed", String(each.dataset.language === chosen.language));
    const speaker = spoken(app, chosen.language);
    caption.write(draftCaption(speaker, lists, chosen.count), chosen.language);
    alt.write(altText(speaker, lists, chosen.count), chosen.language);
    image.alt = altText(app, lists, chosen.count);
  }

  /** @param {HTMLElement} pressed @param {"svg" | "pdf" | "png"} format */
  async function save(pressed, format) {
    const content = figure();
    const file = format === "png" && drawn ? await asPixels(drawn, width()) : format === "svg" && drawn ? drawn : content && (await figureFile(app, content, format, width()));
    if (!file) {
      status.textContent = app.t("figure_failed");
      return;
    }
    saveFile(`persrv-${fileStem(app.state.query ?? "")}.${format}`, file, file.type);
    pressed.classList.add("is-done");
    status.textContent = app.t("figure_saved");
  }

  element.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2")?.scrollIntoView();
  draw();
}

/**
 * A draft under its name, to be copied.
 *
 * @param {App} app
 * @param {string} name
 */
function draft(app, name) {
  const text = h("textarea", { class: "ps-paper-draft", readonly: true, rows: 4, "aria-label": app.t(name) });
  const copy = h("button", { type: "button", class: "ps-tool", "aria-label": `${app.t("cite_copy")}: ${app.t(name)}` }, h("span", { data: { t: "cite_copy" } }, app.t("cite_copy")));
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      flash(app, copy, app.t("copied"));
    } catch {
      text.select(); // the browser forbids it: one key is left to press
    }
  });
  return {
    element: h("section", { class: "ps-paper-words" }, h("h3", {}, app.t(name), copy), text),
    /** @param {string} words @param {Language} language */
    write(words, language) {
      text.value = words;
      text.lang = language === "zh" ? "zh-CN" : "en";
    },
  };
}
