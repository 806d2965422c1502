// What a picture has to do with the catalogue and its people: the stickers nearest in style, and who would like it.

import { decimal, h } from "../shared/dom.js";
import { personName, personOf } from "../shared/person.js";
import { answerOf, problemOf } from "../shared/refusal.js";
import { stickerButton, stickerImage } from "../shared/stickers.js";

/** Words for a taste, each with the least share of the catalogue that is less to somebody's taste than the picture. */
const FAN_WORDS = /** @type {[least: number, word: string][]} */ ([[0.95, "very"], [0.8, "quite"], [0.5, "somewhat"], [0, "not"]]);

/**
 * @param {App} app
 * @param {HTMLElement} box
 */
export function createKin(app, box) {
  /** @type {Kin | null} */
  let answer = null;
  /** @type {(() => string) | null} says it in the language of the moment */
  let problem = null;
  let asked = 0;

  /** @param {{ picture: string } | { sticker: string }} source */
  async function ask(source) {
    const number = ++asked;
    const received = await app.server.picture_kin(source).catch(() => null);
    if (number !== asked) return; // another picture was chosen meanwhile
    problem = problemOf(app, received);
    answer = answerOf(received);
    draw();
  }

  function forget() {
    asked += 1;
    [answer, problem] = [null, null];
    draw();
  }

  function draw() {
    box.hidden = !answer && !problem;
    if (problem) box.replaceChildren(h("p", { class: "ps-note", role: "alert" }, problem()));
    else if (answer?.unlike) box.replaceChildren(h("p", { class: "ps-notice", role: "status", data: { kin: "unlike" } }, app.t("kin_unlike")), nearest(answer.neighbours)); // nobody's taste is told of what no model knows
    else if (answer) box.replaceChildren(nearest(answer.neighbours), fans(answer.audience));
    else box.replaceChildren();
  }

  /** @param {NearSticker[]} neighbours */
  function nearest(neighbours) {
    const ids = neighbours.map((each) => each.id);
    const figure = (/** @type {NearSticker} */ near) => h("figure", {}, stickerButton(app, near, ids), h("figcaption", { title: app.t("cosine", { value: decimal(near.cosine) }) }, decimal(near.cosine)));
    return h("section", { data: { kin: "near" } }, h("h2", {}, app.t("neighbours_title")), h("p", {}, app.t("kin_near_how")), h("div", { class: "ps-minis is-large" }, neighbours.map(figure)));
  }

  /** @param {Fan[]} audience */
  function fans(audience) {
    const list = audience.length ? h("ol", { class: "ps-fans" }, audience.map(fan)) : h("p", { class: "ps-note" }, app.t("kin_nobody"));
    return h("section", { data: { kin: "fans" } }, h("h2", {}, app.t("kin_fans")), h("p", {}, app.t("kin_fans_how")), list);
  }

  /** @param {Fan} fan */
  function fan({ user, beyond, nearest: own }) {
    const person = personOf(app, user);
    const name = person ? personName(app, person) : user;
    const word = FAN_WORDS.find(([least]) => beyond >= least)?.[1] ?? "not";
    const face = person?.avatar ? stickerImage(app, person.avatar, "") : h("span", {}, name.slice(0, 1));
    return h(
      "li",
      { class: `is-${word}`, data: { user } },
      h("span", { class: "ps-avatar is-small", "aria-hidden": "true" }, face),
      h("div", {}, h("strong", {}, name), h("b", {}, app.t(`fan_${word}`)), h("small", {}, app.t("kin_beyond", { n: Math.floor(100 * beyond) }))),
      h("div", { class: "ps-minis", role: "group", "aria-label": app.t("kin_theirs", { name }), title: app.t("kin_theirs", { name }) }, own.map((each) => stickerButton(app, each, own.map((sticker) => sticker.id)))),
    );
  }

  return { ask, forget, draw };
}
