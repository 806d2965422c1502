// The steps of the story, each from answers of the server to ordinary questions, so that its numbers are the page's own.

import { caseSentence, titleOf } from "../cases_tab/telling.js";
import { entriesOf, isStandIn, scoreParts } from "../search_tab/answer.js";
import { moveBadge } from "../search_tab/cards.js";
import { decimal, h } from "../shared/dom.js";
import { movement } from "../shared/movement.js";
import { nameOfPerson, personOf } from "../shared/person.js";
import { answerOf } from "../shared/refusal.js";
import { stickerImage, stickerWords } from "../shared/stickers.js";

const IN_ROW = 8; // stickers of a ranking, as many as the server compares (persrv/ui/opening.py)

/**
 * Ask for everything that the story tells. Return its steps, and a sentence for each step that this bundle cannot show.
 *
 * @param {App} app
 * @returns {Promise<{ steps: StoryStep[], missing: string[] }>}
 */
export async function storySteps(app) {
  const [chosen, mined] = await Promise.all([app.server.story({ language: app.state.language }), app.server.cases({}).catch(() => null)]);
  const story = answerOf(chosen)?.story ?? null;
  const search = (/** @type {string | null} */ user) => app.server.search({ query: story?.query ?? "", user: user ?? "", candidates: false }).then(answerOf);
  const [answer, others] = story ? await Promise.all([search(story.user), story.other ? search(story.other) : null]) : [null, null];
  const kinds = answerOf(mined)?.kinds ?? [];
  const caseOf = (/** @type {string} */ name) => kinds.find((kind) => kind.name === name)?.cases[0] ?? null;
  const [hurts, rescued] = [caseOf("personalization_hurts"), caseOf("caption_rescues")];
  const found = {
    query: answer && queryStep(app, answer),
    people: story && answer && others && peopleStep(app, story, answer, others),
    why: story && answer && !isStandIn(answer) ? await whyStep(app, story, answer) : null,
    hurts: hurts && caseStep(app, "hurts", hurts, [app.t("case_why_personalization_hurts")]),
    captions: rescued && caseStep(app, "captions", rescued, [app.t("case_why_caption_rescues"), ...(await keywordLines(app, rescued))]),
  };
  const names = /** @type {(keyof typeof found)[]} */ (Object.keys(found));
  return { steps: names.flatMap((name) => found[name] || []), missing: names.filter((name) => !found[name]).map((name) => app.t(`story_no_${name}`)) };
}

/** @param {App} app @param {Answer} answer @returns {StoryStep} */
function queryStep(app, answer) {
  const values = { q: answer.query, all: app.start.about.stickers.toLocaleString("en") };
  const row = rankingRow(app, app.t("left_title"), null, entriesOf(answer, "utility").map((entry) => ({ sticker: entry.sticker, rank: entry.rank })));
  return { name: "query", title: `“${answer.query}”`, said: [app.t("story_said_query", values)], content: [row] };
}

/** @param {App} app @param {ChosenStory} story @param {Answer} answer @param {Answer} others @returns {StoryStep} */
function peopleStep(app, story, answer, others) {
  const names = [answer, others].map((each) => nameOfPerson(app, each.user ?? ""));
  const rows = [answer, others].map((each, at) => {
    const before = new Map(entriesOf(each, "utility").map((entry) => [entry.id, entry.rank]));
    const places = entriesOf(each, "both").map((entry) => ({ sticker: entry.sticker, rank: entry.rank, recallRank: entry.recallRank, move: movement(before.get(entry.id) ?? null, entry.rank) }));
    return rankingRow(app, app.t("right_title", { name: names[at] }), personOf(app, each.user), places);
  });
  const said = app.t("story_said_people", { first: names[0], second: names[1], shared: story.shared, n: Math.min(IN_ROW, answer.rankings.both.length) });
  return { name: "people", title: `“${answer.query}”`, said: [said], content: rows };
}

/**
 * Explain the place of one sticker: the parts of its score without and with taste, and whose stickers pulled it up.
 *
 * @param {App} app
 * @param {ChosenStory} story
 * @param {Answer} answer
 * @returns {Promise<StoryStep | null>}
 */
