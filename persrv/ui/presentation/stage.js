// The stage: one thing over the whole screen and no controls. Keys act; which ones is shown for a moment, and on "?".

import { h } from "../shared/dom.js";

const SHOWN_FOR = 6000; // ms for which the keys are in sight at first

/**
 * Action of a key. sign: how the key is drawn; keys: its names in the browser, letters small; text: key of what is said
 * of it; can: whether there is anything to do.
 *
 * @typedef {{ sign: string, keys: string[], text: string, press: () => void, can?: () => boolean }} StageKey
 */

/**
 * Make a stage. name: key of its label; left: called once it was left.
 *
 * @param {App} app
 * @param {{ name: string, keys: StageKey[], left: () => void }} given
 */
export function createStage(app, { name, keys, left }) {
  const body = h("div", { class: "ps-stage-body" });
  const live = h("p", { class: "ps-hidden", role: "status" });
  const shown = h("ul", { class: "ps-stage-keys" });
  const element = h("div", { class: "ps-stage", role: "dialog", "aria-modal": "true", tabindex: -1, hidden: true }, body, shown, live);
  const all = [...keys, ...ownKeys()];
  /** @type {Element | null} */
  let opener = null;
  let wholeScreen = false; // whether it fills the screen, so that leaving that leaves the stage
  let hiding = 0;
  document.body.append(element);

  /** @returns {StageKey[]} */
  function ownKeys() {
    return [
      { sign: "F", keys: ["f"], text: "stage_full", press: turnFull, can: () => document.fullscreenEnabled },
      { sign: "?", keys: ["?"], text: "stage_keys", press: () => showKeys(!shown.classList.contains("is-shown"), false) },
      { sign: "Esc", keys: ["Escape"], text: "stage_leave", press: close },
    ];
  }

  /** @param {boolean} on @param {boolean} briefly */
  function showKeys(on, briefly) {
    window.clearTimeout(hiding);
    shown.classList.toggle("is-shown", on);
    if (on && briefly) hiding = window.setTimeout(() => shown.classList.remove("is-shown"), SHOWN_FOR);
  }

  function drawKeys() {
    element.setAttribute("aria-label", app.t(name));
    shown.setAttribute("aria-label", app.t("stage_keys"));
    const useful = all.filter(({ can }) => can?.() ?? true);
    shown.replaceChildren(...useful.map(({ sign, text, press }) => h("li", {}, h("button", { type: "button", on: { click: press } }, h("kbd", {}, sign), h("span", {}, app.t(text))))));
  }

  function turnFull() {
    if (!document.fullscreenElement) return fill();
    wholeScreen = false;
    return document.exitFullscreen().catch(() => {});
  }

  /** Fill the screen, where the browser lets it: not without a key or a click, nor in every frame. */
  function fill() {
    element.requestFullscreen?.().then(() => { wholeScreen = true; }, () => {});
  }

  /** Let nothing but the stage be reached. @param {boolean} on */
  function alone(on) {
    for (const other of document.body.children) if (other !== element && other instanceof HTMLElement) other.inert = on;
  }

  function open() {
    if (!element.hidden) return;
    opener = document.activeElement;
    wholeScreen = false;
    element.hidden = false;
    alone(true);
    document.documentElement.classList.add("has-stage");
    drawKeys();
    showKeys(true, true);
    fill();
    element.focus({ preventScroll: true });
  }

  function close() {
    if (element.hidden) return;
    element.hidden = true;
    alone(false);
    document.documentElement.classList.remove("has-stage");
    wholeScreen = false;
    left();
    Promise.resolve().then(leaveScreen).then(goBack); // what is outside a full screen takes no focus
  }

  /** Give the screen back, unless another stage has taken it over. */
  async function leaveScreen() {
    if (document.fullscreenElement === element && !document.querySelector(".ps-stage:not([hidden])")) await document.exitFullscreen().catch(() => {});
  }

  function goBack() {
    if (opener instanceof HTMLElement && opener.isConnected && element.hidden) opener.focus({ preventScroll: true });
  }

  // Escape leaves the whole screen before any script hears of it: one Escape leaves the stage then, too.
  document.addEventListener("fullscreenchange", () => { if (wholeScreen && !document.fullscreenElement) close(); });

  // Of the document, since nothing else can be reached: a click beside everything leaves the focus nowhere.
  document.addEventListener("keydown", (event) => {
    if (element.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (pressed === " " && document.activeElement?.matches("button")) return; // it presses that
    const found = all.find((each) => each.keys.includes(pressed) && (each.can?.() ?? true));
    if (!found) return;
    event.preventDefault();
    found.press();
  });
  element.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && event.target.closest("button, a"))) showKeys(true, true); // all there is on a phone
  });

  return {
    element,
    open,
    close,
    isOpen: () => !element.hidden,
    drawKeys,
    /** @param {...Node} content */
    show: (...content) => body.replaceChildren(...content),
    /** @param {string} text */
    tell: (text) => { live.textContent = text; },
  };
}
