// A visitor's picture on the page: the picture with the words read on it, the examples, and what was written.

import { decimal, h, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { captionTexts, keywordLists } from "./keywords.js";
import { ocrBoxes } from "./label.js";

/**
 * Show a source and what was written of it. takeSticker: called with a chosen example; lost: called with a source whose
 * picture the browser cannot draw.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {{ takeSticker: (sticker: Sticker) => void, lost: (source: CaptionSource) => void }} calls
 */
export function createOwnView(app, element, { takeSticker, lost }) {
  /** @type {HTMLButtonElement} */
  const go = part(element, "live-go");
  const answerBox = part(element, "live-answer");
  const drop = part(element, "drop");
  /** @type {CaptionSource | null} */
  let pictured = null;
  let address = ""; // of a visitor's picture in this browser

  for (const [event, on] of /** @type {[string, boolean][]} */ ([["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]])) {
    drop.addEventListener(event, () => drop.classList.toggle("is-over", on));
  }

  /**
   * @param {OwnPictureSetup} setup
   * @param {CaptionSource | null} source
   * @param {LiveCaption | null} answer
   * @param {(() => string) | null} problem
   */
  function draw(setup, source, answer, problem) {
    part(element, "live").hidden = !setup.available && !setup.sees;
    const none = part(element, "live-none");
    none.hidden = setup.available === true;
    none.textContent = setup.available ? "" : setup.error || app.t("error_no_captioner");
    if (!setup.available && !setup.sees) return;
    fitForm(setup);
    const said = part(element, "live-problem");
    said.hidden = !problem;
    said.textContent = problem ? problem() : "";
    drawPicture(setup, source);
    drawWords(setup, source);
    drawExamples(setup, source);
    answerBox.replaceChildren(...(answer ? written(app, setup, answer) : [h("p", { class: "ps-note" }, source && !problem ? app.t("live_ready") : app.t("live_empty"))]));
  }

  /**
   * Show only what of the form the server can use.
   *
   * @param {OwnPictureSetup} setup
   */
  function fitForm(setup) {
    /** @type {HTMLInputElement} */
    const file = part(element, "live-file");
    /** @type {HTMLInputElement} */
    const text = part(element, "live-text");
    file.accept = setup.types.join(",");
    if (setup.available) text.maxLength = setup.max_text;
    for (const each of [text, part(element, "live-words")]) each.hidden = !setup.reads_text;
    for (const each of [go, answerBox, part(element, "live-how")]) each.hidden = !setup.available;
    part(element, "live-how").textContent = app.t("live_how") + (app.start.simulated ? app.t("live_small") : "");
  }

  /**
   * @param {OwnPictureSetup} setup
   * @param {CaptionSource | null} source
   */
  function drawPicture(setup, source) {
    if (pictured === source) return;
    pictured = source;
    drop.classList.toggle("is-filled", Boolean(source));
    if (address) URL.revokeObjectURL(address);
    address = source?.file ? URL.createObjectURL(source.file) : "";
    const image = source && (source.sticker ? stickerImage(app, source.sticker, "", true) : h("img", { class: "ps-img", src: address, alt: "" }));
    image?.addEventListener("error", () => {
      image.remove();
      if (source) lost(source);
    });
    part(element, "live-picture").replaceChildren(...(image ? [image] : []));
    drawWords(setup, source);
  }

  /**
   * Say what was read and by which engine, or that nothing here can read; and show where it was seen.
   *
   * @param {OwnPictureSetup} setup
   * @param {CaptionSource | null} source
   */
  function drawWords(setup, source) {
    const words = source?.words;
    const said = part(element, "live-read");
    said.hidden = !words;
    said.textContent = words ? reading(app, setup, words) : "";
    part(element, "live-picture").querySelector("svg")?.remove();
    if (words?.lines?.length) part(element, "live-picture").append(ocrBoxes(words, words.lines));
  }

  /**
   * @param {OwnPictureSetup} setup
   * @param {CaptionSource | null} source
   */
  function drawExamples(setup, source) {
    part(element, "live-examples").replaceChildren(
      ...setup.examples.map((sticker) =>
        h(
          "button",
          { type: "button", class: "ps-mini", data: { sticker: sticker.id }, "aria-pressed": String(source?.sticker?.id === sticker.id), "aria-label": app.t("live_example", { alt: stickerWords(app, sticker) }), title: stickerWords(app, sticker), on: { click: () => takeSticker(sticker) } },
          stickerImage(app, sticker, ""),
        ),
      ),
    );
  }

  /** @param {boolean} on */
  function busy(on) {
    go.disabled = on;
    answerBox.setAttribute("aria-busy", String(on));
  }

  return { draw, drawWords, busy };
}

/**
 * Say what was read on a picture. Where the words are not in the field, they are told: a model that captions from the
 * picture alone has none, and what a visitor typed stays.
 *
 * @param {App} app
 * @param {OwnPictureSetup} setup
 * @param {PictureWords} words
 */
function reading(app, setup, { engine, text: read, kept_out: keptOut }) {
  if (!engine) return app.t(setup.reads_text ? "live_no_reader" : "live_unread");
  if (!read) return app.t("live_read_none", { engine });
  return app.t(setup.reads_text && !keptOut ? "live_read" : "live_read_only", { engine, text: read });
}

/**
 * Show what was written of a picture.
 *
 * @param {App} app
 * @param {OwnPictureSetup} setup
 * @param {LiveCaption} answer
 */
function written(app, setup, answer) {
  const search = (/** @type {string} */ word) => {
    app.store.set({ query: word, view: "search" });
    window.scrollTo({ top: 0 });
  };
  return [
    captionTexts(app, answer) ?? h("p", { class: "ps-note" }, app.t("live_wordless")),
    ...keywordLists(app, answer, "", search).filter((each) => each !== null),
    setup.reads_text && answer.unspelt ? h("p", { class: "ps-note ps-live-unspelt" }, app.t("live_unspelt", { n: answer.unspelt })) : "",
    h("p", { class: "ps-live-seconds" }, app.t("live_seconds", { s: decimal(answer.seconds) })),
  ];
}
