// Searching as oneself. Likes live in this browser and go along with whatever is asked for YOU; they are kept nowhere else.

import { h, svg } from "../shared/dom.js";
import { readList, writeList } from "../shared/listed.js";
import { createKeep } from "../shared/keep.js";
import { stickerWords } from "../shared/stickers.js";

export const YOU = "@you";

/**
 * The visitor: one more person of the page, with likes for clicks. Mounted before the people are drawn.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
export function mountYou(app, element) {
  const { most } = app.start.you;
  const kept = createKeep("you", /** @type {{ bundle?: string, likes?: Sticker[] }} */ ({}));
  /** @type {Person} */
  const person = { id: YOU, name: inBoth(app, "you_name"), portrait: { zh: "", en: "" }, avatar: null, favourites: [], clusters: [] };
  /** @type {(() => void)[]} */
  const forgetters = [];
  let likes = keptLikes();
  let version = 0; // of the likes
  /** @type {ReturnType<You["style"]>} what the server made of them */
  let style = null;
  /** @type {{ version: number, query: string, rankings: Answer["rankings"], moved: ReturnType<You["moved"]> } | null} the newest results for them */
  let last = null;
  let previous = ""; // who searched before

  /** @type {You} */
  const you = {
    person,
    likes: () => likes,
    likesIt: (id) => likes.some((each) => each.id === id),
    style: () => style,
    /** Movements in the results by the last like, by the name of the ranking; null where nothing is known of it. */
    moved: () => last?.moved ?? null,
    /** The request with the likes, where it is made for the visitor. */
    signed: (request) => (request.user === YOU ? { likes: likes.map((each) => (each.vector ? { picture: each.vector } : each.id)), ...request } : request),
    /** Likes a sticker, or takes that back; from the first like on, the visitor is who searches. */
    toggle(sticker) {
      if (you.likesIt(sticker.id)) likes = likes.filter((each) => each.id !== sticker.id);
      else if (likes.length >= most) {
        app.announce(app.t("you_full", { max: most }));
        return false;
      } else likes = [...likes, remembered(sticker)];
      const lent = app.state.lent && asListed(likes); // those of a link stay in the address
      if (!lent) kept.set({ bundle: app.start.about.content_hash, likes });
      if (app.state.user !== YOU && app.state.other !== YOU) previous = app.state.user;
      become();
      app.store.set({ likes: version, lent, ...(app.state.other === YOU ? {} : { user: YOU }) });
      return true;
    },
    /** Searches as if these stickers were the likes, for this visit: what the browser keeps stays as it was. */
    borrow(stickers) {
      likes = stickers.slice(0, most).map(remembered);
      if (app.state.user !== YOU && app.state.other !== YOU) previous = app.state.user;
      become();
      app.store.set({ likes: version, lent: "", user: YOU, ...(app.state.other === YOU ? { other: "" } : {}), view: "search" });
    },
    /** Forgets all data of the visitor, here and wherever it was passed on to. */
    forget() {
      likes = [];
      kept.clear();
      become();
      for (const forget of forgetters) forget();
      const first = app.start.people.find((each) => each.id !== YOU)?.id ?? "";
      app.store.set({ likes: version, lent: "", ...(app.state.user === YOU ? { user: previous || first } : {}), ...(app.state.other === YOU ? { other: "" } : {}) });
      app.announce(app.t("you_forgotten"));
    },
    onForget: (forget) => forgetters.push(forget),
    redraw: () => {}, // the panel's, and so is the next one
    pick: () => {},
  };

  /** Return the kept likes that are of this catalogue and can be shown. */
  function keptLikes() {
    const found = kept.get();
    if (found.bundle !== app.start.about.content_hash || !Array.isArray(found.likes)) return [];
    return found.likes.filter(isLike).slice(0, most);
  }

  function become() {
    version += 1;
    if (!likes.length) [style, last] = [null, null];
    person.avatar = likes[0] ?? null;
    person.favourites = likes;
  }

  // ---- what the server says of the style

  /** Search with the likes that came with the link, for this visit: what the browser keeps stays as it was. */
  async function takeOver() {
    const ids = readList(app.state.lent).slice(0, most);
    if (!ids.length || ![app.state.user, app.state.other].includes(YOU)) return;
    const before = likes;
    const answer = await asked.you_likes({ ids }).catch(() => null);
    if (!answer) return app.tell([app.t("likes_failed")]);
    if (!app.state.lent) return; // forgotten meanwhile, or others were borrowed
    /** @type {Sticker[]} */
    const lent = answer.stickers.map(remembered);
    const meanwhile = likes.filter((each) => !before.includes(each) && !lent.some(({ id }) => id === each.id));
    likes = [...lent, ...meanwhile].slice(0, most);
    become();
    app.store.set({ likes: version, ...(meanwhile.length ? { lent: asListed(likes) } : {}) });
    if (lent.length < ids.length) app.tell([app.t("likes_unknown", { n: ids.length - lent.length })]);
  }

  const asked = app.server;
  app.server = withLikes(asked, you, () => arrived, () => version, learn);

  /** @param {Answer & { you: YouTold }} answer @param {number} made */
  function learn(answer, made) {
    const known = new Map(likes.map((each) => [each.id, each]));
    person.clusters = answer.you.clusters.map((each) => ({ ...each, exemplars: each.likes.flatMap((id) => known.get(id) ?? []) }));
    style = { version: made, told: answer.you, before: style && style.version === made ? style.before : style?.told ?? null };
    const sameLikes = last ? last.version === made : made === 1; // 1: those found in the browser
    if (last?.query !== answer.query || !sameLikes) {
      const everybody = { both: answer.rankings.utility, personalization: answer.rankings.none };
      const before = !last ? everybody : last.query === answer.query ? last.rankings : null;
      last = { version: made, query: answer.query, rankings: answer.rankings, moved: before && answer.personalized && !sameLikes ? movedSince(before, answer) : null };
    }
    you.redraw();
  }

  become();
  app.start.people.push(person);
  app.you = you;
  const arrived = takeOver();
  if (likes.length && !new URLSearchParams(window.location.search).has("user")) app.store.set({ user: YOU }); // back again
}

