// A visitor's picture, or a sticker of the catalogue, that goes to the server and comes back in words, with the stickers
// near to it and the people who would like it.

import { fillIn, part } from "../shared/dom.js";
import { encode } from "../shared/files.js";
import { answerOf, problemOf } from "../shared/refusal.js";
import { OWN_PICTURE } from "./inspect.js";
import { createKin } from "./kin.js";
import { createOwnView } from "./own_view.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountOwnPicture(app, element) {
  /** @type {HTMLInputElement} */
  const file = part(element, "live-file");
  const text = createWordsField(part(element, "live-text"));
  /** @type {OwnPictureSetup | null} what the server can do, once it was asked */
  let setup = null;
  /** @type {CaptionSource | null} what is captioned */
  let source = null;
  /** @type {LiveCaption | null} */
  let answer = null;
  /** @type {(() => string) | null} says it in the language of the moment */
  let problem = null;
  let asked = 0;
  const kin = createKin(app, part(element, "kin"));
  const view = createOwnView(app, element, { takeSticker, lost });

  function draw() {
    if (!setup) return;
    view.draw(setup, source, answer, problem);
    kin.draw();
  }

  file.addEventListener("change", () => { if (setup && file.files?.length) takeFile(setup, file.files[0]); });
  onPaste(app, (pasted) => begin().then(() => { if (setup && (setup.available || setup.sees)) takeFile(setup, pasted); }));

  /** @param {OwnPictureSetup} can @param {File} chosen */
  async function takeFile(can, chosen) {
    forget();
    text.start("");
    const number = asked;
    const taken = await fileTaken(app, can, chosen);
    if (number !== asked) return; // something else was chosen meanwhile
    ({ source, problem } = taken);
    if (typeof source?.encoded === "string") {
      kin.ask({ picture: source.encoded });
      readWords(can, source);
    }
    draw();
  }

  /** Words read on the picture are written into the field, unless a visitor has typed there. @param {OwnPictureSetup} can @param {CaptionSource} of */
  async function readWords(can, of) {
    const received = answerOf(await app.server.picture_words({ picture: of.encoded ?? "" }).catch(() => null));
    if (of !== source || !received) return; // of another picture, or none: words can be typed
    of.words = { ...received, kept_out: !text.offer(can.reads_text && received.text ? received.text.slice(0, can.max_text) : "") };
    view.drawWords(can, of);
  }

  /** @param {Sticker} sticker */
  function takeSticker(sticker) {
    forget();
    file.value = "";
    source = { sticker };
    text.start(setup?.available ? sticker.text.slice(0, setup.max_text) : "");
    kin.ask({ sticker: sticker.id });
    if (setup?.available) ask();
    else draw();
  }

  function forget() {
    [source, answer, problem] = [null, null, null];
    asked += 1;
    kin.forget();
    view.busy(false);
  }

  /** Refuses a visitor's file that the browser cannot draw. @param {CaptionSource} of */
  function lost(of) {
    if (of !== source || !of.encoded) return; // another is there by now, or it is a sticker of ours
    problem = () => app.t("error_not_picture");
    draw();
  }

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
    view.busy(true);
    draw();
    const of = source.sticker ? { sticker: source.sticker.id } : { picture: source.encoded };
    const received = await app.server.caption({ text: text.words(), ...of }).catch(() => null);
    if (number !== asked) return; // of a picture that is no longer there
    view.busy(false);
    problem = problemOf(app, received);
    answer = answerOf(received);
    if (answer) app.announce(app.t("live_done"));
    draw();
  }

  const begin = createBeginning(app, (offered) => {
    setup = offered;
    draw();
    if (setup.error) setup = null; // asked again at the next visit
    return setup !== null;
  });

  /** Show the first example to a visitor who has not chosen anything. */
  function exemplify() {
    if (setup && (setup.available || setup.sees) && !asked && setup.examples.length) takeSticker(setup.examples[0]);
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("view") || changed.has("show")) begin().then(exemplify);
    if (changed.has("language")) draw();
  });
  begin().then(exemplify);
}

/**
 * The field for the words on a picture, which a visitor's own words are never taken from.
 *
 * @param {HTMLInputElement} field
 */
function createWordsField(field) {
  let typed = false; // whether a visitor wrote the words of this picture, or took them away
  field.addEventListener("input", () => { typed = true; });
  return {
    words: () => field.value,
    /** Hold the words of another picture. @param {string} words */
    start(words) {
      typed = false;
      field.value = words;
    },
    /** Write what was read late, unless a visitor has typed; tell whether it is there. @param {string} read */
    offer(read) {
      if (read && !typed) fillIn(field, read);
      return !typed;
    },
  };
}

/**
 * Read a visitor's file as a source of captions, or say why it cannot be one.
 *
 * @param {App} app
 * @param {OwnPictureSetup} can
 * @param {File} chosen
 * @returns {Promise<{ source: CaptionSource | null, problem: (() => string) | null }>}
 */
async function fileTaken(app, can, chosen) {
  if (chosen.size > can.max_bytes) return { source: null, problem: () => app.t("error_too_heavy", { max: can.max_bytes / 1e6 }) };
  const encoded = await encode(chosen);
  return { source: { encoded, file: chosen }, problem: encoded === null ? () => app.t("error_not_picture") : null };
}

/**
 * Return what asks, once the tab is looked at, what the server can do with a picture; `take` tells whether it could say
 * so.
 *
 * @param {App} app
 * @param {(setup: OwnPictureSetup) => boolean} take
 */
function createBeginning(app, take) {
  let known = false;
  /** @type {Promise<void> | null} */
  let beginning = null;

  async function offer() {
    const [captioning, own] = await Promise.all([app.server.captioning({}), app.server.own_picture({})]).catch(() => [{ error: app.t("failed") }, {}]);
    known = take(/** @type {OwnPictureSetup} */ ({ ...own, ...captioning }));
  }

  return () => {
    if (app.state.view !== "captions" || app.state.show !== OWN_PICTURE || known) return Promise.resolve();
    beginning ??= offer().finally(() => { beginning = null; });
    return beginning;
  };
}

/**
 * Call `take` with a picture that is pasted on the tab, which shows visitors' pictures from then on.
 *
 * @param {App} app
 * @param {(pasted: File) => void} take
 */
function onPaste(app, take) {
  document.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData ? event.clipboardData.files : [];
    if (app.state.view !== "captions" || !pasted) return;
    app.store.set({ show: OWN_PICTURE });
    take(pasted);
  });
}
