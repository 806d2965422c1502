"""Captions in a real Chromium: a visitor's picture, its refusals, a bundle without a captioner, and the dialog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import toy
from conftest import ROOT, Visit, serve, visiting
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def captioned_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The toy world with a captioner of which everything is known; s01 has captions in the bundle."""
    folder = tmp_path_factory.mktemp("captioned")
    log = folder / "log.txt"
    first, *others = toy.stickers()
    told = replace(
        first, keywords_base="cat，laugh，<i>", keywords="laugh，笑死", description="一只猫", emotion="<b>开心</b>"
    )
    bundle = toy.write_toy(folder, stickers=(told, *others))
    server, url = serve(bundle.path, log, str(ROOT / "tests" / "ui" / "captioned_app.py"))
    yield url
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture
def guest(browser: Browser, captioned_address: str) -> Iterator[Visit]:
    """A visitor to the page with a captioner."""
    with visiting(browser, captioned_address) as visitor:
        yield visitor


@pytest.fixture
def red(tmp_path: Path) -> Path:
    """A red picture of 40 by 30."""
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


def words(root: Page | Locator, model: str) -> list[str]:
    """The chips of one model, as they are seen: signs included, what only screen readers hear left out."""
    seen = "chips => chips.map(c => [...c.children].filter(e => !e.matches('.ps-hidden')).map(e => e.textContent))"
    return [" ".join(parts) for parts in root.locator(f"[data-words={model}] .ps-keyword").evaluate_all(seen)]


def answer(page: Page) -> Locator:
    return page.locator(".ps-live-answer")


def test_the_tab_shows_at_once_how_a_sticker_is_captioned(guest: Visit) -> None:
    page = guest.open(view="captions")
    expect(answer(page)).to_contain_text("picture of 8 by 8")
    expect(page.locator(".ps-live-text input")).to_have_value("laugh")
    expect(page.locator(".ps-mini[aria-pressed=true]:visible")).to_have_count(1)
    page.locator(".ps-live .ps-mini").nth(3).click()
    expect(page.locator(".ps-live-text input")).to_have_value("night")
    expect(answer(page).locator("[data-words=tuned]")).to_contain_text("night")
    expect(page.locator(".ps-live-how")).to_contain_text("ONNX Runtime")


def test_an_upload_is_captioned_and_its_keywords_search(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions")
    expect(answer(page)).to_contain_text("8 by 8")
    page.locator("input[type=file]").set_input_files(red)
    expect(answer(page)).to_contain_text("Press “Caption it”")
    page.get_by_label("Words on the picture").fill("night，<u>")
    page.get_by_role("button", name="Caption it").click()
    expect(answer(page)).to_contain_text("a red picture of 40 by 30")
    expect(answer(page)).to_contain_text("<b>calm</b>")
    expect(answer(page)).to_contain_text("in 0.25 s")
    expect(answer(page)).to_contain_text("cannot spell: 3")
    assert words(page, "base") == ["laugh", "box −"]
    assert words(page, "tuned") == ["laugh", "night +", "<u> +"]
    answer(page).get_by_role("button", name="night").click()
    guest.answered("night")
    expect(page.locator(".is-right .ps-card").first).to_be_visible()


def test_bad_uploads_get_a_sentence(guest: Visit, tmp_path: Path) -> None:
    page = guest.open(view="captions")
    expect(answer(page)).to_contain_text("8 by 8")
    problem, file = page.locator("[data-part=live-problem]"), page.locator("input[type=file]")
    (tmp_path / "words.png").write_text("no picture")
    file.set_input_files(tmp_path / "words.png")
    page.get_by_role("button", name="Caption it").click()
    expect(problem).to_contain_text("no picture that can be read")
    Image.new("1", (4200, 4)).save(tmp_path / "wide.png")
    file.set_input_files(tmp_path / "wide.png")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Caption it").click()
    expect(problem).to_contain_text("4200 × 4 pixels")
    (tmp_path / "heavy.png").write_bytes(bytes(8_000_001))
    file.set_input_files(tmp_path / "heavy.png")
    expect(problem).to_contain_text("over 8 MB")
    page.get_by_role("button", name="中文").click()
    expect(problem).to_contain_text("图片超过 8 MB")
    page.get_by_role("button", name="看图配文").click()
    expect(problem).to_contain_text("请先选一张图片")


def test_a_late_caption_of_another_picture_is_dropped(guest: Visit, red: Path) -> None:
    page = guest.open(view="captions")
    expect(answer(page)).to_contain_text("8 by 8")
    held: list[Route] = []
    page.route("**/component_server**", lambda route: held.append(route))
    page.get_by_role("button", name="Caption it").click()
    page.wait_for_timeout(100)
    page.locator("input[type=file]").set_input_files(red)
    expect(answer(page)).to_contain_text("Press “Caption it”")
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    expect(answer(page)).to_contain_text("Press “Caption it”")


def test_a_bundle_without_a_captioner_says_so_and_offers_no_upload(visit: Visit) -> None:
    page = visit.open(view="captions")
    expect(page.locator("[data-part=live-none]")).to_contain_text("make bundle")
    expect(page.locator("input[type=file]")).to_be_hidden()
    expect(page.locator(".ps-live")).to_be_hidden()


def test_the_dialog_shows_base_against_fine_tuned(guest: Visit) -> None:
    page = guest.search(q="laugh", user="ann")
    page.locator(".is-right .ps-card[data-sticker=s01] .ps-face").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".ps-keyword")).to_have_count(5)
    assert words(dialog, "base") == ["cat −", "laugh ✓", "<i> −"]
    assert words(dialog, "tuned") == ["laugh ✓", "笑死 +"]
    expect(dialog.locator(".ps-keyword-signs")).to_contain_text("only after fine-tuning")
    expect(dialog.locator(".ps-keyword-signs")).to_contain_text("shares a word with “laugh”")
    expect(dialog.locator(".ps-captions")).to_contain_text("<b>开心</b>")
    dialog.get_by_role("button", name="笑死").last.click()
    guest.answered("笑死")


def test_a_sticker_without_captions_says_that_none_were_made(guest: Visit) -> None:
    page = guest.search(q="laugh", user="ann")
    page.locator(".is-right .ps-card[data-sticker=s02] .ps-face").click()
    expect(page.get_by_role("dialog")).to_contain_text("Not yet computed in this bundle")
    expect(page.get_by_role("dialog").locator(".ps-keywords")).to_have_count(0)


def test_captions_fit_a_phone(guest: Visit) -> None:
    guest.page.set_viewport_size({"width": 390, "height": 844})
    page = guest.open(view="captions")
    expect(answer(page)).to_contain_text("8 by 8")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
