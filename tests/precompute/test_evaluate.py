"""Evaluation: figures by hand on a few rankings, the bootstrap, and the whole way through the Retriever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import toy

from persrv.records import FIELDS, Interaction
from persrv.retriever import Retriever
from precompute.config import EvaluateConfig
from precompute.questions import Question, questions
from precompute.split import Split, by_interaction
from precompute.stages.evaluate import (
    SYSTEMS,
    difference,
    evaluate,
    popular_ranker,
    repeats,
    retriever_ranker,
    single_field,
)

CONFIG = EvaluateConfig(cutoffs=(1, 2), resamples=200, seed=1)


def split_of(rows: Sequence[Interaction]) -> Split:
    """A split whose test part is `rows`, each clicked once among clicks of no interest."""
    others = [Interaction("x", "x", f"x{n}") for n in range(4 * len(rows))]
    for seed in range(10_000):
        split = by_interaction([*rows, *others], test=0.2, validation=0.2, seed=seed)
        if set(split.test.rows) == set(rows):
            return split
    raise AssertionError("no seed puts exactly these rows into the test part")


ANN_LAUGH = (Interaction("ann", "laugh", "s01"), Interaction("ann", "laugh", "s03"))


def test_questions_are_pairs_with_distinct_clicks() -> None:
    split = split_of((*ANN_LAUGH, Interaction("bob", "laugh", "s02")))
    assert questions(split.test) == (
        Question("ann", "laugh", frozenset({"s01", "s03"})),
        Question("bob", "laugh", frozenset({"s02"})),
    )


def fixed(rankings: Mapping[str, Mapping[str, Sequence[str]]]):
    return lambda question: {system: by_user[question.user] for system, by_user in rankings.items()}


def test_figures_by_hand() -> None:
    """Ann clicked s01 and s03, Bob s02. PerSRV: Ann (s03, s01), Bob (s09, s02)."""
    split = split_of((*ANN_LAUGH, Interaction("bob", "laugh", "s02")))
    nothing: dict[str, tuple[str, ...]] = {"ann": (), "bob": ()}
    good = {"ann": ("s03", "s01"), "bob": ("s09", "s02")}
    rankings = {"PerSRV": good, "BM25": nothing, "w/o utility": good, "w/o personalization": nothing}
    found = evaluate(split.test, [fixed(rankings)], CONFIG)
    figures = found["systems"]["PerSRV"]
    assert figures["M-MRR@1"] == pytest.approx((1 + 0) / 2)
    assert figures["M-MRR@2"] == pytest.approx((1.5 + 0.5) / 2)
    assert figures["R@1"] == pytest.approx((0.5 + 0) / 2)
    assert figures["R@2"] == pytest.approx(1.0)
    assert figures["Success@1"] == pytest.approx(0.5)
    assert figures["MRR@2"] == pytest.approx((1 + 0.5) / 2)
    assert set(found["systems"]["BM25"].values()) == {0.0}
    assert (found["questions"], found["people"], found["test_clicks"], found["no_match"]) == (2, 2, 3, 2)
    assert found["data"] == "simulated world"
    assert found["differences"]["BM25"]["value"] == pytest.approx(1.0)
    assert found["differences"]["w/o utility"]["value"] == 0.0


def test_what_was_clicked_for_the_query_before_is_left_out_of_the_second_protocol() -> None:
    """Ann clicked s03 for "laugh" before: without it s01 comes first. Bob did so for another query: nothing changes."""
    split = split_of((*ANN_LAUGH, Interaction("bob", "laugh", "s02")))
    good = {"ann": ("s03", "s01"), "bob": ("s09", "s02")}
    rankings = dict.fromkeys(("PerSRV", "BM25", "w/o utility", "w/o personalization"), good)
    known = (Interaction("ann", "laugh", "s03"), Interaction("bob", "night", "s09"), Interaction("bob", "laugh", "s05"))
    found = evaluate(split.test, [fixed(rankings)], CONFIG, known=known)
    assert found["systems"]["PerSRV"]["M-MRR@2"] == pytest.approx((1.5 + 0.5) / 2)
    assert found["new"]["systems"]["PerSRV"]["M-MRR@2"] == pytest.approx((1 + 0.5) / 2)
    assert found["new"]["systems"]["PerSRV"]["R@1"] == pytest.approx((1 + 0) / 2)
    assert found["new"]["test_clicks"] == 2
    everything = (*ANN_LAUGH, Interaction("bob", "laugh", "s02"))
    assert evaluate(split.test, [fixed(rankings)], CONFIG, known=everything)["new"] == {}


def test_test_clicks_that_training_gave_away_are_counted() -> None:
    """Ann asked "laugh" before and clicked s03 then; Bob clicked s02, but for another query."""
    split = split_of((*ANN_LAUGH, Interaction("bob", "laugh", "s02")))
    known = (Interaction("ann", "laugh", "s03"), Interaction("ann", "laugh", "s03"), Interaction("bob", "night", "s02"))
    expected = {"test_clicks_seen_pair": 2, "test_clicks_exact_repeat": 1}
    assert repeats(split.test, known) == expected
    assert repeats(split.test, ()) == {"test_clicks_seen_pair": 0, "test_clicks_exact_repeat": 0}
    nothing = {key: {"ann": (), "bob": ()} for key in ("PerSRV", "BM25", "w/o utility", "w/o personalization")}
    found = evaluate(split.test, [fixed(nothing)], CONFIG, known=known)
    assert {name: found[name] for name in expected} == expected


def test_people_weigh_the_same_however_much_they_ask() -> None:
    rows = [Interaction("ann", "a", "s01"), Interaction("ann", "b", "s01"), Interaction("bob", "a", "s02")]
    split = split_of(rows)
    same = {key: {"ann": ("s01",), "bob": ()} for key in ("PerSRV", "BM25", "w/o utility", "w/o personalization")}
    figures = evaluate(split.test, [fixed(same)], CONFIG)["systems"]["PerSRV"]
    assert figures["MRR@2"] == pytest.approx(1 / 2)
    assert figures["MRR@2 (micro)"] == pytest.approx(2 / 3)


def hits(*places: int) -> np.ndarray:
    return np.isin(np.arange(1, 11), places)


def test_the_interval_of_a_sure_gain_is_a_point() -> None:
    asked = [Question("ann", str(n), frozenset()) for n in range(5)]
    found = difference(asked, [hits(1)] * 5, [hits(2)] * 5, k=10, resamples=100, seed=1)
    assert (found["low"], found["value"], found["high"]) == pytest.approx((0.5, 0.5, 0.5))


def test_the_interval_holds_the_value_and_follows_its_seed() -> None:
    rng = np.random.default_rng(3)
    asked = [Question(f"u{n % 4}", str(n), frozenset()) for n in range(80)]
    better, worse = ([hits(int(place)) for place in rng.integers(1, 11, 80)] for _ in range(2))
    first, again, other = (difference(asked, better, worse, 10, 500, seed) for seed in (1, 1, 2))
    assert first == again
    assert first["low"] != other["low"]
    assert first["low"] < first["value"] < first["high"]


def test_through_the_retriever(toy_retriever: Retriever) -> None:
    rank = retriever_ranker(toy_retriever, depth=4)
    ranked = rank(Question("cleo", "laugh", frozenset({"s03"})))
    everything = toy_retriever.compare("laugh", "cleo", top=4)
    for name, system in SYSTEMS.items():
        assert list(ranked[system]) == [hit.sticker for hit in everything[name].hits]
    assert list(ranked["BM25 (ocr)"]) == list(toy.LAUGH["cleo", "none"])
    assert set(ranked["BM25 (queries)"]) == {"s01", "s02"}


def test_a_fallback_counts_as_nothing_found(toy_retriever: Retriever) -> None:
    ranked = retriever_ranker(toy_retriever, depth=4)(Question("ann", "unheard of", frozenset({"s01"})))
    assert toy_retriever.search("unheard of", "ann").hits
    assert not any(ranked.values())


def test_popular_rankings(toy_retriever: Retriever) -> None:
    ranked = popular_ranker(toy_retriever, depth=3)(Question("ann", "laugh", frozenset()))
    assert list(ranked["Global Pop"]) == ["s02", "s01", "s07"]
    assert list(ranked["User Pop"]) == ["s01", "s02"]


def test_a_single_field_without_anything_else(toy_retriever: Retriever) -> None:
    only = single_field(toy_retriever.bundle.settings, "queries")
    assert only.field_weights == {name: float(name == "queries") for name in FIELDS}
    assert not only.use_utility
    assert not only.use_personalization
