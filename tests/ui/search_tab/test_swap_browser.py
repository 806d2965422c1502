"""Two people's results for one query side by side, in a real Chromium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from persrv.insight.rank_overlap import rank_biased_overlap, shared_at_top
from persrv.retriever import Retriever
from persrv.ui.opening import most_unlike

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def cards(page: Page, side: str) -> list[str]:
    """The sticker ids of a column, best first."""
    found = page.locator(f".ps-column.is-{side} .ps-card").evaluate_all("cards => cards.map(c => c.dataset.sticker)")
    return list(found)


def ids(retriever: Retriever, query: str, user: str | None, name: str = "both") -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, user, top=24)[name].hits]


def compared(page: Page, left: list[str], right: list[str]) -> None:
    """Waits until the two columns hold these stickers in this order."""
    page.wait_for_function(
        "lists => ['left', 'right'].every((side, at) => lists[at] === "
        "[...document.querySelectorAll(`.ps-column.is-${side} .ps-card`)].map(card => card.dataset.sticker).join())",
        arg=[",".join(left), ",".join(right)],
    )


def with_of(page: Page) -> list[str] | None:
    return parse_qs(urlsplit(page.url).query).get("with")


def test_a_click_compares_with_the_most_different_person_and_another_goes_back(
    visit: Visit, toy_retriever: Retriever
) -> None:
    page = visit.search(q="laugh", user="ann")
    page.get_by_role("button", name="2 people").click()
    other = most_unlike(toy_retriever, "laugh", "ann")
    assert other == "bob", "all share their four stickers: the first of the others"
    compared(page, ids(toy_retriever, "laugh", "ann"), ids(toy_retriever, "laugh", "bob"))
    expect(page.locator(".is-left h2")).to_have_text("For Ann")
    expect(page.locator(".is-right h2")).to_have_text("For Bob")
    expect(page.get_by_role("button", name="2 people")).to_have_attribute("aria-pressed", "true")
    assert with_of(page) == ["bob"]
    choice = page.get_by_role("combobox", name="Compare with")
    expect(choice.locator("option")).to_have_text(["Bob", "Cleo"])
    choice.focus()
    choice.select_option("cleo")
    compared(page, ids(toy_retriever, "laugh", "ann"), ids(toy_retriever, "laugh", "cleo"))
    expect(choice).to_be_focused()
    page.get_by_role("button", name="Done comparing").click()
    expect(page.locator(".is-left h2")).to_have_text("Without personalization")
    compared(page, ids(toy_retriever, "laugh", "ann", "utility"), ids(toy_retriever, "laugh", "ann"))
    assert with_of(page) is None


def test_every_sticker_has_its_place_in_both_lists_without_colour(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="night", user="ann", **{"with": "cleo"})
    first, second = ids(toy_retriever, "night", "ann"), ids(toy_retriever, "night", "cleo")
    compared(page, first, second)
    assert first != second
    for side, own in (("left", first), ("right", second)):
        for sticker in own:
            card = page.locator(f".is-{side} [data-sticker={sticker}]")
            before, after = first.index(sticker) + 1, second.index(sticker) + 1
            expect(card.locator(".ps-duo b")).to_have_text([str(before), str(after)])
            expect(card.locator(".ps-duo .is-own b")).to_have_text(str(own.index(sticker) + 1))
            steps = before - after
            sign = "▲" if steps > 0 else "▼" if steps < 0 else "="
            assert card.locator(".ps-move > [aria-hidden]").all_inner_texts() == [
                sign,
                str(abs(steps)) if steps else "",
            ]
            said = f"Number {before} for Ann, {after} for Cleo" if steps else f"Number {after} for both Ann and Cleo"
            expect(card.locator(".ps-move")).to_have_attribute("title", re.compile(said))
    line = page.locator(".ps-overlap")
    expect(line).to_contain_text(f"{shared_at_top(first, second)} of the top 4 shared")
    expect(line).to_contain_text(f"rankings {100 * rank_biased_overlap(first, second):.0f} % alike")
    page.locator(f".is-left [data-sticker={first[0]}]").hover()
    expect(page.locator(".is-right .ps-card.is-linked")).to_have_attribute("data-sticker", first[0])


def test_the_link_holds_both_and_the_switch_and_the_sliders_move_both(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="bob", **{"with": "cleo"})
    compared(page, ids(toy_retriever, "laugh", "bob"), ids(toy_retriever, "laugh", "cleo"))
    page.get_by_role("switch").click()
    page.reload()
    visit.answered("laugh")
    compared(
        page,
        ids(toy_retriever, "laugh", "bob", "personalization"),
        ids(toy_retriever, "laugh", "cleo", "personalization"),
    )
    page.get_by_role("button", name="Tune").click()
    knob = page.locator("[data-knob=alpha]")
    expect(page.locator(".ps-tune-foot .ps-note")).to_contain_text("4 stickers")
    knob.fill("0")
    compared(page, ids(toy_retriever, "laugh", None, "none"), ids(toy_retriever, "laugh", None, "none"))
    page.get_by_role("button", name="2 × 2").click()
    expect(page.locator(".ps-four")).to_be_visible()
    assert with_of(page) is None


def test_whoever_chooses_the_second_person_gets_the_two_exchanged(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="ann", **{"with": "cleo"})
    page.get_by_role("radio", name="Cleo").check()
    compared(page, ids(toy_retriever, "laugh", "cleo"), ids(toy_retriever, "laugh", "ann"))
    expect(page.locator(".is-right h2")).to_have_text("For Ann")
    assert with_of(page) == ["ann"]


def test_everybody_beside_one_person_and_the_other_language(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="none", lang="zh", **{"with": "cleo"})
    compared(page, ids(toy_retriever, "laugh", None), ids(toy_retriever, "laugh", "cleo"))
    expect(page.locator(".is-left h2")).to_have_text("未个性化")
    expect(page.locator(".is-right h2")).to_have_text("为 可可")
    expect(page.get_by_role("combobox", name="和谁比")).to_have_value("cleo")


def test_a_link_that_names_a_stranger_or_the_same_person_compares_nobody(visit: Visit) -> None:
    for name in ("stranger", "ann"):
        page = visit.search(q="laugh", user="ann", **{"with": name})
        expect(page.locator(".is-left h2")).to_have_text("Without personalization")


def test_why_explains_each_column_by_its_own_person(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="ann", **{"with": "cleo"})
    hit = next(hit for hit in toy_retriever.search("laugh", "cleo").hits if hit.sticker == "s03")
    page.locator(".is-right [data-sticker=s03] .ps-score").click()
    panel = page.locator(".is-right .ps-unfolded")
    expect(panel.locator(".ps-number.is-final b")).to_have_text(f"{hit.final:.2f}")
    expect(panel).to_contain_text("taste 1 of Cleo")


def test_a_phone_shows_one_person_at_a_time_and_can_choose_the_second(visit: Visit, toy_retriever: Retriever) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.search(q="laugh", user="ann", **{"with": "bob"})
    page.get_by_role("combobox", name="Compare with").select_option("cleo")
    compared(page, ids(toy_retriever, "laugh", "ann"), ids(toy_retriever, "laugh", "cleo"))
    expect(page.locator(".is-right .ps-grid")).to_be_visible()
    expect(page.locator(".is-left .ps-grid")).to_be_hidden()
    page.get_by_role("button", name="For Ann").click()
    expect(page.locator(".is-left .ps-grid")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
