"""The compiled recall and its slow twins: equal to the last bit, whatever the weights."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import toy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from persrv.engines import compiled
from persrv.engines.compiled import FastRecall, FastRerank
from persrv.engines.local import LocalEngine
from persrv.ranking import explanation, recall, rerank, styles
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, UserStyle
from persrv.retriever import Retriever

pytestmark = pytest.mark.slow(seconds=2)  # compiling takes half a minute on a machine that has not done so before

WEIGHTS, BASE = (1 / 3, 1 / 3, 1 / 3), 0.1
STYLE = UserStyle("u", np.eye(1, 4, dtype=np.float32), np.ones(1, np.int32), np.zeros(1, np.float32), ((),))
TOKENS = "abcdefgh"
ONES = dict.fromkeys(FIELDS, 1.0)


@dataclass(frozen=True)
class World:
    """A catalogue: its index, utility and order of ids."""

    index: Mapping[str, FieldIndex]
    utility: FloatArray
    tie: NDArray[np.intp]


def world(size: int, seed: int, common: int = 2, levels: int = 3, least: float = 0.0) -> World:
    """`common` of eight tokens stand in most stickers, the others in few, or in very few; impacts and utilities of few
    levels tie a lot; `least` below 0 makes some impacts negative, and 0 is always among them."""
    rng = np.random.default_rng(seed)
    values = np.linspace(least, 2, levels).astype(np.float32)
    index = {}
    for field in FIELDS:
        columns = []
        for number in range(len(TOKENS)):
            few = 0.02 if number % 2 else 0.002  # the fields together hold the latter too rarely for a common token
            share = rng.uniform(0.3, 0.9) if number < common else rng.uniform(0, few)
            columns.append(np.flatnonzero(rng.random(size) < share).astype(np.int32))
        lengths = np.cumsum([0, *map(len, columns)])
        impacts = rng.choice(values, lengths[-1]) * rng.choice([0, 1, 1, 1], lengths[-1]).astype(np.float32)
        columns_of = {token: column for column, token in enumerate(TOKENS)}
        index[field] = FieldIndex(size, columns_of, lengths.astype(np.int64), np.concatenate(columns), impacts)
    utility = rng.choice(values, size) if levels < 9 else rng.random(size).astype(np.float32)
    return World(index, np.abs(utility), rng.permutation(size))


def by_hand(world: World, question: Question, lambda_: float, size: int) -> Recalled:
    """Recall sticker by sticker, in Python's own floats."""
    total: dict[int, float] = {}
    for field, index in world.index.items():
        weight = question.field_weights.get(field, 0.0)
        part: dict[int, float] = {}
        for token in question.tokens if weight > 0 else ():
            rows, impacts = index.postings(token)
            for row, impact in zip(rows.tolist(), impacts.tolist(), strict=True):
                part[row] = part.get(row, 0.0) + impact
        for row in part:
            total[row] = total.get(row, 0.0) + weight * part[row]
    scores = {row: relevance + lambda_ * float(world.utility[row]) for row, relevance in total.items()}
    best = sorted(scores, key=lambda row: (-scores[row], world.tie[row]))[:size]
    return Recalled(
        np.array(best, np.intp), np.array([total[r] for r in best]), np.array([scores[r] for r in best]), len(total)
    )


def assert_same(found: Recalled, expected: Recalled) -> None:
    assert found.matched == expected.matched
    assert found.rows.tolist() == expected.rows.tolist()
    assert found.relevance.tolist() == expected.relevance.tolist()
    assert found.scores.tolist() == expected.scores.tolist()


def ask(tokens: Sequence[str], weights: Sequence[float] = (1, 1, 1, 1, 1, 1)) -> Question:
    return Question(tuple(tokens), dict(zip(FIELDS, map(float, weights), strict=True)), WEIGHTS, BASE)


def engine_of(here: World, fast_from: int | None = 1, usual: Mapping[str, float] = ONES) -> LocalEngine:
    vectors = np.zeros((len(here.tie), 1), np.float16)
    return LocalEngine(here.index, vectors, here.tie, lambda *_: here.utility, StyleSpace(None), fast_from, usual)


