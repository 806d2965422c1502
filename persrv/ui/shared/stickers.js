// Stickers as pictures: where they lie, and the words that stand for them.

/** The address of a picture; a visitor's own carries itself. */
function imageUrl(app, sticker) {
  return sticker.data ?? fileUrl(`${app.start.folder}/${sticker.image}`);
}

/** The address of a file that is served as it lies. Works under a Space's root path, because the root comes from Gradio's own configuration. */
function fileUrl(file) {
  const config = window.gradio_config || {};
  const root = config.root ? new URL(config.root, window.location.href).pathname.replace(/\/$/, "") : "";
  const path = file.split("/").map(encodeURIComponent).join("/");
  return `${root}${config.api_prefix || "/gradio_api"}/file=${path}`;
}

/** The labels that say what a picture shows; a maker's other labels are for the dialog alone. */
const DEPICTED = ["character", "style", "situation"];

/** What the sticker says, or what its maker calls it, or its id. */
function stickerWords(app, sticker) {
  const names = DEPICTED.filter((key) => sticker.labels[key]).map((key) => labelName(app, sticker.labels[key]));
  if (sticker.text) return names.length ? `${sticker.text} (${names.join(", ")})` : sticker.text;
  return names.length ? names.join(", ") : sticker.id;
}

function labelName(app, label) {
  return app.start.labels[app.state.language][label] || label;
}

/** An image that loads when near the screen and keeps its place until then. */
function stickerImage(app, sticker, alt = stickerWords(app, sticker), eager = false) {
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

/** A small sticker that opens its details, but for a visitor's own picture, of which there are none; `list` is what the arrow keys walk through there. */
function stickerButton(app, sticker, list, className = "ps-mini") {
  if (sticker.data) return h("span", { class: className, title: app.t("you_picture") }, stickerImage(app, sticker, app.t("you_picture")));
  const label = app.t("open_sticker", { alt: stickerWords(app, sticker) });
  return h(
    "button",
    { type: "button", class: className, "aria-label": label, title: stickerWords(app, sticker), on: { click: () => app.openSticker(sticker.id, list) } },
    stickerImage(app, sticker, ""),
  );
}
