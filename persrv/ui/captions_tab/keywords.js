// Keywords of both models side by side: what fine-tuning on clicks added, what it gave up, and what the query meets.

import { h } from "../shared/dom.js";
import { glossLine } from "./gloss.js";

/**
 * Marks of a keyword: a sign, so that no colour is needed, and the key of its meaning.
 *
 * @type {Record<string, [sign: string, key: string]>}
 */
const WORD_MARKS = { added: ["+", "word_added"], dropped: ["−", "word_dropped"], matched: ["✓", "word_matched"] };

/**
 * List the keywords of both models and what their marks mean. query: the query that marked words match; choose(word):
 * what pressing a fine-tuned keyword does.
 *
 * @param {App} app
 * @param {Captions} captions
 * @param {string} query
 * @param {(text: string) => void} choose
 */
export function keywordLists(app, captions, query, choose) {
  const words = (/** @type {Keyword[]} */ list) => new Set(list.map((each) => each.word));
  const [before, after] = [words(captions.keywords_base), words(captions.keywords)];
  /** @returns {MarkedWord[]} */
  const marked = (/** @type {Keyword[]} */ list, /** @type {Set<string>} */ others, /** @type {string} */ mark) => list.map((each) => [each.word, [...(others.has(each.word) ? [] : [mark]), ...(each.matched ? ["matched"] : [])]]);
  const [base, tuned] = [marked(captions.keywords_base, after, "dropped"), marked(captions.keywords, before, "added")];
  const used = new Set([...base, ...tuned].flatMap(([, marks]) => marks));
  return [
    h("div", { class: "ps-keywords" }, keywordList(app, "base", base, query, null), keywordList(app, "tuned", tuned, query, choose)),
    used.size ? h("ul", { class: "ps-keyword-signs" }, Object.entries(WORD_MARKS).filter(([mark]) => used.has(mark)).map(([mark, [sign, key]]) => h("li", {}, h("b", {}, sign), app.t(key, { q: query })))) : null,
  ];
}

/**
 * @param {App} app
 * @param {string} name
 * @param {MarkedWord[]} list
 * @param {string} query
 * @param {((word: string) => void) | null} choose
 */
function keywordList(app, name, list, query, choose) {
  return h(
    "div",
    { class: "ps-keyword-list", data: { words: name } },
    h("h3", {}, name === "base" ? app.t("words_base") : app.t("words_tuned")),
    list.length ? h("ul", {}, list.map(([word, marks]) => h("li", {}, keywordChip(app, word, marks, query, choose)))) : h("p", { class: "ps-note" }, app.t("words_none")),
    glossLine(app, list.map(([word]) => word).join("，")),
  );
}

/**
 * @param {App} app
 * @param {string} word
 * @param {string[]} marks
 * @param {string} query
 * @param {((word: string) => void) | null} choose
 */
function keywordChip(app, word, marks, query, choose) {
  const signs = marks.map((mark) => h("i", { "aria-hidden": "true" }, WORD_MARKS[mark][0]));
  const meanings = marks.map((mark) => app.t(WORD_MARKS[mark][1], { q: query }));
  const said = marks.length ? h("span", { class: "ps-hidden" }, ` (${meanings.join(", ")})`) : null;
  const attributes = { class: ["ps-keyword", ...marks.map((mark) => `is-${mark}`)].join(" "), title: [...meanings, ...(choose ? [app.t("word_search", { word })] : [])].join(" · ") || null };
  const content = [h("span", {}, word), signs, said];
  if (!choose) return h("span", attributes, ...content);
  return h("button", { type: "button", ...attributes, on: { click: () => choose(word) } }, ...content);
}

/**
 * List description and emotion where they were written, null where neither was.
 *
 * @param {App} app
 * @param {Captions} captions
 */
export function captionTexts(app, captions) {
  const known = [["field_description", captions.description], ["field_emotion", captions.emotion]].filter(([, text]) => text);
  return known.length ? h("dl", { class: "ps-captions" }, known.map(([key, text]) => h("div", {}, h("dt", {}, app.t(key)), h("dd", {}, text, glossLine(app, text))))) : null;
}
