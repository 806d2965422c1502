// The story: a few steps that play by themselves, from a link, too; arrows walk through them, Space holds them.

import { h, reducedMotion } from "../shared/dom.js";
import { createStage } from "./stage.js";
import { storySteps } from "./steps.js";

const A_STEP = 12_000; // ms

/**
 * Tell the story of the bundle while the state names a step of it.
 *
 * @param {App} app
 */
export function mountStory(app) {
  /** @type {{ steps: StoryStep[], missing: string[] } | null} */
  let told = null;
  let language = ""; // of what is told
  let playing = false;
  let next = 0; // the timer of the next step

  const last = () => told?.steps.length ?? 0;
  const go = (/** @type {number} */ step) => app.store.set({ story: Math.min(Math.max(step, 1), Math.max(last(), 1)) });
  const walk = (/** @type {(step: number) => number} */ to) => () => { play(false); go(to(app.state.story)); };
  const stage = createStage(app, {
    name: "story",
    keys: [
      { sign: "→", keys: ["ArrowRight", "PageDown"], text: "story_next", press: walk((step) => step + 1) },
      { sign: "←", keys: ["ArrowLeft", "PageUp"], text: "story_previous", press: walk((step) => step - 1) },
      { sign: "␣", keys: [" "], text: "story_play", press: () => play(!playing) },
    ],
    left: () => {
      play(false);
      app.store.set({ story: 0 });
    },
  });

  /** @param {boolean} on */
  function play(on) {
    playing = on;
    window.clearTimeout(next);
    if (playing) next = window.setTimeout(() => (app.state.story < last() ? go(app.state.story + 1) : play(false)), A_STEP);
    drawProgress();
  }

  const progress = h("p", { class: "ps-story-progress" });
  function drawProgress() {
    const { story } = app.state;
    const dots = Array.from({ length: last() }, (_, at) => h("i", { class: at + 1 === story ? "is-here" : "", "aria-hidden": "true" }));
    progress.replaceChildren(h("span", {}, `${story} / ${last()}`), ...dots, h("span", {}, app.t(playing ? "story_playing" : "story_held")), app.start.simulated ? h("b", {}, app.t("story_simulated")) : "");
  }

  async function follow() {
    if (!app.state.story) return stage.close();
    const opened = !stage.isOpen();
    if (opened) {
      stage.show(h("p", { class: "ps-stage-notice" }, app.t("story_preparing")));
      stage.open();
    }
    if (!told || language !== app.state.language) {
      language = app.state.language;
      told = await storySteps(app).catch(() => null);
      if (!stage.isOpen()) return undefined; // left meanwhile
    }
    if (!told?.steps.length) return stage.show(h("p", { class: "ps-stage-notice" }, app.t(told ? "story_none" : "failed")));
    if (app.state.story > last()) return go(last());
    if (opened) playing = !reducedMotion();
    return draw(told.steps[app.state.story - 1], told.missing);
  }

  /** @param {StoryStep} step @param {string[]} missing */
  function draw(step, missing) {
    play(playing);
    const said = step.said.map((sentence) => h("p", {}, sentence));
    const unseen = app.state.story === last() && missing.length ? h("p", { class: "ps-story-missing" }, app.t("story_missing", { what: missing.join(" ") })) : "";
    stage.show(h("header", { class: "ps-story-head" }, progress, h("h2", {}, h("small", {}, app.t(`story_${step.name}`)), step.title), ...said), h("div", { class: `ps-story-content is-${step.name}` }, ...step.content), ...(unseen ? [unseen] : []));
    stage.tell([app.t(`story_${step.name}`), step.title, ...step.said].join(" "));
  }

  app.store.subscribe((_, changed) => { if (changed.has("story")) follow(); });
  follow();
}
