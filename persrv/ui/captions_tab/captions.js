// The captions tab: the catalogue on show (inspect.js), and here a visitor's picture, or a sticker of the catalogue, that
// goes to the server and comes back in words, with the stickers near to it and the people who would like it.

import { decimal, h, part } from "../shared/dom.js";
import { encode } from "../shared/files.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { mountInspection, OWN_PICTURE } from "./inspect.js";
import { captionTexts, keywordLists } from "./keywords.js";
import { createKin } from "./kin.js";
import { ocrBoxes } from "./label.js";

export function mountCaptions(app, element) {
  mountInspection(app, element);
  mountOwnPicture(app, element);
  const modes = part(element, "caption-mode").querySelectorAll("button");
  const mode = () => (app.state.show === OWN_PICTURE ? "own" : "catalogue");

  function draw() {
    for (const button of modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode()));
    part(element, "own").hidden = mode() !== "own";
  }

  for (const button of modes) {
    button.addEventListener("click", () => {
      if (button.dataset.mode !== mode()) app.store.set({ show: button.dataset.mode === "own" ? OWN_PICTURE : "" });
    });
  }
  app.store.subscribe((_, changed) => { if (changed.has("show")) draw(); });
  draw();
}

function mountOwnPicture(app, element) {
  const file = part(element, "live-file");
  const text = part(element, "live-text");
  const drop = part(element, "drop");
  const go = part(element, "live-go");
  let setup = null; // what the server can do, once it was asked
  let source = null; // what is captioned: { sticker } or { encoded, url }
  let answer = null;
  let problem = null; // a function that says it in the language of the moment
  let asked = 0;
  const kin = createKin(app, part(element, "kin"));

  // ---- choosing

  file.addEventListener("change", () => { if (setup && file.files.length) takeFile(file.files[0]); });
  for (const [event, on] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(event, () => drop.classList.toggle("is-over", on));
  }
  document.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData ? event.clipboardData.files : [];
    if (app.state.view !== "captions" || !pasted) return;
    app.store.set({ show: OWN_PICTURE });
    begin().then(() => { if (setup?.available || setup?.sees) takeFile(pasted); });
  });

  async function takeFile(chosen) {
    forget();
    text.value = "";
    if (chosen.size > setup.max_bytes) {
      problem = () => app.t("error_too_heavy", { max: setup.max_bytes / 1e6 });
      return draw();
    }
    const number = asked;
    const encoded = await encode(chosen);
    if (number !== asked) return null; // something else was chosen meanwhile
    source = { encoded, url: URL.createObjectURL(chosen) };
    if (encoded === null) problem = () => app.t("error_not_picture");
    else {
      kin.ask({ picture: encoded });
      readWords(encoded);
    }
    return draw();
  }

  /** Where the server can read, the words on the picture are written into the field, unless a visitor already types. */
  async function readWords(encoded) {
    const number = asked;
    const received = await app.server.picture_words({ picture: encoded }).catch(() => null);
    if (number !== asked || !source || !received || received.error) return; // of another picture, or none: words can be typed
    source.words = received;
    if (received.text && !text.value && setup.reads_text) text.value = received.text.slice(0, setup.max_text);
    drawWords();
  }

  /** What was read and by whom, or that nothing here can read; and where it was seen. */
  function drawWords() {
    const words = source?.words;
    const said = part(element, "live-read");
    said.hidden = !words;
    said.textContent = words ? reading(words) : "";
    part(element, "live-picture").querySelector("svg")?.remove();
    if (words?.lines?.length) part(element, "live-picture").append(ocrBoxes(words, words.lines));
  }

  /** A model that captions from the picture alone has no field for words: they are only told. */
  function reading({ engine, text: read }) {
    if (!engine) return app.t(setup.reads_text ? "live_no_reader" : "live_unread");
    if (!read) return app.t("live_read_none", { engine });
    return app.t(setup.reads_text ? "live_read" : "live_read_only", { engine, text: read });
  }

  function takeSticker(sticker) {
    forget();
    file.value = "";
    source = { sticker };
    text.value = setup.available ? sticker.text.slice(0, setup.max_text) : "";
    kin.ask({ sticker: sticker.id });
    if (setup.available) ask();
    else draw();
  }

  function forget() {
    if (source && source.url) URL.revokeObjectURL(source.url);
    [source, answer, problem] = [null, null, null];
    asked += 1;
    kin.forget();
    busy(false);
  }

  // ---- asking

  part(element, "live-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (setup?.available) ask();
  });

  async function ask() {
    if (!source) {
      problem = () => app.t("live_first");
      return draw();
    }
    const number = ++asked;
    problem = null;
    busy(true);
    draw();
    const request = { text: text.value, ...(source.sticker ? { sticker: source.sticker.id } : { picture: source.encoded }) };
    const received = await app.server.caption(request).catch(() => null);
    if (number !== asked) return null; // of a picture that is no longer there
    busy(false);
    answer = received && !received.error ? received : null;
    if (!received) problem = () => app.t("failed");
    else if (received.error) problem = () => (received.code ? app.t(`error_${received.code}`, received.values) : received.error);
    if (answer) app.announce(app.t("live_done"));
    return draw();
  }

  function busy(on) {
    go.disabled = on;
    part(element, "live-answer").setAttribute("aria-busy", String(on));
  }

  // ---- drawing

  function draw() {
    if (!setup) return;
    part(element, "live").hidden = !setup.available && !setup.sees;
    const none = part(element, "live-none");
    none.hidden = setup.available === true;
    none.textContent = setup.available ? "" : setup.error || app.t("error_no_captioner");
    if (!setup.available && !setup.sees) return;
    file.accept = setup.types.join(",");
    if (setup.available) text.maxLength = setup.max_text;
    for (const each of [text, part(element, "live-words")]) each.hidden = !setup.reads_text;
    for (const each of [go, part(element, "live-answer"), part(element, "live-how")]) each.hidden = !setup.available;
    part(element, "live-how").textContent = app.t("live_how") + (app.start.simulated ? app.t("live_small") : "");
    const said = part(element, "live-problem");
    said.hidden = !problem;
    said.textContent = problem ? problem() : "";
    drawPicture();
    drawWords();
    drawExamples();
    kin.draw();
    part(element, "live-answer").replaceChildren(...(answer ? written() : [h("p", { class: "ps-note" }, source && !problem ? app.t("live_ready") : app.t("live_empty"))]));
  }

  let pictured = null;
  function drawPicture() {
    if (pictured === source) return;
    pictured = source;
    drop.classList.toggle("is-filled", Boolean(source));
    const image = source && (source.sticker ? stickerImage(app, source.sticker, "", true) : h("img", { class: "ps-img", src: source.url, alt: "" }));
    if (image) image.addEventListener("error", () => lost(image, pictured));
    part(element, "live-picture").replaceChildren(...(image ? [image] : []));
    drawWords();
  }

  /** What the browser cannot draw is no picture, if it is a visitor's file: said before anything is asked. */
  function lost(image, of) {
    image.remove();
    if (of !== source || !of.encoded) return; // another is there by now, or it is a sticker of ours
    problem = () => app.t("error_not_picture");
    draw();
  }

  function drawExamples() {
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

  function written() {
    const search = (word) => {
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

  let beginning = null;
  function begin() {
    if (app.state.view !== "captions" || app.state.show !== OWN_PICTURE || setup) return Promise.resolve();
    beginning = beginning || offer().finally(() => { beginning = null; });
    return beginning;
  }

  async function offer() {
    const [captioning, own] = await Promise.all([app.server.captioning({}), app.server.own_picture({})]).catch(() => [{ error: app.t("failed") }, {}]);
    setup = { ...own, ...captioning };
    draw();
    if (setup.error) setup = null; // asked again at the next visit
  }

  /** What a visitor sees who has not chosen anything: the first example. */
  function exemplify() {
    if ((setup?.available || setup?.sees) && !asked && setup.examples.length) takeSticker(setup.examples[0]);
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("view") || changed.has("show")) begin().then(exemplify);
    if (changed.has("language")) draw();
  });
  begin().then(exemplify);
}
