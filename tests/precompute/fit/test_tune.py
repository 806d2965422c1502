"""Choosing settings: the search on functions with known tops, and the judge against what the Retriever ranks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import meant
import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, Interaction, SearchSettings, Sticker
from persrv.retriever import CLAIMANTS, Retriever
from precompute.config import TuneConfig
from precompute.fit.objective import ClickObjective, Features, Ranker
from precompute.fit.tune import grids, search, start, value_of, with_value

CONFIG = TuneConfig(
    alpha=(0.0, 1.0, 2.0),
    lambda_=(0.0, 1.0, 2.0),
    field_weight={"queries": (0.0, 0.5), "keywords": (0.0, 0.25, 1.0), "emotion": (0.0, 0.3, 0.6)},
    start={"queries": 0.5, "keywords": 0.25, "description": 0.1, "emotion": 0.1},
)


def hill(settings: SearchSettings) -> float:
    """Highest at alpha 2, lambda 0, whatever the rest."""
    return -((settings.alpha - 2) ** 2) - settings.lambda_


def test_the_top_of_a_hill_is_found_and_the_way_recorded() -> None:
    grid = {"alpha": CONFIG.alpha, "lambda_": CONFIG.lambda_}
    choice = search(SearchSettings(), grid, hill, rounds=3, seed=1)
    assert (choice.settings.alpha, choice.settings.lambda_) == (2.0, 0.0)
    assert (choice.before, choice.after) == (-2.0, 0.0)
    assert [step.round for step in choice.trace] == [1, 1, 2, 2]  # the second round changes nothing
    last = {step.setting: step for step in choice.trace}
    assert last["alpha"].tried == (0.0, 1.0, 2.0)
    assert last["alpha"].objective == (-4.0, -1.0, 0.0)
    assert last["alpha"].chosen == 2.0


def test_what_makes_no_difference_keeps_its_value() -> None:
    start = SearchSettings(utility_base=0.07)
    choice = search(start, grids(CONFIG, ("ocr", "queries")), hill, rounds=3, seed=1)
    assert choice.settings.utility_base == 0.07
    assert choice.settings.field_weights == start.field_weights


def test_of_equal_gains_the_first_value_wins() -> None:
    choice = search(SearchSettings(), {"alpha": (0.5, 2.0, 3.0)}, lambda s: float(s.alpha > 1), rounds=2, seed=1)
    assert choice.settings.alpha == 2.0


def test_several_searches_climb_the_hill_that_one_order_misses() -> None:
    """From (1, 1), alpha first ends at (2, 1), lambda first at (1, 2), which is higher; no single step joins them."""
    heights = {(1.0, 1.0): 1.0, (2.0, 1.0): 2.0, (1.0, 2.0): 3.0, (2.0, 2.0): 0.0}
    asked: list[SearchSettings] = []

    def ridge(settings: SearchSettings) -> float:
        asked.append(settings)
        return heights[settings.alpha, settings.lambda_]

    grid = {"alpha": (1.0, 2.0), "lambda_": (1.0, 2.0)}
    alone = {search(SearchSettings(), grid, ridge, rounds=3, seed=seed).after for seed in range(8)}
    assert alone == {2.0, 3.0}
    asked.clear()
    assert search(SearchSettings(), grid, ridge, rounds=3, seed=1, searches=8).after == 3.0
    assert len(asked) == len(heights), "nothing is judged twice"


@given(st.integers(0, 20))
@hypothesis_settings(max_examples=10)
def test_the_search_never_ends_below_its_start(seed: int) -> None:
    def rough(settings: SearchSettings) -> float:
        key = repr([settings.alpha, settings.lambda_, sorted(settings.field_weights.items())])
        return float(np.random.default_rng([seed, *key.encode()]).random())

    choice = search(SearchSettings(), grids(CONFIG, ("ocr", "queries")), rough, rounds=2, seed=seed)
    assert choice.after >= choice.before
    assert choice.after == pytest.approx(rough(choice.settings))
    again = search(SearchSettings(), grids(CONFIG, ("ocr", "queries")), rough, rounds=2, seed=seed)
    assert again == choice


def test_grids_leave_out_the_unit_and_empty_fields() -> None:
    assert [name for name in grids(CONFIG, ("ocr", "queries")) if "." in name] == ["field_weights.queries"]
    with_captions = grids(CONFIG, ("ocr", "keywords", "description", "queries"))
    assert with_captions["field_weights.keywords"] == (0.0, 0.25, 1.0)
    assert [name for name in with_captions if "." in name] == ["field_weights.queries", "field_weights.keywords"]


def test_the_search_sets_out_inside_its_grid() -> None:
    """Keywords start where they are told to; .1 is not in the emotion's grid; descriptions hold text but no grid."""
    first = start(CONFIG, grids(CONFIG, ("ocr", "keywords", "description", "emotion")))
    assert first.field_weights == {**dict.fromkeys(FIELDS, 1.0), **CONFIG.start, "emotion": 0.3}
    assert (first.alpha, first.lambda_) == (1.0, 1.0)


