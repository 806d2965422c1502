// Who is on each side of a conversation, and who of both is writing.

import { h, part } from "../shared/dom.js";
import { face, nameOr } from "./log.js";

/** @type {Side[]} */
const SIDES = ["left", "right"];

/**
 * Draw both people and the choice of who is writing; `seat(side, id)` puts somebody on a side, `write(side)` lets a side
 * write.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {Conversation} talk
 * @param {Side} writer
 * @param {{ seat: (side: Side, id: string) => void, write: (side: Side) => void }} does
 */
export function drawWriters(app, element, talk, writer, { seat, write }) {
  for (const side of SIDES) part(element, `chat-${side}`).replaceChildren(face(app, talk[side]), personChoice(app, side, talk[side], (id) => seat(side, id)));
  part(element, "chat-writers").replaceChildren(...SIDES.map((side) => writerChoice(app, talk[side], side === writer, () => write(side))));
}

/**
 * Make the choice of who is on a side.
 *
 * @param {App} app
 * @param {Side} side
 * @param {string} chosen
 * @param {(id: string) => void} choose
 */
function personChoice(app, side, chosen, choose) {
  const known = app.start.people.map((each) => each.id);
  const ids = known.includes(chosen) ? known : [chosen, ...known];
  const label = side === "left" ? app.t("chat_left") : app.t("chat_right");
  const select = h("select", { class: "ps-select", "aria-label": label, on: { change: () => choose(select.value) } }, ids.map((id) => h("option", { value: id, selected: id === chosen }, nameOr(app, id))));
  return select;
}

/**
 * Make the face that says, and chooses, who is writing.
 *
 * @param {App} app
 * @param {string} id
 * @param {boolean} chosen
 * @param {() => void} choose
 */
function writerChoice(app, id, chosen, choose) {
  const label = app.t("chat_as", { name: nameOr(app, id) });
  const input = h("input", { type: "radio", name: "ps-chat-writer", class: "ps-person-input", "aria-label": label, on: { change: choose } });
  input.checked = chosen;
  return h("label", { class: "ps-chat-writer", title: label }, input, face(app, id));
}
