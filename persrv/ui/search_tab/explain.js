// Why a sticker is where it is: the formula with its numbers, the words it shares, who uses it, whose taste it meets.

import { decimal, h } from "../shared/dom.js";
import { personName } from "../shared/person.js";
import { stickerButton } from "../shared/stickers.js";
import { isStandIn, meaningPart, scoreParts } from "./answer.js";
import { flipLine } from "./flip_line.js";
import { createTerms } from "./terms.js";

/**
 * The whole explanation of one entry as a fragment of the page. above: the entry one place higher, null for the first.
 * kept: see createTerms.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 * @param {Entry | null} above
 * @param {{ term: string | null }} [kept]
 */
export function explanation(app, answer, entry, above, kept) {
  const terms = createTerms(app, answer.settings, kept);
  const box = h("div", { class: "ps-why" }, formula(app, answer, entry, terms), terms.told);
  if (isStandIn(answer)) return box;
  const flip = flipLine(app, answer, entry, above);
  if (flip) box.append(flip);
  box.append(
    scoreStack(app, answer, entry),
    h("div", { class: "ps-why-parts" }, relevancePart(app, entry), meaningSection(app, entry), utilityPart(app, answer, entry), preferencePart(app, answer, entry)),
  );
  return box;
}

/**
 * The score as one bar: every field, every count of utility, and what preference adds to both; they add up to it.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 */
function scoreStack(app, answer, entry) {
  const { lambda } = answer.settings;
  const metrics = ["metric_popularity", "metric_cross_user", "metric_query_adapt"];
  const { preference } = scoreParts(answer, entry);
  const asPart = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {number} */ value) => ({ kind, name, value });
  const parts = [
    ...entry.parts.fields.map(({ field, bm25, weight }) => asPart("relevance", app.t(`field_${field}`), bm25 * weight)),
    ...(entry.usesUtility ? entry.parts.utility.parts.map((part, metric) => asPart("utility", app.t(metrics[metric]), lambda * part)) : []),
    asPart("meaning", app.t("meaning"), meaningPart(entry)),
    asPart("preference", app.t("preference"), preference),
  ].filter(({ value }) => value > 0);
  const segments = parts.map(({ kind, name, value }) =>
    h("i", { class: `is-${kind}`, style: { "flex-grow": value }, title: `${name} ${decimal(value)}` }, h("span", {}, value > 0.12 * entry.final ? name : "")));
  return h("div", { class: "ps-stack", "aria-hidden": "true" }, segments);
}

/**
 * final = (relevance + lambda x utility) x (1 + alpha x preference), each number in the colour of its part and a term.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 * @param {{ term: Term }} given
 */
function formula(app, answer, entry, { term }) {
  const { lambda, alpha } = answer.settings;
  const number = (/** @type {string} */ kind, /** @type {string} */ value, /** @type {string} */ label, name = kind) => term(name, `ps-number is-${kind}`, h("b", {}, value), h("small", {}, label));
  const sign = (/** @type {string} */ text) => h("span", { class: "ps-sign" }, text);
  const final = number("final", decimal(entry.final), app.t("score"), isStandIn(answer) ? "stand_in" : "score");
  if (isStandIn(answer)) return h("p", { class: "ps-formula" }, final);
  const line = h("p", { class: "ps-formula" }, final, sign("="));
  const lifted = entry.usesPreference && entry.parts.preference !== null && !entry.parts.preference.kept_back;
  const { meaning } = entry.parts;
  const bracket = lifted && (entry.usesUtility || meaning !== null);
  if (bracket) line.append(sign("("));
  line.append(number("relevance", decimal(entry.parts.relevance - meaningPart(entry)), app.t("relevance")));
  if (meaning) line.append(sign("+"), number("constant", decimal(meaning.weight), "μ", "mu"), sign("×"), number("meaning", decimal(meaning.value), app.t("meaning")));
  if (entry.usesUtility) {
    line.append(sign("+"), number("constant", decimal(lambda), "λ", "lambda"), sign("×"), number("utility", decimal(entry.parts.utility.value), app.t("utility")));
  }
  if (bracket) line.append(sign(")"));
  if (lifted && entry.parts.preference) {
    line.append(sign("× ( 1 +"), number("constant", decimal(alpha), "α", "alpha"), sign("×"), number("preference", decimal(entry.parts.preference.value), app.t("preference")), sign(")"));
  }
  return line;
}