def warm(here: World, fast_from: int | None = 1, usual: Mapping[str, float] = ONES) -> LocalEngine:
    engine = engine_of(here, fast_from, usual)
    engine.warm_up()
    return engine


sliders = st.sampled_from([0.0, 0.05, 0.3, 1.0, 1.7, 2.0]) | st.floats(0, 2)
weightings = st.lists(sliders, min_size=6, max_size=6)


@settings(max_examples=120, deadline=None)
@given(
    size=st.integers(1, 400) | st.sampled_from([64, 128, 2000]),
    seed=st.integers(0, 30),
    tokens=st.lists(st.sampled_from([*TOKENS, "unknown"]), max_size=7),
    weights=weightings,
    lambdas=st.lists(sliders, min_size=1, max_size=3, unique=True),
    best=st.sampled_from([1, 2, 10, 100, 10_000]),
    levels=st.sampled_from([2, 3, 50]),
    least=st.sampled_from([0.0, -1.0, -2.0]),
    usual=st.booleans(),
    groups=st.sampled_from([1, 7, 4096]),
)
@example(130, 0, ["a", "a", "b"], [1.0] * len(FIELDS), [0.0, 2.0], 10, 2, -2.0, True, 1)
@example(2000, 1, ["a", "c"], [0.0] * len(FIELDS), [1.0], 10, 2, 0.0, True, 4096)
def test_compiled_numpy_and_python_agree_to_the_last_bit(
    size: int,
    seed: int,
    tokens: list[str],
    weights: list[float],
    lambdas: list[float],
    best: int,
    levels: int,
    least: float,
    usual: bool,
    groups: int,
) -> None:
    """usual: whether the weights are those that it is prepared for."""
    here, question = world(size, seed, levels=levels, least=least), ask(tokens, weights)
    with mock.patch.object(compiled, "_GROUPS", groups):
        prepared = question.field_weights if usual else ONES
        quick, slow = (warm(here, fast_from, prepared).recall(question, lambdas, best) for fast_from in (1, None))
    for place, lambda_ in enumerate(lambdas):
        expected = by_hand(here, question, lambda_, best)
        assert_same(quick[place], expected)
        assert_same(slow[place], expected)


def test_large_enough_for_lists_of_every_kind() -> None:
    """Thousands of blocks, so that most are never looked at; twice, so that nothing is left over from the first."""
    here = world(100_000, 0, levels=50)
    usual = dict(zip(FIELDS, (0.3, 0.0, 1.0, 0.0, 2.0, 1.0), strict=True))
    made, worth = FastRecall(here.index, here.tie, usual), compiled.bounded(here.utility)
    for _ in range(2):
        for tokens, weights in (
            ("abcd", (1, 1, 1, 1, 1, 1)),
            ("a", (0.3, 0, 1, 0, 2, 1)),
            ("cdef", (1, 0.5, 0, 2, 0.1, 1)),
        ):
            question = ask(tokens, weights)
            relevance, matched = recall.relevance(here.index, question.tokens, question.field_weights)
            for found, lambda_ in zip(made.recall(question, worth, [0.7, 0.0], 100), (0.7, 0.0), strict=True):
                rows, scores = recall.recall(relevance, matched, here.utility, lambda_, 100, here.tie)
                assert_same(found, Recalled(rows, relevance[rows], scores, int(matched.sum())))


@pytest.mark.parametrize("seed", range(6))
def test_of_many_stickers_the_best_are_found(seed: int) -> None:
    """Enough blocks for most of them to be left out, and questions of every kind, each against numpy."""
    rng = np.random.default_rng(seed)
    here = world(40_000, seed, common=int(rng.integers(0, 5)), levels=int(rng.choice([3, 60])), least=-float(seed % 2))
    usual = rng.choice([0.0, 0.3, 1.0, 1.7], 6)
    quick, slow = (warm(here, fast_from, dict(zip(FIELDS, usual.tolist(), strict=True))) for fast_from in (1, None))
    for number in range(12):
        tokens = rng.choice([*TOKENS, "unknown"], int(rng.integers(1, 7))).tolist()
        question = ask(tokens, usual if number % 2 else rng.choice([0.0, 0.5, 1.0, 2.0, 3.0], 6))
        lambdas, size = rng.choice([0.0, 0.4, 1.0, 9.0], 2, replace=False).tolist(), int(rng.choice([1, 20, 100]))
        for found, expected in zip(
            quick.recall(question, lambdas, size), slow.recall(question, lambdas, size), strict=True
        ):
            assert_same(found, expected)


