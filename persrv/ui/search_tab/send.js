// Sending a sticker: copied, saved, shared or dragged out, always as the file that it is; and those sent last.

import { flash, showLink } from "../shared/copying.js";
import { h, part, svg } from "../shared/dom.js";
import { fileStem, saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { imageUrl, stickerButton, stickerWords } from "../shared/stickers.js";

const MOST_RECENT = 12;

/** The keys that send the sticker in focus, or the one of the dialog. @type {Record<string, "copy" | "download" | "share">} */
const KEYS = { c: "copy", d: "download", s: "share" };

const ICONS = {
  copy: "M7.5 7.5h9v9h-9zM4 12.500v-9h9",
  download: "M10 3.500v9M6.500 9.500L10 13l3.500-3.500M4 16.500h12",
  share: "M10 12.500v-9M6.500 6.500L10 3l3.500 3.500M5 10.500v6h10v-6",
};

const WORDS = {
  copy: { name: "send_copy", hint: "send_copy_hint" },
  download: { name: "send_download", hint: "send_download_hint" },
  share: { name: "send_share", hint: "send_share_hint" },
};

/** @param {keyof typeof ICONS} name */
export const sendIcon = (name) => svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/**
 * Give the app its ways to send, the keys that do it, and the row of stickers sent last.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountSending(app, element) {
  const kept = createKeep("sent", /** @type {{ bundle?: string, stickers?: Sticker[] }} */ ({}));
  const bundle = app.start.about.content_hash;
  const recent = () => (kept.get().bundle === bundle ? kept.get().stickers ?? [] : []);

  /** @param {Sticker} sticker */
  function remember({ id, image, width, height, animated, text, labels }) {
    kept.set({ bundle, stickers: [{ id, image, width, height, animated, text, labels }, ...recent().filter((each) => each.id !== id)].slice(0, MOST_RECENT) });
    draw();
  }

  function draw() {
    const ids = recent().map((each) => each.id);
    part(element, "recent").hidden = !ids.length;
    part(element, "recent-stickers").replaceChildren(...recent().map((each) => stickerButton(app, each, ids)));
  }

  app.send = {
    async copy(sticker) {
      remember(sticker);
      const link = new URL(imageUrl(app, sticker), window.location.href).href;
      try {
        if (sticker.animated) throw new Error("a clipboard would keep it still"); // its link stays animated
        await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(link) })]);
        return "send_copied";
      } catch {
        await navigator.clipboard.writeText(link).catch(() => showLink(app, link));
        return sticker.animated ? "send_copied_moving" : "send_copied_link";
      }
    },
    async download(sticker) {
      const file = await fileOf(app, sticker).catch(() => null);
      if (!file) return "failed";
      remember(sticker);
      saveFile(file.name, file, file.type);
      return "send_saved";
    },
    async share(sticker) {
      const file = await fileOf(app, sticker).catch(() => null);
      if (!file) return "failed";
      const link = new URL(imageUrl(app, sticker), window.location.href).href;
      try {
        await navigator.share(navigator.canShare?.({ files: [file] }) ? { files: [file] } : { url: link });
      } catch {
        return null; // taken back, which the visitor knows
      }
      remember(sticker);
      return "send_shared";
    },
  };

  element.addEventListener("keydown", (event) => {
    if (event.key === "x") strikeInFocus(app, event);
    const way = KEYS[event.key];
    const at = /** @type {HTMLElement} */ (event.target);
    if (!way || event.ctrlKey || event.metaKey || event.altKey || at.matches("input, textarea, select")) return;
    const carrier = at.closest("dialog, .ps-card");
    const sticker = carrier ? carried.get(carrier)?.() : null;
    if (!sticker?.image || (way === "share" && !shares())) return;
    event.preventDefault();
    app.send[way](sticker).then((told) => { if (told) app.announce(app.t(told)); });
  });
  app.store.subscribe((_, changed) => { if (changed.has("language")) draw(); });
  draw();
}

/**
 * Strike out the sticker in focus; a dialog that shows it closes.
 *
 * @param {App} app
 * @param {KeyboardEvent} event
 */
function strikeInFocus(app, event) {
  const at = /** @type {HTMLElement} */ (event.target);
  const carrier = at.closest("dialog, .ps-card");
  const sticker = carrier ? carried.get(carrier)?.() : null;
  if (!sticker || event.ctrlKey || event.metaKey || event.altKey || at.matches("input, textarea, select")) return;
  event.preventDefault();
  if (carrier instanceof HTMLDialogElement) carrier.close();
  app.struck.strike(sticker);
}

const shares = () => typeof navigator.share === "function";

/**
 * The buttons that send a sticker; none where it has no picture.
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
export function sendButtons(app, sticker) {
  if (!sticker.image) return null;
  const ways = /** @type {const} */ (["copy", "download", "share"]).filter((way) => way !== "share" || shares());
  return h("div", { class: "ps-sending", role: "group", "aria-label": app.t("send") }, ways.map((way) => {
    /** @type {HTMLElement} */
    const button = h("button", { type: "button", class: "ps-tool", title: app.t(WORDS[way].hint), data: { send: way } }, sendIcon(way), h("span", { data: { t: WORDS[way].name } }, app.t(WORDS[way].name)));
    button.addEventListener("click", async () => {
      const told = await app.send[way](sticker);
      if (told) flash(app, button, app.t(told));
    });
    return button;
  }));
}

/** Sticker of each card or dialog. @type {WeakMap<Element, () => Sticker | null>} */
const carried = new WeakMap();

/**
 * Say which sticker an element shows, for the keys that send it; its picture may be dragged out of the page as its file.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {() => Sticker | null} stickerNow
 */
export function carries(app, element, stickerNow) {
  carried.set(element, stickerNow);
  element.addEventListener("pointerdown", () => { for (const image of element.querySelectorAll(".ps-picture img, .ps-large img")) image.draggable = true; }); // nowhere else on the page
  element.addEventListener("dragstart", (event) => {
    const sticker = stickerNow();
    if (!event.dataTransfer || !sticker?.image || !(event.target instanceof HTMLImageElement)) return;
    const link = new URL(imageUrl(app, sticker), window.location.href).href;
    event.dataTransfer.setData("text/uri-list", link);
    event.dataTransfer.setData("DownloadURL", `${mediaType(sticker)}:${fileName(app, sticker)}:${link}`);
  });
}

/** @param {Sticker} sticker */
const ending = ({ image }) => (image.match(/\.(\w+)$/)?.[1] ?? "webp").toLowerCase();

/** @param {Sticker} sticker */
const mediaType = (sticker) => `image/${ending(sticker).replace(/^jpg$/, "jpeg")}`;

/** @param {App} app @param {Sticker} sticker */
const fileName = (app, sticker) => `${fileStem(stickerWords(app, sticker))}.${ending(sticker)}`;

/**
 * Fetch a sticker's own file, byte by byte, so that what moves goes on moving.
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
async function fileOf(app, sticker) {
  const received = await fetch(imageUrl(app, sticker));
  if (!received.ok) throw new Error(String(received.status));
  return new File([await received.blob()], fileName(app, sticker), { type: mediaType(sticker) });
}

/**
 * Draw the picture at a link anew as PNG, the one kind of picture that clipboards take.
 *
 * @param {string} link
 * @returns {Promise<Blob>}
 */
async function asPng(link) {
  const image = new Image();
  image.src = link;
  await image.decode();
  const canvas = h("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => { canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"); });
}
