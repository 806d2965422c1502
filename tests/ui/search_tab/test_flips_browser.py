"""What would flip two neighbours: the browser computes as the library does, and what it says comes true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from flips_oracle import Ingredients, flips
from playwright.sync_api import Browser, Page, expect
from test_rankings_browser import chance_settings, wordy_world

from persrv.ranking import utility
from persrv.records import RANKINGS, Hit, SearchSettings
from persrv.retriever import Retriever
from persrv.settings import settings_to_json, with_switches
from persrv.ui import assets
from persrv.ui.service import PageService

if TYPE_CHECKING:
    from conftest import Visit

pytestmark = pytest.mark.browser

#: Every neighbouring pair of a ranking as the browser sees it: ways, the first slider position of each, the preference.
TELL = """([answer, start, settings, ranking]) => {
  const app = { start };
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


@pytest.fixture
def scripts(browser: Browser) -> Iterator[Page]:
    """An empty page that knows the sliders and the flips."""
    page = browser.new_page()
    for name in ("cards", "rerank", "tune", "flips"):
        page.add_script_tag(content=assets.read(f"search_tab/{name}.js"))
    yield page
    page.close()


def ingredients(retriever: Retriever, hit: Hit, settings: SearchSettings) -> Ingredients:
    table = utility.with_base(retriever.bundle.utility_counts, settings.utility_base)
    first, second, third = np.sqrt(utility.normalise(table)[hit.row]).tolist()
    preference = hit.preference.value if hit.preference else 0.0
    return Ingredients({f.field: f.bm25 for f in hit.fields}, (first, second, third), preference)


def ranges(settings: SearchSettings) -> dict[str, float]:
    """How far the page's sliders go."""
    usual = {"w1": 1.0, "w2": 1.0, "w3": 1.0}
    return {name: max(usual.get(name, 2.0), 2 * flips.value_of(settings, name)) for name in flips.SETTINGS}


def told(page: Page, service: PageService, request: tuple[str, str], settings: SearchSettings, ranking: str) -> Any:
    query, user = request
    answer = service.search(query, user, candidates=True)
    return page.evaluate(TELL, [answer, service.start(), settings_to_json(settings), ranking])


def test_the_browser_finds_the_librarys_flips_and_they_come_true(scripts: Page, wordy: Retriever) -> None:
    rng, service, come_true = Random(5), PageService(wordy), 0
    most = ranges(wordy.bundle.settings)
    for request in (("laugh night", "cleo"), ("cat moon", "bob"), ("moon", "ann")):
        for ranking in RANKINGS:
            settings = replace(chance_settings(rng), recall_size=100, utility_base=wordy.bundle.settings.utility_base)
            switched = with_switches(settings, ranking)
            hits = wordy.compare(*request, settings, top=24)[ranking].hits
            pairs = told(scripts, service, request, settings, ranking)
            assert [pair["ids"] for pair in pairs] == [[a.sticker, b.sticker] for a, b in pairwise(hits)]
            for pair, upper, lower in zip(pairs, hits, hits[1:], strict=False):
                parts = ingredients(wordy, upper, settings), ingredients(wordy, lower, settings)
                if abs(upper.final - lower.final) < 1e-5:
                    continue  # a tie: which side of it rounding falls on is nobody's business
                assert_same_ways(pair, flips.flips(*parts, switched, most), flips.preference_needed(*parts, switched))
                come_true += assert_come_true(wordy, request, settings, ranking, pair)
    assert come_true > 40


def assert_same_ways(pair: Mapping[str, Any], ways: Sequence[flips.Flip], preference: float | None) -> None:
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
            hit.sticker for hit in retriever.compare(*request, flips.moved(settings, name, place), 24)[ranking].hits
        ]
        assert order.index(lower) < order.index(upper), (name, place)
    return len(places)


def test_numbers_as_the_server_rounds_them_do_as_well(scripts: Page, wordy: Retriever) -> None:
    service, settings = PageService(wordy), wordy.bundle.settings
    answer = service.search("laugh night", "cleo")
    pairs = scripts.evaluate(TELL, [answer, service.start(), None, "both"])
    hits = wordy.compare("laugh night", "cleo", top=24)["both"].hits
    assert len(pairs) == len(hits) - 1 > 3
    checked = 0
    for pair, upper, lower in zip(pairs, hits, hits[1:], strict=False):
        if upper.final - lower.final > 1e-3:
            parts = ingredients(wordy, upper, settings), ingredients(wordy, lower, settings)
            ways = flips.flips(*parts, settings, ranges(settings))
            assert [way[0] for way in pair["ways"]] == [way.setting for way in ways]
            checked += assert_come_true(wordy, ("laugh night", "cleo"), settings, "both", pair)
    assert checked


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
    page.wait_for_function("id => document.querySelector('.is-right .ps-card').dataset.sticker === id", arg=second)
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


def test_a_place_that_is_named_is_one_a_slider_has(scripts: Page, wordy: Retriever) -> None:
    """Sliders stand on hundredths; the place lies beyond the level, seen from where the slider stands."""
    service = PageService(wordy)
    answer = service.search("laugh cat", "bob")
    for pair in scripts.evaluate(TELL, [answer, service.start(), None, "both"]):
        for (_, now, level), place in zip(pair["ways"], pair["places"], strict=True):
            if place is not None:
                assert round(place, 2) == place
                assert (place - level) * (level - now) > 0