@pytest.mark.parametrize("lambdas", [(0.0, 2.0**6), (2.0**6, 0.0)])
def test_what_only_one_weight_of_utility_wants_is_found(lambdas: tuple[float, float]) -> None:
    """Under a large lambda the first stickers are unbeatable; without utility the later ones are still to be found."""
    here = world(70_000, 0, levels=50)
    favoured = replace(here, utility=np.where(np.arange(70_000) < 200, 1, 0.5).astype(np.float32))
    question = ask("ab")
    relevance, matched = recall.relevance(here.index, question.tokens, question.field_weights)
    for found, lambda_ in zip(warm(favoured).recall(question, lambdas, 100), lambdas, strict=True):
        rows, scores = recall.recall(relevance, matched, favoured.utility, lambda_, 100, here.tie)
        assert_same(found, Recalled(rows, relevance[rows], scores, int(matched.sum())))
        assert (rows < 200).all() == (lambda_ > 0)


def uniform(size: int, of_token: Mapping[str, NDArray[np.floating]]) -> dict[str, FieldIndex]:
    """Index in which all stickers hold every token in the first field, with these impacts; other fields are empty."""
    rows, columns = np.tile(np.arange(size, dtype=np.int32), len(of_token)), {t: n for n, t in enumerate(of_token)}
    impacts = np.concatenate([*of_token.values()]).astype(np.float32)
    full = FieldIndex(size, columns, np.arange(len(of_token) + 1) * size, rows, impacts)
    none = FieldIndex(size, {}, np.zeros(1, np.int64), rows[:0], impacts[:0])
    return {field: full if field == FIELDS[0] else none for field in FIELDS}


def test_a_large_weight_of_utility_rounds_nothing_away_under_a_small_one() -> None:
    """What is asked for without utility is bounded with it: here it is most of the sum, and its float32 is coarse."""
    tie, utility = np.arange(640)[::-1].copy(), np.random.default_rng(0).random(640).astype(np.float32)
    utility[0] = 1
    made, worth = FastRecall(uniform(640, {"a": np.full(640, 1.3)}), tie, ONES), compiled.bounded(utility)
    for parts in range(1, 12):
        large = (2047 / parts * (1 - 1e-6) - 1) * 1.3  # so that relevance is at the edge of one of 2,047 buckets
        popular, alike = made.recall(ask("a", (1, 0, 0, 0, 0, 0)), worth, [large, 0.0], 10)
        assert popular.rows[0] == 0
        assert alike.rows.tolist() == list(range(639, 629, -1))


def test_what_is_found_by_rounded_values_is_the_best_by_exact_ones() -> None:
    """The first sticker's two values are rounded down, the others' first one up, so that it looks worse and is best."""
    step = (1 + 2.0**-20) / 65535
    a, b = np.full(640, 32768.51 * step), np.full(640, 32767.51 * step)
    a[:4], b[:4] = (32768.49 * step, 0, 1, 0), (32768.49 * step, 1, 0, 0)  # from 0 to 1 in so many steps
    index, worth = uniform(640, {"a": a, "b": b}), compiled.bounded(np.ones(640, np.float32))
    made = FastRecall(index, np.arange(640), ONES)
    for share in np.linspace(0.1, 0.2, 1000):  # of utility, so that the edge of a bucket comes to lie between the two
        assert made.recall(ask("ab"), worth, [share], 1)[0].rows.tolist() == [0]


def test_weights_that_float32_cannot_hold_harm_nobody() -> None:
    """Bounds in steps of infinity or of nothing would never be reached, or lie outside every histogram."""
    here = world(3000, 1)
    free = replace(here, index={field: replace(each, impacts=0 * each.impacts) for field, each in here.index.items()})
    vectors, parts = np.zeros((3000, 1), np.float16), here.utility.astype(np.float64) + 1
    for weight in (1e300, 1e-37, 1e-44):
        question = replace(ask("ab"), utility_weights=(weight, 0.0, 0.0))
        for usual in (ONES, dict.fromkeys(FIELDS, weight)):
            engine = LocalEngine(
                free.index,
                vectors,
                here.tie,
                lambda weights, _: (weights[0] * parts).astype(np.float32),
                StyleSpace(None),
                1,
                usual,
            )
            engine.warm_up()
            assert engine.compiled
            with np.errstate(over="ignore"):
                valued = replace(free, utility=(weight * parts).astype(np.float32))
                found = engine.recall(question, [0.5], 10)[0]
            assert_same(found, by_hand(valued, question, 0.5, 10))


