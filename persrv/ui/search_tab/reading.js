// What the query was read as, where that is not what was typed: one line, which a press takes back.

import { h, part } from "../shared/dom.js";

/**
 * "Read as “笑死我了”, by pinyin · search literally"; or, once that was pressed, the way back.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Answer | null} answer
 */
export function drawReading(app, element, answer) {
  const line = part(element, "reading");
  const lead = answer?.readings[0];
  const guessed = lead !== undefined && lead.kind !== "literal" && lead.text !== lead.without;
  const others = (answer?.readings ?? []).slice(1);
  const beside = others.filter(({ kind }) => kind === "plain words").map(({ text }) => text);
  line.hidden = !guessed && !beside.length && !app.state.literal;
  if (guessed) {
    const also = others.length ? told("small", app.t("reading_also", { texts: others.map(({ text }) => text).join(app.t("comma")) })) : null;
    line.replaceChildren(told("span", readAs(app, lead)), also ?? "", pressed(app, "reading_literal", true));
  } else if (beside.length) {
    line.replaceChildren(told("span", app.t("reading_beside", { texts: beside.join(app.t("comma")) })), pressed(app, "reading_literal", true));
  } else {
    line.replaceChildren(...(app.state.literal ? [told("span", app.t("reading_is_literal")), pressed(app, "reading_free", false)] : []));
  }
}

/**
 * "Read as “笑死我了”, by pinyin".
 *
 * @param {App} app
 * @param {Reading} lead
 */
export function readAs(app, { text, kind, without }) {
  return app.t("reading", { text, kind: app.t(`reading_${kind.replace(" ", "_")}`, { without }) });
}

/**
 * A text, whole in its title where the line has no room for it.
 *
 * @param {"span" | "small"} tag
 * @param {string} text
 */
function told(tag, text) {
  return h(tag, { title: text }, text);
}

/** @param {App} app @param {string} text @param {boolean} literal */
function pressed(app, text, literal) {
  return h("button", { type: "button", class: "ps-tool ps-literal", on: { click: () => app.store.set({ literal }) } }, app.t(text));
}
