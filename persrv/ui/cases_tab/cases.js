// Cases: mined by the server when the tab is first opened; notes stay in this browser.

function mountCases(app, element) {
  const box = part(element, "cases");
  const lead = part(element, "cases-lead");
  const tools = part(element, "cases-tools");
  const notes = createKeep("case-notes", {});
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
    if (answer) app.announce(app.t("cases_announce", { n: everyCase().length }));
  }

  const everyCase = () => answer.kinds.flatMap((kind) => kind.cases);

  // ---- what a case says

  function nameOf(user) {
    const person = app.start.people.find((each) => each.id === user);
    return person ? personName(app, person) : user;
  }

  const placeOf = (rank) => (rank === null ? app.t("case_below", { n: app.start.top }) : app.t("rank", { n: rank }));

  /** One sentence from numbers: who typed and clicked what, and where it stands without and with the part. */
  function sentence(one) {
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

  /** The page as it shows this case: both columns of its query, its person, utility on. */
  const stateOf = (one) => ({ query: one.query, user: one.user, utility: true, view: "search" });
  const linkOf = (one) => shareLink({ ...app.state, ...stateOf(one) });

  const keyOf = (one) => [app.start.about.content_hash, one.kind, one.user, one.query, one.sticker].join("|");
  const noteOf = (one) => notes.get()[keyOf(one)] || "";
  const plain = (one) => plainCase(one, noteOf(one), linkOf(one), sentence(one));

  // ---- drawing

  function draw() {
    part(element, "cases-problem").hidden = !failed;
    part(element, "cases-problem").textContent = failed ? app.t("failed") : "";
    lead.textContent = answer ? app.t("cases_lead", { n: answer.questions.toLocaleString("en") }) : app.t("cases_mining");
    tools.hidden = !answer || !everyCase().length;
    box.setAttribute("aria-busy", String(asked && !answer));
    if (answer) box.replaceChildren(...answer.kinds.map(kindBlock));
    else box.replaceChildren(...(asked ? [0, 1].map(() => h("div", { class: "ps-case is-waiting", "aria-hidden": "true" })) : []));
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
    const copy = h("button", { type: "button", class: "ps-tool", on: { click: () => copyLink(copy, linkOf(one)) } }, app.t("copy_link"));
    const name = `persrv-${one.kind}-${one.user}`.replaceAll(/[^\w-]+/g, "_");
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
        h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.json`, casesJson(app, [plain(one)]), "application/json") } }, "JSON"),
        h("button", { type: "button", class: "ps-tool", on: { click: () => saveFile(`${name}.csv`, casesCsv(app, [plain(one)]), "text/csv") } }, "CSV"),
        note,
      ),
    );
  }

  function rankingList(one, ranking, side) {
    const title = titleOf(one, side);
    const further = ranking.place !== null && ranking.place > ranking.first.length;
    const entries = ranking.first.map((id, index) => [id, index + 1]);
    const ids = ranking.first;
    const outside = further ? placed([one.sticker, ranking.place], true) : ranking.place === null ? h("li", { class: "ps-case-gone" }, h("span", {}, absence(ranking))) : null;
    return h("section", {}, h("h4", {}, title), h("ol", {}, entries.map((entry) => placed(entry, false)), outside));

    function placed([id, place], apart) {
      const clicked = id === one.sticker;
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
    if (side === 1) return app.t("case_with");
    const part = one.kind.slice(0, one.kind.lastIndexOf("_"));
    return app.t(`case_without_${part}`);
  }

  // ---- doing

  function show(event, one) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for: the link does that
    event.preventDefault();
    app.store.set(stateOf(one));
    window.scrollTo({ top: 0 });
  }

  async function copyLink(button, link) {
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = app.t("copied");
      app.announce(app.t("copied"));
      window.setTimeout(() => { button.textContent = app.t("copy_link"); }, 1600);
    } catch {
      window.prompt(app.t("copy_link"), link);
    }
  }

  function keepNote(one, text) {
    const { [keyOf(one)]: _, ...others } = notes.get();
    notes.set(text ? { ...others, [keyOf(one)]: text } : others);
  }

  part(element, "cases-json").addEventListener("click", () => saveFile("persrv-cases.json", casesJson(app, everyCase().map(plain)), "application/json"));
  part(element, "cases-csv").addEventListener("click", () => saveFile("persrv-cases.csv", casesCsv(app, everyCase().map(plain)), "text/csv"));
  part(element, "cases-clear").addEventListener("click", () => {
    notes.clear();
    draw();
    app.announce(app.t("cases_cleared"));
  });

  app.store.subscribe((state, changed) => {
    if (changed.has("language")) draw();
    if (changed.has("view") && state.view === "cases") open();
  });
  draw();
  if (app.state.view === "cases") open();
}
