// One list of cards, and the explanation that unfolds below one of them.

import { arrange, h, icon, reducedMotion } from "../shared/dom.js";
import { readList, writeList } from "../shared/listed.js";
import { stickerWords } from "../shared/stickers.js";
import { createCard } from "./cards.js";
import { explanation } from "./explain.js";

const UNDER_HEAD = 64; // pixels of a column's head, which stays at the screen's top
const MARGIN = 12; // pixels below an explanation

/**
 * One list of cards that keeps the card of a sticker while the sticker stays, so that it can glide. name: how a link calls
 * the list.
 *
 * @param {App} app
 * @param {HTMLElement} grid
 * @param {string} name
 */
export function createColumn(app, grid, name) {
  /** @type {Map<string, Card>} */
  let cards = new Map();
  /** @type {{ id: string, card: Card, panel: HTMLElement, kept: { term: string | null } } | null} the card whose explanation is shown, and which of its terms is told */
  let open = null;
  /** @type {Answer | null} */
  let answer = null;

  /** @type {Column} */
  const column = {
    name,
    others: [],
    ids: () => [...cards.keys()],
    entry: (id) => cards.get(id)?.entry ?? null,
    /** The entry one place higher up; null for the first. */
    above: (entry) => [...cards.values()].find((card) => card.entry.rank === entry.rank - 1)?.entry ?? null,
    answer: () => answer,
    /** move(id): how it moved, for its badge; extras(id): what else its card shows. */
    show(newAnswer, ranked, move, largest, extras = () => []) {
      answer = newAnswer;
      const entries = ranked.filter((entry) => !app.struck.has(entry.id));
      const shown = newAnswer;
      const kept = new Map(entries.map((entry) => {
        const card = cards.get(entry.id) ?? createCard(app, column, entry);
        if (shown) card.update(shown, entry, move(entry.id), largest, extras(entry.id));
        return [entry.id, card];
      }));
      const stays = open && kept.get(open.id);
      const active = document.activeElement;
      const focused = stays && active instanceof HTMLElement && open?.panel.contains(active) ? active : null;
      cards = kept;
      arrange(grid, [...kept.values()].map((card) => card.element));
      if (stays) unfold(stays, open?.kept);
      else reopen(entries.length > 0);
      if (!focused || !open) return;
      const sameTerm = open.panel.querySelector(`[data-term="${focused.dataset.term}"]`);
      (sameTerm ?? open.panel.querySelector(".ps-why-close"))?.focus(); // what had the focus is gone with the old panel
    },
    link(id, on) {
      for (const each of [column, ...column.others]) each.mark(id, on);
    },
    mark(id, on) {
      cards.get(id)?.element.classList.toggle("is-linked", on);
    },
    explain(card) {
      if (open && open.id === card.entry.id) fold();
      else {
        unfold(card);
        bringIntoSight();
      }
      remember();
    },
  };
  app.columns.set(name, column);

  /** Explain the place that the address names; one that is not among the results is forgotten. @param {boolean} filled */
  function reopen(filled) {
    fold();
    const wanted = readList(app.state.why).find((each) => each.startsWith(`${name}.`));
    const card = wanted && cards.get(wanted.slice(name.length + 1));
    if (card) unfold(card);
    else if (wanted && filled) remember();
  }

  /** Write into the address which place is explained here. */
  function remember() {
    const others = readList(app.state.why).filter((each) => !each.startsWith(`${name}.`));
    app.store.set({ why: writeList([...others, ...(open ? [`${name}.${open.id}`] : [])]) });
  }

  /** Scroll as little as shows the card and its explanation; of one higher than the screen, the card and its beginning. */
  function bringIntoSight() {
    if (!open) return;
    const behavior = reducedMotion() ? "instant" : "smooth";
    const [top, bottom] = [open.card.element.getBoundingClientRect().top - UNDER_HEAD, open.panel.getBoundingClientRect().bottom + MARGIN];
    const by = Math.min(Math.max(0, bottom - window.innerHeight), top);
    if (by > 0) window.scrollBy({ top: by, behavior });
  }

  grid.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    foldBack();
  });

  /** Closes what is open and goes back to where it was opened. */
  function foldBack() {
    const bar = open?.card.bar;
    fold();
    remember();
    bar?.focus();
  }

  /** @param {Card} card */
  function unfold(card, kept = /** @type {{ term: string | null }} */ ({ term: null })) {
    fold();
    if (!answer) return;
    const close = h("button", { type: "button", class: "ps-why-close", "aria-label": app.t("close"), on: { click: foldBack } }, icon("close"));
    const title = h("h3", {}, app.t("why", { n: card.entry.rank }), h("span", {}, stickerWords(app, card.entry.sticker)));
    const panel = h("li", { class: "ps-unfolded" }, close, title, explanation(app, answer, card.entry, column.above(card.entry), kept));
    card.element.after(panel);
    card.element.classList.add("is-open");
    card.bar.setAttribute("aria-expanded", "true");
    open = { id: card.entry.id, card, panel, kept };
  }

  function fold() {
    if (!open) return;
    open.panel.remove();
    open.card.element.classList.remove("is-open");
    open.card.bar.setAttribute("aria-expanded", "false");
    open = null;
  }

  return column;
}