/**
 * Return the server's functions, with the likes sent along in whatever is asked for the visitor. `learn` is called with
 * every newest answer for the visitor and the version of the likes that it was asked with.
 *
 * @param {Server} server
 * @param {You} you
 * @param {() => Promise<void>} arrived  resolves once the likes of a link are known
 * @param {() => number} version
 * @param {(answer: Answer & { you: YouTold }, version: number) => void} learn
 * @returns {Server}
 */
function withLikes(server, you, arrived, version, learn) {
  let asked = 0;
  /** @type {Record<string, (request: any) => Promise<any>>} */
  const mine = {
    async search(request) {
      if (request.user !== YOU) return server.search(request);
      await arrived();
      const [number, made] = [++asked, version()];
      const answer = await server.search(you.signed(request));
      if (number === asked && answer?.error === undefined && answer?.you) learn({ ...answer, you: answer.you }, made);
      return answer;
    },
    /** The likes that pulled a result up; they are shown as this browser knows them. */
    async pulled(request) {
      if (request.user !== YOU) return server.pulled(request);
      const answer = await server.you_pulled(you.signed(request));
      /** @type {[string, number][]} */
      const pulled = answer.pulled;
      return { ...answer, pulled: pulled.flatMap(([id, pull]) => you.likes().filter((each) => each.id === id).map((each) => ({ ...each, pull }))) };
    },
  };
  return new Proxy(server, { get: (theirs, name) => mine[String(name)] ?? Reflect.get(theirs, name) }); // theirs is Gradio's, and not to be written to
}

/**
 * Return how the list on the page changed: how many of its places, and the largest climb, for either position of the
 * utility switch.
 *
 * @param {Pick<Answer["rankings"], "both" | "personalization">} before
 * @param {Answer} answer
 * @returns {Record<string, YouMoved>}
 */
function movedSince(before, { rankings, stickers }) {
  return Object.fromEntries(
    /** @type {const} */ (["both", "personalization"]).map((name) => {
      const ranks = new Map(before[name].map(([id], place) => [id, place + 1]));
      const moves = rankings[name].map(([id], place) => ({ sticker: stickers[id], before: ranks.get(id) ?? null, after: place + 1 }));
      const climbs = moves.flatMap(({ before: from, ...to }) => (from !== null && from > to.after ? [{ ...to, before: from }] : [])).sort((a, b) => b.before - b.after - (a.before - a.after));
      return [name, { n: moves.filter((each) => each.before !== each.after).length, top: moves.length, riser: climbs[0] ?? null }];
    }),
  );
}

/**
 * Write likes as a link holds them: those of the catalogue, without a visitor's own pictures.
 *
 * @param {Sticker[]} likes
 */
export const asListed = (likes) => writeList(likes.filter((each) => !each.vector).map((each) => each.id));

/**
 * @param {App} app
 * @param {string} key
 */
const inBoth = (app, key) => ({ zh: app.start.strings.zh[key], en: app.start.strings.en[key] });

/**
 * Return what is kept of a liked sticker: enough to show it again.
 *
 * @param {Sticker} sticker
 */
function remembered({ id, image, width, height, animated, text, labels, data, vector }) {
  return { id, image, width, height, animated, text, labels, ...(vector ? { data, vector } : {}) };
}

/**
 * Tell whether something found in the browser's storage is a like.
 *
 * @param {any} each
 */
function isLike(each) {
  if (!each || typeof each.id !== "string" || typeof each.text !== "string" || typeof each.labels !== "object" || !each.labels) return false;
  return each.vector === undefined ? typeof each.image === "string" : typeof each.vector === "string" && String(each.data).startsWith("data:image/");
}

/**
 * Make a heart that likes whatever sticker it was last shown for.
 *
 * @param {App} app
 */
export function createHeart(app) {
  /** @type {Sticker | null} */
  let sticker = null;
  const button = h("button", { type: "button", class: "ps-heart", on: { click: () => sticker && app.you.toggle(sticker) } }, heartSign());
  return {
    element: button,
    /** @param {Sticker} shown */
    show(shown) {
      sticker = shown;
      button.dataset.likes = sticker.id;
      button.setAttribute("aria-label", app.t("you_like", { alt: stickerWords(app, sticker) }));
      button.setAttribute("aria-pressed", String(app.you.likesIt(sticker.id)));
    },
  };
}

export function heartSign() {
  return svg("svg", { viewBox: "0 0 20 20", class: "ps-heart-sign", "aria-hidden": "true" }, svg("path", { d: "M10 16.6C5.2 13 2.6 10.3 2.6 7.3A3.9 3.9 0 0110 5.6 3.9 3.9 0 0117.4 7.3C17.4 10.3 14.8 13 10 16.6z" }));
}
