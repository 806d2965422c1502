// The strip below the head: a note that came with a link, and sentences on what a link did not bring or will not take.

import { h, icon } from "../shared/dom.js";

/**
 * Give the app `tell`, which shows sentences there until they are closed, and show the note of the address.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountStrip(app, element) {
  const words = h("div", { class: "ps-brought-words" });
  const close = h("button", { type: "button", class: "ps-brought-close", on: { click: shut } }, icon("close"));
  const strip = h("div", { class: "ps-brought", role: "status", hidden: true }, words, close);
  element.querySelector(".ps-header")?.after(strip);
  /** @type {string[]} */
  let told = [];

  function shut() {
    told = [];
    app.store.set({ note: "" });
    draw();
  }

  function draw() {
    const { note } = app.state;
    close.setAttribute("aria-label", app.t("close"));
    words.replaceChildren(...(note ? [h("p", {}, h("b", {}, app.t("note_came")), " ", h("span", {}, note))] : []), ...told.map((sentence) => h("p", {}, sentence)));
    strip.hidden = !note && !told.length;
  }

  app.tell = (sentences) => {
    told = sentences;
    draw();
  };
  app.store.subscribe((_, changed) => { if (changed.has("note") || changed.has("language")) draw(); });
  draw();
}
