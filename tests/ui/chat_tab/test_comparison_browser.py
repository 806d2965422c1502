"""The chat's comparison in a real Chromium, over a bundle that holds every model: rows, names, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import compared_models
import pytest
from conftest import EVALUATION, Visit, serve, visiting
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("exported_once")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("compared")
    path = compared_models.write_drawn(folder, evaluation=EVALUATION)
    compared_models.add_language_model(path, folder)
    compared_models.add_srs(path, folder)
    log = folder / "log.txt"
    server, address = serve(path, log)
    yield path, address
    server.terminate()
    server.wait(timeout=20)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")


@pytest.fixture
def visit(browser: Browser, served: tuple[Path, str]) -> Iterator[Visit]:
    with visiting(browser, served[1]) as visitor:
        yield visitor


def compared(visit: Visit, draft: str, **state: str) -> Page:
    """The chat with the comparison switched on and a draft answered."""
    page = visit.open(view="chat", chat="free", **{"lang": "en", **state})
    page.get_by_role("switch").click()
    box(page).fill(draft)
    answered(page, draft)
    return page


def box(page: Page) -> Locator:
    return page.locator("[data-part=chat-input]")


def answered(page: Page, draft: str) -> None:
    expect(page.locator("[data-part=chat]")).to_have_attribute("data-asked", draft)


def test_each_method_has_a_row_under_its_name(visit: Visit) -> None:
    page = compared(visit, "哈哈哈")
    names = page.locator(".ps-chat-row-name")
    expect(names.last).to_have_text("SRS, re-implemented")
    assert names.all_inner_texts()[-3:] == ["Words only (BM25)", "Language model that retrieves", "SRS, re-implemented"]
    for row in ("retrieving LM", "SRS"):
        tiles = page.locator(f"[data-row='{row}'] .ps-chat-offer")
        expect(tiles).to_have_count(8)
        expect(page.locator(f"[data-row='{row}'] .ps-chat-why:not([hidden])")).to_have_count(0)
    first = page.locator("[data-row=SRS] li").first
    sticker = first.get_attribute("data-sticker")
    first.locator(".ps-chat-offer").click()
    expect(page.locator(".ps-bubble-sticker")).to_have_count(1)
    expect(page.locator(f".ps-bubble-sticker img[src*={sticker}]")).to_have_count(1)


def test_the_switch_alone_asks_the_models(visit: Visit) -> None:
    page = visit.open(view="chat", chat="free", lang="en")
    box(page).fill("哈哈哈")
    answered(page, "哈哈哈")
    expect(page.locator("[data-row=SRS]")).to_have_count(0)
    page.get_by_role("switch").click()
    expect(page.locator("[data-row=SRS] .ps-chat-offer")).to_have_count(8)
    page.get_by_role("switch").click()
    expect(page.locator("[data-row=SRS]")).to_have_count(0)


def test_arrow_keys_reach_every_row_and_lead_back_to_the_box(visit: Visit) -> None:
    page = compared(visit, "哈哈哈")
    box(page).press("ArrowDown")
    rows = page.locator(".ps-chat-row").count()
    for _ in range(rows):
        page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row=SRS] .ps-chat-offer").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()


def test_a_late_comparison_leaves_what_is_being_typed(visit: Visit) -> None:
    page = compared(visit, "哈哈哈")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        asks = "chat_reply" in (route.request.post_data or "")
        held.append(route) if asks and not held else route.continue_()

    page.route("**/component_server/**", hold_first)
    box(page).fill("晚安")
    while not held:
        page.wait_for_timeout(50)
    box(page).press_sequentially("啦")
    held[0].continue_()
    answered(page, "晚安啦")
    expect(box(page)).to_have_value("晚安啦")
    expect(page.locator("[data-row=SRS] .ps-chat-offer")).to_have_count(8)


def test_on_a_phone_the_box_stays_in_sight_below_all_rows(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = compared(visit, "哈哈哈", lang="zh")
    expect(page.locator("[data-row=SRS] .ps-chat-row-name")).to_have_text("SRS（重新实现）")
    page.locator("[data-part=chat-words]").scroll_into_view_if_needed()
    expect(box(page)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
