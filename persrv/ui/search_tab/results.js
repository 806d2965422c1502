// Drawing the results: which lists are on the page, whose they are, and their cards.

import { gliding, h, part, reducedMotion } from "../shared/dom.js";
import { movement } from "../shared/movement.js";
import { chosenPerson } from "../shared/person.js";
import { stickerImage } from "../shared/stickers.js";
import { YOU } from "../you_tab/you.js";
import { entriesOf, isStandIn } from "./answer.js";
import { createColumn } from "./column.js";
import { createFour, fourIds } from "./four.js";
import { drawHeads } from "./heads.js";
import { drawKeptBack } from "./kept_back.js";
import { peoplePair } from "./swap.js";
import { createSwapHead } from "./swap_head.js";
import { drawReading } from "./reading.js";
import { drawNotice, drawOverlap, drawRelevant, drawTiming } from "./told.js";

/**
 * Content of the two columns. answers and lists: the left one's and the right one's; move and extras: as for a column;
 * people: whether they are two people's.
 *
 * @typedef {object} Pair
 * @property {Answer[]} answers
 * @property {Entry[][]} lists
 * @property {(id: string) => Move | null} move
 * @property {(side: number) => (id: string) => Node[]} [extras]
 * @property {boolean} [people]
 */

/**
 * Draw everything that shows results. `draw` shows an answer and, if there is one, the compared person's; `retry` asks
 * once more.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {() => void} retry
 */
export function createResults(app, element, retry) {
  const columns = part(element, "columns");
  const left = createColumn(app, part(element, "left-grid"), "left");
  const right = createColumn(app, part(element, "right-grid"), "right");
  left.others = [right];
  right.others = [left];
  const four = createFour(app, element);
  const swapHead = createSwapHead(app);
  const drawFan = createFan(app, element);
  const sides = part(element, "segment").querySelectorAll("button");

  /** @param {string | undefined} side */
  function chooseSide(side) {
    columns.dataset.side = side;
    for (const button of sides) button.setAttribute("aria-pressed", String(button.dataset.side === side));
  }
  for (const button of sides) button.addEventListener("click", () => chooseSide(button.dataset.side));
  chooseSide("right");

  /**
   * Draw all lists, their heads and what is said about them; cards glide where the question stayed the same.
   *
   * @param {Answer | Refusal | null} answer
   * @param {Answer | Refusal | null} other
   * @param {boolean} glide
   */
  function draw(answer, other, glide) {
    const shown = answer && answer.error === undefined ? answer : null;
    part(element, "utility").setAttribute("aria-checked", String(app.state.utility));
    part(element, "words").setAttribute("aria-checked", String(app.state.words));
    part(element, "legend-meaning").hidden = !app.start.tuning.meaning || app.state.words;
    drawNotice(app, element, answer, retry);
    drawReading(app, element, shown);
    drawTiming(app, element, answer);
    const inFour = drawLayout(app, element, answer);
    const { answers, lists, move, extras, people = false } = pairShown(app, shown, other);
    drawHeads(app, element, swapHead, answer, people);
    drawFan(lists[people ? 0 : 1].length ? lists[people ? 0 : 1] : lists[0]);
    drawOverlap(app, element, lists, people || Boolean(shown?.personalized && !inFour));
    drawKeptBack(app, element, inFour || people ? null : shown, lists[1]);
    drawRelevant(app, element, shown ? (inFour ? [[shown, fourIds(shown)]] : markedIn(answers, lists, people)) : []);
    gliding(glide, [...part(element, "results").querySelectorAll(".ps-grid")], () => {
      if (inFour && shown) four.show(shown);
      else if (answer) { // until then the document's room for cards stays
        const largest = Math.max(1e-9, ...lists.flat().map((entry) => entry.final));
        left.show(answers[0], lists[0], move, largest, extras?.(0));
        right.show(answers[1], lists[1], move, largest, extras?.(1));
      }
    });
    const personal = shown ? shown.personalized : !answer && hasTaste(app, chosenPerson(app));
    const single = !people && !personal;
    columns.classList.toggle("is-single", single);
    columns.classList.toggle("is-people", people);
    const awaited = !answer && !app.state.four && personal; // on a phone its room is kept, or the results would move down
    part(element, "segment").hidden = (single || inFour) && !awaited;
    part(element, "segment").classList.toggle("is-awaited", awaited);
    part(element, "why-hint").hidden = !shown?.rankings.none.length;
    const results = part(element, "results");
    results.setAttribute("aria-busy", String(!answer));
    if (shown) results.dataset.query = shown.query;
  }

  return { draw };
}

