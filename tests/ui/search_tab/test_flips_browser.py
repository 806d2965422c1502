"""Flips of two neighbours: the browser computes as the library does, and what it says comes true."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from persrv.retriever import Retriever

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


def sentence_of(page: Page) -> str:
    return page.locator(".ps-flip").first.inner_text()


def test_the_page_says_what_would_flip_it_and_tries_it(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    first, second = (hit.sticker for hit in toy_retriever.search("laugh", "cleo").hits[:2])
    page.locator(f".is-right [data-sticker={first}] .ps-score").click()
    expect(page.locator(".ps-unfolded")).to_be_visible()
    expect(page.locator(".ps-flip")).to_have_count(0)
    page.locator(f".is-right [data-sticker={second}] .ps-score").click()
    said = re.match(r"With “(.+)” at ([\d.]+) rather than ([\d.]+) it would pass number 1\.", sentence_of(page))
    assert said is not None, sentence_of(page)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".ps-tune")).to_be_visible()
    page.wait_for_function(
        "ids => { const order = [...document.querySelectorAll('.is-right .ps-card')].map(card => card.dataset.sticker);"
        " return order.indexOf(ids[1]) < order.indexOf(ids[0]); }",
        arg=[first, second],
    )
    row = page.locator(".ps-knob", has_text=said[1])
    expect(row.locator("output")).to_have_text(f"{said[3]} → {said[2]}")


def test_the_dialog_says_it_too_and_follows_the_sliders(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo", tune="alpha-0_lambda-0")
    expected = toy_retriever.search("laugh", "cleo", replace(toy_retriever.bundle.settings, alpha=0.0, lambda_=0.0))
    upper, lower = (hit for hit in expected.hits[1:3])
    assert upper.final > lower.final, "number 3 is only text here, and 2 has a query more"
    page.locator(f".is-right [data-sticker={lower.sticker}] .ps-face").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".ps-flip")).to_contain_text("number 2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(dialog).to_contain_text("Why number 1")
    expect(dialog.locator(".ps-flip")).to_have_count(0)


def test_level_scores_are_told(visit: Visit, toy_retriever: Retriever) -> None:
    third, fourth = toy_retriever.compare("laugh", "ann")["utility"].hits[2:4]
    assert third.final == fourth.final
    page = visit.search(q="laugh", user="ann")
    page.locator(f".is-left [data-sticker={fourth.sticker}] .ps-score").click()
    expect(page.locator(".ps-flip")).to_have_text(
        "Its score all but equals number 3's: the slightest change would swap them."
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_very_stickers_that_pulled_it_up(visit: Visit, toy_retriever: Retriever, language: str) -> None:
    page = visit.search(q="laugh", user="cleo", lang=language)
    page.locator(".is-right [data-sticker=s03] .ps-score").click()
    pulled = page.locator(".ps-pulled figure")
    expect(pulled).to_have_count(1)
    expect(pulled.locator("figcaption")).to_have_text("+0.640")
    pulled.get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("晚安")


def test_the_bar_of_all_parts_adds_up_to_the_score(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    hit = toy_retriever.search("laugh", "cleo").hits[1]
    page.locator(f".is-right [data-sticker={hit.sticker}] .ps-score").click()
    parts = page.locator(".ps-unfolded .ps-stack i").evaluate_all(
        "bars => bars.map(bar => [bar.className, Number(bar.style.flexGrow)])"
    )
    assert sum(value for _, value in parts) == pytest.approx(hit.final, abs=1e-3)
    kinds = [kind for kind, _ in parts]
    assert kinds == sorted(kinds, key=["is-relevance", "is-utility", "is-preference"].index)
