// Keywords of both models side by side: what fine-tuning on clicks added, what it gave up, and what the query meets.

import { h } from "../shared/dom.js";

/** Marks of a keyword: a sign, so that no colour is needed, and the key of its meaning. */
const WORD_MARKS = { added: ["+", "word_added"], dropped: ["−", "word_dropped"], matched: ["✓", "word_matched"] };

/** Both lists and what their marks mean. query: what matched words share; choose(word): what a fine-tuned one does. */
export function keywordLists(app, captions, query, choose) {
  const words = (list) => new Set(list.map((each) => each.word));
  const [before, after] = [words(captions.keywords_base), words(captions.keywords)];
  const marked = (list, others, mark) => list.map((each) => [each.word, [...(others.has(each.word) ? [] : [mark]), ...(each.matched ? ["matched"] : [])]]);
  const lists = [
    ["base", marked(captions.keywords_base, after, "dropped"), null],
    ["tuned", marked(captions.keywords, before, "added"), choose],
  ];
  const used = new Set(lists.flatMap(([, list]) => list.flatMap(([, marks]) => marks)));
  return [
    h("div", { class: "ps-keywords" }, lists.map(([name, list, act]) => keywordList(app, name, list, query, act))),
    used.size ? h("ul", { class: "ps-keyword-signs" }, Object.entries(WORD_MARKS).filter(([mark]) => used.has(mark)).map(([mark, [sign, key]]) => h("li", {}, h("b", {}, sign), app.t(key, { q: query })))) : null,
  ];
}

function keywordList(app, name, list, query, choose) {
  return h(
    "div",
    { class: "ps-keyword-list", data: { words: name } },
    h("h4", {}, name === "base" ? app.t("words_base") : app.t("words_tuned")),
    list.length ? h("ul", {}, list.map(([word, marks]) => h("li", {}, keywordChip(app, word, marks, query, choose)))) : h("p", { class: "ps-note" }, app.t("words_none")),
  );
}

function keywordChip(app, word, marks, query, choose) {
  const signs = marks.map((mark) => h("i", { "aria-hidden": "true" }, WORD_MARKS[mark][0]));
  const meanings = marks.map((mark) => app.t(WORD_MARKS[mark][1], { q: query }));
  const said = marks.length ? h("span", { class: "ps-hidden" }, ` (${meanings.join(", ")})`) : null;
  const attributes = { class: ["ps-keyword", ...marks.map((mark) => `is-${mark}`)].join(" "), title: [...meanings, ...(choose ? [app.t("word_search", { word })] : [])].join(" · ") || null };
  const content = [h("span", {}, word), signs, said];
  if (!choose) return h("span", attributes, ...content);
  return h("button", { type: "button", ...attributes, on: { click: () => choose(word) } }, ...content);
}

/** Description and feeling, those that were written. */
export function captionTexts(app, captions) {
  const known = [["field_description", captions.description], ["field_emotion", captions.emotion]].filter(([, text]) => text);
  return known.length ? h("dl", { class: "ps-captions" }, known.map(([key, text]) => h("div", {}, h("dt", {}, app.t(key)), h("dd", {}, text)))) : null;
}