async function whyStep(app, story, answer) {
  const entry = entriesOf(answer, "both").find(({ id }) => id === story.sticker);
  if (!entry) return null;
  const name = nameOfPerson(app, answer.user ?? "");
  const plain = { ...entry, final: entry.recall, usesPreference: false };
  const scores = [...(entry.usesPreference ? [{ title: app.t("left_title"), rank: entry.recallRank, entry: plain }] : []), { title: entry.usesPreference ? app.t("right_title", { name }) : app.t("left_title"), rank: entry.rank, entry }];
  const bars = scores.map(({ title, rank, entry: each }) => scoreRow(app, `${title}${app.t("comma")}${app.t("rank", { n: rank })}`, scoreParts(answer, each), each.final, entry.final));
  const { preference } = entry.parts;
  const lifted = entry.usesPreference && preference !== null && !preference.kept_back;
  const pulled = lifted && story.user ? (await app.server.pulled({ user: story.user, sticker: entry.id, cluster: preference.cluster }).catch(() => ({ pulled: [] }))).pulled : [];
  const said = lifted
    ? app.t("story_said_why", { name, before: entry.recallRank, after: entry.rank, value: decimal(preference.value), factor: decimal(entry.recall ? entry.final / entry.recall : 1) })
    : app.t("story_said_why_plain", { n: entry.rank });
  const pulls = pulled.length ? h("div", { class: "ps-story-pulled" }, h("h3", {}, app.t("story_pulled", { name })), h("ol", {}, pulled.map((each) => h("li", {}, stickerImage(app, each, undefined, true))))) : null;
  const told = h("div", { class: "ps-story-why" }, h("div", { class: "ps-stage-card" }, stickerImage(app, entry.sticker, undefined, true)), h("div", {}, bars, pulls));
  return { name: "why", title: stickerWords(app, entry.sticker), said: [said], content: [told] };
}

/**
 * Draw one score as a bar of its parts, each with its number.
 *
 * @param {App} app
 * @param {string} title
 * @param {ScoreParts} parts
 * @param {number} score
 * @param {number} largest
 */
function scoreRow(app, title, parts, score, largest) {
  const kinds = /** @type {const} */ (["relevance", "meaning", "utility", "preference"]).filter((kind) => parts[kind] > 0);
  return h(
    "div",
    { class: "ps-story-score" },
    h("h3", {}, title, h("b", {}, decimal(score))),
    h("div", { class: "ps-story-bar", "aria-hidden": "true", style: { width: `${(100 * score) / (largest || 1)}%` } }, kinds.map((kind) => h("i", { class: `is-${kind}`, style: { "flex-grow": parts[kind] } }))),
    h("ul", {}, kinds.map((kind) => h("li", { class: `is-${kind}` }, app.t(kind), h("b", {}, decimal(parts[kind]))))),
  );
}

/** @param {App} app @param {string} name @param {MinedCase} one @param {string[]} more @returns {StoryStep} */
function caseStep(app, name, one, more) {
  const rows = one.rankings.map((ranking, side) => {
    const places = ranking.first.map((id, at) => ({ sticker: one.stickers[id], rank: at + 1, marked: id === one.sticker }));
    const below = ranking.place !== null && ranking.place > ranking.first.length ? [{ sticker: one.stickers[one.sticker], rank: ranking.place, marked: true }] : [];
    const shown = below.length ? [...places.slice(0, IN_ROW - 1), ...below] : places;
    return rankingRow(app, titleOf(app, one, side), null, shown);
  });
  return { name, title: `“${one.query}”`, said: [caseSentence(app, one), ...more], content: rows };
}

/**
 * Say which keywords either model wrote for the sticker of a case; nothing where they cannot be had.
 *
 * @param {App} app
 * @param {MinedCase} one
 */
async function keywordLines(app, { sticker, query }) {
  const detail = answerOf(await app.server.detail({ sticker, query }).catch(() => null));
  if (!detail) return [];
  const line = (/** @type {string} */ title, /** @type {Keyword[]} */ words) => `${app.t(title)}: ${words.map(({ word }) => word).join(app.t("comma")) || app.t("words_none")}`;
  return [line("words_base", detail.captions.keywords_base), line("words_tuned", detail.captions.keywords)];
}

/**
 * Draw a ranking as one row of stickers, or say that nothing is found.
 *
 * @param {App} app
 * @param {string} title
 * @param {Person | null} person
 * @param {{ sticker: Sticker, rank: number, recallRank?: number, move?: Move, marked?: boolean }[]} places
 */
function rankingRow(app, title, person, places) {
  const face = person?.avatar ? h("span", { class: "ps-avatar" }, stickerImage(app, person.avatar, "", true)) : null;
  const cards = places.slice(0, IN_ROW).map(({ sticker, rank, recallRank = rank, move, marked }) =>
    h(
      "li",
      { class: `ps-stage-card${marked ? " is-marked" : ""}`, data: { sticker: sticker.id } },
      h("span", { class: "ps-stage-rank" }, String(rank), marked && h("span", { class: "ps-hidden" }, app.t("case_clicked"))),
      stickerImage(app, sticker, undefined, true),
      move && h("span", { class: "ps-stage-badge" }, moveBadge(app, move, recallRank, person)),
    ));
  return h("section", { class: "ps-story-row" }, h("h3", {}, face, title), cards.length ? h("ol", {}, cards) : h("p", {}, app.t("case_nothing")));
}
