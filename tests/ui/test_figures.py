"""Figures: what is saved as a picture is what the page shows, over the toy world in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import toy
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

#: Keeps what is written on any canvas.
RECORDER = """
window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.push(text);
  return write.call(this, text, ...rest);
};
"""

TILE = np.array([241, 242, 245])
MARK = (12, 122, 77)


def saved(page: Page, button: Locator, path: Path) -> tuple[NDArray[np.int64], str, str]:
    """The picture's pixels, what was written on it, and its file's name."""
    with page.expect_download() as download:
        button.click()
    download.value.save_as(path)
    with Image.open(path) as image:
        assert image.format == "PNG"
        pixels = np.asarray(image.convert("RGB"), np.int64)
    return pixels, " ".join(page.evaluate("window.written")), download.value.suggested_filename


def rows_of(pixels: NDArray[np.int64], stickers: tuple[str, ...]) -> list[list[str]]:
    """The stickers of both rows from left to right, by the colour that each of the toy world's has for itself."""
    found: list[tuple[float, float, str]] = []
    for name in stickers:
        row = toy.IDS.index(name)
        colour = (200 * np.array([20 * row, 255 - 20 * row, 0]) + 55 * TILE) / 255
        ys, xs = np.nonzero(np.abs(pixels - colour).max(axis=2) <= 3)
        middle = (ys.min() + ys.max()) / 2
        found += [(float(ys[side].mean()), float(xs[side].mean()), name) for side in (ys < middle, ys >= middle)]
    heights = sorted(height for height, _, _ in found)
    middle = (heights[0] + heights[-1]) / 2
    return [
        [name for height, _, name in sorted(found, key=lambda each: each[1]) if (height < middle) == upper]
        for upper in (True, False)
    ]


@pytest.fixture
def recorded(visit: Visit) -> Visit:
    visit.page.add_init_script(RECORDER)
    return visit


def test_a_case_as_a_figure(recorded: Visit, tmp_path: Path) -> None:
    page = recorded.open(view="cases")
    case = page.locator("[data-kind=personalization_helps] .ps-case")
    case.get_by_label("Your note").fill("Mine")
    pixels, text, name = saved(page, case.get_by_role("button", name="PNG"), tmp_path / "case.png")
    assert name == "persrv-personalization_helps-ann.png"
    assert pixels.shape[1] == 2400, "twice the width of the sheet"
    assert pixels[0, 0].tolist() == pixels[-1, -1].tolist() == [255, 255, 255]
    assert rows_of(pixels, ("s05", "s06", "s07", "s08")) == [["s07", "s05", "s06", "s08"], ["s05", "s07", "s06", "s08"]]
    assert np.all(pixels == MARK, axis=2).sum() > 2000, "the clicked sticker is framed"
    for said in (
        "Personalization helps most",
        "“night”",
        "Ann",
        "number 2 without taste, number 1 with it. Its likeness to Ann's taste is 0.80.",
        "Mine",
        "✓ 1  ▲1",
        "2  ▼1",
        "Without taste",
        "PerSRV · toy · Simulated world · CC BY 4.0 · 20",
        "λ 1.00 · α 1.00",
    ):
        assert said in text
    assert re.search(r"sha256 [0-9a-f]{64} ", text)


def test_a_figure_speaks_chinese_and_says_what_was_not_found(recorded: Visit, tmp_path: Path) -> None:
    page = recorded.open(view="cases", lang="zh")
    case = page.locator("[data-kind=ocr_rescues] .ps-case")
    _, text, _ = saved(page, case.get_by_role("button", name="PNG"), tmp_path / "case.png")
    for said in ("全靠图中文字才找到", "小安", "什么也找不到", "不看图中文字", "模拟世界", "基数 0.10"):
        assert said in text


def test_the_search_as_a_figure(recorded: Visit, tmp_path: Path) -> None:
    page = recorded.search(q="night", user="ann", tune="alpha-1.5")
    before = page.locator(".is-left .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    after = page.locator(".is-right .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    assert before != after
    pixels, text, name = saved(page, page.get_by_role("button", name="Figure"), tmp_path / "search.png")
    assert name == "persrv-night.png"
    assert rows_of(pixels, tuple(before)) == [before, after]
    for said in ("“night”", "For Ann", "Without personalization", "α 1.50 (bundle: 1.00)", "of the top 4 shared"):
        assert said in text
    moved = page.locator(".is-right .ps-card").first
    assert f"1  {''.join(moved.locator('.ps-move > [aria-hidden]').all_inner_texts())}" in text


def test_four_lists_are_four_rows(recorded: Visit, tmp_path: Path) -> None:
    page = recorded.search(q="laugh", user="cleo", columns="4")
    _, text, _ = saved(page, page.get_by_role("button", name="Figure"), tmp_path / "four.png")
    for title in ("Text only", "Text + utility", "Text + preference", "Text + utility + preference"):
        assert title in text


def test_nothing_is_drawn_of_nothing(visit: Visit) -> None:
    page = visit.search(q="", user="ann")
    page.get_by_role("button", name="Figure").click()
    expect(page.get_by_role("button", name="Nothing to draw")).to_be_visible()
    page.get_by_role("button", name="Cases").click()
    expect(page.locator("[data-part=picture]")).to_be_hidden()
