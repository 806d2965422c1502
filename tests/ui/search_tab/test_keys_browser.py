"""The search with the keyboard alone, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def focused(page: Page) -> tuple[str, ...]:
    """Column or list, sticker and button that have the focus."""
    found = page.evaluate("""() => {
      const at = document.activeElement;
      const list = at.closest(".ps-column, .ps-four-list");
      if (!list) return ["", "", at.className];
      const name = list.dataset.ranking ?? (list.matches(".is-left") ? "left" : "right");
      return [name, at.closest(".ps-card").dataset.sticker, at.className];
    }""")
    return tuple(found)


def ids(page: Page, side: str) -> list[str]:
    found = page.locator(f".is-{side} .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


def test_slash_goes_to_the_box_and_is_typed_inside_it(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    box = page.get_by_role("searchbox")
    page.locator("body").press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("laugh")
    page.keyboard.press("End")
    page.keyboard.press("/")
    expect(box).to_have_value("laugh/")


def test_slash_leaves_other_tabs_and_dialogs_alone(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-right .ps-face").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("Escape")
    page.locator(".ps-nav [data-view=about]").click()
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.className") != "ps-query"


def test_arrows_walk_through_both_columns_and_back_to_the_box(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    left, right = ids(page, "left"), ids(page, "right")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == ("left", left[0], "ps-face")
    for sticker in left[1:]:
        page.keyboard.press("ArrowRight")
        assert focused(page)[:2] == ("left", sticker)
    page.keyboard.press("ArrowRight")
    assert focused(page)[:2] == ("right", right[0])
    page.keyboard.press("End")
    assert focused(page)[:2] == ("right", right[-1])
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    assert focused(page)[:2] == ("left", left[-1])
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_arrows_go_up_and_down_by_place(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", columns="4")
    top, below = (
        page.locator(f"[data-ranking={name}] .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
        for name in ("none", "personalization")
    )
    page.locator("[data-ranking=none] .ps-face").nth(1).focus()
    page.keyboard.press("ArrowDown")
    assert focused(page)[:2] == ("personalization", below[1])
    page.keyboard.press("ArrowUp")
    assert focused(page)[:2] == ("none", top[1])


def test_enter_opens_why_and_escape_returns_to_where_it_was(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    face = page.locator(".is-right .ps-face").nth(1)
    face.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Why number 2")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(face).to_be_focused()
    bar = page.locator(".is-right .ps-score").nth(1)
    page.keyboard.press("Tab")
    expect(bar).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator(".ps-unfolded")
    expect(panel).to_contain_text("Why number 2")
    page.keyboard.press("Tab")
    expect(page.locator(".ps-why-close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(bar).to_be_focused()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == ("right", ids(page, "right")[0], "ps-score")


def test_the_focus_stays_in_an_explanation_that_is_drawn_anew(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-right .ps-score").first.click()
    page.locator(".ps-why-close").focus()
    page.evaluate("document.querySelector('.ps-unfolded').dataset.old = 'yes'")
    page.locator("[data-part=utility]").evaluate("toggle => toggle.click()")
    expect(page.locator(".ps-unfolded:not([data-old])")).to_be_visible()
    expect(page.locator(".ps-why-close")).to_be_focused()


def test_what_has_the_focus_shows_it(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline not in {"none", ""}


def test_who_has_gone_on_since_a_dialog_closed_is_not_fetched_back(visit: Visit) -> None:
    """The browser tells of the closing later, on a slow machine after the next key."""
    page = visit.search(q="laugh", user="cleo")
    page.locator(".is-right .ps-face").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("""() => new Promise((told) => {
      const dialog = document.querySelector("dialog[open]");
      dialog.addEventListener("close", told);
      dialog.close();
      document.querySelectorAll(".is-right .ps-score")[1].focus();
    })""")
    expect(page.locator(".is-right .ps-score").nth(1)).to_be_focused()
