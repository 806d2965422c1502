// Lists of ids as one text of a link: between commas, each with its own commas escaped, and never longer than a link bears.

/** The letters of a list beyond which it does not travel: addresses of 8,000 letters are cut off on the way. */
export const MOST_LETTERS = 3000;

/**
 * Write a list, "" where it is empty or too long.
 *
 * @param {string[]} items
 */
export function writeList(items) {
  const text = items.map(encoded).join(",");
  return text.length > MOST_LETTERS ? "" : text;
}

/**
 * Read a list, each item once; pieces that no list was written with are left out.
 *
 * @param {string | null | undefined} text
 */
export function readList(text) {
  if (!text || text.length > MOST_LETTERS) return [];
  return [...new Set(text.split(",").flatMap(decoded))];
}

/** Half characters, of which no address holds any, become a sign for what is missing. @param {string} item */
const encoded = (item) => encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(item)));

/** @param {string} piece @returns {string[]} */
function decoded(piece) {
  try {
    return piece ? [decodeURIComponent(piece)] : [];
  } catch {
    return [];
  }
}
