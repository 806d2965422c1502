// The code that embeds the card of a search in another page. Pure.

/**
 * Return the address of the card that compares what the search does.
 *
 * @param {{ origin: string, pathname: string }} page
 * @param {Pick<State, "query" | "user" | "utility" | "words" | "literal" | "language">} state
 */
export function cardAddress({ origin, pathname }, { query, user, utility, words, literal, language }) {
  const parameters = new URLSearchParams({ q: query ?? "", user: user && user !== "@you" ? user : "none", utility: utility ? "1" : "0", ...(words ? { search: "words" } : {}), ...(literal ? { literal: "1" } : {}), lang: language });
  return `${origin}${pathname.replace(/\/?$/, "/")}card?${parameters}`;
}

/**
 * Return the code of a frame for the page of somebody else.
 *
 * @param {string} address
 * @param {string} title
 */
export function frameCode(address, title) {
  return `<iframe src="${attribute(address)}" title="${attribute(title)}" width="680" height="400" loading="lazy" style="border:0"></iframe>`;
}

/** @param {string} text */
const attribute = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
