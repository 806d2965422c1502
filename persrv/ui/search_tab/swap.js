// Two people: the same query for whoever searches and for somebody else, side by side.

/** Whom the searching person is compared with; null where nobody is. */
const comparedPerson = (app) => app.start.people.find((person) => person.id === app.state.other) || null;

/** Whom the searching person can be compared with: the visitor only where they said what they like. */
const othersThan = (app, user) => app.start.people.filter((person) => person.id !== user && (person.id !== YOU || app.you.likes().length));

/** What the two columns show: the answers of both people, their lists, how a sticker moved from one to the other. */
function peoplePair(app, answers) {
  const ranking = app.state.utility ? "both" : "personalization";
  const names = answers.map((each) => answeredName(app, each));
  const lists = answers.map((each) => entriesOf(each, ranking));
  const places = lists.map((list) => new Map(list.map((entry) => [entry.id, entry.rank])));
  return {
    answers,
    lists,
    move: (id) => movedBetween(app, names, places.map((ranks) => ranks.get(id) ?? null)),
    extras: (own) => (id) => [pairRow(app, names, places.map((ranks) => ranks.get(id) ?? null), own)],
  };
}

const answeredName = (app, answer) => (answer.user ? searcherName(app, answer) : app.t("nobody"));

/** How a sticker moved from the first person's list to the second's. In one of them only: that, whichever it is. */
function movedBetween(app, [first, second], [before, after]) {
  const move = movement(before, after);
  const sentence = app.t(`swap_${move.kind}`, { first, second, before, after, n: move.steps, top: app.start.top });
  return { ...move, sentence, ...(before === null || after === null ? { sign: "✦", word: app.t("swap_only") } : {}) };
}

/** A sticker's place in both lists, this one's own underlined; the badge's sentence says it in words. */
function pairRow(app, names, places, own) {
  const cell = (rank, at) => h("span", { class: at === own ? "is-own" : null }, h("small", {}, names[at]), h("b", {}, rank === null ? "–" : String(rank)));
  return h("span", { class: "ps-places ps-duo" }, h("span", { class: "ps-places-row", "aria-hidden": "true" }, places.map(cell)));
}

/** The second person's head, which stays the same element, so that the choice keeps the focus: who it is, another one, back. */
function createSwapHead(app) {
  const face = h("span", { class: "ps-avatar is-small" });
  const title = h("h2", {});
  const choice = h("select", { class: "ps-swap-choice", on: { change: () => app.store.set({ other: choice.value }) } });
  const back = h("button", { type: "button", class: "ps-tool ps-swap-back", on: { click: () => app.store.set({ other: "" }) } });
  const element = h("div", { class: "ps-swap-head" }, face, title, choice, back);
  let drawn = "";

  return {
    element,
    update() {
      const person = comparedPerson(app);
      const key = [app.state.other, app.state.user, app.state.language].join();
      if (!person || key === drawn) return;
      drawn = key;
      face.replaceChildren(person.avatar ? stickerImage(app, person.avatar, "", true) : "");
      title.textContent = app.t("right_title", { name: personName(app, person) });
      const others = othersThan(app, app.state.user);
      choice.replaceChildren(...others.map((each) => h("option", { value: each.id }, personName(app, each))));
      choice.value = person.id;
      choice.setAttribute("aria-label", app.t("swap_choice"));
      back.textContent = app.t("swap_back");
    },
  };
}

/** Keeps the two people two: whoever chooses the second one as the first gets them exchanged. */
function mountSwap(app) {
  let before = app.state.user;
  if (app.state.other && app.state.other === app.state.user) app.state.other = "";
  app.store.subscribe((state, changed) => {
    if (!changed.has("user")) return;
    const exchanged = app.start.people.some((person) => person.id === before) ? before : "";
    before = state.user;
    if (state.other && state.other === state.user) app.store.set({ other: exchanged });
  });
}

/** Starts comparing: with the person whose stickers for this query are the most different. */
async function compareWithAnother(app) {
  if (app.state.other) return;
  const { query, user } = app.state;
  const found = await app.server.unlike({ query: query || "", user }).catch(() => ({ user: null }));
  const other = found.user ?? othersThan(app, app.state.user)[0]?.id ?? "";
  if (other && other !== app.state.user) app.store.set({ other, four: false });
}
