// Copying a link, and saying so.

import { h, icon } from "./dom.js";

/**
 * Copy a link and say so on the button; where the browser forbids copying, show the link.
 *
 * @param {App} app
 * @param {HTMLElement} button
 * @param {string} link
 */
export async function copyLink(app, button, link) {
  try {
    await navigator.clipboard.writeText(link);
    flash(app, button, app.t("copied"));
  } catch {
    showLink(app, link);
  }
}

/**
 * Show another text on a button for a moment.
 *
 * @param {App} app
 * @param {HTMLElement} button
 * @param {string} text
 */
export function flash(app, button, text) {
  const label = button.querySelector("[data-t]") ?? button;
  label.textContent = text;
  button.classList.add("is-done");
  app.announce(text);
  window.setTimeout(() => {
    label.textContent = app.t(label.dataset.t ?? "");
    button.classList.remove("is-done");
  }, 1600);
}

/**
 * Show a link to be copied by hand. Browsers forbid window.prompt to pages in a frame, such as a Space.
 *
 * @param {App} app
 * @param {string} link
 */
export function showLink(app, link) {
  const field = h("input", { type: "text", readonly: true, value: link, class: "ps-link", "aria-label": app.t("copy_by_hand") });
  const close = h("button", { type: "button", class: "ps-dialog-close", "aria-label": app.t("close"), on: { click: () => dialog.close() } }, icon("close"));
  const dialog = h("dialog", { class: "ps-dialog ps-link-box", on: { close: () => dialog.remove() } }, h("p", {}, app.t("copy_by_hand")), field, close);
  app.element.append(dialog);
  dialog.showModal();
  field.focus();
  field.select();
}
