// How alike two rankings are. The same two measures as persrv/insight/rank_overlap.py (Webber, Moffat & Zobel 2010), over lists of ids.

import { decimal, h } from "../shared/dom.js";

const OVERLAP_DEPTH = 10;
const OVERLAP_PERSISTENCE = 0.9;

/**
 * Number of ids that both lists have among their first `depth`.
 *
 * @param {string[]} first
 * @param {string[]} second
 */
export function sharedAtTop(first, second, depth = OVERLAP_DEPTH) {
  const top = new Set(first.slice(0, depth));
  return second.slice(0, depth).filter((id) => top.has(id)).length;
}

/**
 * Extrapolated rank-biased overlap of two lists of any lengths (RBO_ext, Eq. 32); NaN where one is empty.
 *
 * @param {string[]} first
 * @param {string[]} second
 */
export function rankBiasedOverlap(first, second, p = OVERLAP_PERSISTENCE) {
  const [short, long] = first.length <= second.length ? [first, second] : [second, first];
  const [s, n] = [short.length, long.length];
  if (!s) return NaN;
  const overlap = overlapsAtDepths(short, long);
  let sum = 0;
  for (let d = 1; d <= n; d++) {
    sum += (overlap[d - 1] / d) * p ** d;
    if (d > s) sum += ((overlap[s - 1] * (d - s)) / (s * d)) * p ** d;
  }
  const agreement = (overlap[n - 1] - overlap[s - 1]) / n + overlap[s - 1] / s;
  return ((1 - p) / p) * sum + agreement * p ** n;
}

/**
 * X_d for d = 1 .. long.length: how many ids the first d places of both share.
 *
 * @param {string[]} short
 * @param {string[]} long
 */
function overlapsAtDepths(short, long) {
  const [aboveShort, aboveLong] = [new Set(), new Set()];
  return long.map((id, place) => {
    aboveLong.add(id);
    if (place < short.length) aboveShort.add(short[place]);
    return [...aboveLong].filter((each) => aboveShort.has(each)).length;
  });
}

/**
 * One line about a pair of rankings; `names`: what they are called, where that has to be said.
 *
 * @param {App} app
 * @param {string[]} first
 * @param {string[]} second
 * @param {string[] | null} names
 */
export function overlapLine(app, first, second, names = null) {
  const depth = Math.min(OVERLAP_DEPTH, Math.max(first.length, second.length));
  const rbo = rankBiasedOverlap(first, second);
  const values = { n: sharedAtTop(first, second), top: depth, percent: decimal(100 * rbo, 0), rbo: decimal(rbo) };
  return h(
    "span",
    { class: "ps-overlap-pair", title: app.t("overlap_hint", { p: OVERLAP_PERSISTENCE, ...values }) },
    names && h("b", {}, app.t("overlap_pair", { first: names[0], second: names[1] })),
    h("span", {}, app.t("overlap_shared", values)),
    h("span", {}, app.t("overlap_alike", values)),
  );
}
