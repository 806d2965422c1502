"""Rankings held against each other in a real Chromium: the page's numbers are those of the library."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from persrv.overlap import rank_biased_overlap, shared_at_top
from persrv.retriever import Retriever
from persrv.ui import assets

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page to run single scripts in."""
    page = browser.new_page()
    yield page
    page.close()


def ids(retriever: Retriever, query: str, user: str | None, name: str) -> list[str]:
    return [hit.sticker for hit in retriever.compare(query, user, top=24)[name].hits]


# ---- overlap --------------------------------------------------------------------------------------------------------


def test_the_browser_measures_overlap_as_the_library_does(blank: Page) -> None:
    rng = Random(4)
    lists = [rng.sample("abcdefghijklmnop", length) for length in (1, 2, 3, 5, 8, 12, 16)]
    cases = [(first, second, p) for first, second in combinations(lists, 2) for p in (0.5, 0.9, 0.98)]
    blank.add_script_tag(content=assets.read("search_tab/overlap.js"))
    measured = blank.evaluate(
        "cases => cases.map(([a, b, p]) => [sharedAtTop(a, b), rankBiasedOverlap(a, b, p)])", cases
    )
    for (first, second, p), (shared, rbo) in zip(cases, measured, strict=True):
        assert shared == shared_at_top(first, second)
        assert rbo == pytest.approx(rank_biased_overlap(first, second, p))
    assert blank.evaluate("Number.isNaN(rankBiasedOverlap([], ['a']))")


def test_a_line_says_how_alike_both_columns_are(visit: Visit, toy_retriever: Retriever) -> None:
    page = visit.search(q="laugh", user="cleo")
    line = page.locator(".ps-overlap")
    seen = set()
    for first, second in (("utility", "both"), ("none", "personalization")):
        rankings = ids(toy_retriever, "laugh", "cleo", first), ids(toy_retriever, "laugh", "cleo", second)
        expect(line).to_contain_text(f"{shared_at_top(*rankings)} of the top 4 shared")
        expect(line).to_contain_text(f"RBO {rank_biased_overlap(*rankings):.2f} (p = 0.9)")
        seen.add(line.inner_text())
        page.get_by_role("switch").click()
    assert len(seen) == 2, "the toy world no longer tells the two pairs apart"


def test_without_personalization_nothing_is_compared(visit: Visit) -> None:
    page = visit.search(q="laugh", user="none")
    expect(page.locator(".ps-overlap")).to_be_hidden()
