"""Presentation mode: one query over the whole screen, turned by keys, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from persrv.retriever import Retriever

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def ids(retriever: Retriever, user: str, ranking: str) -> list[str]:
    """The stickers for "laugh", best first."""
    return [hit.sticker for hit in retriever.compare("laugh", user, top=24)[ranking].hits][:8]


def stage(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Present")


def shows(page: Page, *ids: str) -> None:
    """Waits until these stickers are presented, in this order."""
    page.wait_for_function(
        "ids => [...document.querySelectorAll('.ps-stage-card')].map(card => card.dataset.sticker).join() === ids",
        arg=",".join(ids),
    )


def parameter(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def test_keys_turn_person_utility_and_personalization(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo", present="1")
    expect(stage(page)).to_be_focused()
    shows(page, *ids(toy_retriever, "cleo", "both"))
    page.keyboard.press("u")
    shows(page, *ids(toy_retriever, "cleo", "personalization"))
    expect(stage(page)).to_contain_text("without utility")
    page.keyboard.press("p")
    shows(page, *ids(toy_retriever, "cleo", "none"))
    expect(stage(page)).to_contain_text("the same for everyone")
    expect(page.locator(".ps-stage-badge .ps-move")).to_have_count(0)
    assert (parameter(page, "present"), parameter(page, "utility")) == ("plain", "0")
    page.keyboard.press("P")
    page.keyboard.press("u")
    shows(page, *ids(toy_retriever, "cleo", "both"))
    page.keyboard.press("s")
    expect(stage(page).locator("strong")).to_have_text("Ann")
    shows(page, *ids(toy_retriever, "ann", "both"))
    page.keyboard.press("s")
    expect(stage(page).locator("strong")).to_have_text("Cleo")
    shows(page, *ids(toy_retriever, "cleo", "both"))


def test_the_compared_person_is_the_one_to_swap_with(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", present="1", **{"with": "bob"})
    page.keyboard.press("s")
    expect(stage(page).locator("strong")).to_have_text("Bob")
    assert (parameter(page, "user"), parameter(page, "with")) == ("bob", "cleo")


def test_nothing_but_the_stage_is_in_sight_and_keys_are_shown_for_a_moment(visit: Visit) -> None:
    page = visit.page
    page.clock.install()
    visit.search(q="laugh", user="cleo", present="1")
    keys = stage(page).locator(".ps-stage-keys")
    expect(keys).to_have_class("ps-stage-keys is-shown")
    page.clock.run_for(10_000)
    expect(keys).to_have_class("ps-stage-keys")
    expect(keys).to_have_css("opacity", "0")
    page.keyboard.press("?")
    expect(keys).to_have_css("opacity", "1")
    page.clock.run_for(10_000)
    expect(keys).to_have_css("opacity", "1")
    page.keyboard.press("?")
    expect(keys).to_have_css("opacity", "0")
    assert page.evaluate("document.elementFromPoint(innerWidth / 2, 20).closest('.ps-stage') !== null")
    assert page.evaluate("[...document.body.children].every(each => each.inert || each.matches('.ps-stage, script'))")
    stage(page).click(position={"x": 5, "y": 5})
    expect(keys).to_have_css("opacity", "1")


def test_button_and_key_begin_and_escape_leaves_to_where_one_was(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("button", name="Present").click()
    expect(stage(page)).to_be_visible()
    shows(page, *ids(toy_retriever, "cleo", "both"))
    page.wait_for_function("document.fullscreenElement?.matches('.ps-stage')")
    page.keyboard.press("Escape")
    expect(stage(page)).to_be_hidden()
    page.wait_for_function("document.fullscreenElement === null")
    assert parameter(page, "present") is None
    page.wait_for_function("document.activeElement?.dataset.part === 'present'")
    page.keyboard.press("p")
    expect(stage(page)).to_be_visible()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    expect(stage(page)).to_be_visible()


def test_a_p_that_is_typed_is_a_p(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo")
    page.get_by_role("searchbox").press("End")
    page.keyboard.type("p")
    expect(page.get_by_role("searchbox")).to_have_value("laughp")
    expect(stage(page)).to_be_hidden()


def test_what_is_not_found_is_said_on_the_stage(visit: Visit) -> None:
    page = visit.search(q="zzzzqqqq", user="cleo", present="1")
    expect(stage(page)).to_contain_text("zzzzqqqq")
    expect(stage(page).locator(".ps-stage-notice p").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (390, 844), (844, 390)])
def test_it_fits_the_screen(visit: Visit, toy_retriever: Retriever, width: int, height: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": height})
    page = visit.search(q="laugh", user="cleo", present="1")
    shows(page, *ids(toy_retriever, "cleo", "both"))
    element = "document.querySelector('.ps-stage')"
    assert page.evaluate(f"[{element}.scrollWidth, {element}.scrollHeight]") == [width, height]
    for card in page.locator(".ps-stage-card").all():
        box = card.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        assert box["height"] > 60


def test_the_stage_speaks_chinese(visit: Visit) -> None:
    page = visit.search(q="laugh", user="cleo", present="1", lang="zh")
    expect(page.get_by_role("dialog", name="演示")).to_contain_text("按这个人的口味")
