// The visitor's portrait: what their taste looks like now, where it was before the last like, and what that moved.

import { decimal, h, reducedMotion } from "../shared/dom.js";
import { labelName, stickerButton, stickerImage, stickerWords } from "../shared/stickers.js";

const SHARES_SHOWN = 3;
const LIKES_SHOWN = 3;

/**
 * Show what stands beside the people while the visitor searches.
 *
 * @param {App} app
 */
export function youPortrait(app) {
  const likes = app.you.likes();
  if (!likes.length) return [h("p", { class: "ps-portrait-line" }, app.t("you_none"))];
  const ids = likes.filter((each) => !each.vector).map((each) => each.id);
  const newest = likes.slice(-LIKES_SHOWN).reverse();
  return [
    h("div", { class: "ps-portrait-words ps-my-taste" }, ...youTaste(app), h("p", { class: "ps-my-taste-moved", role: "status" }, ...movedLine(app))),
    h("div", { class: "ps-favourites", role: "group", "aria-label": app.t("you_liked", { n: likes.length }), title: app.t("you_liked", { n: likes.length }) }, newest.map((each) => stickerButton(app, each, ids))),
  ];
}

/**
 * Show the looks of the taste as bars; where a catalogue names no looks, the stickers nearest to it.
 *
 * @param {App} app
 */
function youTaste(app) {
  const style = app.you.style();
  if (!style) return [h("div", { class: "ps-shares" })];
  const { told, before } = style;
  if (!told.shares.length) {
    const ids = told.nearest.map((each) => each.id);
    return [h("div", { class: "ps-minis ps-my-taste-nearest", role: "group", "aria-label": app.t("you_nearest"), title: app.t("you_nearest") }, told.nearest.map((each) => stickerButton(app, each, ids)))];
  }
  return [sharesOf(app, told, before)];
}

/**
 * Show the looks of a taste as bars, each with a thin line where it was before; nothing where a catalogue names no looks.
 *
 * @param {App} app
 * @param {YouTold} told
 * @param {YouTold | null} before
 */
export function sharesOf(app, told, before) {
  const hint = app.t("you_shares", { depth: told.depth, of: told.of.toLocaleString("en") });
  return h("ul", { class: "ps-shares", title: hint }, sharesShown(told.shares, before ? before.shares : null).map((each) => shareBar(app, each)));
}

/**
 * Return the looks with the largest share now or before the last like, in the order of now.
 *
 * @param {Share[]} now
 * @param {Share[] | null} before
 */
function sharesShown(now, before) {
  const [then, today] = [new Map(before ?? []), new Map(now)];
  return [...new Set([...today.keys(), ...then.keys()])]
    .map((look) => ({ look, now: today.get(look) ?? 0, before: before ? then.get(look) ?? 0 : null }))
    .sort((a, b) => Math.max(b.now, b.before ?? 0) - Math.max(a.now, a.before ?? 0))
    .slice(0, SHARES_SHOWN)
    .sort((a, b) => b.now - a.now);
}

/**
 * @param {App} app
 * @param {{ look: string, now: number, before: number | null }} given
 */
function shareBar(app, { look, now, before }) {
  const percent = (/** @type {number} */ share) => decimal(100 * share, 0);
  const moved = before !== null && percent(before) !== percent(now);
  const said = moved ? app.t("you_share_moved", { before: percent(before), now: percent(now) }) : app.t("you_share", { now: percent(now) });
  const fill = h("i", { style: { width: `${100 * now}%` } });
  if (moved && !reducedMotion()) fill.animate([{ width: `${100 * before}%` }, { width: `${100 * now}%` }], { duration: 600, easing: "cubic-bezier(.2,.75,.2,1)" });
  const mark = moved && h("u", { style: { left: `${100 * before}%` } });
  return h("li", { class: moved ? (now > before ? "is-more" : "is-less") : null, data: { look } }, h("span", {}, labelName(app, look)), h("b", {}, said), h("span", { class: "ps-share-track", "aria-hidden": "true" }, fill, mark));
}

/**
 * Say what the last like moved in the results; nothing while knobs are turned, because the server does not know them.
 *
 * @param {App} app
 */
function movedLine(app) {
  const moved = app.you.moved()?.[app.state.utility ? "both" : "personalization"];
  if (!moved || app.state.tune) return [];
  const { n, top, riser } = moved;
  return [
    h("span", {}, app.t("you_moved", { n, top })),
    ...(riser ? [h("span", { class: "ps-riser" }, stickerImage(app, riser.sticker, stickerWords(app, riser.sticker), true), app.t("you_riser", riser))] : []),
  ];
}
