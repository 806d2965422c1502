// The captions tab: the catalogue on show (inspect.js), or a picture that is captioned now (own_picture.js).

import { part } from "../shared/dom.js";
import { mountInspection, OWN_PICTURE } from "./inspect.js";
import { mountOwnPicture } from "./own_picture.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountCaptions(app, element) {
  mountInspection(app, element);
  mountOwnPicture(app, element);
  const modes = part(element, "caption-mode").querySelectorAll("button");
  const mode = () => (app.state.show === OWN_PICTURE ? "own" : "catalogue");

  function draw() {
    for (const button of modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode()));
    part(element, "own").hidden = mode() !== "own";
  }

  for (const button of modes) {
    button.addEventListener("click", () => {
      if (button.dataset.mode !== mode()) app.store.set({ show: button.dataset.mode === "own" ? OWN_PICTURE : "" });
    });
  }
  app.store.subscribe((_, changed) => { if (changed.has("show")) draw(); });
  draw();
}
