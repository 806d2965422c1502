// Around the plots: title, what is marked and coloured, who is beside, the legend and the panel.

import { comparedPerson } from "../search_tab/swap.js";
import { h, part, refill } from "../shared/dom.js";
import { chosenPerson, personName } from "../shared/person.js";
import { translate } from "../shared/store.js";
import { groupLook, shapeMark } from "./looks.js";
import { resultsLegend } from "./marks.js";
import { chosenPanel, selectionPanel, tastesPanel } from "./panel.js";
import { mapTheme } from "./plot.js";

/**
 * Return the id of whoever is shown beside the chosen person, the one whom the search compares with; "" for nobody.
 *
 * @param {App} app
 */
export const beside = (app) => (app.state.other && app.state.other !== app.state.user ? app.state.other : "");

/**
 * The controls change the state, or `look` and call `drawPlots`.
 *
 * @param {App} app
 * @param {HTMLElement} room
 * @param {StyleMap} map
 * @param {MapLook} look
 * @param {() => void} drawPlots
 */
export function createSurroundings(app, room, map, look, drawPlots) {
  const shownButtons = part(room, "map-shows").querySelectorAll("button");
  /** @type {HTMLSelectElement} */
  const colours = part(room, "map-colour");
  /** @type {HTMLSelectElement} */
  const other = part(room, "map-beside");

  function drawWords() {
    translate(room, app.t);
    const person = chosenPerson(app);
    part(room, "map-title").textContent = person ? app.t("map_title", { name: personName(app, person) }) : app.t("map_title_nobody");
    for (const button of shownButtons) button.setAttribute("aria-pressed", String(button.dataset.showsMarks === look.shows));
    other.replaceChildren(h("option", { value: "" }, app.t("map_beside_nobody")), ...app.start.people.filter((each) => each.id !== app.state.user).map((each) => h("option", { value: each.id }, personName(app, each))));
    other.value = beside(app);
    colours.value = look.colouring;
    drawLegend();
  }

  function drawLegend() {
    refill(part(room, "map-legend"), look.shows === "results" ? resultsLegend(app) : groupsLegend());
  }

  /** A button for each group where there are several; it shows its group alone. */
  function groupsLegend() {
    const entries = look.groups.length > 1 ? look.groups : [];
    return entries.map((group, place) => {
      const { colour, shape, size } = groupLook(look.groups, place, mapTheme());
      const name = look.colouring === "popularity" ? app.t("map_legend_clicks", { n: group.name }) : group.name;
      const mark = shapeMark(shape, colour);
      mark.style.width = mark.style.height = `${(9 * size).toFixed(1)}px`;
      const press = () => {
        look.alone = look.alone === place ? null : place;
        drawLegend();
        drawPlots();
      };
      return h("button", { type: "button", "aria-pressed": String(look.alone === place), on: { click: press } }, mark, name);
    });
  }

  function drawPanel() {
    const { chosen } = look;
    const people = [chosenPerson(app), beside(app) ? comparedPerson(app) : null].filter((person) => person !== null);
    const tastes = people.length ? people.map((person) => tastesPanel(app, map, person)) : [h("p", { class: "ps-note" }, app.t("map_nobody"))];
    part(room, "map-panel").replaceChildren(
      ...(chosen !== null ? [chosenPanel(app, map, chosen)] : []),
      ...(map.selected.length ? [selectionPanel(app, map)] : []),
      ...(chosen === null && !map.selected.length ? tastes : []),
    );
  }

  for (const button of shownButtons) button.addEventListener("click", () => { app.store.set({ map: button.dataset.showsMarks === "results" ? "results" : "tastes" }); });
  colours.addEventListener("change", () => app.store.set({ colour: colours.value }));
  other.addEventListener("change", () => app.store.set({ other: other.value }));
  return { drawWords, drawPanel };
}
