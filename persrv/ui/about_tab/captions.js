// The vision-language model: how good its captions are, and examples of good and bad ones.

import { h } from "../shared/dom.js";
import { labelName, stickerButton } from "../shared/stickers.js";
import { metric, table } from "./tables.js";
import { inLanguage } from "./words.js";

/**
 * Show how good captions of held-out stickers are, with examples.
 *
 * @param {App} app
 */
export function captionQuality(app) {
  const { vlm } = app.start.about;
  if (!vlm) return [];
  const name = (/** @type {Vlm["rows"][number]} */ row) => h("span", {}, modelName(app, row.name), row.shipped ? [" ", h("span", { class: "ps-shipped" }, app.t("vlm_shipped"))] : null);
  const columns = ["recall", "cosine", "bleu", "token_recall", "recall_all", "stickers", "queries"].filter((key) => vlm.rows.some((row) => row[key] !== undefined));
  return [
    h("p", {}, app.t("vlm_text")),
    table([app.t("vlm_model"), ...columns.map((key) => app.t(`vlm_${key}`))], vlm.rows.map((row) => [name(row), ...columns.map((key) => metric(row[key]))])),
    h("p", { class: "ps-note" }, app.t("vlm_bleu_note")),
    vlm.ceiling === null || vlm.ceiling === undefined ? null : h("p", { class: "ps-note" }, app.t("vlm_ceiling", { value: metric(vlm.ceiling) })),
    vlm.unspelt ? h("p", { class: "ps-note" }, app.t("vlm_unspelt", { tokens: metric(vlm.unspelt.tokens), of: metric(vlm.unspelt.of), stickers: metric(vlm.unspelt.stickers) })) : null,
    vlm.rule ? h("p", { class: "ps-note" }, app.t("vlm_rule", { rule: inLanguage(app, vlm.rule) })) : null,
    ...["good", "bad"].flatMap((kind) => keywordExamples(app, vlm, kind)),
    ...descriptionExamples(app, vlm),
  ];
}

/**
 * Name a model: ours in the page's language, another by its own name.
 *
 * @param {App} app
 * @param {string} name
 */
const modelName = (app, name) => (`vlm_${name}` in app.start.strings.en ? app.t(`vlm_${name}`) : name);

/**
 * @param {App} app
 * @param {Vlm} vlm
 * @param {string} kind
 */
function keywordExamples(app, vlm, kind) {
  const some = vlm.examples.filter((example) => example.kind === kind);
  if (!some.length) return [];
  const list = vlm.examples.map((example) => example.sticker.id);
  return [
    h("h3", {}, app.t(`examples_${kind}`)),
    h(
      "div",
      { class: "ps-examples", data: { kind } },
      some.map((example) => {
        const wanted = new Set(example.reference.map(sameWord));
        const said = ["base", "tuned_picture", "tuned_ocr"].filter((model) => model in example);
        return exampleCard(app, example.sticker, list, [
          named(app.t("field_ocr"), example.ocr || app.t("ocr_none")),
          ...said.map((model) => named(app.t(`vlm_${model}`), keywords(app, example[model], wanted))),
          named(app.t("example_reference"), example.reference.join(" · ")),
          named(app.t("vlm_recall"), metric(example.recall)),
        ]);
      }),
    ),
  ];
}

/**
 * List keywords, with those marked that people really typed.
 *
 * @param {App} app
 * @param {string} text
 * @param {Set<string>} wanted
 */
function keywords(app, text, wanted) {
  const words = text.split(/[，,]/).map((word) => word.trim()).filter(Boolean);
  if (!words.length) return "—";
  return h("span", { class: "ps-words" }, words.map((word) => (wanted.has(sameWord(word)) ? h("span", { class: "ps-word is-right" }, word, h("span", { class: "ps-hidden" }, ` (${app.t("example_typed")})`)) : h("span", { class: "ps-word" }, word))));
}

/** @param {string} word */
const sameWord = (word) => word.normalize("NFKC").toLowerCase().trim();

/**
 * @param {App} app
 * @param {Vlm} vlm
 */
function descriptionExamples(app, vlm) {
  if (!vlm.base_examples.length) return [];
  const list = vlm.base_examples.map((example) => example.sticker.id);
  return [
    h("h3", {}, app.t("examples_base")),
    h(
      "div",
      { class: "ps-examples" },
      vlm.base_examples.map((example) =>
        exampleCard(app, example.sticker, list, [
          [app.t("field_description"), example.description || "—"],
          [app.t("field_emotion"), example.emotion || "—"],
          [app.t("example_truth"), Object.values(example.truth).map((label) => labelName(app, label)).join(" · ")],
          [app.t("example_judged"), h("span", { class: "ps-words" }, PARTS.filter((name) => name in example.right).map((name) => judgedPart(app, name, example.right[name])))],
        ]),
      ),
    ),
  ];
}

/** The parts of a description that are judged, in the order in which they are told. */
const PARTS = ["style", "character", "situation", "looks", "poses", "things", "feels"];

/**
 * @param {App} app
 * @param {string} name
 * @param {boolean} right
 */
function judgedPart(app, name, right) {
  const told = app.t(right ? "example_told" : "example_missed");
  return h("span", { class: right ? "ps-pass" : "ps-miss", title: told }, `${right ? "✓" : "✕"} ${app.t(`part_${name}`)}`, h("span", { class: "ps-hidden" }, ` (${told})`));
}

/**
 * Pair the name of a card's line with its value.
 *
 * @param {string} name
 * @param {Child} value
 * @returns {[name: string, value: Child]}
 */
const named = (name, value) => [name, value];

/**
 * @param {App} app
 * @param {Sticker} sticker
 * @param {string[]} list
 * @param {[name: string, value: Child][]} lines
 */
function exampleCard(app, sticker, list, lines) {
  return h("article", { class: "ps-example" }, stickerButton(app, sticker, list), h("dl", {}, lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}
