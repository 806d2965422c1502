"""Figures: what is saved as a picture is what the page shows, over the toy world in a real Chromium."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree

import numpy as np
import pytest
import toy
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

TILE = np.array([241, 242, 245])
MARK = (12, 122, 77)
SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Page, button: Locator, path: Path) -> tuple[bytes, str]:
    """A saved file and its name."""
    with page.expect_download() as download:
        button.click()
    download.value.save_as(path)
    return path.read_bytes(), download.value.suggested_filename


def pixels_of(content: bytes) -> NDArray[np.int64]:
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"), np.int64)


def written(content: bytes) -> str:
    """Texts of an SVG, with its title and description."""
    return " ".join(
        "".join(each.itertext()) for each in ElementTree.fromstring(content) if not each.tag.endswith("style")
    )


def figure(page: Page) -> Locator:
    """The dialog for papers, with its figure drawn."""
    page.get_by_role("button", name="Figure").click()
    dialog = page.get_by_role("dialog", name="Figure")
    expect(dialog.locator("img[src^=blob]")).to_be_visible()
    return dialog


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


def test_a_case_as_a_figure(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(view="cases")
    case = page.locator("[data-kind=personalization_helps] .ps-case")
    case.get_by_label("Your note").fill("Mine")
    content, name = saved(page, case.get_by_role("button", name="PNG"), tmp_path / "case.png")
    pixels = pixels_of(content)
    assert name == "persrv-personalization_helps-ann.png"
    assert pixels.shape[1] == 2400, "350 pixels an inch in two columns"
    assert pixels[0, -1].tolist() == pixels[-1, -1].tolist() == [255, 255, 255]
    assert rows_of(pixels, ("s05", "s06", "s07", "s08")) == [["s07", "s05", "s06", "s08"], ["s05", "s07", "s06", "s08"]]
    assert np.all(pixels == MARK, axis=2).sum() > 2000, "the clicked sticker is framed"
    text = written(saved(page, case.get_by_role("button", name="SVG"), tmp_path / "case.svg")[0])
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


def test_a_figure_speaks_chinese_and_says_what_was_not_found(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(view="cases", lang="zh")
    case = page.locator("[data-kind=ocr_rescues] .ps-case")
    text = written(saved(page, case.get_by_role("button", name="SVG"), tmp_path / "case.svg")[0])
    for said in ("全靠图中文字才找到", "小安", "什么也找不到", "不看图中文字", "模拟世界", "基数 0.10"):
        assert said in text


def test_the_search_as_a_figure(visit: Visit, tmp_path: Path) -> None:
    page = visit.search(q="night", user="ann", tune="alpha-1.5")
    before = page.locator(".is-left .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    after = page.locator(".is-right .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    assert before != after
    moved = page.locator(".is-right .ps-card").first
    badge = "".join(moved.locator(".ps-move > [aria-hidden]").all_inner_texts())
    dialog = figure(page)
    content, name = saved(page, dialog.get_by_role("button", name="PNG"), tmp_path / "search.png")
    assert name == "persrv-night.png"
    assert rows_of(pixels_of(content), tuple(before)) == [before, after]
    text = written(saved(page, dialog.get_by_role("button", name="SVG"), tmp_path / "search.svg")[0])
    for said in ("“night”", "For Ann", "Without personalization", "α 1.50 (bundle: 1.00)", "of the top 4 shared"):
        assert said in text
    assert f"1  {badge}" in text


def test_four_lists_are_four_rows(visit: Visit, tmp_path: Path) -> None:
    page = visit.search(q="laugh", user="cleo", columns="4")
    text = written(saved(page, figure(page).get_by_role("button", name="SVG"), tmp_path / "four.svg")[0])
    for title in ("Text only", "Text + utility", "Text + preference", "Text + utility + preference"):
        assert title in text


def test_nothing_is_drawn_of_nothing(visit: Visit) -> None:
    page = visit.search(q="", user="ann")
    page.get_by_role("button", name="Figure").click()
    expect(page.get_by_role("button", name="Nothing to draw")).to_be_visible()
    page.get_by_role("button", name="Cases").click()
    expect(page.locator("[data-part=picture]")).to_be_hidden()


def test_one_column_or_two_and_how_many_stickers(visit: Visit, tmp_path: Path) -> None:
    page = visit.search(q="laugh", user="cleo")
    dialog = figure(page)

    def drawn(button: str) -> ElementTree.Element:
        return ElementTree.fromstring(saved(page, dialog.get_by_role("button", name=button), tmp_path / "f.svg")[0])

    assert drawn("SVG").get("width") == "493.23pt", "174 mm"
    dialog.get_by_role("button", name="One column").click()
    expect(dialog.locator("img[data-width=one]")).to_be_visible()
    dialog.get_by_label("Stickers in a row").select_option("3")
    expect(dialog.locator(".ps-paper-sheet [role=status]")).to_have_text("")
    one = drawn("SVG")
    assert one.get("width") == "238.11pt", "84 mm"
    assert len(one.findall(f"{SVG}image")) == 1 + 2 * 3, "the face, and three in each row"
    content, name = saved(page, dialog.get_by_role("button", name="PDF"), tmp_path / "f.pdf")
    assert name == "persrv-laugh.pdf"
    assert content.startswith(b"%PDF")
    assert b"NotoSansCJKSC" in content, "the typeface is inside"


def test_caption_and_alt_text_in_both_languages(visit: Visit) -> None:
    page = visit.search(q="night", user="ann")
    dialog = figure(page)
    caption, alt = dialog.get_by_label("Draft caption", exact=True), dialog.get_by_label("Alt text", exact=True)
    expect(caption).to_have_value(re.compile(r"The first 4 results for the query “night”.*For Ann.*Lines join.*sha256"))
    expect(caption).to_have_value(re.compile("Ticks: clicked by Ann"))
    expect(alt).to_have_value(re.compile(r"Without personalization: 1\. .*For Ann: 1\. .*\(Up 1\)", re.IGNORECASE))
    assert dialog.locator("img[src^=blob]").get_attribute("alt") == alt.input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog.get_by_role("button", name="Copy: Draft caption").click()
    page.wait_for_function("async text => (await navigator.clipboard.readText()) === text", arg=caption.input_value())
    dialog.get_by_role("button", name="中文").click()
    expect(caption).to_have_value(re.compile(r"查询“night”的前 4 个结果，自上而下：不做个性化、?.*为 小安"))
    expect(alt).to_have_value(re.compile(r"不做个性化：第 1 "))


def test_an_experiment_from_the_page(visit: Visit, tmp_path: Path) -> None:
    page = visit.search(q="night", user="ann", tune="alpha-1.5")
    dialog = figure(page)
    queries = dialog.get_by_label("Queries, one a line")
    expect(queries).to_have_value("night")
    queries.fill("laugh\n\nnight")
    content, name = saved(page, dialog.get_by_role("button", name="Make the ZIP"), tmp_path / "e.zip")
    assert name == "persrv-experiment-laugh-night.zip"
    expect(dialog.get_by_text("Saved: 2 queries")).to_be_visible()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read("settings.json"))["settings"]["alpha"] == 1.5, "as the page searches"
        assert "night" in archive.read("queries.csv").decode()
        run = archive.read("runs/both.trec").decode().splitlines()
        figures = [each for each in archive.namelist() if each.startswith("figures/")]
    shown = page.locator(".is-right .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    assert [line.split()[2] for line in run if line.startswith("q0002")] == shown
    assert len(figures) == 4
    queries.fill(" \n")
    dialog.get_by_role("button", name="Make the ZIP").click()
    expect(dialog.get_by_text("There is no query. Write one a line.")).to_be_visible()
    queries.fill("\n".join(f"q{n}" for n in range(51)))
    dialog.get_by_role("button", name="Make the ZIP").click()
    expect(dialog.get_by_text("Too much: at most 50 queries")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_for_papers_has_names_and_contrast(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    page = visit.search(q="night", user="ann")
    figure(page)
    found = Axe().run(page, context=".ps-paper")
    assert found.response["violations"] == [], found.generate_report()
