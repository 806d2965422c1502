"""The contract of recall (persrv.ranking.recall_contract), for every engine: rows, order and scores of the slow,
obvious answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from engine_worlds import WORDS, awkward_bundle, impact, question, slow_recall
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.engines.local import LocalEngine
from persrv.engines.milvus import MilvusEngine, load
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.styles import StyleSpace
from persrv.ranking.utility import utility
from persrv.records import FIELDS

Worlds = list[tuple[Bundle, RecallEngine]]


def milvus_worlds(bundles: list[Bundle], folder: Path) -> Iterator[Worlds]:
    """Engines over each bundle in a collection of one Milvus Lite; some with so few results at once that rows must be
    divided.
    """
    uri = str(folder / "milvus.db")
    worlds: Worlds = []
    for number, bundle in enumerate(bundles):
        load(bundle, uri, name=f"world{number}")
        engine = MilvusEngine.open(bundle, uri, name=f"world{number}")
        engine._most_results = (16_384, 3, 7)[number % 3]
        worlds.append((bundle, engine))
    yield worlds
    for _, engine in worlds:
        engine.close()


def local_worlds(fast_from: int | None) -> Callable[[list[Bundle], Path], Iterator[Worlds]]:
    """Engines in this process: by the definition, or compiled."""

    def worlds(bundles: list[Bundle], _: Path) -> Iterator[Worlds]:
        raw = StyleSpace(None)
        yield [
            (bundle, LocalEngine(bundle.index, bundle.embeddings, tie(bundle), worth(bundle), raw, fast_from))
            for bundle in bundles
        ]

    return worlds


def tie(bundle: Bundle) -> NDArray[np.intp]:
    return np.argsort(np.argsort(np.array(bundle.ids)))


def worth(bundle: Bundle) -> Callable[[tuple[float, float, float], float], NDArray[np.float32]]:
    return lambda weights, base: utility(bundle.utility_counts, weights, base)[0]


ENGINES = {"defined": local_worlds(None), "compiled": local_worlds(1), "milvus": milvus_worlds}

#: Compiling takes half a minute on a machine that has not done so before; Milvus is a server to start.
_PARAMS = ["defined", *(pytest.param(name, marks=pytest.mark.slow) for name in ("compiled", "milvus"))]


@pytest.fixture(scope="module", params=_PARAMS)
def worlds(
    request: pytest.FixtureRequest, toy_bundle_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worlds]:
    toy = Bundle.open(toy_bundle_path)
    bundles = [toy, *(awkward_bundle(toy, seed, size) for seed, size in ((1, 40), (2, 40), (3, 25), (4, 1)))]
    yield from ENGINES[request.param](bundles, tmp_path_factory.mktemp(request.param))


WEIGHTS = st.sampled_from([0.0, 1e-6, 0.3, 1.0, 2.5, 1e4])
QUESTIONS = st.builds(
    question,
    tokens=st.lists(st.sampled_from([*WORDS, "laugh", "night", "unknown"]), max_size=6),
    weights=st.dictionaries(st.sampled_from(FIELDS), WEIGHTS, min_size=1),
    utility_weights=st.tuples(WEIGHTS, WEIGHTS, WEIGHTS),
    base=st.sampled_from([1e-9, 0.1, 0.5, 1.0]),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 4), QUESTIONS, st.lists(WEIGHTS, min_size=1, max_size=3), st.integers(1, 50))
@example(1, question(["a"]), [0.0, 1.0], 5)  # a negative weight: "a" is in most texts
@example(1, question(["a"], {"queries": 1.0}), [0.0], 50)  # weights of nothing
@example(2, question(["g", "f"]), [1e4], 3)  # popularity far above any word
@example(0, question(["laugh", "laugh"]), [0.0], 2)  # equal scores at the cut
def test_recalls_what_the_obvious_answer_recalls(
    worlds: Worlds, world: int, asked: Question, lambdas: list[float], size: int
) -> None:
    bundle, engine = worlds[world]
    answers = engine.recall(asked, lambdas, size)
    assert len(answers) == len(lambdas)
    for lambda_, answer in zip(lambdas, answers, strict=True):
        expected = slow_recall(bundle, asked, lambda_)
        best = expected[:size]
        assert answer.rows.tolist() == [row for row, _, _ in best]
        assert answer.relevance.tolist() == [relevance for _, relevance, _ in best]  # to the last bit
        assert answer.scores.tolist() == [score for _, _, score in best]
        assert answer.matched == len(expected) or (not engine.exact and len(best) <= answer.matched <= len(expected))


def test_no_sticker_comes_in_by_its_utility(worlds: Worlds) -> None:
    bundle, engine = worlds[1]
    asked = question(["g"])
    answer = engine.recall(asked, [1e6], 50)[0]
    clicked = np.flatnonzero(bundle.utility_counts.any(axis=1))
    assert set(answer.rows.tolist()) == {row for row, _, _ in slow_recall(bundle, asked, 0.0)}
    assert set(clicked.tolist()) - set(answer.rows.tolist()), "no clicked sticker lacks the word: the world is too tame"


def test_the_worlds_are_awkward(worlds: Worlds) -> None:
    impacts = np.concatenate([index.impacts for index in worlds[1][0].index.values()])
    assert {-1, 0, 1} == set(np.sign(impacts).tolist())
    scores = [score for _, _, score in slow_recall(worlds[1][0], question(["a"]), 0.0)]
    assert len(set(scores)) < len(scores)


def test_tells_what_each_token_gave(worlds: Worlds) -> None:
    bundle, engine = worlds[2]
    tokens, rows = ("a", "unknown", "g", "a"), np.array([7, 0, 7, 39])
    told = engine.impacts(tokens, rows)
    assert (told.shape, told.dtype) == ((len(FIELDS), 4, 4), np.float32)
    for i, field in enumerate(FIELDS):
        for j, token in enumerate(tokens):
            expected = [impact(bundle, field, token, row) for row in rows.tolist()]
            np.testing.assert_array_equal(told[i, j], np.array(expected, np.float32))
    assert engine.impacts((), rows[:0]).shape == (len(FIELDS), 0, 0)


def test_hands_over_embeddings(worlds: Worlds) -> None:
    bundle, engine = worlds[1]
    rows = np.array([3, 39, 3])
    assert engine.vectors(rows).dtype == np.float32
    np.testing.assert_array_equal(engine.vectors(rows), bundle.embeddings[rows].astype(np.float32))
    assert engine.vectors(rows[:0]).shape == (0, 8)


def test_any_number_of_threads_may_ask(worlds: Worlds) -> None:
    bundle, engine = worlds[3]
    asked = [question([first, second]) for first in WORDS for second in WORDS]

    def rows(each: Question) -> list[int]:
        best = engine.recall(each, [0.5], 10)[0].rows
        engine.vectors(best)
        return best.tolist()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(rows, asked))
    assert answers == [[row for row, _, _ in slow_recall(bundle, each, 0.5)[:10]] for each in asked]


def test_knows_the_place_of_a_sticker(worlds: Worlds) -> None:
    bundle, engine = worlds[3]
    asked = question(["b", "g"])
    expected = [row for row, _, _ in slow_recall(bundle, asked, 0.7)]
    for row in range(len(bundle.ids)):
        place = expected.index(row) + 1 if row in expected else None
        assert engine.place(asked, 0.7, row) == (place, len(expected))
