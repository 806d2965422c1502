// Judge: a person says which stickers fit a list of queries; two settings, or settings and a run file, are measured by it.

import { h, part } from "../shared/dom.js";
import { personName } from "../shared/person.js";
import { YOU } from "../you_tab/you.js";
import { createAsking } from "./asking.js";
import { mountFiles } from "./files.js";
import { createJudging } from "./judging.js";
import { drawMeasures } from "./measures.js";
import { drawSides } from "./sides.js";
import { mountTiles } from "./tiles.js";

/**
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountJudge(app, element) {
  const judging = createJudging(app);
  const problem = part(element, "judge-problem");
  /** @type {HTMLSelectElement} */
  const who = part(element, "judge-for");

  const measured = () => drawMeasures(app, judging, element);
  const asking = createAsking(app, judging, { tell, ranked: () => drawTiles(), measured });
  const drawTiles = mountTiles(app, judging, part(element, "judge-topics"), asking.measure);
  const settings = () => drawSides(app, judging, part(element, "judge-settings"), { moved: asking.rank, dropped: dropRun });
  const { use, typed } = mountList(app, element, judging, asking.rank);
  mountFiles(app, element, judging, { tell, use, typed, runRead });

  function tell(/** @type {string} */ said) {
    problem.textContent = said;
    problem.hidden = !said;
  }

  function runRead() {
    settings();
    drawTiles();
    asking.measure();
  }

  function dropRun() {
    judging.sides[1].file = "";
    settings();
    asking.rank();
  }

  function draw() {
    const people = app.start.people.filter(({ id }) => id !== YOU);
    const options = people.map((person) => h("option", { value: person.id, selected: person.id === judging.user }, personName(app, person)));
    who.replaceChildren(h("option", { value: "" }, app.t("nobody")), ...options);
    settings();
    drawTiles();
    measured();
  }

  let opened = false;
  function open() {
    if (app.state.view !== "judge" || opened) return;
    opened = true;
    draw();
    if (judging.topics().length) use(judging.text());
    else part(element, "judge-examples").click();
  }

  who.addEventListener("change", () => {
    judging.user = who.value;
    asking.rank();
  });
  part(element, "judge-clear").addEventListener("click", () => {
    judging.keep({ judgements: {} });
    drawTiles();
    asking.measure();
  });
  app.store.subscribe((_, changed) => {
    if (changed.has("view")) open();
    if (changed.has("language") && opened) draw();
  });
  open();
}

/**
 * Return a function that takes a text as the list of queries; the form and the examples do so, too.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Judging} judging
 * @param {() => void} rank
 */
function mountList(app, element, judging, rank) {
  /** @type {HTMLTextAreaElement} */
  const box = part(element, "judge-queries");

  function use(/** @type {string} */ text) {
    judging.keep({ text });
    box.value = text;
    rank();
  }

  part(element, "judge-form").addEventListener("submit", (event) => {
    event.preventDefault();
    use(box.value);
  });
  part(element, "judge-examples").addEventListener("click", async () => {
    const before = box.value;
    const { queries } = await app.server.examples({ language: app.state.language }).catch(() => ({ queries: [] }));
    if (box.value === before) use(queries.join("\n")); // else somebody went on typing meanwhile
  });
  return { use, typed: () => box.value };
}