@pytest.mark.parametrize("looked_into", [3, 40])
def test_a_short_list_is_read_or_searched_and_gives_the_same(looked_into: int) -> None:
    """Of some 400 postings, those in 3 blocks are searched for and those in 40 come across; the first block is done."""
    from persrv.engines import recall_kernels

    rng = np.random.default_rng(looked_into)
    rows = np.flatnonzero(rng.random(440) < 0.9).astype(np.int32)
    impacts = rng.random(len(rows)).astype(np.float32)
    assert (len(rows) < 32 * looked_into) == (looked_into == 40)
    chosen = rng.permutation(55)[: looked_into + 1].astype(np.int32)
    bounds = np.full(55, 5.0, np.float32)
    bounds[chosen] = -1 - np.arange(len(chosen))
    sums, held = np.zeros((looked_into, 8), np.float32), np.zeros(looked_into, np.uint8)
    recall_kernels._sum_rare(rows, impacts, 0, len(rows), np.float32(2), chosen[1:], bounds, 1, sums, held)
    given = dict(zip(rows.tolist(), impacts.tolist(), strict=True))
    for place, block in enumerate(chosen[1:].tolist()):
        members = range(8 * block, 8 * block + 8)
        assert sums[place].tolist() == [2 * given.get(row, 0.0) for row in members]
        assert held[place] == sum(1 << member for member, row in enumerate(members) if row in given)


@pytest.mark.parametrize(("size", "tokens"), [(1000, "a"), (300_000, "aaaa")])
def test_everything_ties_and_ids_decide(size: int, tokens: str) -> None:
    """With 300,000 equal ones, the postings that are scored exactly don't fit into one batch of tokens."""
    rows = np.arange(size, dtype=np.int32)
    index = {
        field: FieldIndex(size, {"a": 0}, np.array([0, size]), rows, np.ones(size, np.float32)) for field in FIELDS
    }
    tie = np.random.default_rng(0).permutation(size)
    found = FastRecall(index, tie, ONES).recall(ask(tokens), compiled.bounded(np.ones(size, np.float32)), [1.0], 7)[0]
    assert tie[found.rows].tolist() == list(range(7))
    assert set(found.scores.tolist()) == {6.0 * len(tokens) + 1}
    assert found.matched == size


def test_a_long_question_is_answered_as_by_numpy() -> None:
    """Hundreds of tokens, common and rare ones in turns, under usual and other weights."""
    here = world(20_000, 4, levels=50)
    tokens = list(np.random.default_rng(1).choice([*TOKENS, "unknown"], 300))
    for weights in ((1, 1, 1, 1, 1, 1), (0.5, 2, 0, 1, 0.1, 1)):
        question = ask(tokens, weights)
        quick, slow = (warm(here, fast_from).recall(question, [0.5], 100)[0] for fast_from in (1, None))
        assert_same(quick, slow)


def test_more_stickers_than_can_be_numbered_are_refused() -> None:
    with pytest.raises(ValueError, match="too many for one process"):
        compiled._Layout.of(1 << 27)


def test_weights_that_float32_cannot_tell_apart_are_left_to_numpy() -> None:
    here = world(200, 3)
    made = FastRecall(here.index, here.tie, ONES)
    assert made.can(ask("a", (0, 1, 2, 0.001, 0, 1)), [0.0, 5.0])
    for weights, lambda_ in (((1e300, 1, 1, 1, 1, 1), 1.0), ((1e-300, 0, 0, 0, 0, 0), 1.0), ((1, 1, 1, 1, 1, 1), 1e38)):
        question = ask("ab", weights)
        assert not made.can(question, [lambda_])
        engine = warm(here)
        assert_same(engine.recall(question, [lambda_], 20)[0], by_hand(here, question, lambda_, 20))


