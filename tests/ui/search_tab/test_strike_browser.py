"""Striking out in a real Chromium: what is struck leaves every list of this visit, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def shown(page: Page, side: str = "right") -> list[str]:
    return [
        str(name)
        for name in page.locator(f".is-{side} .ps-card").evaluate_all("all => all.map(c => c.dataset.sticker)")
    ]


def ranks(page: Page) -> list[str]:
    return page.locator(".is-right .ps-rank").all_inner_texts()


def test_the_key_strikes_out_and_the_line_takes_back(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    before = shown(page)
    page.locator(".is-right .ps-face").first.focus()
    page.keyboard.press("x")
    expect(page.locator(f".ps-card[data-sticker={before[0]}]")).to_have_count(0)
    assert shown(page) == before[1:]
    assert before[0] not in shown(page, "left"), "it leaves every list"
    assert ranks(page) == ["2", "3", "4"], "places stay those of the ranking"
    assert page.evaluate("document.activeElement.closest('.ps-card').dataset.sticker") == before[1], (
        "the next is in focus"
    )
    line = page.locator("[data-part=struck]")
    expect(line).to_contain_text("1 struck out")
    line.get_by_role("button", name="Show").click()
    expect(line).to_contain_text("sent to nobody")
    line.get_by_role("button", name="Take back:").click()
    expect(line).to_be_hidden()
    assert shown(page) == before
    assert not any("struck" in call for call in visit.calls), "the server is not told"


def test_it_lasts_for_the_visit_and_in_all_four_lists(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    card = page.locator(".is-right .ps-card").nth(1)
    struck = card.get_attribute("data-sticker")
    card.hover()
    card.locator(".is-strike").click()
    expect(page.locator(f".ps-card[data-sticker={struck}]")).to_have_count(0)
    page = visit.search(q="laugh", user="cleo", columns="4")
    expect(page.locator(".ps-four .ps-card").first).to_be_visible()
    expect(page.locator(f".ps-card[data-sticker={struck}]")).to_have_count(0)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(f".ps-card[data-sticker={struck}]").first).to_be_visible()
    other.close()


def test_the_dialog_likes_and_strikes_out(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    struck = shown(page)[0]
    page.locator(".is-right .ps-face").first.click()
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="Not this one")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f".ps-card[data-sticker={struck}]")).to_have_count(0)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(f".ps-card[data-sticker={struck}]").first).to_be_attached()
    dialog.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("radio", name="You")).to_be_checked()
