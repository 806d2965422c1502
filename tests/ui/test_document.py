"""The document that comes first: what it shows before the scripts, that nothing moves after it, and what is sent."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from conftest import visiting
from playwright.sync_api import Browser, Page, Route, expect

from persrv.ui import document, strings
from persrv.ui.document import filled_in, language_of

if TYPE_CHECKING:
    from conftest import Visit

SCRIPT, CALLS = "**/page/*.js", "**/component_server/**"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 720}

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


# ---- its parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "accepted", "language"),
    [
        ("zh", "en-US,en", "zh"),
        ("en", "zh-CN,zh", "en"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        (None, "en-GB,zh;q=0.9", "en"),
        ("klingon", "ZH", "zh"),
        (None, "", "en"),
    ],
)
def test_the_language_is_the_address_s_or_else_the_reader_s(named: str | None, accepted: str, language: str) -> None:
    assert language_of(named, accepted) == language


def test_texts_are_filled_in_and_the_rest_of_a_template_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(strings.TEXTS, "both", ("甲<乙", 'a "b" & c'))
    template = (
        '<p data-t="both"></p><input data-t-label="both" type="text"><b data-t="both" data-t-title="both"></b><i></i>'
    )
    assert filled_in(template, "en") == (
        '<p data-t="both">a &quot;b&quot; &amp; c</p>'
        '<input data-t-label="both" type="text" aria-label="a &quot;b&quot; &amp; c">'
        '<b data-t="both" data-t-title="both" title="a &quot;b&quot; &amp; c">a &quot;b&quot; &amp; c</b><i></i>'
    )
    assert "甲&lt;乙" in filled_in(template, "zh")


def test_data_ends_no_script_and_an_address_writes_nothing_into_the_document() -> None:
    page = document.Contents(b'{"start":"</script><img>"}', faces=3, words=False, views=frozenset({"search", "about"}))
    for view in ('search" data-t="nav_search', '"><script>boom(1)</script>', "map", ""):
        text = document.document(page, "en", {"view": view, "user": '"><img>'}, {"root": "http://a/<b>"})
        assert '<body data-ps-view="search">' in text
        assert "boom" not in text
        assert "<img" not in text
        assert json.loads(re.findall(r'id="ps-start">(.*?)</script>', text)[0]) == {"start": "</script><img>"}
        assert 'data-view="map"' not in text
    assert '<body data-ps-view="about">' in document.document(page, "en", {"view": "about"}, {})


# ---- what is sent ---------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_document_names_its_two_files_which_never_change_and_nothing_of_gradio_s(address: str) -> None:
    text = httpx.get(address).text
    files = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', text)
    assert [name.split(".")[1] for name in files] == ["css", "js"]
    for name in files:
        plain = httpx.get(f"{address}/{name}", headers={"Accept-Encoding": "identity"})
        assert "immutable" in plain.headers["cache-control"]
        with httpx.stream("GET", f"{address}/{name}", headers={"Accept-Encoding": "gzip"}) as packed:
            assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
    assert httpx.get(f"{address}/page/another.js").status_code == 404


@pytest.mark.browser
def test_a_visit_loads_nothing_of_gradio_s_frontend(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.search(q="laugh", user="cleo")
    visit.page.locator("[data-view=map]").click()
    expect(visit.page.locator(".ps-map-plot .js-plotly-plot")).to_be_visible()
    assert len(asked) > 5
    assert [url for url in asked if "/assets/" in url or "/static/" in url] == []


@pytest.mark.browser
def test_the_documentation_of_the_endpoints_is_a_press_away(visit: Visit) -> None:
    visit.forgiven = ["404", "403"]  # of Gradio's own recorder and skills, which the app does not serve
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("link", name="Use via API").click()
    expect(page.get_by_text("API documentation")).to_be_visible()


def hold(page: Page, pattern: str) -> list[Route]:
    """Hold requests for these addresses from now on; each waits for its `continue_`."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


# ---- before the scripts ---------------------------------------------------------------------------------------------


def without_scripts(page: Page, url: str) -> None:
    page.route(SCRIPT, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(url)
    page.wait_for_load_state("load")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "said"), [("zh", "搜索"), ("en", "Search")])
@pytest.mark.parametrize(("theme", "ground"), [("light", "rgb(245, 246, 248)"), ("dark", "rgb(15, 17, 21)")])
def test_before_the_scripts_there_are_frame_and_room(
    browser: Browser, address: str, language: str, said: str, theme: str, ground: str
) -> None:
    with visiting(browser, address) as visit:
        page = visit.page
        without_scripts(page, f"{address}/?lang={language}&__theme={theme}")
        expect(page.locator(".ps-nav [aria-current=page]")).to_have_text(said)
        expect(page.get_by_role("searchbox")).to_be_visible()
        expect(page.locator(".is-left .ps-room").first).to_be_visible()
        expect(page.locator(".ps-results")).to_have_attribute("aria-busy", "true")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert page.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert page.locator(".ps-card").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("address_of", ["?q=laugh&user=cleo", "?q=laugh&user=none", "?view=about", "?view=map"])
def test_nothing_moves_when_scripts_and_results_come_late(
    browser: Browser, address: str, size: dict[str, int], address_of: str
) -> None:
    """What was seen stays: room, frame and what the scripts add; the first sticker stands where its room was."""
    searching = "q=" in address_of
    with visiting(browser, address) as visit:
        page = visit.page
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.add_init_script(SHIFTS)
        script, calls = hold(page, SCRIPT), hold(page, CALLS) if searching else []
        page.goto(f"{address}/{address_of}&lang=en", wait_until="commit")
        page.wait_for_function("document.querySelectorAll('.ps-room').length > 0")
        page.wait_for_timeout(300)  # it is drawn
        room = page.locator(".ps-room:visible > span").first.bounding_box() if searching else None
        script[0].continue_()
        page.wait_for_function("!document.querySelector('.is-unmounted')")
        if searching:
            page.wait_for_timeout(300)
            page.unroute(CALLS)
            for route in calls:
                route.continue_()
            visit.answered("laugh")
            expect(page.locator(".ps-room")).to_have_count(0)
            card = page.locator(".ps-face:visible").first.bounding_box()
            assert room is not None
            assert card is not None
            assert [round(card[side]) for side in ("x", "width")] == [round(room[side]) for side in ("x", "width")]
            assert abs(card["y"] - room["y"]) < 20
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifted") < 0.01


@pytest.mark.browser
def test_what_is_typed_before_the_scripts_come_is_searched(visit: Visit) -> None:
    page = visit.page
    script = hold(page, SCRIPT)
    page.goto(f"{visit.address}/?lang=en", wait_until="commit")
    page.get_by_role("searchbox").fill("night")
    script[0].continue_()
    visit.answered("night")
    expect(page.get_by_role("searchbox")).to_have_value("night")