def test_values_by_name() -> None:
    changed = with_value(SearchSettings(), "field_weights.queries", 0.25)
    assert changed.field_weights == {**dict.fromkeys(FIELDS, 1.0), "queries": 0.25}
    assert value_of(changed, "field_weights.queries") == 0.25
    assert value_of(with_value(changed, "alpha", 3.0), "alpha") == 3.0


# ---- the judge -----------------------------------------------------------------------------------------------------

CLICKS = (
    Interaction("ann", "laugh", "s03"),
    Interaction("ann", "laugh", "s04"),
    Interaction("ann", "night", "s06"),
    Interaction("bob", "thanks 笑死", "s12"),
    Interaction("cleo", "晚安 laugh", "s04"),
    Interaction("cleo", "nothing like it", "s01"),
    Interaction("nobody", "laugh", "s02"),
)


def judge_of(retriever: Retriever, cutoff: int) -> ClickObjective:
    return ClickObjective(features_of(retriever), CLICKS, cutoff)


def features_of(retriever: Retriever) -> Features:
    bundle = retriever.bundle
    return Features(
        ids=bundle.ids,
        index=bundle.index,
        counts=bundle.utility_counts,
        vectors=StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings, np.float32)),
        styles=bundle.styles,
        tie=np.argsort(np.argsort(np.array(bundle.ids))),
        meaning=bundle.meaning,
        lexicon=bundle.lexicon,
        encoder=None if bundle.meaning is None else meant.FakeEncoder(),
    )


def by_the_retriever(retriever: Retriever, settings: SearchSettings, cutoff: int) -> float:
    """The slow twin: every question through the door, M-MRR as precompute/metrics.py defines it."""
    people = []
    for user in sorted({click.user for click in CLICKS}):
        values = []
        for query in sorted({click.query for click in CLICKS if click.user == user}):
            clicked = {click.sticker for click in CLICKS if (click.user, click.query) == (user, query)}
            result = retriever.search(query, user, settings, cutoff)
            hits = () if result.fallback else result.hits
            values.append(sum(1 / hit.rank for hit in hits if hit.sticker in clicked))
        people.append(sum(values) / len(values))
    return sum(people) / len(people)


weights = st.sampled_from([0.0, 0.5, 1.0, 3.0])

#: Sticker -> keywords, description, emotion: words of other stickers' texts and queries, so that fields disagree.
CAPTIONS = {
    "s01": ("晚安，laugh", "", "thanks"),
    "s03": ("笑死", "a cat that says thanks and laugh", ""),
    "s06": ("laugh，night，night", "night", "笑死"),
    "s07": ("thanks", "笑死 laugh", "laugh"),
    "s12": ("", "晚安", "laugh laugh night"),
}


def captioned(sticker: Sticker) -> Sticker:
    keywords, description, emotion = CAPTIONS.get(sticker.id, ("", "", ""))
    return replace(sticker, keywords=keywords, description=description, emotion=emotion)


@pytest.fixture(scope="module")
def captioned_retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """The toy world, with captions on five stickers."""
    folder = tmp_path_factory.mktemp("captioned")
    return Retriever.open(toy.write_toy(folder, stickers=tuple(map(captioned, toy.stickers()))))


