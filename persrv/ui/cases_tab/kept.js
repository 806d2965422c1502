// Cases of one's own: the search on the page, kept in this browser with everything that restores it.

import { listsShown, PICTURED } from "../search_tab/picture.js";
import { currentSettings, settingsTold } from "../shared/knobs.js";
import { queryString, readState } from "../shared/store.js";

export const KEPT_MOST = 50;

/**
 * Return the search on the page as a case; null where the page shows no results.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @returns {KeptCase | null}
 */
export function keptCase(app, element) {
  const lists = listsShown(element);
  if (!lists.length) return null;
  return {
    kind: "kept",
    date: new Date().toISOString(),
    content_hash: app.start.about.content_hash,
    address: queryString({ ...app.state, view: "search" }),
    user: app.state.user,
    query: app.state.query ?? "",
    sticker: null,
    settings: currentSettings(app),
    rankings: lists.map(({ title, entries }) => ({
      name: title,
      place: null,
      first: entries.slice(0, PICTURED).map((entry) => entry.id),
      moves: entries.slice(0, PICTURED).map(({ kind, badge, marked }) => ({ kind, badge, marked })),
    })),
    stickers: Object.fromEntries(lists.flatMap(({ entries }) => entries.slice(0, PICTURED)).map((entry) => [entry.id, entry.sticker])),
  };
}

/**
 * Say when a case was kept, which knobs were turned, and whether it was kept over another bundle.
 *
 * @param {App} app
 * @param {KeptCase} one
 */
export function keptSentence(app, one) {
  const turned = settingsTold(app, one.settings).filter((each) => each.changed).map((each) => each.text);
  const parts = [app.t("case_kept_on", { date: one.date.slice(0, 10) }), ...(turned.length ? [turned.join(" · ")] : [])];
  if (one.content_hash !== app.start.about.content_hash) parts.push(app.t("case_kept_elsewhere"));
  return parts.join(" ");
}

/**
 * Return the page's state when a case was kept; parameters that its address lacks are as in an empty address.
 *
 * @param {App} app
 * @param {KeptCase} one
 */
export function keptState(app, one) {
  return { ...readState(new URLSearchParams(one.address), app.start), language: app.state.language };
}