/**
 * @param {App} app
 * @param {Entry} entry
 */
function relevancePart(app, entry) {
  const most = Math.max(...entry.parts.fields.map((field) => field.bm25 * field.weight), 0);
  const rows = entry.parts.fields.map((field) =>
    h(
      "li",
      {},
      h("div", { class: "ps-field" }, h("span", {}, app.t(`field_${field.field}`)), h("span", { class: "ps-sum" }, `${decimal(field.bm25)} × ${decimal(field.weight)}`)),
      h("i", { class: "ps-line", style: { width: `${most ? (100 * field.bm25 * field.weight) / most : 0}%` } }),
      h("div", { class: "ps-tokens" }, field.tokens.map(([token, value]) => h("span", { class: "ps-token" }, token, h("small", {}, decimal(value))))),
    ),
  );
  if (!rows.length) return whyPart("relevance", app.t("relevance"), h("p", {}, app.t("no_field")));
  return whyPart("relevance", app.t("relevance"), h("p", { class: "ps-note" }, app.t("relevance_read")), h("ul", { class: "ps-fields" }, rows));
}

/**
 * The sticker's texts that mean most nearly what was asked; nothing in a search by words alone.
 *
 * @param {App} app
 * @param {Entry} entry
 */
function meaningSection(app, { parts: { meaning } }) {
  if (!meaning) return null;
  const rows = meaning.texts.map(({ field, text, likeness }) =>
    h("li", {}, h("div", { class: "ps-field" }, h("span", {}, app.t("meaning_near", { text })), h("span", { class: "ps-sum" }, decimal(likeness))), h("i", { class: "ps-line", style: { width: `${100 * Math.min(1, likeness)}%` } }), h("small", { class: "ps-note" }, app.t(`field_${field}`))));
  const parts = [
    { name: "meaning_depicted", note: "meaning_depicted_note", share: meaning.depicted, weight: meaning.depiction },
    { name: "meaning_support", note: "meaning_support_note", share: meaning.support, weight: meaning.feedback },
  ];
  for (const { name, note, share, weight } of parts) {
    if (share * weight) rows.push(h("li", {}, h("div", { class: "ps-field" }, h("span", {}, app.t(name)), h("span", { class: "ps-sum" }, `+ ${decimal(share * weight)}`)), h("i", { class: "ps-line", style: { width: `${100 * share}%` } }), h("small", { class: "ps-note" }, app.t(note, { share: decimal(share), weight: decimal(weight) }))));
  }
  if (!rows.length) return whyPart("meaning", app.t("meaning"), h("p", { class: "ps-note" }, app.t("meaning_none", { value: decimal(meaning.value) })));
  return whyPart("meaning", app.t("meaning"), h("p", { class: "ps-note" }, app.t("meaning_read")), h("ul", { class: "ps-fields" }, rows));
}

/**
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 */
function utilityPart(app, answer, entry) {
  const { counts, parts } = entry.parts.utility;
  const notes = [];
  if (!entry.usesUtility) notes.push(h("p", { class: "ps-note" }, app.t("utility_off")));
  if (counts.every((count) => count === 0)) notes.push(h("p", { class: "ps-note" }, app.t("no_clicks")));
  return whyPart("utility", app.t("utility"), h("p", { class: "ps-note" }, app.t("utility_read")), countList(app, counts, parts), ...notes);
}

/**
 * The three counts of Eq. 1-3, each with what it gave to utility where that is known.
 *
 * @param {App} app
 * @param {number[]} counts
 * @param {number[]} [parts]
 */
