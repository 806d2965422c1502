// One round on the page: before the choice only pictures to choose from; after it, whose each was and where it stood.

import { h } from "../shared/dom.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";

/**
 * @param {App} app
 * @param {RankingName} name
 */
export const rankingName = (app, name) => app.t(`blind_ranking_${name}`);

/**
 * Write what stands above the stickers. known: whether one of the rankings was revealed before.
 *
 * @param {App} app
 * @param {Round} round
 * @param {boolean} known
 */
export function roundWords(app, round, known) {
  const { revealed, trial } = round;
  return [
    h("h2", { id: "ps-blind-question" }, app.t("blind_question", { q: trial.query })),
    h("p", {}, revealed ? verdict(app, round, revealed) : app.t("blind_how"), known && !revealed ? ` ${app.t("blind_known")}` : ""),
    ...(revealed ? [h("p", { class: "ps-note" }, app.t("blind_legend"))] : []),
  ];
}

/**
 * @param {App} app
 * @param {Round} round
 * @param {Revealed} revealed
 */
function verdict(app, { choice, known, trial }, revealed) {
  if (!choice) return app.t("blind_verdict_none");
  const [a, b] = revealed.places[choice].map((rank) => placeOf(app, revealed, rank));
  const stood = app.t("blind_stood", { a, b, first: rankingName(app, trial.first), second: rankingName(app, trial.second) });
  if (known) return `${app.t("blind_verdict_known")} ${stood}`;
  if (!revealed.credit) return `${app.t("blind_verdict_same")} ${stood}`;
  return `${app.t("blind_verdict", { team: revealed.credit, name: rankingName(app, revealed.credit === "A" ? trial.first : trial.second) })} ${stood}${a === b ? ` ${app.t("blind_even", { team: revealed.credit })}` : ""}`;
}

/**
 * @param {App} app
 * @param {Revealed} revealed
 * @param {number | null} rank
 */
const placeOf = (app, revealed, rank) => (rank === null ? app.t("blind_below", { n: revealed.depth }) : app.t("rank", { n: rank }));

/**
 * Make the cards of a round's stickers; `choose` is called with the sticker that the visitor would send.
 *
 * @param {App} app
 * @param {Round} round
 * @param {(sticker: string) => void} choose
 */
export function roundCards(app, round, choose) {
  const { revealed } = round;
  return round.stickers.map((sticker, index) => (revealed ? revealedCard(app, round, revealed, sticker, index) : hiddenCard(app, sticker, index, choose)));
}

/**
 * @param {App} app
 * @param {Sticker} sticker
 * @param {number} index
 * @param {(sticker: string) => void} choose
 */
function hiddenCard(app, sticker, index, choose) {
  const label = app.t("blind_send", { n: index + 1, alt: stickerWords(app, sticker) });
  return h("li", {}, h("button", { type: "button", class: "ps-blind-face", "aria-label": label, on: { click: () => choose(sticker.id) } }, stickerImage(app, sticker, "", true)));
}

/**
 * @param {App} app
 * @param {Round} round
 * @param {Revealed} revealed
 * @param {Sticker} sticker
 * @param {number} index
 */
function revealedCard(app, round, revealed, sticker, index) {
  const team = revealed.picks[index][1];
  const [a, b] = revealed.places[sticker.id];
  const said = app.t("blind_card", { team, a: placeOf(app, revealed, a), b: placeOf(app, revealed, b) });
  const number = (/** @type {number | null} */ rank) => (rank === null ? "–" : String(rank));
  return h(
    "li",
    { class: sticker.id === round.choice ? "is-chosen" : null, data: { sticker: sticker.id, team } },
    h("button", { type: "button", class: "ps-blind-face", "aria-label": app.t("open_sticker", { alt: stickerWords(app, sticker) }), on: { click: () => app.openSticker(sticker.id, round.stickers.map((each) => each.id)) } }, stickerImage(app, sticker, "", true)),
    h("p", { class: "ps-blind-places", title: said }, h("b", { class: `ps-team is-${team}`, "aria-hidden": "true" }, team), h("span", { "aria-hidden": "true" }, `A ${number(a)} · B ${number(b)}`), h("span", { class: "ps-hidden" }, said)),
  );
}
