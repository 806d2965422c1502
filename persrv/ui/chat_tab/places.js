// The kind of a conversation: people send other stickers to work, to family and to friends.

import { h, part } from "../shared/dom.js";

/** Domains that the texts name; others are called as the data call them. */
const NAMED = ["work", "family", "friends"];

/**
 * Draw the choice of the conversation's domain, nothing where the catalogue knows none; `choose("")` is for none in
 * particular.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {string} chosen
 * @param {(domain: string) => void} choose
 */
export function drawPlaces(app, element, chosen, choose) {
  const box = part(element, "chat-place");
  box.hidden = !app.start.domains.length;
  const named = (/** @type {string} */ domain) => (NAMED.includes(domain) ? app.t(`chat_place_${domain}`) : domain || app.t("chat_place_any"));
  const options = ["", ...app.start.domains].map((domain) => h("option", { value: domain, selected: domain === chosen }, named(domain)));
  const select = h("select", { class: "ps-select", "aria-label": app.t("chat_place"), title: app.t("chat_place_how"), on: { change: () => choose(select.value) } }, options);
  box.replaceChildren(select);
}
