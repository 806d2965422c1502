// Cases: mined by the server when the tab is first opened; notes stay in this browser.

import { copyLink } from "../shared/copying.js";
import { decimal, h, jumpTo, part } from "../shared/dom.js";
import { figureBlob, figureFooter } from "../shared/figure.js";
import { fileStem, saveFile } from "../shared/files.js";
import { createKeep } from "../shared/keep.js";
import { MOVE_SIGNS, movement } from "../shared/movement.js";
import { personName } from "../shared/person.js";
import { imageUrl, stickerButton, stickerImage } from "../shared/stickers.js";
import { plainState, shareLink } from "../shared/store.js";
import { casesCsv, casesJson, plainCase } from "./export.js";
import { KEPT_MOST, keptCase, keptSentence, keptState } from "./kept.js";

export function mountCases(app, element) {
  const box = part(element, "cases");
  const lead = part(element, "cases-lead");
  const tools = part(element, "cases-tools");
  const own = part(element, "cases-own");
  const jumps = part(element, "cases-jumps");
  const keep = part(element, "cases-keep");
  const notes = createKeep("case-notes", {});
  const kept = createKeep("kept-cases", []);
  let answer = null;
  let asked = false;
  let failed = false;

  // ---- asking

  async function open() {
    if (asked) return;
    asked = true;
    failed = false;
    draw();
    const received = await app.server.cases({}).catch(() => null);
    failed = !received || Boolean(received.error);
    answer = failed ? null : received;
    asked = !failed; // a failure may be tried again
    draw();
    if (answer) app.announce(app.t("cases_announce", { n: answer.kinds.flatMap((kind) => kind.cases).length }));
  }

  const everyCase = () => [...kept.get(), ...(answer ? answer.kinds.flatMap((kind) => kind.cases) : [])];

  // ---- what a case says

  function nameOf(user) {
    const person = app.start.people.find((each) => each.id === user);
    return person ? personName(app, person) : user || app.t("nobody");
  }

  const placeOf = (rank) => (rank === null ? app.t("case_below", { n: app.start.top }) : app.t("rank", { n: rank }));

  /** One sentence from numbers: who typed and clicked what, and where it stands without and with the part. */
  function sentence(one) {
    if (one.kind === "kept") return keptSentence(app, one);
    const [without, whole] = one.rankings;
    const values = { name: nameOf(one.user), q: one.query, before: placeOf(without.place), after: placeOf(whole.place) };
    if (one.kind.endsWith("rescues")) {
      return app.t("case_rescue", { ...values, before: app.t("case_not_found"), fields: one.found_in.map((field) => app.t(`field_${field}`)).join(app.t("case_and")) });
    }
    if (one.kind.startsWith("utility")) {
      const [clicks, people] = one.counts;
      return `${app.t("case_utility", values)} ${app.t("case_counts", { clicks, people })}`;
    }
    const taste = one.preference === null ? "" : ` ${app.t("case_taste", { name: values.name, value: decimal(one.preference) })}`;
    return `${app.t("case_personalization", values)}${taste}`;
  }

  /** The page as it shows this case: its query, its person, the bundle's settings; all four rankings where utility is what differs. */
  const stateOf = (one) => one.kind === "kept" ? keptState(app, one) : plainState(app, { query: one.query, user: one.user, four: one.kind.startsWith("utility") });
  const linkOf = (one) => shareLink(stateOf(one));

  const keyOf = (one) => one.kind === "kept" ? `kept|${one.date}` : [app.start.about.content_hash, one.kind, one.user, one.query, one.sticker].join("|");
  const noteOf = (one) => notes.get()[keyOf(one)] || "";
  const plain = (one) => plainCase(one, noteOf(one), linkOf(one), sentence(one));

  // ---- drawing

  function draw() {
    part(element, "cases-problem").hidden = !failed;
    part(element, "cases-problem").textContent = failed ? app.t("failed") : "";
    lead.textContent = answer ? app.t("cases_lead", { n: answer.questions.toLocaleString("en") }) : app.t("cases_mining");
    drawOwn();
    box.setAttribute("aria-busy", String(asked && !answer));
    jumps.replaceChildren(...(answer ? answer.kinds.map(jumpButton) : []));
    if (answer) box.replaceChildren(...answer.kinds.map(kindBlock));
    else box.replaceChildren(...(asked ? [0, 1].map(() => h("div", { class: "ps-case is-waiting", "aria-hidden": "true" })) : []));
  }

  /** What can be kept, what was, and the buttons for whatever cases there are. */
  function drawOwn() {
    const offered = element.querySelector(".ps-results .ps-card") && app.state.query;
    keep.hidden = !offered;
    keep.textContent = app.t("case_keep", { q: app.state.query ?? "" });
    for (const tool of tools.children) if (tool !== keep) tool.hidden = !everyCase().length;
    const head = h("header", { class: "ps-case-kind" }, h("h2", {}, app.t("cases_own")), h("p", {}, app.t("cases_own_hint")));
    own.replaceChildren(...(kept.get().length ? [h("section", {}, head, kept.get().map(caseCard))] : []));
  }

  function keepSearch() {
    const one = keptCase(app, element);
    if (!one) return;
    kept.set([one, ...kept.get()].slice(0, KEPT_MOST));
    drawOwn();
    own.querySelector(".ps-case a").focus();
    app.announce(app.t("case_kept_on", { date: one.date.slice(0, 10) }));
  }

  function removeKept(one) {
    kept.set(kept.get().filter((each) => each !== one));
    keepNote(one, "");
    drawOwn();
    keep.focus();
  }

  /** The page is long, on a phone a dozen screens: a button for each kind of case. */
  function jumpButton({ name }) {
    return h("button", { type: "button", class: "ps-chip", on: { click: () => jumpTo(box.querySelector(`[data-kind="${name}"] h2`)) } }, app.t(`case_kind_${name}`));
  }

  function kindBlock(kind) {
    const head = h("header", { class: "ps-case-kind" }, h("h2", {}, app.t(`case_kind_${kind.name}`)), h("p", {}, app.t(`case_why_${kind.name}`)));
    const none = kind.state ? h("p", { class: "ps-note" }, kind.state === "empty" ? emptyOf(kind.name) : app.t("cases_none")) : null;
    return h("section", { data: { kind: kind.name } }, head, none, kind.cases.map(caseCard), kind.state ? null : missing(kind.name));
  }

  const emptyOf = (kind) => app.t(kind === "caption_rescues" ? "cases_no_captions" : "cases_no_ocr");

  /** Where only some captions were computed, the others are named. */
  function missing(kind) {
    const empty = Object.keys(answer.captions).filter((field) => !answer.captions[field]);
    if (kind !== "caption_rescues" || !empty.length) return null;
    return h("p", { class: "ps-note" }, app.t("cases_some_captions", { fields: empty.map((field) => app.t(`field_${field}`)).join(app.t("case_and")) }));
  }

  function caseCard(one) {
    const person = app.start.people.find((each) => each.id === one.user);
    const note = h("textarea", { rows: 1, maxlength: 2000, "aria-label": app.t("case_note"), placeholder: app.t("case_note"), on: { input: (event) => keepNote(one, event.target.value) } });
    note.value = noteOf(one);
    const copy = h("button", { type: "button", class: "ps-tool", on: { click: () => copyLink(app, copy, linkOf(one)) } }, h("span", { data: { t: "copy_link" } }, app.t("copy_link")));
    const name = `persrv-${one.kind}-${one.kind === "kept" ? fileStem(one.query) : one.user.replaceAll(/[^\w-]+/g, "_")}`;
    const remove = one.kind === "kept" && h("button", { type: "button", class: "ps-tool", on: { click: () => removeKept(one) } }, app.t("case_remove"));
    return h(
      "article",
      { class: "ps-case", data: { sticker: one.sticker, query: one.query, user: one.user } },
      h(
        "header",
        { class: "ps-case-head" },
        person && person.avatar ? h("span", { class: "ps-avatar is-small" }, stickerImage(app, person.avatar, "")) : null,
        h("div", {}, h("h3", {}, `“${one.query}”`, h("span", {}, nameOf(one.user))), h("p", { class: "ps-case-sentence" }, sentence(one))),
      ),
      h("div", { class: "ps-case-rankings" }, one.rankings.map((ranking, side) => rankingList(one, ranking, side))),
      h(
        "footer",
        { class: "ps-case-tools" },
        h("a", { class: "ps-tool", href: linkOf(one), on: { click: (event) => show(event, one) } }, app.t("case_open")),
        copy,
        h("button", { type: "button", class: "ps-tool", title: app.t("figure_hint"), on: { click: () => saveFigure(one, name) } }, "PNG"),
        h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.json`, casesJson(app, [plain(one)]), "application/json") } }, "JSON"),
        h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.csv`, casesCsv(app, [plain(one)]), "text/csv") } }, "CSV"),
        remove,
        note,
      ),
    );
  }

  function rankingList(one, ranking, side) {
    const title = titleOf(one, side);
    const further = ranking.place !== null && ranking.place > ranking.first.length;
    const entries = ranking.first.map((id, index) => [id, index + 1, ranking.moves?.[index].marked]);
    const ids = ranking.first;
    const outside = one.kind === "kept" ? null : further ? placed([one.sticker, ranking.place, true], true) : ranking.place === null ? h("li", { class: "ps-case-gone" }, h("span", {}, absence(ranking))) : null;
    return h("section", {}, h("h4", {}, title), h("ol", {}, entries.map((entry) => placed(entry, false)), outside));

    function placed([id, place, marked], apart) {
      const clicked = marked ?? id === one.sticker;
      return h(
        "li",
        { class: `${clicked ? "is-clicked" : ""} ${apart ? "is-apart" : ""}`.trim() || null, data: { sticker: id } },
        stickerButton(app, one.stickers[id], ids.includes(id) ? ids : [...ids, id]),
        h("small", {}, String(place), clicked ? h("span", { class: "ps-hidden" }, app.t("case_clicked")) : null, clicked ? h("b", { "aria-hidden": "true" }, "●") : null),
      );
    }
  }

  function absence(ranking) {
    if (!ranking.first.length) return app.t("case_nothing");
    return ranking.name ? app.t("case_below", { n: app.start.top }) : app.t("case_not_found");
  }

  function titleOf(one, side) {
    if (one.kind === "kept") return one.rankings[side].name;
    if (side === 1) return app.t("case_with");
    const part = one.kind.slice(0, one.kind.lastIndexOf("_"));
    return app.t(`case_without_${part}`);
  }

  // ---- as a figure

  function caseFigure(one) {
    const person = app.start.people.find((each) => each.id === one.user);
    const before = placesOf(one, one.rankings[0]);
    return {
      eyebrow: one.kind === "kept" ? app.t("cases_own") : app.t(`case_kind_${one.kind}`),
      title: `“${one.query}”`,
      person: nameOf(one.user),
      face: person && person.avatar ? imageUrl(app, person.avatar) : null,
      sentences: [sentence(one), ["kept", "caption_rescues", "ocr_rescues"].includes(one.kind) ? "" : app.t(`case_why_${one.kind}`), noteOf(one)].filter(Boolean),
      rows: one.rankings.map((ranking, side) => ({
        title: titleOf(one, side),
        hint: "",
        absent: ranking.place === null && one.kind !== "kept" ? absence(ranking) : "",
        entries: [...placesOf(one, ranking)].map(([id, rank], index) => ({
          id,
          picture: imageUrl(app, one.stickers[id]),
          rank,
          ...(side === 1 && before.has(id) ? moved(before.get(id), rank) : { kind: null, badge: null }),
          marked: id === one.sticker,
          apart: rank > ranking.first.length,
          ...ranking.moves?.[index],
        })),
      })),
      footer: figureFooter(app, one.settings ?? app.start.about.settings),
    };
  }

  /** Sticker -> place: the first ones, and the clicked one wherever it is. */
  function placesOf(one, ranking) {
    const places = new Map(ranking.first.map((id, index) => [id, index + 1]));
    return ranking.place === null ? places : places.set(one.sticker, ranking.place);
  }

  function moved(before, after) {
    const { kind, steps } = movement(before, after);
    return { kind, badge: `${MOVE_SIGNS[kind]}${steps || ""}` };
  }

  // ---- doing

  function show(event, one) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for: the link does that
    event.preventDefault();
    app.store.set(stateOf(one));
    window.scrollTo({ top: 0 });
  }

  async function saveFigure(one, name) {
    saveFile(`${name}.png`, await figureBlob(app, caseFigure(one)), "image/png");
  }

  function keepNote(one, text) {
    const { [keyOf(one)]: _, ...others } = notes.get();
    notes.set(text ? { ...others, [keyOf(one)]: text } : others);
  }

  keep.addEventListener("click", keepSearch);
  part(element, "cases-json").addEventListener("click", () => saveFile("persrv-cases.json", casesJson(app, everyCase().map(plain)), "application/json"));
  part(element, "cases-csv").addEventListener("click", () => saveFile("persrv-cases.csv", casesCsv(app, everyCase().map(plain)), "text/csv"));
  part(element, "cases-clear").addEventListener("click", () => {
    notes.clear();
    draw();
    app.announce(app.t("cases_cleared"));
  });

  app.store.subscribe((state, changed) => {
    if (changed.has("language")) draw();
    if (changed.has("view") && state.view === "cases") {
      drawOwn();
      open();
    }
  });
  draw();
  if (app.state.view === "cases") open();
}
