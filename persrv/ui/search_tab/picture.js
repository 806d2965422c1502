// The search as a figure: read off the lists on the page, whichever they are, so that it shows what they show.

import { flash } from "../shared/copying.js";
import { part } from "../shared/dom.js";
import { figureBlob, figureFooter } from "../shared/figure.js";
import { fileStem, saveFile } from "../shared/files.js";
import { currentSettings } from "../shared/knobs.js";
import { chosenPerson, personName } from "../shared/person.js";
import { imageUrl } from "../shared/stickers.js";
import { cardOf } from "./cards.js";

export const PICTURED = 9; // stickers of each list

/**
 * The lists of results that are there, in their order: name, hint, and what stands in each place.
 *
 * @param {HTMLElement} element
 */
export function listsShown(element) {
  const single = part(element, "columns").classList.contains("is-single");
  return [...part(element, "results").querySelectorAll(".ps-column, .ps-four-list")]
    .filter((list) => !list.closest("[hidden]") && !(single && list.classList.contains("is-right")) && list.querySelector(".ps-card"))
    .map((list) => ({
      title: list.querySelector("h2")?.lastChild?.textContent ?? "",
      hint: list.querySelector("header p")?.textContent ?? "",
      entries: [...list.querySelectorAll(".ps-card")].map(placeShown),
    }));
}

/**
 * One card as it stands: its sticker, its rank, how it moved, whether it is marked.
 *
 * @param {HTMLElement} card
 */
function placeShown(card) {
  const move = card.querySelector(".ps-move");
  const { id, rank, sticker } = cardOf.get(card).entry;
  return {
    id,
    sticker,
    rank,
    kind: move ? [...move.classList].find((name) => name.startsWith("is-"))?.slice(3) ?? null : null,
    badge: move ? [...move.querySelectorAll(":scope > [aria-hidden]")].map((each) => each.textContent).join("") : null,
    marked: card.querySelector(".ps-sent")?.hidden === false,
  };
}

/**
 * The figure of what the search shows; null where it shows nothing.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
function searchFigure(app, element) {
  const lists = listsShown(element);
  if (!lists.length) return null;
  const person = chosenPerson(app);
  return {
    eyebrow: app.t("nav_search"),
    title: `“${app.state.query}”`,
    person: person ? personName(app, person) : app.t("nobody"),
    face: person && person.avatar ? imageUrl(app, person.avatar) : null,
    sentences: sentencesShown(element),
    rows: lists.map(({ title, hint, entries }) => ({
      title,
      hint,
      absent: "",
      entries: entries.slice(0, PICTURED).map((entry) => ({ ...entry, picture: imageUrl(app, entry.sticker) })),
    })),
    footer: figureFooter(app, currentSettings(app)),
  };
}

/**
 * What stands above the lists: what stood in for a search that found nothing, what the marks mean, how alike two lists
 * are.
 *
 * @param {HTMLElement} element
 */
function sentencesShown(element) {
  const line = (/** @type {string} */ name) => [part(element, name)].filter((each) => !each.hidden);
  const pairs = line("overlap").flatMap((each) => [...each.querySelectorAll(".ps-overlap-pair")]);
  return [
    ...line("notice").flatMap((each) => [...each.querySelectorAll("p")]).map((each) => each.textContent),
    ...line("relevant").map((each) => [...each.childNodes].map((node) => node.textContent).join(" ")),
    ...(pairs.length === 1 ? pairs.map((pair) => [...pair.children].map((each) => each.textContent).join(" · ")) : []),
  ];
}

/**
 * The button that saves it.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountPicture(app, element) {
  const button = part(element, "picture");
  button.addEventListener("click", async () => {
    const figure = searchFigure(app, element);
    if (!figure) return flash(app, button, app.t("figure_nothing"));
    saveFile(`persrv-${fileStem(app.state.query ?? "")}.png`, await figureBlob(app, figure), "image/png");
    return flash(app, button, app.t("figure_saved"));
  });
  const show = () => { button.hidden = app.state.view !== "search"; };
  app.store.subscribe(show);
  show();
}
