// Stickers as pictures: where they lie, and the words that stand for them.

import { h } from "./dom.js";

/** The picture of a sticker whose catalogue has no pictures: a dashed frame. */
const NO_PICTURE =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#8a8f98"><rect x="3" y="3" width="18" height="18" rx="4" stroke-dasharray="2 2"/></svg>',
  );

/**
 * Return the address of a picture. A visitor's own picture is its own address; those of a large catalogue lie in shards
 * (pictures.py).
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
export function imageUrl(app, sticker) {
  if (sticker.data) return sticker.data;
  if (!sticker.image) return NO_PICTURE;
  return app.start.shards ? `${rootPath()}/picture/${encodeURIComponent(sticker.id)}` : fileUrl(`${app.start.folder}/${sticker.image}`);
}

/** Return the path below which the app answers, from Gradio's own configuration. */
export function rootPath() {
  const root = (window.gradio_config || {}).root;
  return root ? new URL(root, window.location.href).pathname.replace(/\/$/, "") : "";
}

/**
 * Return the address of a file that is served as it lies.
 *
 * @param {string} file
 */
export function fileUrl(file) {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return `${rootPath()}${(window.gradio_config || {}).api_prefix || "/gradio_api"}/file=${path}`;
}

/** The labels that say what a picture shows; a maker's other labels are for the dialog alone. */
export const DEPICTED = ["character", "style", "situation"];

/**
 * Return what the sticker says, or what its labels say, or what it is called, or its id.
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
export function stickerWords(app, sticker) {
  const names = DEPICTED.filter((key) => sticker.labels[key]).map((key) => labelName(app, sticker.labels[key]));
  if (sticker.text) return names.length ? `${sticker.text} (${names.join(", ")})` : sticker.text;
  return names.join(", ") || sticker.names || sticker.id;
}

/**
 * @param {App} app
 * @param {string} label
 */
export function labelName(app, label) {
  const names = app.start.labels[app.state.language];
  return Object.hasOwn(names, label) ? names[label] : label;
}

/**
 * Make an image that loads when it is near the screen, and keeps its place until then.
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
export function stickerImage(app, sticker, alt = stickerWords(app, sticker), eager = false) {
  return h("img", {
    class: "ps-img",
    src: imageUrl(app, sticker),
    alt,
    width: sticker.width,
    height: sticker.height,
    loading: eager ? "eager" : "lazy",
    decoding: "async",
    draggable: "false",
  });
}

/**
 * Make a small sticker that opens its details; a visitor's own picture has none. list: what the arrow keys walk through
 * there.
 *
 * @param {App} app
 * @param {Sticker} sticker
 * @param {string[]} list
 */
export function stickerButton(app, sticker, list, className = "ps-mini") {
  if (sticker.data) return h("span", { class: className, title: app.t("you_picture") }, stickerImage(app, sticker, app.t("you_picture")));
  const label = app.t("open_sticker", { alt: stickerWords(app, sticker) });
  return h(
    "button",
    { type: "button", class: className, "aria-label": label, title: stickerWords(app, sticker), on: { click: () => app.openSticker(sticker.id, list) } },
    stickerImage(app, sticker, ""),
  );
}