export function countList(app, counts, parts) {
  const names = ["metric_popularity", "metric_cross_user", "metric_query_adapt"];
  return h(
    "dl",
    { class: "ps-counts" },
    names.map((name, place) => h("div", {}, h("dt", {}, app.t(name)), h("dd", {}, String(counts[place]), parts && h("small", {}, `+${decimal(parts[place])}`)))),
  );
}

/**
 * @param {App} app
 * @param {Answer} answer
 * @param {Entry} entry
 */
function preferencePart(app, answer, entry) {
  const person = app.start.people.find((each) => each.id === answer.user);
  const { preference } = entry.parts;
  if (!entry.usesPreference || !preference || !person) {
    return whyPart("preference", app.t("preference"), h("p", { class: "ps-note" }, app.t("preference_none")));
  }
  const values = { name: personName(app, person), n: preference.cluster + 1, value: decimal(preference.value), members: person.clusters[preference.cluster]?.size ?? 0 };
  return whyPart(
    "preference",
    app.t("preference"),
    h("p", { class: "ps-note" }, app.t(app.start.about.discriminant ? "preference_of_all" : "preference_to", values)),
    preference.kept_back ? h("p", { class: "ps-note is-kept-back" }, app.t("kept_back", { ...values, percent: Math.round(100 * (answer.settings.floor ?? 0)) })) : null,
    preference.value > 0 ? pulledBy(app, answer, person, entry.id, preference.cluster) : null,
    h("p", { class: "ps-note" }, app.t("recall_rank", { n: entry.recallRank })),
  );
}

const PULLED = 5; // as many as the server sends

/**
 * The person's own stickers that pulled this one up, each with its share of the likeness; places are kept for them. Of
 * whom the server does not know that, the cluster's examples.
 *
 * @param {App} app
 * @param {Answer} answer
 * @param {Person} person
 * @param {string} sticker
 * @param {number} cluster
 */
function pulledBy(app, answer, person, sticker, cluster) {
  const { size: members = 0, exemplars = [] } = person.clusters[cluster] ?? {};
  const row = h("div", { class: "ps-minis ps-pulled", "aria-busy": "true" }, Array.from({ length: Math.min(PULLED, members) }, () => h("span", { class: "ps-mini is-awaited" })));
  const request = { user: person.id, sticker, cluster };
  (answer.pull ? answer.pull(request) : pullOf(app, request)).then(
    ({ pulled }) => {
      const ids = pulled.map((each) => each.id);
      const examples = exemplars.slice(0, PULLED).map((each) => stickerButton(app, each, exemplars.map(({ id }) => id)));
      row.replaceChildren(...(pulled.length ? [] : examples), ...pulled.map((each) => h("figure", {}, stickerButton(app, each, ids), h("figcaption", { title: app.t("pulled_hint") }, withSign(each.pull)))));
      row.removeAttribute("aria-busy");
    },
    () => row.replaceChildren(h("p", { class: "ps-note" }, app.t("failed"))),
  );
  return row;
}

/** @type {Map<string, Promise<{ pulled: (Sticker & { pull: number })[] }>>} */
const pullsKnown = new Map();

/**
 * Answer of the server about a pull, asked once: a panel is drawn anew with every move of a slider.
 *
 * @param {App} app
 * @param {{ user: string, sticker: string, cluster: number }} request
 * @returns {Promise<{ pulled: (Sticker & { pull: number })[] }>}
 */
function pullOf(app, request) {
  const key = JSON.stringify([request, app.state.likes]);
  const pull = pullsKnown.get(key) ?? app.server.pulled(request);
  pullsKnown.set(key, pull);
  pull.catch(() => pullsKnown.delete(key)); // else it would never be asked again
  return pull;
}

/**
 * To three decimals, because the shares of a large cluster's members differ in the third.
 *
 * @param {number} value
 */
const withSign = (value) => `${value < 0 ? "−" : "+"}${decimal(Math.abs(value), 3)}`;

/**
 * @param {string} kind
 * @param {string} title
 * @param {...Child} content
 */
function whyPart(kind, title, ...content) {
  return h("section", { class: `ps-why-part is-${kind}` }, h("h4", {}, title), ...content);
}
