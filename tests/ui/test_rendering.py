"""Answers as finished JSON, and a page that touches no more than has changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Route

from persrv.ui import assets
from persrv.ui.rendering import rendered
from persrv.ui.views import View

if TYPE_CHECKING:
    from conftest import Visit


def test_an_answer_is_written_where_it_was_computed() -> None:
    def search(request: object) -> View:
        return {"query": request, "score": 0.5, "none": None, "by": {1: "晚安"}}

    (answer,) = rendered([search])
    assert answer.__name__ == "search", "the browser calls it by this name"
    response = answer("q")
    assert response.headers["content-type"] == "application/json"
    assert json.loads(response.body) == {"query": "q", "score": 0.5, "none": None, "by": {"1": "晚安"}}


@pytest.mark.browser
def test_only_what_is_elsewhere_is_moved(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=f"Object.assign(window, {assets.joined('shared/dom.js')});")
    moved = page.evaluate(
        """async () => {
          const list = h("ol", {}, ["a", "b", "c", "d", "e"].map(name => h("li", {}, name)));
          const [a, b, c, d, e] = list.children;
          const touched = [];
          new MutationObserver(records => touched.push(...records.flatMap(r => [...r.addedNodes])
            .map(node => node.textContent))).observe(list, {childList: true});
          arrange(list, [a, b, c, d]);
          await null;
          const order = () => [...list.children].map(item => item.textContent).join("");
          const [first, none] = [order(), touched.length];
          arrange(list, [a, c, b, d, e]);
          await null;
          return [first, none, order(), touched.join("")];
        }"""
    )
    page.close()
    assert moved == ["abcd", 0, "acbde", "ce"]


@pytest.mark.browser
def test_the_first_key_searches_at_once_and_the_next_ones_wait_for_it(visit: Visit) -> None:
    """While an answer is on its way only the last of several quick keys is asked for."""
    page = visit.search(q="thanks", user="ann")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"l"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server/**", hold)
    box = page.locator("[data-part=query]")
    type_in = "(box, text) => { box.value = text; box.dispatchEvent(new InputEvent('input', {bubbles: true})); }"
    with page.expect_request(lambda request: '"l"' in (request.post_data or "")):
        box.evaluate(type_in, "l")
    box.evaluate("""box => { for (const text of ["la", "lau", "laugh"]) {
        box.value = text; box.dispatchEvent(new InputEvent("input", {bubbles: true})); } }""")
    visit.answered("laugh")
    for route in held:
        route.continue_()
    asked = [call for call in visit.calls if '"search"' in call]
    assert sum('"laugh"' in call for call in asked) == 1
    assert not any('"la"' in call or '"lau"' in call for call in asked)
