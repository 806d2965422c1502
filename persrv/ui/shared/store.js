// The page's state: query, person, utility, view, language. It lives in the URL, so that a reload or a link restores it.

const VIEWS = ["search", "map", "captions", "blind", "cases", "about"];
const NOBODY = "none";

/** State and its listeners. `set` writes the URL and tells every listener what changed. */
function createStore(start) {
  const state = readState(new URLSearchParams(window.location.search), start);
  const listeners = [];
  return {
    state,
    set(changes) {
      const changed = Object.keys(changes).filter((key) => state[key] !== changes[key]);
      if (!changed.length) return;
      Object.assign(state, changes);
      window.history.replaceState(window.history.state, "", `${window.location.pathname}${queryString(state)}`);
      for (const listener of listeners) listener(state, new Set(changed));
    },
    subscribe: (listener) => listeners.push(listener),
  };
}

/** user: a person's id, "" for nobody, or whatever the URL says: an unknown name is answered, not hidden. */
function readState(parameters, start) {
  const user = parameters.get("user");
  const first = start.people.length ? start.people[0].id : "";
  const language = parameters.get("lang");
  const view = parameters.get("view");
  return {
    query: parameters.get("q"),
    user: user === null ? first : user === NOBODY ? "" : user,
    utility: parameters.get("utility") !== "0",
    four: parameters.get("columns") === "4",
    tune: parameters.get("tune") || "",
    show: parameters.get("show") || "",
    sticker: parameters.get("sticker") || "",
    view: VIEWS.includes(view) && (view !== "map" || start.has_map) ? view : "search",
    language: start.languages.includes(language) ? language : preferredLanguage(),
  };
}

function preferredLanguage() {
  return (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The state as "?q=...", beside whatever other parameters the address has (such as Gradio's __theme). */
function queryString(state) {
  const parameters = new URLSearchParams(window.location.search);
  parameters.set("q", state.query || "");
  parameters.set("user", state.user || NOBODY);
  parameters.set("utility", state.utility ? "1" : "0");
  optional(parameters, "columns", state.four ? "4" : "");
  optional(parameters, "tune", state.tune);
  optional(parameters, "show", state.show);
  optional(parameters, "sticker", state.sticker);
  parameters.set("view", state.view);
  parameters.set("lang", state.language);
  return `?${parameters}`;
}

/** A parameter that is in the address only while it says something. */
function optional(parameters, name, value) {
  if (value) parameters.set(name, value);
  else parameters.delete(name);
}

/** A link to share: on a Space the address bar is the parent's, so the link is built for the Space's own page. */
function shareLink(state) {
  const space = window.gradio_config && window.gradio_config.space_id;
  const base = space && window.location.hostname.endsWith(".hf.space")
    ? `https://huggingface.co/spaces/${space}`
    : `${window.location.origin}${window.location.pathname}`;
  return base + queryString(state);
}

/** t(key, values): the text in the current language; `{name}` is replaced by values.name. */
function createTranslator(start, store) {
  return (key, values = {}) => {
    const text = start.strings[store.state.language][key];
    if (text === undefined) throw new Error(`No text for ${key}`);
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
}

/** Fills every data-t (text), data-t-label, data-t-title and data-t-placeholder under `root`. */
function translate(root, t) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of root.querySelectorAll("[data-t-title]")) element.title = t(element.dataset.tTitle);
  for (const element of root.querySelectorAll("[data-t-placeholder]")) element.placeholder = t(element.dataset.tPlaceholder);
}
