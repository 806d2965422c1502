"""Flips of two neighbours, in JavaScript for the page: as the oracle finds, and what it says comes true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import flips_oracle as oracle
import numpy as np
import pytest
from flips_oracle import Ingredients
from javascript import call
from wordy import chance_settings, wordy_world

from persrv.ranking import utility
from persrv.records import RANKINGS, Hit, SearchSettings
from persrv.retriever import Retriever
from persrv.settings import settings_to_json, with_switches
from persrv.ui.service import PageService

MODULES = ["search_tab/answer.js", "search_tab/flips.js", "search_tab/rerank.js", "shared/knobs.js"]

#: Every neighbouring pair of a ranking as the page sees it: ways, the first slider position of each, the preference.
TELL = """(answer, start, settings, ranking) => {
  const app = { start, state: { words: false } };
  const now = settings ? reranked({ ...answer }, settings, 24) : answer;
  const knobs = KNOBS.map((knob) => ({ ...knob, most: knobMost(app, knob) }));
  const entries = entriesOf(now, ranking);
  return entries.slice(1).map((entry, at) => {
    const exact = exactSettings(app, now, entry);
    const pair = [ingredientsOf(app, now, entries[at]), ingredientsOf(app, now, entry)];
    const ways = flips(...pair, exact, knobs);
    return {
      ids: [entries[at].id, entry.id],
      ways: ways.map(({ setting, now, level }) => [setting, now, level]),
      places: ways.map((way) => flippedAt(way, knobs.find((knob) => knob.key === way.setting).most)),
      preference: preferenceNeeded(...pair, exact),
    };
  });
}"""


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return wordy_world(tmp_path_factory.mktemp("flips"))


def ingredients(retriever: Retriever, hit: Hit, settings: SearchSettings) -> Ingredients:
    table = utility.with_base(retriever.bundle.utility_counts, settings.utility_base)
    first, second, third = np.sqrt(utility.normalise(table)[hit.row]).tolist()
    preference = hit.preference.value if hit.preference else 0.0
    return Ingredients({f.field: f.bm25 for f in hit.fields}, (first, second, third), preference)


def ranges(settings: SearchSettings) -> dict[str, float]:
    """Ranges of the page's sliders."""
    usual = {"w1": 1.0, "w2": 1.0, "w3": 1.0}
    return {name: max(usual.get(name, 2.0), 2 * oracle.value_of(settings, name)) for name in oracle.SETTINGS}


def told(service: PageService, request: tuple[str, str], settings: SearchSettings, ranking: str) -> Any:
    query, user = request
    answer = service.search(query, user, candidates=True)
    return call(MODULES, TELL, answer, service.start(), settings_to_json(settings), ranking)


def test_the_page_finds_the_librarys_flips_and_they_come_true(wordy: Retriever) -> None:
    rng, service, come_true = Random(5), PageService(wordy), 0
    most = ranges(wordy.bundle.settings)
    for request in (("laugh night", "cleo"), ("cat moon", "bob"), ("moon", "ann")):
        for ranking in RANKINGS:
            settings = replace(chance_settings(rng), recall_size=100, utility_base=wordy.bundle.settings.utility_base)
            switched = with_switches(settings, ranking)
            hits = wordy.compare(*request, settings, top=24)[ranking].hits
            pairs = told(service, request, settings, ranking)
            assert [pair["ids"] for pair in pairs] == [[a.sticker, b.sticker] for a, b in pairwise(hits)]
            for pair, upper, lower in zip(pairs, hits, hits[1:], strict=False):
                parts = ingredients(wordy, upper, settings), ingredients(wordy, lower, settings)
                if abs(upper.final - lower.final) < 1e-5:
                    continue  # a tie: which side of it rounding falls on is nobody's business
                assert_same_ways(pair, oracle.flips(*parts, switched, most), oracle.preference_needed(*parts, switched))
                come_true += assert_come_true(wordy, request, settings, ranking, pair)
    assert come_true > 40


def assert_same_ways(pair: Mapping[str, Any], ways: Sequence[oracle.Flip], preference: float | None) -> None:
    found = {name: (now, level) for name, now, level in pair["ways"]}
    assert found.keys() == {way.setting for way in ways}
    for way in ways:
        assert found[way.setting] == (pytest.approx(way.now), pytest.approx(way.level, rel=1e-3, abs=1e-4))
    assert pair["preference"] == (None if preference is None else pytest.approx(preference, abs=1e-4))


def assert_come_true(
    retriever: Retriever, request: tuple[str, str], settings: SearchSettings, ranking: str, pair: Mapping[str, Any]
) -> int:
    """A search with each named slider position has the two the other way round; how many there were."""
    upper, lower = pair["ids"]
    places = [(way[0], place) for way, place in zip(pair["ways"], pair["places"], strict=True) if place is not None]
    for name, place in places:
        order = [
            hit.sticker for hit in retriever.compare(*request, oracle.moved(settings, name, place), 24)[ranking].hits
        ]
        assert order.index(lower) < order.index(upper), (name, place)
    return len(places)


def test_numbers_as_the_server_rounds_them_do_as_well(wordy: Retriever) -> None:
    service, settings = PageService(wordy), wordy.bundle.settings
    answer = service.search("laugh night", "cleo")
    pairs = call(MODULES, TELL, answer, service.start(), None, "both")
    hits = wordy.compare("laugh night", "cleo", top=24)["both"].hits
    assert len(pairs) == len(hits) - 1 > 3
    checked = 0
    for pair, upper, lower in zip(pairs, hits, hits[1:], strict=False):
        if upper.final - lower.final > 1e-3:
            parts = ingredients(wordy, upper, settings), ingredients(wordy, lower, settings)
            ways = oracle.flips(*parts, settings, ranges(settings))
            assert [way[0] for way in pair["ways"]] == [way.setting for way in ways]
            checked += assert_come_true(wordy, ("laugh night", "cleo"), settings, "both", pair)
    assert checked


def test_a_place_that_is_named_is_one_a_slider_has(wordy: Retriever) -> None:
    """Sliders stand on hundredths; the place lies beyond the level, seen from where the slider stands."""
    service = PageService(wordy)
    answer = service.search("laugh cat", "bob")
    for pair in call(MODULES, TELL, answer, service.start(), None, "both"):
        for (_, now, level), place in zip(pair["ways"], pair["places"], strict=True):
            if place is not None:
                assert round(place, 2) == place
                assert (place - level) * (level - now) > 0
