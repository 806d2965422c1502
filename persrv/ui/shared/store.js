// The page's state. It lives in the URL, so that a reload or a link restores it: LINKED is the one list of what that is.

import { MOST_LETTERS } from "./listed.js";

/** Letters of a note. */
export const MOST_NOTE = 500;

/** Colourings of the map's points. */
const COLOURS = ["none", "style", "utility", "popularity", "text"];

/** @type {string[]} */
const VIEWS = ["search", "chat", "map", "captions", "blind", "cases", "judge", "about"];
const NOBODY = "none";

/**
 * Keep the state and tell listeners what changed. `set` also writes the address; another view is a step that Back takes
 * back.
 *
 * @param {Start} start
 * @returns {Store}
 */
export function createStore(start) {
  const state = readState(new URLSearchParams(window.location.search), start);
  /** @type {((state: State, changed: Set<keyof State>) => void)[]} */
  const listeners = [];

  /** @param {Partial<State>} changes @param {(changed: string[]) => void} write */
  function change(changes, write) {
    const changed = /** @type {(keyof State)[]} */ (Object.keys(changes)).filter((key) => state[key] !== changes[key]);
    if (!changed.length) return;
    Object.assign(state, changes);
    write(changed);
    for (const listener of listeners) listener(state, new Set(changed));
  }

  /** @param {"pushState" | "replaceState"} method */
  function writeAddress(method) {
    const address = queryString(state, new URLSearchParams(window.location.search)); // Gradio's __theme and the like stay
    try {
      window.history[method](window.history.state, "", `${window.location.pathname}${address}`);
    } catch {
      // Safari allows 100 changes in 30 s, fewer than quick typing makes: a later one writes this one, too
    }
  }

  window.addEventListener("popstate", () => {
    const then = { ...readState(new URLSearchParams(window.location.search), start), language: state.language };
    if (then.query === null) Object.assign(then, { query: state.query, user: state.user }); // left before the first results
    change(then, () => writeAddress("replaceState"));
  });

  return {
    state,
    set: (changes) => change(changes, (changed) => writeAddress(changed.includes("view") ? "pushState" : "replaceState")),
    subscribe(listener) { listeners.push(listener); },
  };
}

/**
 * All that a link holds, a line a piece: its name in the state, its parameter, how it is read (text, null where the
 * address does not have it) and written (null: the parameter is left out, because reading nothing gives the same).
 * Entries that survive a reload, travel in every link, and are reset by plainState.
 *
 * @type {{ key: keyof State, parameter: string, read: (text: string | null, start: Start) => any, write: (value: any) => string | null }[]}
 */
const LINKED = [
  { key: "query", parameter: "q", read: (text) => text, write: (query) => query || "" },
  { key: "user", parameter: "user", read: readUser, write: (user) => user || NOBODY },
  { key: "utility", parameter: "utility", read: (text) => text !== "0", write: (on) => (on ? "1" : "0") },
  { key: "literal", parameter: "literal", read: (text) => text === "1", write: (on) => (on ? "1" : null) },
  { key: "words", parameter: "search", read: (text) => text === "words", write: (on) => (on ? "words" : null) },
  { key: "other", parameter: "with", read: (text, start) => (start.people.some((person) => person.id === text) ? text : ""), write: (other) => other || null },
  { key: "four", parameter: "columns", read: (text) => text === "4", write: (four) => (four ? "4" : null) },
  { key: "tune", parameter: "tune", read: (text) => text || "", write: (tune) => tune || null },
  { key: "show", parameter: "show", read: (text) => text || "", write: (show) => show || null },
  { key: "sticker", parameter: "sticker", read: (text) => text || "", write: (sticker) => sticker || null },
  { key: "chat", parameter: "chat", read: (text) => text || "", write: (chat) => chat || null },
  { key: "section", parameter: "section", read: (text) => text || "", write: (section) => section || null },
  { key: "why", parameter: "why", read: short, write: (why) => why || null },
  { key: "open", parameter: "open", read: short, write: (open) => open || null },
  { key: "map", parameter: "map", read: (text) => (text === "results" ? text : "tastes"), write: (shows) => (shows === "results" ? shows : null) },
  { key: "colour", parameter: "colour", read: (text) => (COLOURS.includes(text ?? "") ? text : "none"), write: (colour) => (colour === "none" ? null : colour) },
  { key: "lasso", parameter: "lasso", read: short, write: (lasso) => lasso || null },
  { key: "point", parameter: "point", read: short, write: (point) => point || null },
  { key: "lent", parameter: "likes", read: short, write: (lent) => lent || null },
  { key: "note", parameter: "note", read: (text) => (text ?? "").trim().slice(0, MOST_NOTE), write: (note) => note || null },
  { key: "present", parameter: "present", read: readPresent, write: (present) => ({ personal: "1", plain: "plain" }[/** @type {string} */ (present)] ?? null) },
  { key: "story", parameter: "story", read: (text) => (/^[1-9]$/.test(text ?? "") ? Number(text) : 0), write: (step) => (step ? String(step) : null) },
  { key: "view", parameter: "view", read: (text, start) => (text !== null && VIEWS.includes(text) && (text !== "map" || start.has_map) ? text : "search"), write: (view) => view },
  { key: "language", parameter: "lang", read: (text, start) => (start.languages.some((each) => each === text) ? text : preferredLanguage()), write: (language) => language },
];

