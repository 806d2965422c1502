// A picture of one's own among the likes: the field that takes it, the server that makes a vector of it.

import { h, svg } from "../shared/dom.js";
import { encode } from "../shared/files.js";
import { answerOf, problemOf } from "../shared/refusal.js";

const THUMBNAIL = 120;

/**
 * Make the field for a picture of one's own. `take` is called with the like that a picture became, `complain` with a
 * function that says, in the language of the moment, why it became none.
 *
 * @param {App} app
 * @param {(like: Sticker) => void} take
 * @param {(sentence: (() => string) | null) => void} complain
 */
export function createUpload(app, take, complain) {
  const { types, max_bytes: maxBytes } = app.start.you;
  const file = h("input", { type: "file", class: "ps-drop-file", accept: types.join(","), data: { part: "you-file" }, on: { change: () => { if (file.files?.length) send(file.files[0]); } } });
  const words = h("span", { "aria-hidden": "true" });
  const element = h("div", { class: "ps-you-upload" }, file, svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: "M10 14V4M6 7.5l4-4 4 4M3.5 13v3.5h13V13" })), words);

  /** @param {File} chosen */
  async function send(chosen) {
    if (chosen.size > maxBytes) return complain(() => app.t("error_too_heavy", { max: maxBytes / 1e6 }));
    element.setAttribute("aria-busy", "true");
    const encoded = await encode(chosen);
    const received = encoded === null ? { error: "no picture", code: "not_picture" } : await app.server.you_picture({ picture: encoded }).catch(() => null);
    element.removeAttribute("aria-busy");
    file.value = "";
    const named = answerOf(received);
    if (!named) return complain(problemOf(app, received));
    return take({ id: named.id, image: "", vector: named.picture, data: await thumbnail(chosen), width: THUMBNAIL, height: THUMBNAIL, animated: false, text: "", labels: {} });
  }

  function draw() {
    words.textContent = app.t("you_upload");
    element.title = app.t("you_upload_hint");
    file.setAttribute("aria-label", app.t("you_upload_hint"));
  }

  return { element, draw };
}

/**
 * A small copy of a picture as an address of its own, for this browser alone; a grey square where it cannot be drawn.
 *
 * @param {File} chosen
 */
async function thumbnail(chosen) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = THUMBNAIL;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = await createImageBitmap(chosen).catch(() => null);
  if (picture) {
    const scale = THUMBNAIL / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    pen.drawImage(picture, (THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2, width, height);
  } else {
    pen.fillStyle = "#999";
    pen.fillRect(0, 0, THUMBNAIL, THUMBNAIL);
  }
  return canvas.toDataURL("image/webp", 0.8);
}
