"""Re-ranking in JavaScript, as the page does it under moved sliders, against the library's own search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from drawings import described_world
from javascript import call
from wordy import chance_settings, wordy_world

from persrv.records import FIELDS, SearchResult, SearchSettings
from persrv.retriever import Retriever
from persrv.settings import settings_to_json
from persrv.ui import views
from persrv.ui.service import PageService


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return wordy_world(tmp_path_factory.mktemp("wordy"))


def reranked(answer: views.View, some: Sequence[SearchSettings]) -> list[views.View]:
    """Re-rank an answer by the page's code under each of some settings."""
    function = "(answer, some) => some.map((settings) => reranked(answer, settings, 24))"
    found: list[views.View] = call(["search_tab/rerank.js"], function, answer, [settings_to_json(s) for s in some])
    return found


def assert_same(found: views.View, expected: Mapping[str, SearchResult]) -> None:
    """Order, places before re-ranking and scores of all four rankings."""
    for name, result in expected.items():
        hits = [] if result.fallback else result.hits
        assert [row[:2] for row in found["rankings"][name]] == [[hit.sticker, hit.recall_rank] for hit in hits]
        for (_, _, recall, final), hit in zip(found["rankings"][name], hits, strict=True):
            assert (recall, final) == (hit.recall, pytest.approx(hit.final, rel=3e-7))


def test_the_browser_re_ranks_as_the_library_searches(wordy: Retriever) -> None:
    rng = Random(11)
    service = PageService(wordy)
    for query, user in (
        ("laugh", "cleo"),
        ("moon cat", "ann"),
        ("night night laugh", "bob"),
        ("cat", None),
        ("constructor cat", "ann"),
    ):
        answer = service.search(query, user, candidates=True)
        assert answer["candidates"]["complete"]
        some = [chance_settings(rng) for _ in range(12)]
        for settings, found in zip(some, reranked(answer, some), strict=True):
            assert_same(found, wordy.compare(query, user, settings, top=24))
            assert found["personalized"] == (user is not None and found["rankings"]["both"] != [])


def test_re_ranked_parts_are_those_of_the_library(wordy: Retriever) -> None:
    answer = PageService(wordy).search("night night laugh", "bob", candidates=True)
    settings = replace(wordy.bundle.settings, utility_weights=(0.2, 0.3, 0.9))
    found = reranked(answer, [settings])[0]
    expected = views.comparison(wordy.compare("night night laugh", "bob", settings, top=24), wordy.sticker, 0)
    assert found["hits"].keys() == expected["hits"].keys()
    for name, parts in expected["hits"].items():
        assert rounded(found["hits"][name]) == parts


def rounded(value: object) -> object:
    """Round every number as the server does."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return views.number(value) if isinstance(value, float) else value


def test_where_recall_leaves_some_out_the_bundles_own_order_still_holds(tmp_path: Path) -> None:
    few = SearchSettings(field_weights=dict.fromkeys(FIELDS, 1.0), recall_size=2)
    narrow = wordy_world(tmp_path, settings=few)
    answer = PageService(narrow).search("laugh", "cleo", candidates=True)
    assert not answer["candidates"]["complete"]
    assert_same(reranked(answer, [few])[0], narrow.compare("laugh", "cleo", top=24))


def test_the_browser_lifts_only_what_shows_all_that_is_described(tmp_path: Path) -> None:
    door = described_world(tmp_path)
    answer = PageService(door).search("a pixel cat", "bob", candidates=True)
    fond = replace(door.bundle.settings, alpha=50.0, floor=0.0)
    found = reranked(answer, [fond])[0]
    for name, result in door.compare("a pixel cat", "bob", fond, top=24).items():
        assert [row[0] for row in found["rankings"][name]] == [hit.sticker for hit in result.hits]
    kept = {name: parts["preference"]["kept_back"] for name, parts in found["hits"].items()}
    assert (kept["s01"], kept["s02"]) == (False, True)
