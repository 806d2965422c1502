// The people: who is searching. One choice for search and map.

import { heartSign, YOU } from "../you_tab/you.js";
import { h, part, svg } from "./dom.js";
import { chosenPerson, personName } from "./person.js";
import { stickerButton, stickerImage } from "./stickers.js";

const FACES_BESIDE = 11; // more than these, and the faces have a row of their own
const FAVOURITES_ON_A_PHONE = 3; // as in people.css

/**
 * Draw the choice of people, and keep it in step with the state.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountPeople(app, element) {
  const strip = part(element, "people");
  const portrait = part(element, "portrait");
  const offered = app.start.people.filter((person) => person.id !== YOU).length;

  function draw() {
    strip.classList.toggle("is-many", app.start.people.length > FACES_BESIDE);
    strip.replaceChildren(...app.start.people.map(choice), nobody(), ...unshown());
    showChosen();
    drawPortrait();
  }

  /** Bring the chosen face to the middle of the row, which is wider than the screen on a phone. */
  function showChosen() {
    const face = strip.querySelector("input:checked")?.parentElement;
    if (face) strip.scrollLeft = face.offsetLeft - (strip.clientWidth - face.offsetWidth) / 2;
  }

  /** @param {Person} person */
  function choice(person) {
    const face = person.avatar ? stickerImage(app, person.avatar, "", true) : person.id === YOU ? heartSign() : h("span", {}, personName(app, person).slice(0, 1));
    return radio(person.id, personName(app, person), face);
  }

  function nobody() {
    const face = svg("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: "ps-nobody" }, svg("circle", { cx: 24, cy: 24, r: 13 }), svg("path", { d: "M15 33L33 15" }));
    return radio("", app.t("nobody"), face);
  }

  /** Say that there are more people than are offered here. */
  function unshown() {
    const all = app.start.population;
    return all > offered ? [h("p", { class: "ps-note ps-people-more" }, app.t("people_shown", { n: offered, of: all.toLocaleString("en") }))] : [];
  }

  /**
   * Give whoever an address names a face where not everybody is offered: only the name is known.
   *
   * @param {string} id
   */
  function adopt(id) {
    if (!id || app.start.population <= offered || app.start.people.some((person) => person.id === id)) return false;
    const [name, portrait] = [{ zh: id, en: id }, { zh: "", en: "" }];
    return app.start.people.push({ id, name, portrait, avatar: null, favourites: [], clusters: [] }) > 0;
  }

  /** @param {string} id @param {string} name @param {Child} face */
  function radio(id, name, face) {
    const input = h("input", { type: "radio", name: "ps-person", value: id, class: "ps-person-input", on: { change: () => app.store.set({ user: id }) } });
    input.checked = app.state.user === id;
    return h("label", { class: "ps-person" }, input, h("span", { class: "ps-avatar" }, face), h("span", { class: "ps-person-name" }, name));
  }

  function drawPortrait() {
    const person = chosenPerson(app);
    if (!person) {
      const room = Array.from({ length: FAVOURITES_ON_A_PHONE }, () => h("span", { class: "ps-mini" }));
      portrait.replaceChildren(words(app.t("nobody_portrait")), h("div", { class: "ps-favourites ps-favourites-room", "aria-hidden": "true" }, room));
      return;
    }
    const name = personName(app, person);
    portrait.replaceChildren(
      words(person.portrait[app.state.language], h("strong", {}, name)),
      h(
        "div",
        { class: "ps-favourites", role: "group", "aria-label": app.t("favourites_of", { name }), title: app.t("favourites_of", { name }) },
        person.favourites.map((sticker) => stickerButton(app, sticker, person.favourites.map((each) => each.id))),
      ),
    );
  }

  /**
   * Write a portrait, and all others invisibly, so that on a phone the room for the longest one is kept.
   *
   * @param {string} line
   * @param {...Child} before
   */
  function words(line, ...before) {
    const lines = [...app.start.people.map((person) => person.portrait[app.state.language]), app.t("nobody_portrait")];
    const rooms = lines.filter((other) => other && other !== line).map((other) => h("p", { class: "ps-portrait-line ps-portrait-room", "aria-hidden": "true", data: { words: other } }));
    return h("div", { class: "ps-portrait-words" }, ...before, h("p", { class: "ps-portrait-line" }, line), ...rooms);
  }

  app.store.subscribe((state, changed) => {
    if (adopt(state.user) || changed.has("language") || changed.has("likes")) draw();
    else if (changed.has("user")) {
      for (const input of strip.querySelectorAll("input")) input.checked = input.value === state.user;
      showChosen();
      drawPortrait();
    }
  });
  new ResizeObserver(showChosen).observe(strip);
  adopt(app.state.user);
  draw();
}
