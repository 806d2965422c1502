// What was measured on test clicks: the tables of both protocols, and gains with the interval they are known to.

const METRIC_DIGITS = 3;

/** Protocols, one at a time: the paper's, and that of stickers new to the question. */
function evaluation(app) {
  const { protocols } = app.start.about.evaluation;
  if (!protocols.length) return [h("p", { class: "ps-note" }, app.t("about_evaluation_none"))];
  const { counts } = protocols[0];
  return [
    h("p", {}, app.t("about_evaluation_text")),
    app.start.simulated ? h("p", { class: "ps-note" }, app.t("about_evaluation_simulated")) : null,
    h("p", {}, split(app, counts)),
    ...oneOf(
      app.t("evaluation_protocols"),
      protocols.map((each) => [app.t(`protocol_${each.name}`), () => protocol(app, each)]),
    ),
  ];
}

function protocol(app, { name, counts, tables, differences }) {
  return [
    h("p", {}, app.t(`protocol_text_${name}`), " ", "questions" in counts ? app.t("evaluation_counts", { questions: metric(counts.questions), clicks: metric(counts.test_clicks), people: metric(counts.people) }) : ""),
    differences.length ? h("ul", { class: "ps-differences" }, differences.map((each) => difference(app, each, differences))) : null,
    ...tables.flatMap((each) => [
      h("h3", {}, app.t(`evaluation_${each.family}`)),
      table([app.t("ranking"), ...each.columns], each.rows.map((row) => [row.name, ...row.values.map(metric)])),
    ]),
  ];
}

/** How test clicks were set aside, and how much of them training has seen where that was counted. */
function split(app, counts) {
  const clicks = counts.test_clicks;
  const [pairs, repeats] = [counts.test_clicks_seen_pair, counts.test_clicks_exact_repeat];
  if (!clicks || pairs === undefined || repeats === undefined) return app.t("evaluation_split");
  const values = { pairs: metric(pairs), pairs_share: share(pairs, clicks), repeats: metric(repeats), repeats_share: share(repeats, clicks), clicks: metric(clicks) };
  return `${app.t(2 * pairs > clicks ? "evaluation_split_most" : "evaluation_split")}${app.t("evaluation_seen", values)}`;
}

/** What PerSRV gains over a ranking that lacks something, with the interval of that gain. */
function difference(app, each, all) {
  return h(
    "li",
    {},
    h("strong", {}, signed(each.value)),
    rangeMark(each, reach(all)),
    h("span", {}, app.t("evaluation_difference", { metric: each.metric, name: each.name, low: signed(each.low), high: signed(each.high) })),
  );
}

// ---- gains with intervals

/** How far from 0 the farthest end of some intervals lies: one scale for all that stand together. */
function reach(intervals) {
  return Math.max(...intervals.flatMap((each) => [Math.abs(each.low), Math.abs(each.high)]), 1e-9);
}

/** An interval as a line about its value, 0 in the middle. The numbers stand beside it, so it is not read out. */
function rangeMark({ value, low, high }, farthest) {
  const [width, height, edge] = [160, 18, 8];
  const at = (number) => (width / 2 + (number / farthest) * (width / 2 - edge)).toFixed(1);
  const side = low > 0 ? "is-up" : high < 0 ? "is-down" : "is-open";
  return svg(
    "svg",
    { class: `ps-range ${side}`, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("line", { class: "ps-range-zero", x1: width / 2, x2: width / 2, y1: 1, y2: height - 1 }),
    svg("line", { class: "ps-range-span", x1: at(low), x2: at(high), y1: height / 2, y2: height / 2 }),
    svg("circle", { class: "ps-range-value", cx: at(value), cy: height / 2, r: 4.5 }),
  );
}

// ---- shared by the evidence

/** A row of buttons of which one is pressed, and what that one shows; a single choice needs no buttons. */
function oneOf(label, choices) {
  const box = h("div", { class: "ps-choice-shows" });
  const buttons = choices.map(([name, content]) => h("button", { type: "button", on: { click: (event) => show(event.currentTarget, content) } }, name));
  function show(pressed, content) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button === pressed));
    box.replaceChildren(...content().filter((each) => each !== null));
  }
  show(buttons[0], choices[0][1]);
  return [choices.length > 1 ? h("div", { class: "ps-choice", role: "group", "aria-label": label }, buttons) : null, box];
}

const share = (part, whole) => `${decimal((100 * part) / whole, 1)}%`;

/** A gain with its sign; what rounds to nothing has none. */
function signed(value) {
  const text = decimal(Math.abs(value), METRIC_DIGITS);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

function metric(value) {
  if (value === null || value === undefined) return "";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) < 0.001 ? Number(value).toExponential(1) : decimal(value, METRIC_DIGITS);
}

function table(head, rows) {
  return h(
    "div",
    { class: "ps-table", tabindex: "0", role: "region", "aria-label": head[0] },
    h("table", {}, h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, place) => h(place ? "td" : "th", place ? {} : { scope: "row" }, cell)))))),
  );
}
