// The style map: asks for a figure when it is looked at, listens to Plotly's points, shows the sticker under the pointer.

const CLUSTER_COLOURS = ["#cf3564", "#2a6fd0", "#ad6500", "#177f55", "#7a4fe0"]; // as in figure.py
const CLUSTER_SHAPES = ["M10 2a8 8 0 100 16 8 8 0 000-16z", "M10 1l9 9-9 9-9-9z", "M3 3h14v14H3z", "M10 2l9 16H1z", "M10 1l2.6 6 6.4.5-5 4.2 1.6 6.3L10 14.6 4.4 18 6 11.7 1 7.5 7.4 7z"];

/** `redraw(request)` asks Python for a new figure; Gradio then puts it into #ps-plot. */
function mountMap(app, element, redraw) {
  const plotBox = element.closest("#ps-map"); // the plot itself may be mounted later
  const tip = h("div", { class: "ps-tip", hidden: true, "aria-hidden": "true" });
  app.element.append(tip);
  let colour = "none";
  let drawn = ""; // what the figure on screen was asked for

  function request() {
    if (app.state.view !== "map") return;
    const wanted = { user: app.state.user, colour, language: app.state.language };
    const key = JSON.stringify(wanted);
    if (key === drawn) return;
    drawn = key;
    redraw(wanted);
  }

  // ---- Plotly's points

  const hooked = new WeakSet();
  function hook() {
    const plot = plotBox.querySelector(".js-plotly-plot");
    if (!plot || !plot.on || hooked.has(plot)) return;
    hooked.add(plot);
    part(element, "map-loading").hidden = true;
    plot.on("plotly_hover", (event) => showTip(event.points[0], event.event));
    plot.on("plotly_unhover", hideTip);
    plot.on("plotly_click", (event) => { if (event.points[0].customdata) app.openSticker(event.points[0].customdata[0]); });
    plot.on("plotly_afterplot", () => drawLegend(plot));
    drawLegend(plot);
  }
  new MutationObserver(hook).observe(plotBox, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  hook();

  function showTip(point, pointer) {
    if (!point.customdata || !pointer) return;
    const [id, image] = point.customdata;
    const sticker = { id, image, width: 120, height: 120, labels: {}, text: "" };
    tip.replaceChildren(stickerImage(app, sticker, "", true));
    tip.hidden = false;
    const margin = 16;
    const right = pointer.clientX + margin + tip.offsetWidth < window.innerWidth;
    tip.style.left = `${right ? pointer.clientX + margin : pointer.clientX - margin - tip.offsetWidth}px`;
    tip.style.top = `${Math.max(8, Math.min(window.innerHeight - tip.offsetHeight - 8, pointer.clientY - tip.offsetHeight / 2))}px`;
  }

  function hideTip() {
    tip.hidden = true;
  }

  // ---- words around the plot

  function drawLegend(plot) {
    const groups = (plot.data || []).map((trace) => trace.meta).filter((meta) => meta && meta.kind === "all" && meta.name);
    part(element, "map-legend").replaceChildren(
      ...groups.map((meta) => h("li", {}, h("i", { style: { background: meta.colour } }), meta.name)),
    );
  }

  function drawWords() {
    const person = chosenPerson(app);
    translate(element, app.t);
    part(element, "map-title").textContent = person ? app.t("map_title", { name: personName(app, person) }) : app.t("map_title_nobody");
  }

  part(element, "colour").addEventListener("change", (event) => {
    colour = event.target.value;
    request();
  });
  part(element, "reset").addEventListener("click", () => {
    const plot = plotBox.querySelector(".js-plotly-plot");
    if (plot && window.Plotly) window.Plotly.relayout(plot, { "xaxis.autorange": true, "yaxis.autorange": true });
  });
  app.store.subscribe((_, changed) => {
    hideTip();
    if (changed.has("user") || changed.has("language")) drawWords();
    request();
  });
  drawWords();
  request();
}

/** Below the plot: the chosen person's clusters with their examples. */
function mountClusters(app, element) {
  function draw() {
    const person = chosenPerson(app);
    if (!person) {
      element.replaceChildren(h("p", { class: "ps-note" }, app.t("map_nobody")));
      return;
    }
    element.replaceChildren(
      h("div", { class: "ps-cluster-row" }, person.clusters.map(cluster)),
      h("p", { class: "ps-note" }, `${app.t("map_centroid")} ${app.t("map_keyboard")}`),
    );
  }

  function cluster(each, place) {
    const ids = each.exemplars.map((sticker) => sticker.id);
    const mark = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: CLUSTER_SHAPES[place % CLUSTER_SHAPES.length] }));
    mark.style.fill = CLUSTER_COLOURS[place % CLUSTER_COLOURS.length];
    return h(
      "section",
      { class: "ps-cluster" },
      h("h3", {}, mark, app.t("map_cluster", { n: place + 1 }), h("small", {}, app.t("map_cluster_size", { n: each.size }))),
      h("div", { class: "ps-minis" }, each.exemplars.map((sticker) => stickerButton(app, sticker, ids))),
    );
  }

  app.store.subscribe((_, changed) => { if (changed.has("user") || changed.has("language")) draw(); });
  draw();
}
