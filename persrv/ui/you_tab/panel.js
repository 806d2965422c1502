// Picking: a page of stickers that stand for the catalogue, one's own likes, a picture of one's own.

import { h, icon, part, svg } from "../shared/dom.js";
import { encode } from "../shared/files.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";
import { youPortrait } from "./portrait.js";
import { heartSign, YOU } from "./you.js";

export function mountYouPanel(app, element) {
  const { uploads, types, max_bytes: maxBytes, most } = app.start.you;
  const who = element.querySelector(".ps-who");
  const door = h("button", { type: "button", class: "ps-tool ps-you-door", data: { part: "you-door" }, "aria-controls": "ps-you", "aria-expanded": "false", on: { click: () => open(panel.hidden) } });
  const forget = h("button", { type: "button", class: "ps-tool ps-you-forget", data: { part: "you-forget" }, on: { click: () => { app.you.forget(); open(false); door.focus(); } } });
  const lead = h("p", { class: "ps-you-lead" });
  const others = h("button", { type: "button", class: "ps-tool", data: { part: "you-others" }, on: { click: () => turnPage() } });
  const close = h("button", { type: "button", class: "ps-you-close", on: { click: () => { open(false); door.focus(); } } }, icon("close"));
  const problem = h("p", { class: "ps-notice", role: "alert", hidden: true });
  const tiles = h("div", { class: "ps-you-tiles", role: "group" });
  const liked = h("div", { class: "ps-minis ps-you-liked", role: "group", data: { part: "you-liked" } });
  const likedTitle = h("h3", {});
  const note = h("p", { class: "ps-note" });
  const panel = h(
    "section",
    { class: "ps-you", id: "ps-you", data: { part: "you" }, hidden: true },
    h("header", { class: "ps-you-head" }, lead, others, close),
    problem,
    tiles,
    h("footer", { class: "ps-you-foot" }, h("div", { class: "ps-you-mine" }, likedTitle, liked), note),
  );
  const eyebrow = who.querySelector(".ps-eyebrow");
  const head = h("div", { class: "ps-who-head" });
  eyebrow.replaceWith(head);
  head.append(eyebrow, door, forget);
  who.append(panel);
  let page = null; // the page of stickers on show: { number, stickers, pages }
  let complaint = null; // a function that says it in the language of the moment
  let asked = 0;

  // ---- opening

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
    const wanted = page ? page.number + 1 : 0;
    const received = await app.server.you_page({ page: wanted }).catch(() => null);
    if (number !== asked) return;
    complain(received ? null : () => app.t("failed"));
    if (!received) return;
    page = { number: wanted, ...received };
    drawTiles();
  }

  function complain(sentence) {
    complaint = sentence;
    problem.hidden = !complaint;
    problem.textContent = complaint ? complaint() : "";
  }

  function toggle(sticker) {
    complain(app.you.toggle(sticker) ? null : () => app.t("you_full", { max: most }));
  }

  // ---- a picture of one's own

  const file = h("input", { type: "file", class: "ps-drop-file", accept: types.join(","), data: { part: "you-file" }, on: { change: () => { if (file.files.length) take(file.files[0]); } } });
  const uploadWords = h("span", { "aria-hidden": "true" });
  const upload = h("div", { class: "ps-you-upload" }, file, svg("svg", { viewBox: "0 0 20 20", class: "ps-icon", "aria-hidden": "true" }, svg("path", { d: "M10 14V4M6 7.5l4-4 4 4M3.5 13v3.5h13V13" })), uploadWords);

  async function take(chosen) {
    if (chosen.size > maxBytes) return complain(() => app.t("error_too_heavy", { max: maxBytes / 1e6 }));
    upload.setAttribute("aria-busy", "true");
    const encoded = await encode(chosen);
    const received = encoded === null ? { code: "not_picture", values: {}, error: "" } : await app.server.you_picture({ picture: encoded }).catch(() => null);
    upload.removeAttribute("aria-busy");
    file.value = "";
    if (!received) return complain(() => app.t("failed"));
    if (received.code) return complain(() => app.t(`error_${received.code}`, received.values));
    if (received.error) return complain(() => received.error);
    const like = { id: received.id, vector: received.picture, data: await thumbnail(chosen), width: THUMBNAIL, height: THUMBNAIL, animated: false, text: "", labels: {} };
    if (!app.you.likesIt(like.id)) toggle(like);
    return null;
  }

  // ---- drawing

  function drawTiles() {
    const known = page ? page.stickers.map(tile) : Array.from({ length: AWAITED }, () => h("div", { class: "ps-you-awaited", "aria-hidden": "true" }));
    tiles.replaceChildren(...known, ...(uploads ? [upload] : []));
    others.hidden = !page || page.pages < 2;
  }

  function tile(sticker) {
    const said = app.t("you_like", { alt: stickerWords(app, sticker) });
    return h("button", { type: "button", class: "ps-you-tile", "aria-label": said, title: stickerWords(app, sticker), "aria-pressed": String(app.you.likesIt(sticker.id)), data: { likes: sticker.id }, on: { click: () => toggle(sticker) } }, stickerImage(app, sticker, "", true), heartSign());
  }

  /** All likes, newest first; a press takes one back, and the focus stays in the row. */
  function drawLiked() {
    const held = [...liked.children].indexOf(document.activeElement);
    const likes = [...app.you.likes()].reverse();
    likedTitle.textContent = app.t("you_liked", { n: likes.length });
    liked.parentElement.hidden = !likes.length;
    liked.replaceChildren(
      ...likes.map((each) => {
        const said = app.t("you_unlike", { alt: each.vector ? app.t("you_picture") : stickerWords(app, each) });
        return h("button", { type: "button", class: "ps-mini", "aria-label": said, title: said, data: { liked: each.id }, on: { click: () => toggle(each) } }, stickerImage(app, each, ""), icon("close"));
      }),
    );
    if (held >= 0) (liked.children[Math.min(held, likes.length - 1)] ?? close).focus();
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
    uploadWords.textContent = app.t("you_upload");
    upload.title = app.t("you_upload_hint");
    file.setAttribute("aria-label", app.t("you_upload_hint"));
    if (complaint) complain(complaint);
  }

  function draw() {
    document.body.toggleAttribute("data-ps-you", [app.state.user, app.state.other].includes(YOU));
    drawWords();
    drawLiked();
    for (const each of element.querySelectorAll("[data-likes]")) each.setAttribute("aria-pressed", String(app.you.likesIt(each.dataset.likes)));
  }

  /** Whether the visitor searches without having told anything of their taste. */
  const missed = () => [app.state.user, app.state.other].includes(YOU) && !app.you.likes().length;
  const drawPortrait = () => { if (app.state.user === YOU) part(element, "portrait").replaceChildren(...youPortrait(app)); };
  app.you.redraw = drawPortrait;
  app.you.pick = () => open(true);
  app.store.subscribe((_, changed) => {
    if (["user", "other", "likes", "language"].some((each) => changed.has(each))) draw();
    if (changed.has("language")) drawTiles();
    if (["user", "likes", "language", "utility", "tune"].some((each) => changed.has(each))) drawPortrait();
    if ((changed.has("user") || changed.has("other")) && missed()) open(true);
  });
  draw();
  drawPortrait();
  if (missed()) open(true);
}

/** Tiles that stand where stickers will be. */
const AWAITED = 12;

const THUMBNAIL = 120;

/** A small copy of a picture as an address of its own, for this browser alone; a grey square where it cannot be drawn. */
async function thumbnail(chosen) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = THUMBNAIL;
  const pen = canvas.getContext("2d");
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
