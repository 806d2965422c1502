"""The page in a real Chromium over the embedded bundle: what a stranger does in the first minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Visit, serve
from playwright.sync_api import Browser, expect

from persrv.bundle import Bundle

pytestmark = pytest.mark.browser
DEMO = ROOT / "assets" / "demo"


@pytest.fixture(scope="module")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("demo") / "log.txt"
    server, url = serve(DEMO, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture(params=[(1440, 900, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def stranger(request: pytest.FixtureRequest, browser: Browser, demo_address: str) -> Iterator[Visit]:
    width, height, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", color_scheme=scheme)
    visitor = Visit(context.new_page(), demo_address)
    yield visitor
    context.close()
    assert visitor.troubles == []


def test_search_switch_person_toggle_and_open_a_sticker(stranger: Visit) -> None:
    page = stranger.search(q="笑死我了", user="linxia")
    shown = page.locator(".is-right .ps-card")
    expect(shown.first).to_be_visible()
    before = shown.evaluate_all("cards => cards.map(card => card.dataset.sticker)")
    picture = shown.first.locator("img")
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 240
    page.goto(f"{stranger.address}/?q=笑死我了&user=zhouhang")
    stranger.answered("笑死我了")
    expect(shown.first).to_be_visible()
    assert shown.evaluate_all("cards => cards.map(card => card.dataset.sticker)") != before
    page.get_by_role("switch").click()
    page.locator(".is-right .ps-face").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_sticker_is_on_the_map(stranger: Visit) -> None:
    page = stranger.open(q="good night", user="meilin", view="map")
    plot = page.locator("#ps-plot .js-plotly-plot")
    expect(plot).to_be_visible(timeout=30_000)
    assert plot.evaluate("plot => plot.data[0].customdata.length") == len(Bundle.open(DEMO).ids)