@pytest.mark.parametrize("fast_from", [1, None])
def test_impacts_are_the_postings(fast_from: int | None) -> None:
    here = world(700, 5)
    engine = warm(here, fast_from)
    rows, tokens = np.array([3, 699, 0, 64, 63]), ("a", "unknown", "d")
    found = engine.impacts(tokens, rows)
    assert found.shape == (6, 3, 5)
    for place, index in enumerate(here.index.values()):
        for number, token in enumerate(tokens):
            held = dict(zip(*(part.tolist() for part in index.postings(token)), strict=True))
            expected = [held.get(row, math.nan) for row in rows.tolist()]
            np.testing.assert_array_equal(found[place, number], np.array(expected, np.float32))
    assert engine.impacts((), rows).shape == (6, 0, 5)


@pytest.mark.parametrize("fast_from", [1, None])
def test_a_place_is_that_in_the_whole_ranking(fast_from: int | None) -> None:
    here, question = world(300, 7), ask("acd", (1, 0.5, 0, 2, 1, 0))
    engine = warm(here, fast_from)
    ranking = by_hand(here, question, 0.5, 300)
    for row in range(300):
        place = ranking.rows.tolist().index(row) + 1 if row in ranking.rows else None
        assert engine.place(question, 0.5, row) == (place, ranking.matched)


def test_where_it_cannot_compile_numpy_answers_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "persrv.engines.recall_kernels", None)  # an import of it fails
    monkeypatch.delattr("persrv.engines.recall_kernels", raising=False)
    compiled._kernels.cache_clear()
    here = world(300, 2)
    engine = engine_of(here)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            engine.warm_up()
            assert_same(engine.recall(ask("ab"), [1.0], 10)[0], by_hand(here, ask("ab"), 1.0, 10))
    assert not engine.compiled
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "numpy answers" in caplog.text


def test_the_first_searches_do_not_wait_for_the_compiler() -> None:
    here = world(300, 2)
    engine = engine_of(here, fast_from=300)
    before = engine.recall(ask("ab"), [1.0], 10)[0]
    assert not engine.compiled
    engine.warm_up()
    assert engine.compiled
    assert_same(engine.recall(ask("ab"), [1.0], 10)[0], before)
    small = engine_of(here, fast_from=301)
    small.warm_up()
    assert not small.compiled


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 6), st.booleans(), st.integers(0, 20))
def test_preference_is_that_of_the_definition(stickers: int, clusters: int, centred: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    halves = styles.unit_rows(rng.normal(size=(stickers, 24)).astype(np.float32)).astype(np.float16)
    vectors, everyone = halves.astype(np.float32), np.arange(stickers)
    mean = vectors.mean(axis=0) if centred else None
    sizes = rng.integers(1, 9, clusters).astype(np.int32)
    style = UserStyle(
        "u", styles.unit_rows(rng.normal(size=(clusters, 24))), sizes, np.zeros(clusters), ((),) * clusters
    )
    value, cluster = styles.preference(style, styles.StyleSpace(mean).project(vectors))
    found = FastRerank(halves, mean, everyone).preference(style, everyone)
    np.testing.assert_allclose(found[0], value, atol=1e-6)
    likeness = styles.StyleSpace(mean).project(vectors) @ style.centroids.T * styles.cluster_weights(style)
    np.testing.assert_allclose(likeness[everyone, found[1]], likeness[everyone, cluster], atol=1e-6)


def test_of_two_clusters_that_are_equally_near_the_first_is_told() -> None:
    twins = UserStyle(
        "ann", np.eye(2, dtype=np.float32)[[0, 0]], np.ones(2, np.int32), np.ones(2, np.float32), ((), ())
    )
    one = np.zeros(1, int)
    values, clusters = FastRerank(np.array([[1.0, 0.5]], np.float16), None, one).preference(twins, one)
    assert (
        clusters.tolist()
        == styles.preference(twins, styles.unit_rows(np.array([[1.0, 0.5]], np.float32)))[1].tolist()
        == [0]
    )
    assert values[0] > 0


def test_a_sticker_equal_to_the_mean_is_strange_to_everybody() -> None:
    mean = np.array([0.5, 0.5, 0, 0], np.float32)
    one = np.zeros(1, int)
    found = FastRerank(mean[None].astype(np.float16), mean, one).preference(STYLE, one)
    assert found[0].tolist() == [0.0]


def test_every_half_becomes_its_float() -> None:
    from persrv.engines import float16_kernels as halves

    every = np.arange(65536, dtype=np.uint16).view(np.float16)
    every = every[np.isfinite(every)]
    found = np.empty(len(every), np.uint32)
    halves._convert(every.view(np.uint16), found)
    scaled = found.view(np.float32) * np.float32(2.0**112)
    np.testing.assert_array_equal(scaled.view(np.uint32), every.astype(np.float32).view(np.uint32))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 150), st.sampled_from([0, 0.5, 3.0]), st.integers(0, 99))
