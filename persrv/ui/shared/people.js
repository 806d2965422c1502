// The people: who is searching. One choice for search and map.

const personName = (app, person) => person.name[app.state.language];
const chosenPerson = (app) => app.start.people.find((person) => person.id === app.state.user) || null;

/** Draws the picker and keeps it in step with the state. */
function mountPeople(app, element) {
  const strip = part(element, "people");
  const portrait = part(element, "portrait");

  function draw() {
    strip.replaceChildren(...app.start.people.map(choice), nobody());
    showChosen();
    drawPortrait();
  }

  /** On a phone the row is wider than the screen: the chosen face is brought to its middle. */
  function showChosen() {
    const face = strip.querySelector("input:checked")?.parentElement;
    if (face) strip.scrollLeft = face.offsetLeft - (strip.clientWidth - face.offsetWidth) / 2;
  }

  function choice(person) {
    const face = person.avatar ? stickerImage(app, person.avatar, "", true) : person.id === YOU ? heartSign() : h("span", {}, personName(app, person).slice(0, 1));
    return radio(person.id, personName(app, person), face);
  }

  function nobody() {
    const face = svg("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: "ps-nobody" }, svg("circle", { cx: 24, cy: 24, r: 13 }), svg("path", { d: "M15 33L33 15" }));
    return radio("", app.t("nobody"), face);
  }

  function radio(id, name, face) {
    const input = h("input", { type: "radio", name: "ps-person", value: id, class: "ps-person-input", on: { change: () => app.store.set({ user: id }) } });
    input.checked = app.state.user === id;
    return h("label", { class: "ps-person" }, input, h("span", { class: "ps-avatar" }, face), h("span", { class: "ps-person-name" }, name));
  }

  function drawPortrait() {
    const person = chosenPerson(app);
    if (!person) {
      portrait.replaceChildren(h("p", { class: "ps-portrait-line" }, app.t("nobody_portrait")));
      return;
    }
    const name = personName(app, person);
    portrait.replaceChildren(
      h("div", { class: "ps-portrait-words" }, h("strong", {}, name), h("p", { class: "ps-portrait-line" }, person.portrait[app.state.language])),
      h(
        "div",
        { class: "ps-favourites", role: "group", "aria-label": app.t("favourites_of", { name }), title: app.t("favourites_of", { name }) },
        person.favourites.map((sticker) => stickerButton(app, sticker, person.favourites.map((each) => each.id))),
      ),
    );
  }

  app.store.subscribe((state, changed) => {
    if (changed.has("language") || changed.has("likes")) draw();
    else if (changed.has("user")) {
      for (const input of strip.querySelectorAll("input")) input.checked = input.value === state.user;
      showChosen();
      drawPortrait();
    }
  });
  draw();
}
