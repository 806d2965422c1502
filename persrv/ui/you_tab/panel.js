// Picking: a page of stickers that stand for the catalogue, one's own likes, a picture of one's own.

import { h, icon, part } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { youPortrait } from "./portrait.js";
import { createUpload } from "./upload.js";
import { heartSign, YOU } from "./you.js";

/** @type {(keyof State)[]} what the panel depends on */
const DRAWN_ANEW = ["user", "other", "likes", "language"];

/** @type {(keyof State)[]} what the portrait depends on */
const PORTRAIT_OF = ["user", "likes", "language", "utility", "tune"];

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountYouPanel(app, element) {
  const { uploads, most } = app.start.you;
  const { door, forget, lead, others, close, problem, tiles, liked, likedTitle, mine, note, panel } = panelElements();
  const upload = createUpload(app, (like) => { if (!app.you.likesIt(like.id)) toggle(like); }, complain);
  enter(/** @type {HTMLElement} */ (element.querySelector(".ps-who")), [door, forget], panel);
  /** @type {{ number: number, stickers: Sticker[], pages: number } | null} the page of stickers on show */
  let page = null;
  /** @type {(() => string) | null} says it in the language of the moment */
  let complaint = null;
  let asked = 0;

  // ---- opening

  /** @param {boolean} on */
  function open(on) {
    panel.hidden = !on;
    door.setAttribute("aria-expanded", String(on));
    if (on && !page) {
      drawTiles();
      turnPage();
    }
  }

  async function turnPage() {
    const number = ++asked;
    complain(null); // now: what is said of a picture meanwhile stays
    const wanted = page ? page.number + 1 : 0;
    const received = await app.server.you_page({ page: wanted }).catch(() => null);
    if (number !== asked) return;
    if (!received) return complain(() => app.t("failed"));
    page = { number: wanted, ...received };
    drawTiles();
  }

  /** @param {(() => string) | null} sentence */
  function complain(sentence) {
    complaint = sentence;
    problem.hidden = !complaint;
    problem.textContent = complaint ? complaint() : "";
  }

  /** @param {Sticker} sticker */
  function toggle(sticker) {
    complain(app.you.toggle(sticker) ? null : () => app.t("you_full", { max: most }));
  }

  // ---- drawing

  function drawTiles() {
    const known = page ? page.stickers.map(tile) : Array.from({ length: AWAITED }, () => h("div", { class: "ps-you-awaited", "aria-hidden": "true" }));
    tiles.replaceChildren(...known, ...(uploads ? [upload.element] : []));
    others.hidden = !page || page.pages < 2;
  }

  /** @param {Sticker} sticker */
  function tile(sticker) {
    const said = app.t("you_like", { alt: stickerWords(app, sticker) });
    return h("button", { type: "button", class: "ps-you-tile", "aria-label": said, title: stickerWords(app, sticker), "aria-pressed": String(app.you.likesIt(sticker.id)), data: { likes: sticker.id }, on: { click: () => toggle(sticker) } }, stickerImage(app, sticker, "", true), heartSign());
  }

  /** Draw all likes, newest first; pressing one takes it back, and the focus stays in the row. */
  function drawLiked() {
    const held = [...liked.querySelectorAll("button")].findIndex((each) => each === document.activeElement);
    const likes = [...app.you.likes()].reverse();
    likedTitle.textContent = app.t("you_liked", { n: likes.length });
    mine.hidden = !likes.length;
    liked.replaceChildren(
      ...likes.map((each) => {
        const said = app.t("you_unlike", { alt: each.vector ? app.t("you_picture") : stickerWords(app, each) });
        return h("button", { type: "button", class: "ps-mini", "aria-label": said, title: said, data: { liked: each.id }, on: { click: () => toggle(each) } }, stickerImage(app, each, ""), icon("close"));
      }),
    );
    if (held >= 0) (liked.querySelectorAll("button")[Math.min(held, likes.length - 1)] ?? close).focus();
  }

  function drawWords() {
    const n = app.you.likes().length;
    door.replaceChildren(heartSign(), h("span", {}, n ? app.t("you_more", { n }) : app.t("you_door")));
    forget.textContent = app.t("you_forget");
    forget.hidden = !n;
    lead.replaceChildren(h("b", {}, app.t(n < 3 ? "you_lead" : "you_lead_more")), app.t(n < 3 ? "you_lead_how" : "you_lead_moves"));
    others.textContent = app.t("you_others");
    close.setAttribute("aria-label", app.t("close"));
    panel.setAttribute("aria-label", app.t("you_panel"));
    tiles.setAttribute("aria-label", app.t("you_panel"));
    liked.setAttribute("aria-label", app.t("you_liked", { n }));
    note.textContent = app.t("you_kept");
    upload.draw();
    if (complaint) complain(complaint);
  }

  function draw() {
    document.body.toggleAttribute("data-ps-you", [app.state.user, app.state.other].includes(YOU));
    drawWords();
    drawLiked();
    for (const each of element.querySelectorAll("[data-likes]")) each.setAttribute("aria-pressed", String(app.you.likesIt(each.dataset.likes ?? "")));
  }

  /** Tell whether the visitor searches without likes. */
  const missed = () => [app.state.user, app.state.other].includes(YOU) && !app.you.likes().length;
  door.addEventListener("click", () => open(panel.hidden));
  forget.addEventListener("click", () => { app.you.forget(); open(false); door.focus(); });
  others.addEventListener("click", turnPage);
  close.addEventListener("click", () => { open(false); door.focus(); });
  app.element.addEventListener("ps-catalogue", () => { page = null; open(!panel.hidden); });
  const drawPortrait = () => { if (app.state.user === YOU) part(element, "portrait").replaceChildren(...youPortrait(app)); };
  app.you.redraw = drawPortrait;
  app.you.pick = () => open(true);
  app.store.subscribe((_, changed) => {
    if (DRAWN_ANEW.some((each) => changed.has(each))) draw();
    if (changed.has("language")) drawTiles();
    if (PORTRAIT_OF.some((each) => changed.has(each))) drawPortrait();
    if (changed.has("view")) open(false); // another tab is no place to go on picking, unless it asks for it
    if ((changed.has("user") || changed.has("other")) && missed()) open(true);
  });
  draw();
  drawPortrait();
  if (missed()) open(true);
}

