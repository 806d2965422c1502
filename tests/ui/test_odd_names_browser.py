"""A bundle from a stranger in a real Chromium: odd names, bare evidence; every tab mounts, a doubt is on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import toy
from conftest import serve, visiting
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

#: Names that end a string, an attribute, a selector or a line of whoever writes them without care.
ODD = ("a'b", 'a"b', "a\\b", "a]b", "<b>a</b>", "a b", "${a}", "名字")

BARE = {"title": "Bare", "data": 'd"ata', "tables": [{"name": "t'", "title": "T", "columns": [], "rows": []}]}

EVALUATION = {
    "sections": {'odd"]name': BARE, "own": {**BARE, "curves": []}},
    "vlm": {
        "rows": [{"name": 'odd"row', "recall": 0.5}, {"name": "unknown"}, {}],
        "examples": [{"sticker": "s01"}, {"sticker": "nowhere"}],
        "base_examples": [{"sticker": "s02"}],
    },
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("odd")
    stickers = [
        replace(sticker, series=name, labels={"style": name, "character": name})
        for sticker, name in zip(toy.stickers(), (ODD * 2)[: len(toy.IDS)], strict=True)
    ]
    people = [replace(person, name=name, name_en=name) for person, name in zip(toy.PEOPLE, ODD, strict=False)]
    path = toy.write_toy(folder, stickers=stickers, people=people, evaluation=EVALUATION).path
    log = folder / "log.txt"
    server, url = serve(path, log)
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace")


def test_every_tab_mounts_and_the_map_is_drawn(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visitor:
        page = visitor.open(view="about")
        expect(page.get_by_text('odd"row')).to_be_visible()
        page = visitor.open(view="map", user="ann")
        expect(page.locator("#ps-map .js-plotly-plot").first).to_be_visible()


def test_a_doubt_is_on_the_page(browser: Browser, tmp_path: Path) -> None:
    counts = toy.utility_counts()[::-1]
    path = toy.write_toy(tmp_path, utility_counts=counts).path
    server, url = serve(path, tmp_path / "log.txt")
    try:
        with visiting(browser, url) as visitor:
            found = visitor.open(view="about").locator("[data-part=doubts]")
            expect(found).to_contain_text("utility counts are not those of the training clicks")
            expect(visitor.open(view="about", lang="zh").locator("[data-part=doubts]")).to_contain_text("效用的计数")
    finally:
        server.terminate()
        server.wait(timeout=20)
