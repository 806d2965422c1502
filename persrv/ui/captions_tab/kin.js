// What a picture has to do with the catalogue and its people: the stickers nearest in style, and who would like it.

import { decimal, h } from "../shared/dom.js";
import { personName } from "../shared/person.js";
import { stickerButton, stickerImage } from "../shared/stickers.js";

/** Shares of the catalogue that are less to somebody's taste, from which on a picture is called so. */
const FAN_WORDS = [[0.95, "very"], [0.8, "quite"], [0.5, "somewhat"], [0, "not"]];

export function createKin(app, box) {
  let answer = null;
  let problem = null;
  let asked = 0;

  async function ask(source) {
    const number = ++asked;
    const received = await app.server.picture_kin(source).catch(() => ({ error: app.t("failed") }));
    if (number !== asked) return; // another picture was chosen meanwhile
    [answer, problem] = received.error ? [null, received] : [received, null];
    draw();
  }

  function forget() {
    asked += 1;
    [answer, problem] = [null, null];
    draw();
  }

  function draw() {
    box.hidden = !answer && !problem;
    if (problem) box.replaceChildren(h("p", { class: "ps-note", role: "alert" }, problem.code ? app.t(`error_${problem.code}`, problem.values) : problem.error));
    else if (answer) box.replaceChildren(nearest(), fans());
    else box.replaceChildren();
  }

  function nearest() {
    const ids = answer.neighbours.map((each) => each.id);
    const figure = (near) => h("figure", {}, stickerButton(app, near, ids), h("figcaption", { title: app.t("cosine", { value: decimal(near.cosine) }) }, decimal(near.cosine)));
    return h("section", { data: { kin: "near" } }, h("h2", {}, app.t("neighbours_title")), h("p", {}, app.t("kin_near_how")), h("div", { class: "ps-minis is-large" }, answer.neighbours.map(figure)));
  }

  function fans() {
    const list = answer.audience.length ? h("ol", { class: "ps-fans" }, answer.audience.map(fan)) : h("p", { class: "ps-note" }, app.t("kin_nobody"));
    return h("section", { data: { kin: "fans" } }, h("h2", {}, app.t("kin_fans")), h("p", {}, app.t("kin_fans_how")), list);
  }

  function fan({ user, beyond, nearest: own }) {
    const person = app.start.people.find((each) => each.id === user);
    const name = person ? personName(app, person) : user;
    const word = FAN_WORDS.find(([least]) => beyond >= least)[1];
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
