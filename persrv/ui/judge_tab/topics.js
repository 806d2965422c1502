// Queries and judgements as text: a list of queries, and the lines of a qrels file.

export const MOST_QUERIES = 100;

/**
 * Read a list of queries: one a line, or an id, a tab and the query; a query that comes again counts once.
 *
 * @param {string} text
 * @returns {{ topic: string, query: string }[]}
 */
export function topicsIn(text) {
  const found = new Map();
  for (const line of text.split(/\r?\n/)) {
    const [first, second] = line.split("\t").map((cell) => cell.trim());
    const topic = { topic: first, query: second || first };
    if (topic.query && !found.has(first)) found.set(first, topic);
  }
  return [...found.values()];
}

/**
 * Write judgements as a qrels file, as persrv/insight/judgements.py reads it: `topic 0 sticker grade`.
 *
 * @param {Record<string, Record<string, number>>} judgements
 */
export function qrelsText(judgements) {
  const word = (/** @type {string} */ text) => text.replace(/[\s%]/gu, encodeURIComponent);
  const sorted = (/** @type {Record<string, any>} */ named) => Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted(judgements).flatMap(([topic, grades]) => sorted(grades).map(([name, grade]) => `${word(topic)} 0 ${word(name)} ${grade}\n`)).join("");
}
