"""Searching by what a drawing shows: what shows all comes first whatever somebody's taste; what nobody drew is told."""

from dataclasses import replace

import pytest
from drawings import described_world
from meant import SETTINGS

from persrv.records import Reading
from persrv.retriever import Retriever

FOND = replace(SETTINGS, use_utility=False, alpha=50.0, floor=0.0)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return described_world(tmp_path_factory.mktemp("described"))


def test_taste_never_lifts_what_shows_the_half_over_what_shows_all(door: Retriever) -> None:
    """Bob likes s02, an ink cat, fifty times: he asked for a pixel cat."""
    hits = door.search("a pixel cat", "bob", FOND).hits
    assert hits[0].sticker == "s01"
    kept = {hit.sticker: hit.preference and hit.preference.kept_back for hit in hits}
    assert (kept["s01"], kept["s02"], kept["s03"]) == (False, True, True)


def test_of_what_shows_the_half_a_style_counts_least(door: Retriever) -> None:
    """Who asks for a pixel cat rather has another cat than another pixel drawing."""
    hits = door.search("a pixel cat", None, FOND).hits
    shown = {hit.sticker: hit.meaning.depicted for hit in hits if hit.meaning is not None}
    assert [shown[name] for name in ("s01", "s02", "s03")] == pytest.approx([1.0, 0.625**3, 0.375**3], abs=1e-6)


@pytest.mark.parametrize(("person", "first"), [("ann", "s01"), ("bob", "s02")])
def test_taste_orders_what_shows_as_much(door: Retriever, person: str, first: str) -> None:
    hits = door.search("kitten", person, FOND).hits
    assert hits[0].sticker == first
    assert {hit.sticker for hit in hits[:2]} == {"s01", "s02"}


@pytest.mark.parametrize(
    ("query", "lead", "first"),
    [
        ("a watercolour cat", Reading("cat", "undrawn style", 1.0, "watercolour"), {"s01", "s02"}),
        ("a giraffe in pixel art", Reading("pixel art", "undrawn", 1.0, "giraffe"), {"s01", "s03"}),
        ("像素风的长颈鹿", Reading("像素风", "undrawn", 1.0, "长颈鹿"), {"s01", "s03"}),
    ],
)
def test_what_no_sticker_shows_is_told_and_the_rest_is_found(
    door: Retriever, query: str, lead: Reading, first: set[str]
) -> None:
    result = door.search(query, None, SETTINGS)
    assert (result.readings[0], result.notice) == (lead, "")
    assert {hit.sticker for hit in result.hits[:2]} == first


@pytest.mark.parametrize(("query", "kind"), [("giraffe", "undrawn"), ("水彩画", "undrawn style")])
def test_where_nothing_else_is_asked_for_nothing_is_claimed(door: Retriever, query: str, kind: str) -> None:
    result = door.search(query, None, SETTINGS)
    assert result.readings == (Reading(query, kind, 1.0, query),)
    assert (result.notice, result.fallback) in (("no_match", "nearest"), ("no_match", "popular"))


def test_a_query_that_is_searched_literally_lacks_nothing(door: Retriever) -> None:
    assert door.search("a watercolour cat", None, SETTINGS, literal=True).readings[0].kind == "literal"


def test_candidates_say_which_show_as_much_as_any(door: Retriever) -> None:
    found = door.candidates("pixel dog", "bob", FOND)
    assert found.whole is not None
    assert [name for name, whole in zip(found.ids, found.whole, strict=True) if whole] == ["s03"]
    assert door.candidates("laugh", "bob", FOND).whole is None
