// Click by click: every test click by its rank without and with, won or lost; each leads into the search.

import { h, svg } from "../shared/dom.js";
import { nameOfPerson } from "../shared/person.js";
import { answerOf } from "../shared/refusal.js";
import { plainState, shareLink } from "../shared/store.js";
import { choice } from "./controls.js";

/** Numbers of wins and of losses listed beside the picture of all clicks. */
const LISTED_CLICKS = 5;

/**
 * Show every test click by its rank without and with personalization, and ask again for every other method chosen.
 *
 * @param {App} app
 * @param {Picks} picks
 */
export function clicksOf(app, picks) {
  const box = h("div", { class: "ps-clicks", data: { part: "clicks" }, "aria-busy": "true" });
  async function ask() {
    const asked = picks.clicks ?? null;
    const answer = answerOf(await app.server.evidence_clicks({ against: asked }).catch(() => null));
    if (asked !== (picks.clicks ?? null)) return; // another was chosen meanwhile
    box.setAttribute("aria-busy", "false");
    const focused = box.contains(document.activeElement);
    if (!answer) box.replaceChildren(h("p", { class: "ps-note" }, app.t("failed")));
    else if (answer.methods.length) box.replaceChildren(...clicksContent(app, answer, (name) => { picks.clicks = name; ask(); }));
    if (focused) box.querySelector("select")?.focus();
  }
  ask();
  return box;
}

/**
 * @param {App} app
 * @param {TestClicks} answer
 * @param {(method: string) => void} against
 */
function clicksContent(app, answer, against) {
  const rankOf = (/** @type {number} */ rank) => (rank ? String(rank) : `> ${answer.depth}`);
  const told = (/** @type {TestClick} */ click) => app.t("evidence_click", { q: click.query, name: nameOfPerson(app, click.user), before: rankOf(click.before), after: rankOf(click.after) });
  const list = h("div", { class: "ps-clicks-here", hidden: true });
  const clicks = answer.rows.map(([user, query, sticker, before, after]) => ({ user, query, sticker, before, after }));
  const count = (/** @type {string} */ way) => clicks.filter((click) => wayOf(click.before, click.after) === way).length;
  const none = clicks.filter((click) => !click.before && !click.after).length;
  const byGain = [...clicks].sort((a, b) => gainOf(b) - gainOf(a));

  const stateOf = (/** @type {TestClick} */ click) => plainState(app, { query: click.query, user: click.user });
  const go = (/** @type {TestClick} */ click) => {
    app.store.set(stateOf(click));
    window.scrollTo({ top: 0 });
  };
  const link = (/** @type {TestClick} */ click) => h("li", {}, h("a", { href: shareLink(stateOf(click)), on: { click: (/** @type {MouseEvent} */ event) => follow(event, click) } }, told(click)));
  /** @param {MouseEvent} event @param {TestClick} click */
  function follow(event, click) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for: the link does that
    event.preventDefault();
    go(click);
  }

  /** Open the search of a dot's only click, or list its clicks where there are several. @param {Dot} dot */
  function open(dot) {
    if (dot.clicks.length === 1) return go(dot.clicks[0]);
    list.hidden = false;
    list.replaceChildren(h("h5", {}, app.t("evidence_here", { n: dot.clicks.length })), h("ul", {}, dot.clicks.map(link)));
    list.querySelector("a")?.focus({ preventScroll: true });
  }

  const [chart, readout] = scatter(app, answer, {
    label: app.t("evidence_scatter", { method: answer.against, ours: answer.method }),
    axes: [answer.against, answer.method].map((method) => app.t("evidence_rank", { method })),
    told: (/** @type {Dot} */ dot) => (dot.clicks.length === 1 ? told(dot.clicks[0]) : app.t("evidence_dot", { n: dot.clicks.length, before: rankOf(dot.before), after: rankOf(dot.after) })),
    open,
  });
  const counts = { shown: clicks.length, of: answer.of, up: count("up"), down: count("down"), same: count("same") - none, none, depth: answer.depth };
  const best = byGain.filter((click) => gainOf(click) > 0).slice(0, LISTED_CLICKS);
  const worst = byGain.filter((click) => gainOf(click) < 0).slice(-LISTED_CLICKS).reverse();
  const stories = [{ title: "evidence_wins", some: best }, { title: "evidence_losses", some: worst }].filter(({ some }) => some.length);
  return [
    h("h4", {}, app.t("evidence_clicks_title")),
    h("p", {}, app.t(counts.shown < counts.of ? "evidence_clicks_some" : "evidence_clicks_counts", counts)),
    choice(app.t("evidence_against"), answer.methods.map((name) => [name, name]), answer.against, against),
    h(
      "div",
      { class: "ps-clicks-both" },
      h("div", {}, chart, readout, list),
      h("div", { class: "ps-stories" }, stories.map(({ title, some }) => h("div", {}, h("h5", {}, app.t(title)), h("ul", {}, some.map(link))))),
    ),
    h("p", { class: "ps-note" }, app.t("evidence_clicks_note")),
  ].filter((each) => each !== null);
}

// ---- the picture

const SCATTER = { size: 380, left: 54, top: 4, right: 4, bottom: 40, inset: 16, least: 2.6, most: 18, near: 26 };

/**
 * Every click by its rank without (across) and with (down), both logarithmic, first places at the top left; what is not
 * found stands beyond the line. Clicks of the same two ranks are one circle, its area their number.
 *
 * told(dot): what a dot is, in words; open(dot): where it leads.
 *
 * @param {App} app
 * @param {TestClicks} answer
 * @param {{ label: string, axes: string[], told: (dot: Dot) => string, open: (dot: Dot) => void }} given
 */