/** Make the elements of the panel, without words and listeners. */
function panelElements() {
  const lead = h("p", { class: "ps-you-lead" });
  const others = h("button", { type: "button", class: "ps-tool", data: { part: "you-others" } });
  const close = h("button", { type: "button", class: "ps-you-close" }, icon("close"));
  const problem = h("p", { class: "ps-notice", role: "alert", hidden: true });
  const tiles = h("div", { class: "ps-you-tiles", role: "group" });
  const liked = h("div", { class: "ps-minis ps-you-liked", role: "group", data: { part: "you-liked" } });
  const likedTitle = h("h3", {});
  const mine = h("div", { class: "ps-you-mine" }, likedTitle, liked);
  const note = h("p", { class: "ps-note" });
  return {
    door: h("button", { type: "button", class: "ps-tool ps-you-door", data: { part: "you-door" }, "aria-controls": "ps-you", "aria-expanded": "false" }),
    forget: h("button", { type: "button", class: "ps-tool ps-you-forget", data: { part: "you-forget" } }),
    panel: h(
      "section",
      { class: "ps-you", id: "ps-you", data: { part: "you" }, hidden: true },
      h("header", { class: "ps-you-head" }, lead, others, close),
      problem,
      tiles,
      h("footer", { class: "ps-you-foot" }, mine, note),
    ),
    ...{ lead, others, close, problem, tiles, liked, likedTitle, mine, note },
  };
}

/**
 * Put the panel below the people, and its buttons beside their title.
 *
 * @param {HTMLElement} who
 * @param {HTMLElement[]} buttons
 * @param {HTMLElement} panel
 */
function enter(who, buttons, panel) {
  const head = part(who, "who-head");
  head.replaceChildren(...head.querySelectorAll(".ps-eyebrow"), ...buttons);
  who.append(panel);
}

/** Number of tiles that stand where stickers will be. */
const AWAITED = 12;
