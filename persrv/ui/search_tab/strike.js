// Striking out: "not this one". Struck stickers leave the visitor's results for this visit; nobody is told, nothing is
// learnt from it, and places are still those of the ranking.

import { h, icon, part } from "../shared/dom.js";
import { createKeep } from "../shared/keep.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";

/**
 * Give the app what is struck out, the key that strikes (X), and the line that says how many and takes them back.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountStriking(app, element) {
  const bundle = app.start.about.content_hash;
  const kept = createKeep("struck", /** @type {{ bundle?: string, stickers?: Sticker[] }} */ ({}), () => window.sessionStorage);
  const stickers = () => (kept.get().bundle === bundle ? kept.get().stickers ?? [] : []);
  const line = part(element, "struck");
  let version = 0;
  let open = false;

  /** @param {Sticker[]} struck */
  function become(struck) {
    kept.set({ bundle, stickers: struck });
    app.store.set({ struck: ++version });
  }

  app.struck = {
    has: (id) => stickers().some((each) => each.id === id),
    strike(sticker) {
      const after = nextTo(element, sticker.id);
      become([...stickers().filter((each) => each.id !== sticker.id), briefly(sticker)]);
      (after?.isConnected ? after : part(element, "struck-toggle"))?.focus({ preventScroll: true });
      app.announce(app.t("struck_said", { alt: stickerWords(app, sticker) }));
    },
    restore(id) {
      become(stickers().filter((each) => each.id !== id));
      app.announce(app.t("struck_back"));
    },
  };

  function draw() {
    const struck = stickers();
    const held = line.contains(document.activeElement);
    line.hidden = !struck.length;
    if (line.hidden) {
      open = false;
      line.replaceChildren();
      if (held) element.querySelector(".ps-card .ps-face")?.focus({ preventScroll: true });
      return;
    }
    const toggle = h("button", { type: "button", class: "ps-tool", data: { part: "struck-toggle" }, "aria-expanded": String(open), on: { click: () => { open = !open; draw(); } } }, app.t(open ? "struck_hide" : "struck_show"));
    const all = h("button", { type: "button", class: "ps-tool", on: { click: () => become([]) } }, app.t("struck_all"));
    const each = (/** @type {Sticker} */ sticker) => {
      const said = app.t("struck_take_back", { alt: stickerWords(app, sticker) });
      return h("button", { type: "button", class: "ps-mini", "aria-label": said, title: said, on: { click: () => app.struck.restore(sticker.id) } }, stickerImage(app, sticker, ""), icon("close"));
    };
    line.replaceChildren(
      h("span", { title: app.t("struck_hint") }, app.t("struck_count", { n: struck.length })),
      toggle,
      ...(open ? [all, h("div", { class: "ps-minis ps-struck-ones", role: "group", "aria-label": app.t("struck_count", { n: struck.length }) }, struck.map(each)), h("p", { class: "ps-note" }, app.t("struck_hint"))] : []),
    );
    if (held) part(element, "struck-toggle").focus({ preventScroll: true });
  }

  app.store.subscribe((_, changed) => { if (changed.has("struck") || changed.has("language")) draw(); });
  draw();
}

/**
 * The button of the next card of a list, or else of the one before; null where a card is alone or none is in focus.
 *
 * @param {HTMLElement} element
 * @param {string} id
 * @returns {HTMLElement | null}
 */
function nextTo(element, id) {
  const at = document.activeElement?.closest(".ps-card") ?? element.querySelector(`.ps-card[data-sticker="${CSS.escape(id)}"]`);
  const beside = [at?.nextElementSibling, at?.previousElementSibling].find((each) => each?.matches(".ps-card"));
  return beside?.querySelector(".ps-face") ?? null;
}

/** Copies the part of a sticker that shows it again. @param {Sticker} sticker @returns {Sticker} */
const briefly = ({ id, image, width, height, animated, text, labels }) => ({ id, image, width, height, animated, text, labels });

/**
 * The buttons of the dialog that say what a visitor thinks of a sticker: liked, or struck out.
 *
 * @param {App} app
 * @param {Sticker} sticker
 */
export function opinionButtons(app, sticker) {
  const like = h("button", { type: "button", class: "ps-tool", data: { likes: sticker.id }, "aria-pressed": String(app.you.likesIt(sticker.id)), on: { click: () => app.you.toggle(sticker) } }, app.t("strike_like"));
  const strike = h("button", { type: "button", class: "ps-tool", title: app.t("strike_hint"), "aria-pressed": String(app.struck.has(sticker.id)), on: { click: toggle } }, h("span", {}, app.t("strike")));

  function toggle() {
    if (app.struck.has(sticker.id)) app.struck.restore(sticker.id);
    else app.struck.strike(sticker);
    strike.setAttribute("aria-pressed", String(app.struck.has(sticker.id)));
    strike.focus();
  }
  return h("div", { class: "ps-sending", role: "group", "aria-label": app.t("strike_group") }, like, strike);
}