def test_compiled_re_ranking_is_that_of_the_definition(stickers: int, top: int, alpha: float, seed: int) -> None:
    """Embeddings and recall scores of few values tie a lot; what preference has a part in is compared given it."""
    rng = np.random.default_rng(seed)
    halves = np.eye(4, dtype=np.float16)[rng.integers(0, 4, 200)]
    style = UserStyle("u", np.eye(4, dtype=np.float32)[:2], np.array([4, 2], np.int32), np.zeros(2), ((), ()))
    rows, scores = rng.permutation(200)[:stickers], rng.choice([1.0, 1.5, 2.0], stickers)
    recalled = Recalled(rows, scores / 2, scores, stickers)
    made = FastRerank(halves, None, rng.permutation(200))
    found = made.rerank(style, recalled, alpha, top)
    expected = rerank.reranked(recalled, *made.preference(style, rows), alpha, made._tie, top)
    assert len(found.rows) == min(stickers, top)
    for name, mine, twin in zip(found._fields, found, expected, strict=True):
        np.testing.assert_array_equal(mine, twin, err_msg=name)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*TOKENS, "unknown"]), max_size=6, unique=True), st.integers(0, 4), st.integers(0, 99))
def test_compiled_explanations_are_those_of_the_definition(tokens: list[str], rows: int, seed: int) -> None:
    here, rng = explained_world(), np.random.default_rng(seed)
    wanted, times = rng.integers(0, 700, rows), rng.integers(1, 4, len(tokens)).astype(np.float64)
    found = warm_explained().given(tuple(tokens), times, wanted)
    expected = explanation.given(recall.impacts(here.index, tokens, wanted), times)
    for name, mine, twin in zip(found._fields, found, expected, strict=True):
        np.testing.assert_array_equal(mine, twin, err_msg=name)


@cache
def explained_world() -> World:
    return world(700, 5, least=-1.0)


@cache
def warm_explained() -> LocalEngine:
    return warm(explained_world())


def test_a_small_catalogue_never_imports_the_compiler() -> None:
    import subprocess

    script = "import sys, persrv.retriever; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


@pytest.mark.parametrize("mean", [None, toy.embeddings().mean(axis=0)])
def test_a_retriever_answers_the_same_either_way(mean: FloatArray | None, tmp_path: Path) -> None:
    """Relevance, utility and places to the last bit; what preference has a part in, to float32."""
    bundle = toy.write_toy(tmp_path, style_mean=mean)
    slow, quick = Retriever.open(bundle), Retriever.open(bundle)
    values = bundle.index, bundle.embeddings, bundle.tie, lambda *chosen: quick._utility(*chosen)[0], quick._space
    engine = LocalEngine(*values, fast_from=1)
    quick.__dict__["_engine"] = engine
    quick.warm_up()
    assert engine.compiled
    for query in ("laugh", "laugh 晚安 laugh", "night thanks 笑死", "xyzzy"):
        for user in (None, "ann", "cleo"):
            expected = slow.compare(query, user)
            for name, found in quick.compare(query, user).items():
                assert replace(found, hits=()) == replace(expected[name], hits=())
                for hit, twin in zip(found.hits, expected[name].hits, strict=True):
                    assert hit._replace(preference=None, final=0) == twin._replace(preference=None, final=0)
                    assert hit.final == pytest.approx(twin.final, rel=1e-6)
                    assert (hit.preference is None) == (twin.preference is None)
