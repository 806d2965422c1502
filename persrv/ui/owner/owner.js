// The owner's own: tags, corrected texts, stars and hidden stickers of a bundle that lies on this machine.

import { h, part } from "../shared/dom.js";
import { section } from "../shared/details.js";
import { rootPath, stickerButton, stickerWords } from "../shared/stickers.js";

/** Last answer of the server; null where nobody may edit. @type {OwnerView | null} */
let view = null;

/**
 * Ask once whether this page is its owner's, and show below the results what is starred and what is hidden.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export async function mountOwner(app, element) {
  view = await asked(app, "");
  if (!view) return;
  const draw = () => drawLists(app, part(element, "owner"));
  app.store.subscribe((_, changed) => { if (changed.has("language") || changed.has("likes")) draw(); });
  draw();
}

/**
 * The part of a sticker's dialog in which its owner edits it; null for everybody else.
 *
 * @param {App} app
 * @param {StickerDetail} sticker
 */
export function ownerSection(app, sticker) {
  if (!view || sticker.data) return null;
  const status = h("p", { class: "ps-note", role: "status" });
  const tags = field("owner_tags", "owner_tags_hint", 400);
  const text = field("owner_text", "owner_text_hint", 300);
  const star = h("button", { type: "button", class: "ps-tool", "aria-pressed": "false", on: { click: () => keep({ ...typed(), starred: !edit.starred }, edit.starred ? "" : "owner_saved") } });
  const hide = h("button", { type: "button", class: "ps-tool", "aria-pressed": "false", on: { click: () => keep({ ...typed(), hidden: !edit.hidden }, edit.hidden ? "owner_shown_now" : "owner_hidden_now") } });
  const save = h("button", { type: "submit", class: "ps-tool" }, app.t("owner_save"));
  // Nobody can type before it is known what stands there, so that the answer never replaces what was typed.
  const fields = h("fieldset", { class: "ps-owner", disabled: true }, h("div", { class: "ps-owner-switches" }, star, hide), tags.label, text.label, save, status);
  const form = h("form", { class: "ps-owner-form", on: { submit: saved } }, fields);
  /** @type {OwnerEdit} */
  let edit = {};
  show({});
  asked(app, sticker.id).then((found) => {
    fields.disabled = !found;
    if (found) show(found.edit);
    else status.textContent = app.t("failed");
  });
  return section(app.t("owner_title"), h("p", { class: "ps-note" }, app.t("owner_note")), form);

  /** @param {string} name @param {string} hint @param {number} most */
  function field(name, hint, most) {
    const input = h("input", { type: "text", class: "ps-owner-input", maxlength: most, placeholder: app.t(hint), autocomplete: "off" });
    return { input, label: h("label", {}, h("span", {}, app.t(name)), input) };
  }

  /** @param {OwnerEdit} known */
  function show(known) {
    edit = known;
    tags.input.value = (edit.tags ?? []).join(", ");
    text.input.value = edit.text ?? sticker.text;
    star.setAttribute("aria-pressed", String(Boolean(edit.starred)));
    star.textContent = `★ ${app.t(edit.starred ? "owner_starred" : "owner_star")}`;
    hide.setAttribute("aria-pressed", String(Boolean(edit.hidden)));
    hide.textContent = app.t(edit.hidden ? "owner_show" : "owner_hide");
  }

  /** @param {SubmitEvent} event */
  function saved(event) {
    event.preventDefault();
    keep(typed(), "owner_saved");
  }

  /** Reads the form; the text only where it was corrected. @returns {OwnerEdit} */
  function typed() {
    const said = text.input.value.trim();
    const corrected = said === sticker.text && edit.text === undefined ? {} : { text: said };
    return { tags: tags.input.value.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean), ...corrected };
  }

  /** @param {OwnerEdit} change @param {string} told */
  async function keep(change, told) {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    fields.disabled = true;
    const answer = await sent({ ...edit, ...change, sticker: sticker.id });
    fields.disabled = false;
    const lost = document.activeElement === document.body; // a field that is off loses the focus
    if (lost && form.contains(focused)) focused.focus({ preventScroll: true });
    if (answer.error !== undefined) {
      status.textContent = answer.code ? app.t(`error_${answer.code}`, answer.values) : answer.error || app.t("failed");
      return;
    }
    const hidden = Boolean(edit.hidden);
    view = answer;
    show(answer.edit);
    takeOver(app, answer);
    if (hidden !== Boolean(edit.hidden)) {
      if (edit.hidden && app.you.likesIt(sticker.id)) app.you.toggle(sticker);
      app.element.dispatchEvent(new Event("ps-catalogue")); // tabs forget what they were told of it
    }
    status.textContent = told ? app.t(told) : "";
    app.announce(status.textContent);
    app.store.set({ likes: (app.state.likes ?? 0) + 1 }); // searches anew
    retitle(app, sticker.id, form);
  }
}

/**
 * Take over what an edit changed of the data that the page started with: faces of people, and what utility is divided by.
 *
 * @param {App} app
 * @param {OwnerView} answer
 */
function takeOver(app, { people = [], maxima }) {
  for (const person of people) Object.assign(app.start.people.find(({ id }) => id === person.id) ?? {}, person);
  if (maxima) app.start.maxima = maxima;
}

/**
 * Show the words of a sticker as they are now above the form, without taking the focus from it.
 *
 * @param {App} app
 * @param {string} id
 * @param {HTMLElement} form
 */
async function retitle(app, id, form) {
  const sticker = await app.server.detail({ sticker: id, query: "" }).catch(() => null);
  const title = form.closest("dialog")?.querySelector("h2"); // none where another sticker is shown meanwhile
  if (sticker && sticker.error === undefined && title) title.textContent = sticker.text || stickerWords(app, sticker);
}

/** @param {App} app @param {HTMLElement} place */
function drawLists(app, place) {
  if (!view) return;
  const { star, starred, hidden, gone } = view;
  place.hidden = !starred && !hidden.length && !gone.length;
  const stars = h("button", { type: "button", class: "ps-tool", on: { click: () => app.store.set({ query: star, view: "search" }) } }, app.t("owner_list_starred", { n: starred }));
  const open = place.querySelector("details")?.open;
  const list = h("details", { class: "ps-owner-hidden", open }, h("summary", {}, app.t("owner_list_hidden", { n: hidden.length + gone.length })));
  list.append(h("div", { class: "ps-minis is-large" }, hidden.map((each) => stickerButton(app, each, hidden.map(({ id }) => id)))));
  list.append(...gone.map((name) => h("p", { class: "ps-note" }, app.t("owner_gone", { name }))));
  place.replaceChildren(...(starred ? [stars] : []), ...(hidden.length + gone.length ? [list] : []));
}

/**
 * Owner's edit of a sticker, and of all; null for strangers.
 *
 * @param {App} app
 * @param {string} sticker
 * @returns {Promise<OwnerView | null>}
 */
async function asked(app, sticker) {
  if (!app.start.has_owner) return null;
  try {
    const answer = await fetch(`${rootPath()}/owner?sticker=${encodeURIComponent(sticker)}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * @param {OwnerEdit & { sticker: string }} edit
 * @returns {Promise<OwnerView | Refusal>}
 */
async function sent(edit) {
  try {
    const answer = await fetch(`${rootPath()}/owner`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(edit) });
    return await answer.json();
  } catch {
    return { error: "" };
  }
}