function scatter(app, answer, { label, axes, told, open }) {
  const { size, left, top, right, bottom, inset } = SCATTER;
  const share = (/** @type {number} */ rank) => (rank === 0 ? 1 : (0.9 * Math.log(rank)) / Math.log(answer.depth));
  const between = (/** @type {number} */ start, /** @type {number} */ end) => (/** @type {number} */ way) => start + inset + (end - start - 2 * inset) * way;
  const [across, down] = [between(left, size - right), between(top, size - bottom)];
  const [x, y] = [(/** @type {number} */ rank) => across(share(rank)), (/** @type {number} */ rank) => down(share(rank))];
  const dots = dotsOf(answer.rows).map((dot) => ({ ...dot, x: x(dot.before), y: y(dot.after), r: Math.min(SCATTER.most, SCATTER.least * Math.sqrt(dot.clicks.length)) }));
  const circles = dots.map((dot) => svg("circle", { class: `ps-dot is-${dot.way}`, cx: dot.x.toFixed(1), cy: dot.y.toFixed(1), r: dot.r.toFixed(1), data: { before: dot.before, after: dot.after, clicks: dot.clicks.length } }));
  const readout = h("p", { class: "ps-readout", "aria-live": "polite" }, app.t("evidence_point"));
  let active = -1;

  /** @param {number} at */
  function point(at) {
    if (at === active) return;
    circles[active]?.classList.remove("is-active");
    active = at;
    circles[active]?.classList.add("is-active");
    readout.textContent = at < 0 ? app.t("evidence_point") : told(dots[at]);
  }

  /**
   * Return the place of the dot nearest to a pointer, -1 where none is near.
   *
   * @param {PointerEvent | MouseEvent} event
   */
  function nearest(event) {
    const box = chart.getBoundingClientRect();
    const scale = size / box.width;
    const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const ways = dots.map((dot) => Math.max(0, Math.hypot(dot.x - px, dot.y - py) - dot.r));
    const at = ways.indexOf(Math.min(...ways));
    return ways[at] <= SCATTER.near * Math.max(1, scale) ? at : -1;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in steps) point((active + steps[event.key] + dots.length) % dots.length);
    else if (event.key === "Enter" && active >= 0) open(dots[active]);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  function click(event) {
    point(nearest(event));
    if (active >= 0) open(dots[active]);
  }

  const ranks = [1, 3, 10, 30, 0];
  const name = (/** @type {number} */ rank) => (rank === 0 ? `> ${answer.depth}` : String(rank));
  const edge = 0.95; // between the last rank and what has none
  const chart = svg(
    "svg",
    { class: "ps-scatter", viewBox: `0 0 ${size} ${size}`, tabindex: "0", role: "group", "aria-label": label, on: { pointermove: (event) => point(nearest(event)), click, keydown: key } },
    svg("rect", { class: "ps-scatter-ground", x: left, y: top, width: size - left - right, height: size - top - bottom, rx: 10 }),
    ranks.flatMap((rank) => [
      svg("text", { class: "ps-curve-text", x: x(rank), y: size - bottom + 17 }, name(rank)),
      svg("text", { class: "ps-curve-text is-end", x: left - 7, y: y(rank) + 4 }, name(rank)),
    ]),
    svg("line", { class: "ps-scatter-same", x1: x(1), y1: y(1), x2: x(0), y2: y(0) }),
    svg("line", { class: "ps-curve-grid", x1: across(edge), x2: across(edge), y1: top, y2: size - bottom }),
    svg("line", { class: "ps-curve-grid", x1: left, x2: size - right, y1: down(edge), y2: down(edge) }),
    svg("text", { class: "ps-curve-text is-end is-side", x: across(edge) - 8, y: top + 24 }, `▲ ${app.t("evidence_rises")}`),
    svg("text", { class: "ps-curve-text is-start is-side", x: left + 10, y: down(edge) - 10 }, `▼ ${app.t("evidence_falls")}`),
    svg("text", { class: "ps-curve-text is-label", x: (left + size - right) / 2, y: size - 5 }, axes[0]),
    svg("text", { class: "ps-curve-text is-label", transform: `translate(13 ${(top + size - bottom) / 2}) rotate(-90)` }, axes[1]),
    circles,
  );
  return [chart, readout];
}

/**
 * Group clicks of the same two ranks, without those found in neither ranking; the greatest rises come first.
 *
 * @param {ClickRow[]} rows
 */
function dotsOf(rows) {
  const dots = new Map();
  for (const [user, query, sticker, before, after] of rows) {
    if (!before && !after) continue;
    const key = `${before} ${after}`;
    if (!dots.has(key)) dots.set(key, { before, after, way: wayOf(before, after), clicks: [] });
    dots.get(key).clicks.push({ user, query, sticker, before, after });
  }
  return [...dots.values()].sort((a, b) => gainOf(b) - gainOf(a));
}

/**
 * Return "up", "down" or "same"; rank 0 means not found, and is below every other rank.
 *
 * @param {number} before
 * @param {number} after
 */
function wayOf(before, after) {
  if (before === after) return "same";
  return after && (!before || after < before) ? "up" : "down";
}

/**
 * Return what a click gains as M-MRR counts it: the difference of 1 / rank.
 *
 * @param {{ before: number, after: number }} given
 */
const gainOf = ({ before, after }) => (after ? 1 / after : 0) - (before ? 1 / before : 0);
