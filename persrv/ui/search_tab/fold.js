// Folding what stands above the results: one line of question and people, or all of title, portraits and favourites.

import { part } from "../shared/dom.js";
import { createKeep } from "../shared/keep.js";

/**
 * The button that folds and unfolds; this browser remembers which.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountFold(app, element) {
  const top = part(element, "top");
  const button = part(element, "fold");
  const kept = createKeep("top", { unfolded: false });

  function show() {
    const { unfolded } = kept.get();
    top.classList.toggle("is-folded", !unfolded);
    button.setAttribute("aria-expanded", String(unfolded));
    const said = app.t(unfolded ? "fold" : "unfold");
    button.setAttribute("aria-label", said);
    button.title = said;
  }

  button.addEventListener("click", () => {
    kept.set({ unfolded: !kept.get().unfolded });
    show();
  });
  app.store.subscribe((_, changed) => { if (changed.has("language")) show(); });
  show();
}
