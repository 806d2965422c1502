// What stands at the head of the two columns: whose results they are, and why they may be nobody's.

import { h, part } from "../shared/dom.js";
import { chosenPerson, personName } from "../shared/person.js";
import { stickerImage } from "../shared/stickers.js";
import { YOU } from "../you_tab/you.js";
import { isStandIn } from "./answer.js";
import { comparedPerson } from "./swap.js";

/**
 * Heads of both columns, and the same on a phone's switch between the columns. people: whether the columns are two people's.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {{ element: HTMLElement, update: () => void }} swapHead
 * @param {Answer | Refusal | null} answer
 * @param {boolean} people
 */
export function drawHeads(app, element, swapHead, answer, people) {
  const person = chosenPerson(app);
  const name = person ? personName(app, person) : "";
  const compared = people ? comparedPerson(app) : null;
  const second = compared ? personName(app, compared) : name;
  part(element, "left-head").replaceChildren(...(people && person ? personHead(app, person) : leftHead(app, answer, person)));
  const head = part(element, "right-head");
  if (!people) head.replaceChildren(...personHead(app, person));
  else if (!head.contains(swapHead.element)) head.replaceChildren(swapHead.element);
  swapHead.update();
  part(element, "segment-left").textContent = people && person ? app.t("right_title", { name }) : app.t("segment_left");
  part(element, "segment-right").textContent = app.t("right_title", { name: second });
}

/**
 * @param {App} app
 * @param {Person | null} person
 */
function personHead(app, person) {
  const name = person ? personName(app, person) : "";
  return [
    person && person.avatar ? h("span", { class: "ps-avatar is-small" }, stickerImage(app, person.avatar, "", true)) : "",
    h("div", {}, h("h2", {}, app.t("right_title", { name })), h("p", {}, person?.id === YOU ? app.t("you_right_hint") : app.t("right_hint", { name }))),
  ];
}

/**
 * Title of the left column, only beside results: without them nothing is known of the person.
 *
 * @param {App} app
 * @param {Answer | Refusal | null} answer
 * @param {Person | null} person
 */
function leftHead(app, answer, person) {
  if (!answer || answer.error !== undefined || !answer.rankings.none.length) return [];
  if (answer.user !== (app.state.user || null)) return []; // the answer for the person now chosen is on its way
  if (isStandIn(answer)) return [h("h2", {}, app.t("fallback_title"))];
  if (answer.personalized && person) return [h("h2", {}, app.t("left_title")), h("p", {}, app.t("left_hint"))];
  return [h("h2", {}, app.t("not_personalised")), h("p", {}, notPersonalisedBecause(app, person))];
}

/**
 * @param {App} app
 * @param {Person | null} person
 */
function notPersonalisedBecause(app, person) {
  if (person?.id === YOU) return app.t("you_none");
  if (person) return app.t("no_style", { name: personName(app, person) });
  return app.state.user ? app.t("unknown_user", { name: app.state.user }) : app.t("not_personalised_hint");
}
