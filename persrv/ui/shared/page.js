// The page: one `app` that every part is given, and the frame around the views. Mounted into the document that the server sent.

import { mountAbout } from "../about_tab/about.js";
import { mountBlind } from "../blind_tab/blind.js";
import { mountCaptions } from "../captions_tab/captions.js";
import { mountCases } from "../cases_tab/cases.js";
import { mountChat } from "../chat_tab/chat.js";
import { mountJudge } from "../judge_tab/judge.js";
import { mountMap } from "../map_tab/map.js";
import { mountOwner } from "../owner/owner.js";
import { mountPaper } from "../paper/paper.js";
import { mountPresent } from "../presentation/present.js";
import { mountStory } from "../presentation/story.js";
import { mountDialog } from "../search_tab/dialog.js";
import { mountSearch } from "../search_tab/search.js";
import { mountSharing } from "../sharing/share.js";
import { mountStrip } from "../sharing/strip.js";
import { mountYouPanel } from "../you_tab/panel.js";
import { mountYou } from "../you_tab/you.js";
import { copyLink } from "./copying.js";
import { part } from "./dom.js";
import { mountPeople } from "./people.js";
import { createServer } from "./server.js";
import { createStore, createTranslator, shareLink, translate } from "./store.js";

/**
 * Mount the tabs into the document.
 *
 * @param {HTMLElement} element
 * @param {Start} start
 * @param {Server} server
 * @returns {App}
 */
function mountPage(element, start, server) {
  const store = createStore(start);
  const app = /** @type {App} */ (/** @type {Partial<App>} */ ({ start, server, store, state: store.state, element, answer: null, othersAnswer: null, columns: new Map(), stays: [], t: createTranslator(start, store) }));
  mountFrame(app, element);
  mountStrip(app, element);
  mountDialog(app, element);
  mountYou(app, element);
  mountPeople(app, element);
  mountYouPanel(app, element);
  mountSearch(app, element);
  const tabs = [mountOwner, mountPaper, mountChat, mountCaptions, mountBlind, mountCases, mountJudge, mountAbout, mountPresent, mountStory, mountSharing];
  for (const mount of tabs) alone(() => mount(app, element));
  return app;
}

/**
 * Mount a tab; where that fails, tell the console, and let the other tabs work.
 *
 * @param {() => void} mount
 */
function alone(mount) {
  try {
    mount();
  } catch (error) {
    console.error(error);
  }
}

/**
 * Mount what surrounds every view: navigation, language, link.
 *
 * @param {App} app
 * @param {HTMLElement} element
 */
function mountFrame(app, element) {
  const live = part(element, "announce");
  app.announce = (text) => { live.textContent = text; };

  for (const button of element.querySelectorAll("[data-view]")) {
    button.hidden = button.dataset.view === "map" && !app.start.has_map;
    button.addEventListener("click", () => {
      app.store.set({ view: /** @type {View} */ (button.dataset.view) });
      window.scrollTo({ top: 0 });
    });
  }
  const skip = () => {
    const content = document.querySelector(`[data-content][data-shows~="${app.state.view}"], [data-part="${app.state.view}"]`);
    if (!content) return;
    content.tabIndex = -1;
    content.focus();
  };
  part(element, "skip").addEventListener("click", skip);
  part(element, "skip").addEventListener("keydown", (event) => { if (event.key === "Enter") skip(); });
  part(element, "language").addEventListener("click", () => {
    app.store.set({ language: app.state.language === "zh" ? "en" : "zh" });
  });
  part(element, "world").hidden = !app.start.simulated;
  const copy = part(element, "copy");
  copy.addEventListener("click", () => copyLink(app, copy, shareLink(app.state)));

  function show() {
    document.body.dataset.psView = app.state.view;
    for (const button of element.querySelectorAll(".ps-nav [data-view]")) {
      if (button.dataset.view === app.state.view) {
        button.setAttribute("aria-current", "page");
        const nav = button.parentElement; // on a phone the row is wider than the screen
        if (nav) nav.scrollLeft = button.offsetLeft - (nav.clientWidth - button.offsetWidth) / 2;
      } else button.removeAttribute("aria-current");
    }
  }

  function speak() {
    document.documentElement.lang = app.state.language === "zh" ? "zh-CN" : "en";
    document.title = app.t("title");
    translate(element, app.t);
  }

  app.store.subscribe((_, changed) => {
    if (changed.has("view")) show();
    if (changed.has("language")) speak();
  });
  show();
  speak();
}

const { start, servers } = JSON.parse(document.getElementById("ps-start")?.textContent ?? "{}");
const [page, map] = ["ps-page", "ps-map"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
const app = mountPage(page, start, createServer(servers["ps-page"]));
if (servers["ps-map"]) alone(() => mountMap(app, map, createServer(servers["ps-map"])));
document.getElementById("ps-frame")?.classList.remove("is-unmounted");
