// Suggestions below the box: what people searched for in training, those that begin like the text first, then those that
// hold it, each most frequent first. They are fetched once, when the box is first used; typing asks nobody.

import { h, part } from "../shared/dom.js";

const SUGGESTED = 8;

/**
 * The queries ([text, clicks], most frequent first) that go on from a text; none where there is nothing to add to it.
 *
 * @param {CountedQuery[]} queries
 * @param {string} text
 */
export function suggestionsFor(queries, text) {
  const wanted = folded(text);
  if (!wanted) return [];
  const found = queries.filter(([query]) => folded(query).includes(wanted) && folded(query) !== wanted);
  const begins = (/** @type {CountedQuery} */ [query]) => folded(query).startsWith(wanted);
  return [...found.filter(begins), ...found.filter((each) => !begins(each))].slice(0, SUGGESTED);
}

/** @param {string} text */
const folded = (text) => text.normalize("NFKC").trim().toLowerCase();

/**
 * A list box that belongs to the search box: arrows choose, Enter takes, Escape closes, the pointer does all three.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountSuggestions(app, element) {
  /** @type {HTMLInputElement} */
  const input = part(element, "query");
  const form = part(element, "form");
  const list = part(element, "suggestions");
  /** @type {CountedQuery[] | null} */
  let queries = null;
  let asked = false;
  let late = false; // something was typed before the queries were there
  /** @type {CountedQuery[]} */
  let shown = [];
  let active = -1; // -1: the text as typed
  let composing = false; // an input method is still choosing characters: its keys and letters are not ours

  input.addEventListener("focus", fetchOnce);
  input.addEventListener("compositionstart", () => { composing = true; close(); });
  input.addEventListener("compositionend", () => { composing = false; suggest(); });
  input.addEventListener("input", (event) => { if (!composing && !(event instanceof InputEvent && event.isComposing)) suggest(); });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  input.addEventListener("keydown", (event) => {
    if (composing || event.isComposing || event.keyCode === 229) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" && event.altKey) suggest();
    else if (open && event.key === "ArrowDown") choose(active + 1);
    else if (open && event.key === "ArrowUp") choose(active - 1);
    else if (open && event.key === "Enter" && active >= 0) take(shown[active][0]);
    else if (open && event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  async function fetchOnce() {
    if (asked) return;
    asked = true;
    const answer = await app.server.suggestions({}).catch(() => null);
    asked = Boolean(answer); // else tried again when the box is next used
    queries = answer && answer.queries;
    if (late && queries && !composing) suggest();
  }

  function suggest() {
    late = !queries;
    if (!queries) return;
    shown = suggestionsFor(queries, input.value);
    if (!shown.length) {
      close();
      return;
    }
    const wasOpen = !list.hidden;
    list.replaceChildren(...shown.map(option));
    list.hidden = false;
    form.classList.add("is-suggesting");
    choose(-1);
    if (!wasOpen) app.announce(app.t("suggestions_announce", { n: shown.length }));
  }

  /** @param {CountedQuery} countedQuery @param {number} place */
  function option([query, clicks], place) {
    const at = folded(query) === query.toLowerCase() ? query.toLowerCase().indexOf(folded(input.value)) : -1;
    const end = at + folded(input.value).length;
    const words = at < 0 ? [query] : [query.slice(0, at), h("b", {}, query.slice(at, end)), query.slice(end)];
    return h(
      "li",
      { role: "option", id: `ps-suggestion-${place}`, class: "ps-suggestion", data: { query }, on: { click: () => take(query), pointermove: () => choose(place) } },
      h("span", {}, words),
      h("small", {}, app.t("suggestion_clicks", { n: clicks })),
    );
  }

  /** Marks a place of the list; before the first and after the last lies the text as typed. @param {number} place */
  function choose(place) {
    active = place < -1 ? shown.length - 1 : place >= shown.length ? -1 : place;
    for (const [at, each] of [...list.children].entries()) each.setAttribute("aria-selected", String(at === active));
    if (active >= 0) input.setAttribute("aria-activedescendant", `ps-suggestion-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {string} query */
  function take(query) {
    input.value = query;
    close();
    app.store.set({ query });
  }

  function close() {
    late = false;
    list.hidden = true;
    list.replaceChildren();
    form.classList.remove("is-suggesting");
    shown = [];
    active = -1;
    input.removeAttribute("aria-activedescendant");
  }
}