@given(
    alpha=weights,
    lambda_=weights,
    fields=st.tuples(weights, weights, weights, weights, weights),
    cutoff=st.integers(1, 12),
    size=st.integers(1, 12),
    utility=st.booleans(),
    personal=st.booleans(),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_judge_sees_what_the_retriever_ranks(
    captioned_retriever: Retriever,
    alpha: float,
    lambda_: float,
    fields: tuple[float, float, float, float, float],
    cutoff: int,
    size: int,
    utility: bool,
    personal: bool,
) -> None:
    settings = SearchSettings(
        field_weights=dict(zip(FIELDS, (1.0, *fields), strict=True)),
        lambda_=lambda_,
        alpha=alpha,
        recall_size=size,
        use_utility=utility,
        use_personalization=personal,
    )
    judge = judge_of(captioned_retriever, cutoff)
    assert judge.questions == 6
    assert judge(settings) == pytest.approx(by_the_retriever(captioned_retriever, settings, cutoff))


@pytest.fixture(scope="module")
def understanding_retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """The captioned toy world with meanings and a lexicon."""
    told = tuple(map(captioned, toy.stickers()))
    meaning, lexicon = meant.understood(told)
    folder = tmp_path_factory.mktemp("understood")
    bundle = toy.write_toy(folder, stickers=told, meaning=meaning, lexicon=lexicon)
    return Retriever(bundle, sentence_encoder=meant.FakeEncoder())


@pytest.mark.slow
@given(
    meaning=st.sampled_from([0.0, 0.3, 0.8, 1.0]),
    floor=st.sampled_from([0.0, 0.5, 0.9, 1.0]),
    alpha=weights,
    lambda_=st.sampled_from([0.0, 0.05, 0.5]),
    fields=st.tuples(weights, weights, weights, weights, weights),
    size=st.integers(1, 12),
    personal=st.booleans(),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_judge_sees_what_the_retriever_ranks_by_words_and_meaning(
    understanding_retriever: Retriever,
    meaning: float,
    floor: float,
    alpha: float,
    lambda_: float,
    fields: tuple[float, float, float, float, float],
    size: int,
    personal: bool,
) -> None:
    settings = SearchSettings(
        field_weights=dict(zip(FIELDS, (1.0, *fields), strict=True)),
        lambda_=lambda_,
        alpha=alpha,
        recall_size=size,
        use_personalization=personal,
        meaning=meaning,
        floor=floor,
    )
    judge = judge_of(understanding_retriever, 10)
    assert judge(settings) == pytest.approx(by_the_retriever(understanding_retriever, settings, 10))
    ranker, ids = Ranker(features_of(understanding_retriever)), understanding_retriever.bundle.ids
    for user, query in ((None, "laugh"), ("cleo", "haha"), ("ann", "xiaosi")):
        result = understanding_retriever.search(query, user, settings, 12)
        expected = [] if result.fallback else [hit.sticker for hit in result.hits]
        assert [ids[row] for row in ranker.rank(query, user, settings)] == expected


@given(threshold=st.sampled_from([0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 1.0]))
def test_a_search_claims_an_answer_where_its_strength_reaches_the_threshold(
    understanding_retriever: Retriever, threshold: float
) -> None:
    settings = SearchSettings(meaning=0.5, threshold=threshold)
    ranker = Ranker(features_of(understanding_retriever))
    for query in ("laugh", "haha", "nothing like it", "thanks a lot", "晚安 laugh"):
        claimed = understanding_retriever.search(query, None, settings).notice == ""
        assert claimed == (ranker.strength(query, settings, CLAIMANTS) >= threshold)


def test_a_judge_by_hand(tmp_path: Path) -> None:
    """Cleo likes the style of s03 and s04, which come first and second: (1 + 1/2) for two clicks, 1 for one."""
    retriever = Retriever.open(toy.write_toy(tmp_path))
    both = (Interaction("cleo", "laugh", "s03"), Interaction("cleo", "laugh", "s04"))
    settings = SearchSettings(field_weights=toy.OCR_ONLY.field_weights, use_utility=False)
    features = features_of(retriever)
    assert ClickObjective(features, both, 10)(settings) == pytest.approx(1.5)
    assert ClickObjective(features, both, 1)(settings) == pytest.approx(1.0)
    assert ClickObjective(features, (*both, Interaction("ann", "none", "s01")), 10)(settings) == pytest.approx(0.75)
    known = (Interaction("cleo", "laugh", "s03"), Interaction("ann", "laugh", "s04"))
    assert ClickObjective(features, both, 10, known)(settings) == pytest.approx(1.0), (
        "s03 is out, so s04 is the first new one"
    )
    assert ClickObjective(features, both[:1], 10, known).questions == 0, "nothing new was clicked"
