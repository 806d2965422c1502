// On the English page, what a Chinese caption says word by word; it says of itself that it is no translation.

import { h } from "../shared/dom.js";

const HAN = /[\u3400-\u9fff]/;

/** Translations of texts by the server. @type {Map<string, string>} */
const known = new Map();

/** Lines that wait for the gloss of their text. @type {{ element: HTMLElement, text: string }[]} */
let waiting = [];

/**
 * The line of a text's gloss, which fills itself; null where none is wanted: on the Chinese page, or of no Chinese.
 *
 * @param {App} app
 * @param {string} text
 */
export function glossLine(app, text) {
  if (app.state.language !== "en" || !HAN.test(text)) return null;
  const element = h("small", { class: "ps-gloss", lang: "en", title: app.t("gloss_hint"), hidden: true });
  if (!waiting.length) queueMicrotask(() => fill(app)); // all lines of a caption are asked for at once
  waiting.push({ element, text });
  return element;
}

/** @param {App} app */
async function fill(app) {
  const lines = waiting;
  waiting = [];
  const texts = [...new Set(lines.map((line) => line.text))].filter((text) => !known.has(text));
  if (texts.length) {
    const answer = await app.server.glosses({ texts }).catch(() => null); // without it the captions stand as they are
    texts.forEach((text, at) => { if (answer) known.set(text, answer.glosses[at] ?? ""); });
  }
  for (const { element, text } of lines) {
    const words = known.get(text);
    element.hidden = !words;
    element.textContent = words ? app.t("gloss", { words }) : "";
  }
}
