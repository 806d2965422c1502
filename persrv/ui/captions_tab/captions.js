// Live captions: a visitor's picture, or a sticker of the catalogue, goes to the server and comes back in words.

function mountCaptions(app, element) {
  const file = part(element, "live-file");
  const text = part(element, "live-text");
  const drop = part(element, "drop");
  const go = part(element, "live-go");
  let setup = null; // what the server can do, once it was asked
  let source = null; // what is captioned: { sticker } or { encoded, url }
  let answer = null;
  let problem = null; // a function that says it in the language of the moment
  let asked = 0;

  // ---- choosing

  file.addEventListener("change", () => { if (setup && file.files.length) takeFile(file.files[0]); });
  for (const [event, on] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(event, () => drop.classList.toggle("is-over", on));
  }
  document.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData ? event.clipboardData.files : [];
    if (app.state.view === "captions" && setup?.available && pasted) takeFile(pasted);
  });

  async function takeFile(chosen) {
    forget();
    text.value = "";
    if (chosen.size > setup.max_bytes) {
      problem = () => app.t("error_too_heavy", { max: setup.max_bytes / 1e6 });
      return draw();
    }
    const number = asked;
    const encoded = await encode(chosen);
    if (number !== asked) return null; // something else was chosen meanwhile
    source = { encoded, url: URL.createObjectURL(chosen) };
    if (encoded === null) problem = () => app.t("error_not_picture");
    return draw();
  }

  function takeSticker(sticker) {
    forget();
    file.value = "";
    source = { sticker };
    text.value = sticker.text.slice(0, setup.max_text);
    ask();
  }

  function forget() {
    if (source && source.url) URL.revokeObjectURL(source.url);
    [source, answer, problem] = [null, null, null];
    asked += 1;
    busy(false);
  }

  // ---- asking

  part(element, "live-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });

  async function ask() {
    if (!source) {
      problem = () => app.t("live_first");
      return draw();
    }
    const number = ++asked;
    problem = null;
    busy(true);
    draw();
    const request = { text: text.value, ...(source.sticker ? { sticker: source.sticker.id } : { picture: source.encoded }) };
    const received = await app.server.caption(request).catch(() => null);
    if (number !== asked) return null; // of a picture that is no longer there
    busy(false);
    answer = received && !received.error ? received : null;
    if (!received) problem = () => app.t("failed");
    else if (received.error) problem = () => (received.code ? app.t(`error_${received.code}`, received.values) : received.error);
    if (answer) app.announce(app.t("live_done"));
    return draw();
  }

  function busy(on) {
    go.disabled = on;
    part(element, "live-answer").setAttribute("aria-busy", String(on));
  }

  // ---- drawing

  function draw() {
    if (!setup) return;
    part(element, "live").hidden = !setup.available;
    const none = part(element, "live-none");
    none.hidden = setup.available === true;
    none.textContent = setup.available ? "" : setup.error || app.t("error_no_captioner");
    if (!setup.available) return;
    file.accept = setup.types.join(",");
    text.maxLength = setup.max_text;
    for (const each of [text, part(element, "live-words")]) each.hidden = !setup.reads_text;
    part(element, "live-how").textContent = app.t("live_how") + (app.start.simulated ? app.t("live_small") : "");
    const said = part(element, "live-problem");
    said.hidden = !problem;
    said.textContent = problem ? problem() : "";
    drawPicture();
    drawExamples();
    part(element, "live-answer").replaceChildren(...(answer ? written() : [h("p", { class: "ps-note" }, source && !problem ? app.t("live_ready") : app.t("live_empty"))]));
  }

  let pictured = null;
  function drawPicture() {
    if (pictured === source) return;
    pictured = source;
    drop.classList.toggle("is-filled", Boolean(source));
    const image = source && (source.sticker ? stickerImage(app, source.sticker, "", true) : h("img", { class: "ps-img", src: source.url, alt: "" }));
    if (image) image.addEventListener("error", () => image.remove()); // no picture: the server will say so
    part(element, "live-picture").replaceChildren(...(image ? [image] : []));
  }

  function drawExamples() {
    part(element, "live-examples").replaceChildren(
      ...setup.examples.map((sticker) =>
        h(
          "button",
          { type: "button", class: "ps-mini", data: { sticker: sticker.id }, "aria-pressed": String(source?.sticker?.id === sticker.id), "aria-label": app.t("live_example", { alt: stickerWords(app, sticker) }), title: stickerWords(app, sticker), on: { click: () => takeSticker(sticker) } },
          stickerImage(app, sticker, ""),
        ),
      ),
    );
  }

  function written() {
    const search = (word) => {
      app.store.set({ query: word, view: "search" });
      window.scrollTo({ top: 0 });
    };
    return [
      captionTexts(app, answer) ?? h("p", { class: "ps-note" }, app.t("live_wordless")),
      ...keywordLists(app, answer, "", search).filter((each) => each !== null),
      setup.reads_text && answer.unspelt ? h("p", { class: "ps-note ps-live-unspelt" }, app.t("live_unspelt", { n: answer.unspelt })) : "",
      h("p", { class: "ps-live-seconds" }, app.t("live_seconds", { s: decimal(answer.seconds) })),
    ];
  }

  async function begin() {
    if (app.state.view !== "captions" || setup) return;
    const offered = await app.server.captioning({}).catch(() => ({ error: app.t("failed") }));
    if (setup) return;
    setup = offered;
    draw();
    if (setup.available && !asked && setup.examples.length) takeSticker(setup.examples[0]);
    if (setup.error) setup = null; // asked again at the next visit
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("view")) begin();
    if (changed.has("language")) draw();
  });
  begin();
}

/** A file's content in base64; null where the browser cannot read it. */
function encode(chosen) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] || "");
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(chosen);
  });
}
