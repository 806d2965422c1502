// The four rankings computed in the browser from a query's candidates, as persrv computes them: what is stored there as
// float32 is float32 here, every sum is of doubles in the same order, ties by id (candidates come in their order).

const f32 = Math.fround;

/**
 * The answer under other settings: rankings, parts and stickers as the server would send them.
 *
 * @param {Answer & { candidates: Candidates }} answer
 * @param {TunedSettings} settings
 * @param {number} top
 * @returns {Answer}
 */
export function reranked(answer, settings, top) {
  const pool = answer.candidates;
  const { relevance, matched } = poolRelevance(pool, settings);
  const worth = poolUtility(pool, settings);
  const rows = [...relevance.keys()].filter((row) => matched[row]);
  const orders = {
    none: poolOrder(pool, settings, rows, relevance, worth.value, false, false),
    utility: poolOrder(pool, settings, rows, relevance, worth.value, true, false),
    personalization: poolOrder(pool, settings, rows, relevance, worth.value, false, true),
    both: poolOrder(pool, settings, rows, relevance, worth.value, true, true),
  };
  const rankings = /** @type {Answer["rankings"]} */ ({});
  /** @type {Answer["hits"]} */
  const hits = {};
  for (const name of /** @type {RankingName[]} */ (Object.keys(orders))) {
    const best = orders[name].slice(0, top);
    rankings[name] = best.map(({ row, recallRank, recall, final }) => [pool.ids[row], recallRank, recall, final]);
    for (const { row, keptBack } of best) {
      const id = pool.ids[row];
      hits[id] ??= poolParts(pool, settings, row, relevance[row], worth, answer.hits[id]?.meaning ?? { texts: [], support: 0, feedback: 0, depicted: 0, depiction: 0 });
      const { preference } = hits[id];
      if (preference) preference.kept_back ||= keptBack;
    }
  }
  return {
    ...answer,
    settings: { ...settings, lambda: settings.lambda_ },
    rankings,
    hits,
    stickers: { ...answer.stickers, ...pool.stickers },
    matched: pool.complete ? rows.length : answer.matched,
    counted: pool.complete || answer.counted,
    notice: rows.length ? (answer.fallback === "nearest" ? "no_match" : "") : "none_weighted",
    fallback: answer.fallback === "nearest" ? "nearest" : "",
    personalized: Boolean(pool.preference) && rows.length > 0,
  };
}

/**
 * Holders of a token and its impacts there; none where it is absent, be it "constructor", which every object has.
 *
 * @param {Record<string, [rows: number[], impacts: number[]]>} tokens
 * @param {string} token
 * @returns {[rows: number[], impacts: number[]]}
 */
const postingsOf = (tokens, token) => (Object.hasOwn(tokens, token) ? tokens[token] : [[], []]);

const NEAR = 0.4; // fusion.NEAR: below this likeness meaning alone makes no sticker a candidate

/**
 * Relevance of every candidate, and whether it is one: a field of positive weight holds a token of the query
 * (recall.relevance), or it means nearly what was asked. Beside meaning, words count what meaning leaves (fusion.py).
 *
 * @param {Candidates} pool
 * @param {TunedSettings} settings
 */
function poolRelevance(pool, { field_weights: weights, meaning }) {
  const relevance = new Float64Array(pool.ids.length);
  const matched = new Array(pool.ids.length).fill(false);
  for (const { field, tokens } of pool.postings) {
    const weight = weights[field] ?? 0;
    if (!(weight > 0)) continue;
    const bm25 = new Float64Array(pool.ids.length);
    for (const token of pool.tokens) {
      const [places, impacts] = postingsOf(tokens, token);
      places.forEach((row, at) => {
        bm25[row] += f32(impacts[at]);
        matched[row] = true;
      });
    }
    bm25.forEach((score, row) => (relevance[row] += weight * score));
  }
  pool.likeness?.forEach((likeness, row) => {
    relevance[row] = (1 - meaning) * relevance[row] + meaning * f32(likeness);
    matched[row] ||= f32(likeness) >= f32(NEAR);
  });
  return { relevance, matched };
}

/**
 * Utility = w . sqrt(U / max U) (Eq. 4 and 5) of every candidate, and its three summands.
 *
 * @param {Candidates} pool
 * @param {TunedSettings} tunedSettings
 */
function poolUtility(pool, { utility_weights: weights, utility_base: base }) {
  const parts = pool.counts.map((counts) => counts.map((count, column) => Math.sqrt((count || base) / pool.maxima[column]) * weights[column]));
  return { parts, value: Float32Array.from(parts, ([a, b, c]) => a + b + c) };
}

/**
 * Recall (Eq. 6) keeps the best R, re-ranking (Eq. 10) reorders them: rows with their places and scores, best first.
 *
 * @param {Candidates} pool
 * @param {TunedSettings} settings
 * @param {number[]} rows
 * @param {Float64Array} relevance
 * @param {Float32Array} worth
 * @param {boolean} useUtility
 * @param {boolean} usePreference
 */
function poolOrder(pool, settings, rows, relevance, worth, useUtility, usePreference) {
  const lambda = useUtility ? settings.lambda_ : 0;
  const recalled = rows
    .map((row) => ({ row, recall: relevance[row] + lambda * worth[row] }))
    .sort((a, b) => b.recall - a.recall || a.row - b.row)
    .slice(0, settings.recall_size);
  const enough = settings.floor * Math.max(0, ...recalled.map(({ row }) => relevance[row]));
  const ranked = recalled.map(({ row, recall }, place) => {
    const tasted = usePreference && pool.preference !== null;
    const keptBack = tasted && (relevance[row] < enough || pool.whole?.[row] === false);
    const final = tasted && !keptBack ? recall * (1 + settings.alpha * f32(pool.preference?.[row] ?? 0)) : recall;
    return { row, recallRank: place + 1, recall, final, keptBack };
  });
  return ranked.sort((a, b) => b.final - a.final || a.row - b.row);
}

/**
 * Parts of one candidate's score, as views.hit_parts sends them; told: its nearest texts and its support, where
 * they are known.
 *
 * @param {Candidates} pool
 * @param {TunedSettings} settings
 * @param {number} row
 * @param {number} relevance
 * @param {Worth} worth
 * @param {Omit<MeaningScore, "value" | "weight">} told
 */
function poolParts(pool, settings, row, relevance, worth, told) {
  const share = pool.likeness ? 1 - settings.meaning : 1;
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const token of pool.tokens) times.set(token, (times.get(token) ?? 0) + 1);
  const fields = pool.postings.map(({ field, tokens }) => {
    const found = [...times].map(([token, count]) => {
      const [places, impacts] = postingsOf(tokens, token);
      const at = places.indexOf(row);
      return /** @type {[string, number]} */ ([token, at < 0 ? 0 : count * impacts[at]]);
    });
    const matched = found.filter(([, value]) => value).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return { field, bm25: matched.reduce((sum, [, value]) => sum + value, 0), weight: share * (settings.field_weights[field] ?? 0), tokens: matched };
  });
  return {
    relevance,
    fields: fields.filter((field) => field.tokens.length),
    utility: { value: worth.value[row], parts: worth.parts[row], counts: pool.counts[row] },
    preference: pool.preference && pool.cluster ? { value: pool.preference[row], cluster: pool.cluster[row], kept_back: false } : null,
    meaning: pool.likeness ? { ...told, value: pool.likeness[row], weight: settings.meaning } : null,
  };
}