/**
 * Read a person's id from an address; "" for nobody. An unknown name is kept, so that the page can answer it.
 *
 * @param {string | null} text
 * @param {Start} start
 */
function readUser(text, start) {
  if (text === null) return start.people.length ? start.people[0].id : "";
  return text === NOBODY ? "" : text;
}

/**
 * Read a list of a link; what is longer than any that was written is as if it were not there.
 *
 * @param {string | null} text
 */
function short(text) {
  return text && text.length <= MOST_LETTERS ? text : "";
}

/**
 * Read whether the results fill the screen, and which: "personal", "plain" without personalization, "" where they do not.
 *
 * @param {string | null} text
 */
function readPresent(text) {
  if (text === null || text === "0") return "";
  return text === "plain" ? "plain" : "personal";
}

/**
 * @param {URLSearchParams} parameters
 * @param {Start} start
 */
export function readState(parameters, start) {
  /** @type {any} */
  const state = Object.fromEntries(LINKED.map(({ key, parameter, read }) => [key, read(parameters.get(parameter), start)]));
  return state;
}

/**
 * Return the state of an empty address with these changes, in the reader's language.
 *
 * @param {App} app
 * @param {Partial<State>} changes
 */
export function plainState(app, changes) {
  return { ...readState(new URLSearchParams(), app.start), language: app.state.language, ...changes };
}

function preferredLanguage() {
  return (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

/**
 * Write the state as "?q=..." into other parameters.
 *
 * @param {State} state
 */
export function queryString(state, parameters = new URLSearchParams()) {
  for (const { key, parameter, write } of LINKED) {
    const text = write(state[key]);
    if (text === null) parameters.delete(parameter);
    else parameters.set(parameter, text);
  }
  return `?${parameters}`;
}

/**
 * Return a link to share: the page's own address, or that of the Space's page where this one lies in its frame. It
 * holds LINKED and nothing else, because a private Space's address carries a key.
 *
 * @param {State} state
 */
export function shareLink(state) {
  return sharedPage(window.location, window.parent !== window, window.gradio_config?.space_id) + queryString(state);
}

/**
 * Return the address of the page to share. On a Space the address bar belongs to huggingface.co, which hands its
 * parameters down to the frame.
 *
 * @param {{ hostname: string, origin: string, pathname: string }} given
 * @param {boolean} framed
 * @param {string | null | undefined} space
 */
export function sharedPage({ hostname, origin, pathname }, framed, space) {
  return framed && space && hostname.endsWith(".hf.space") ? `https://huggingface.co/spaces/${space}` : `${origin}${pathname}`;
}

/**
 * Return t(key, values): the text in the current language, with `{name}` replaced by values.name, and `{name:one|many}`
 * by the first form where values.name is 1, else by the second.
 *
 * @param {Start} start
 * @param {Store} store
 */
export function createTranslator(start, store) {
  return (/** @type {string} */ key, /** @type {Record<string, unknown>} */ values = {}) => {
    const text = start.strings[store.state.language][key];
    if (text === undefined) throw new Error(`No text for ${key}`);
    const numbered = text.replace(/\{(\w+):([^|{}]*)\|([^{}]*)\}/g, (_, name, one, many) => (String(values[name]) === "1" ? one : many));
    return numbered.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
}

/**
 * Fill every data-t (text), data-t-label, data-t-title and data-t-placeholder under `root`.
 *
 * @param {HTMLElement} root
 * @param {Translate} t
 */
export function translate(root, t) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t ?? "");
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel ?? ""));
  for (const element of root.querySelectorAll("[data-t-title]")) element.title = t(element.dataset.tTitle ?? "");
  for (const element of root.querySelectorAll("[data-t-placeholder]")) element.setAttribute("placeholder", t(element.dataset.tPlaceholder ?? ""));
}