/**
 * Return what the two columns show: two people, or one person beside everybody.
 *
 * @param {App} app
 * @param {Answer | null} answer
 * @param {Answer | Refusal | null} other
 * @returns {Pair}
 */
function pairShown(app, answer, other) {
  if (!answer) return { answers: [], lists: [[], []], move: () => null };
  const compared = other && other.error === undefined && other.user === app.state.other && !isStandIn(answer) && answer.rankings.none.length > 0;
  if (compared) return { ...peoplePair(app, [answer, other]), people: true };
  /** @type {RankingName[]} */
  const names = app.state.utility ? ["utility", "both"] : ["none", "personalization"];
  const lists = names.map((name) => entriesOf(answer, name));
  const [before, after] = lists.map((entries) => new Map(entries.map((entry) => [entry.id, entry.rank])));
  const move = (/** @type {string} */ id) => (answer.personalized ? movement(before.get(id) ?? null, after.get(id) ?? null) : null);
  return { answers: [answer, answer], lists, move };
}

/**
 * Show all four lists where they are wanted and there are results, else the columns; return whether it is four.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Answer | Refusal | null} answer
 */
function drawLayout(app, element, answer) {
  const layout = app.state.other ? "people" : app.state.four ? "4" : "2";
  const found = answer && answer.error === undefined && !isStandIn(answer) && answer.rankings.none.length > 0;
  const inFour = Boolean(found) && layout === "4";
  part(element, "four").hidden = !inFour;
  part(element, "columns").hidden = inFour;
  part(element, "utility").hidden = inFour || (!answer && layout === "4");
  for (const button of part(element, "layout").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.layout === layout));
  }
  return inFour;
}

/**
 * Pair answers with the stickers among which their marks are looked for: two people's with their own lists, one
 * person's with all lists.
 *
 * @param {Answer[]} answers
 * @param {Entry[][]} lists
 * @param {boolean} people
 * @returns {[Answer, string[]][]}
 */
function markedIn(answers, lists, people) {
  if (people) return answers.map((each, at) => [each, lists[at].map((entry) => entry.id)]);
  return [[answers[0], lists.flat().map((entry) => entry.id)]];
}

/**
 * Return what draws the three best stickers as a fan beside the title, anew only where they are others.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
function createFan(app, element) {
  let fanned = "";
  return (/** @type {Entry[]} */ entries) => {
    const best = entries.slice(0, 3);
    const key = best.map((entry) => entry.id).join();
    if (key === fanned) return;
    fanned = key;
    const images = best.map((entry) => stickerImage(app, entry.sticker, "", true));
    part(element, "fan").replaceChildren(...images);
    if (!reducedMotion()) for (const image of images) image.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 260 });
  };
}

/**
 * Tell whether somebody's results will be personalised, as far as the page knows before it has asked.
 *
 * @param {App} app
 * @param {Person | null} person
 */
const hasTaste = (app, person) => person !== null && (person.id === YOU ? app.you.likes() : person.clusters).length > 0;

/**
 * Draw a chip for each example query.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {string[]} queries
 */
export function drawChips(app, element, queries) {
  part(element, "chips").replaceChildren(
    ...queries.map((query) => h("button", { type: "button", class: "ps-chip", data: { query }, on: { click: () => app.store.set({ query }) } }, query)),
  );
  showPressed(app, element);
}

/**
 * Press the chip of the query, and bring it into sight where the chips are wider than their place.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function showPressed(app, element) {
  const chips = part(element, "chips");
  for (const chip of chips.querySelectorAll("button")) {
    const pressed = chip.dataset.query === app.state.query;
    chip.setAttribute("aria-pressed", String(pressed));
    if (pressed) chips.scrollLeft = chip.offsetLeft - (chips.clientWidth - chip.offsetWidth) / 2;
  }
}
