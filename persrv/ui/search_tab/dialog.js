// The detail dialog: one sticker, everything known of it. Esc closes, arrow keys walk through the list it was opened from.

import { captionTexts, keywordLists } from "../captions_tab/keywords.js";
import { ownerSection } from "../owner/owner.js";
import { chipsOf, ocrLines, pictureWithBoxes, section } from "../shared/details.js";
import { decimal, h, icon } from "../shared/dom.js";
import { readList, writeList } from "../shared/listed.js";
import { personName } from "../shared/person.js";
import { DEPICTED, labelName, stickerButton, stickerWords } from "../shared/stickers.js";
import { countList, explanation } from "./explain.js";
import { carries, sendButtons } from "./send.js";
import { opinionButtons } from "./strike.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountDialog(app, element) {
  const dialog = h("dialog", { class: "ps-dialog", "aria-labelledby": "ps-dialog-title" });
  element.append(dialog);
  /** @type {string[]} */
  let list = [];
  let place = 0;
  /** @type {{ column: Column } | null} */
  let from = null;
  /** @type {Element | null} */
  let opener = null;
  let asked = 0;
  const linked = app.state.open; // what the address opens

  /** @type {Sticker | null} */
  let shown = null;
  carries(app, dialog, () => shown);
  app.openSticker = (id, ids = [id], context = null) => {
    list = ids.includes(id) ? ids : [id];
    place = list.indexOf(id);
    from = context;
    opener = document.activeElement;
    show();
  };

  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && list.length > 1 && !(event.target instanceof HTMLInputElement && event.target.type === "text")) {
      event.preventDefault();
      walk(step);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  // The event comes some time after the closing; whoever has gone on with the keyboard by then keeps the focus.
  dialog.addEventListener("close", () => {
    app.store.set({ open: "" });
    if (opener instanceof HTMLElement && opener.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  });

  app.store.subscribe((state, changed) => { if (changed.has("open") && !state.open) dialog.close(); }); // Back leaves it, too
  app.element.addEventListener("ps-answered", () => queueMicrotask(() => { if (app.state.open === linked) reopen(app); }), { once: true }); // once the results are drawn

  /** @param {number} step */
  function walk(step) {
    place = (place + step + list.length) % list.length;
    show();
  }

  async function show() {
    const id = list[place];
    const [number, within] = [++asked, dialog.open];
    let sticker;
    try {
      sticker = await app.server.detail({ sticker: id, query: askedOf() });
    } catch {
      sticker = { error: app.t("failed") };
    }
    if (number !== asked || (within && !dialog.open)) return; // another one was asked for meanwhile, or the dialog was left
    shown = sticker.error !== undefined ? null : sticker;
    dialog.replaceChildren(...(sticker.error !== undefined ? [closeButton(), h("p", {}, sticker.error)] : content(sticker)));
    if (!dialog.open) dialog.showModal();
    app.store.set({ open: writeList([`${from?.column.name ?? ""}.${id}`]) });
    dialog.scrollTop = 0;
    dialog.querySelector(".ps-dialog-close")?.focus({ preventScroll: true });
  }

  /** The query of the results that the dialog was opened from; "" where there is none. */
  function askedOf() {
    return from?.column.answer()?.query ?? "";
  }

  /** @param {string} query */
  function search(query) {
    dialog.close();
    app.store.set({ query, view: "search" });
  }

  function closeButton() {
    return h("button", { type: "button", class: "ps-dialog-close", "aria-label": app.t("close"), on: { click: () => dialog.close() } }, icon("close"));
  }

  /** @param {StickerDetail} sticker */
  function content(sticker) {
    return [
      closeButton(),
      h("div", { class: "ps-dialog-left" }, pictureWithBoxes(app, sticker), sendButtons(app, sticker), opinionButtons(app, sticker), steps(app, place, list.length, walk), labels(app, sticker)),
      h(
        "div",
        { class: "ps-dialog-right" },
        h("h2", { id: "ps-dialog-title" }, sticker.text || stickerWords(app, sticker)),
        whyHere(sticker),
        section(app.t("ocr_title"), ocrLines(app, sticker)),
        sticker.names && section(app.t("field_names"), chipsOf(sticker.names.split(", "), "", search)),
        ownerSection(app, sticker),
        section(app.t("queries_title"), chipsOf(sticker.queries, app.t("queries_none"), search)),
        section(app.t("captions_title"), ...captions(app, sticker, askedOf(), search)),
        section(app.t("clicks_title"), countList(app, sticker.counts), clickers(app, sticker)),
        section(app.t("neighbours_title"), h("div", { class: "ps-minis is-large" }, sticker.neighbours.map((near) => neighbour(app, near, sticker)))),
      ),
    ];
  }

  /**
   * The score of the card that was clicked, or of its neighbour in the same column.
   *
   * @param {StickerDetail} sticker
   */
  function whyHere(sticker) {
    if (!from) return null;
    const [answer, entry] = [from.column.answer(), from.column.entry(sticker.id)];
    return answer && entry && section(app.t("why", { n: entry.rank }), explanation(app, answer, entry, from.column.above(entry)));
  }
}

/**
 * Place of the sticker in its list, with links to its neighbours; empty for a sticker alone.
 *
 * @param {App} app
 * @param {number} place
 * @param {number} length
 * @param {(step: number) => void} walk
 */
function steps(app, place, length, walk) {
  if (length < 2) return null;
  const button = (/** @type {"previous" | "next"} */ way, /** @type {number} */ step) => h("button", { type: "button", "aria-label": app.t(way), on: { click: () => walk(step) } }, icon(way));
  return h("div", { class: "ps-steps" }, button("previous", -1), h("span", {}, `${place + 1} / ${length}`), button("next", 1));
}

/** @param {App} app @param {NearSticker} near @param {StickerDetail} sticker */
function neighbour(app, near, sticker) {
  return h("figure", {}, stickerButton(app, near, sticker.neighbours.map((each) => each.id)), h("figcaption", { title: app.t("cosine", { value: decimal(near.cosine) }) }, decimal(near.cosine)));
}

/**
 * Open the sticker that the address names, in its list of results where it is there.
 *
 * @param {App} app
 */
function reopen(app) {
  const [named] = readList(app.state.open);
  if (!named) return;
  const [column, id] = [app.columns.get(named.slice(0, named.indexOf("."))), named.slice(named.indexOf(".") + 1)];
  if (column?.entry(id)) app.openSticker(id, column.ids(), { column });
  else app.openSticker(id);
}

/**
 * @param {App} app
 * @param {Sticker} sticker
 */
function labels(app, sticker) {
  const known = Object.entries(sticker.labels).filter(([, value]) => value);
  if (!known.length) return null;
  const title = (/** @type {string} */ key) => ([...DEPICTED, "caption"].includes(key) ? app.t(`label_${key}`) : key);
  const name = (/** @type {string} */ key, /** @type {string} */ value) => (DEPICTED.includes(key) ? labelName(app, value) : value);
  return h("dl", { class: "ps-labels", title: app.t("labels_hint") }, known.map(([key, value]) => h("div", {}, h("dt", {}, title(key)), h("dd", {}, name(key, value)))));
}

/**
 * Base against fine-tuned; `choose(word)` searches for a keyword.
 *
 * @param {App} app
 * @param {StickerDetail} sticker
 * @param {string} query
 * @param {(text: string) => void} choose
 */
function captions(app, sticker, query, choose) {
  const { captions: written } = sticker;
  const lists = written.keywords.length || written.keywords_base.length ? keywordLists(app, written, query, choose) : [];
  const texts = captionTexts(app, written);
  if (!texts && !lists.length) return [h("p", { class: "ps-note" }, app.t("captions_none"))];
  return [...lists, texts].filter((each) => each !== null);
}

/**
 * @param {App} app
 * @param {StickerDetail} sticker
 */
function clickers(app, sticker) {
  if (!sticker.clicked_by.length) return h("p", { class: "ps-note" }, app.t("no_clicks"));
  const name = (/** @type {string} */ id) => {
    const person = app.start.people.find((each) => each.id === id);
    return person ? personName(app, person) : id;
  };
  return h("p", { class: "ps-clickers" }, `${app.t("clicked_by")}: `, sticker.clicked_by.map((each) => `${name(each.user)} ${app.t("times", { n: each.clicks })}`).join(" · "));
}
