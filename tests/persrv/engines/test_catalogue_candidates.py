"""The candidates of a large catalogue: the best by words, meaning and utility together are among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from persrv.engines import mixed
from persrv.engines.mixed import MixedEngine
from persrv.ranking import fusion, recall
from persrv.ranking.meaning import MeaningIndex
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.sketches import Sketches
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray

STICKERS, TEXTS, WIDTH = 12_000, 4_000, 64

SHARED = FIELDS[:2]


class Words(RecallEngine):
    """An engine that knows one token, "it", and what it gives each sticker in the first field."""

    exact = True

    def __init__(self, scores: FloatArray, utility: FloatArray) -> None:
        super().__init__(np.arange(len(scores)), StyleSpace(None))
        self.scores, self.utility = scores, utility

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        assert question.likeness is None
        scores, matched = self.scores.astype(np.float64), self.scores > 0
        best = (recall.recall(scores, matched, self.utility, each, size, self.tie) for each in lambdas)
        return tuple(Recalled(rows, scores[rows], found, int(matched.sum())) for rows, found in best)

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        found = np.full((len(FIELDS), len(tokens), len(rows)), np.nan, np.float32)
        found[0] = self.scores[rows]
        return found

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        raise NotImplementedError

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is open."""


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def world(seed: int) -> tuple[MeaningIndex, Words, FloatArray]:
    """Stickers of one to nine texts, by Zipf's law, around sixty directions; thousands of them have equal words."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((60, WIDTH))
    vectors = unit(centres[rng.integers(0, 60, TEXTS)] + 0.9 * rng.standard_normal((TEXTS, WIDTH)))
    counts = rng.integers(1, 10, STICKERS)
    held = (TEXTS * rng.random(int(counts.sum())) ** 3).astype(np.int32)
    index = MeaningIndex(
        [f"{number:05d}" for number in range(TEXTS)],
        vectors.astype(np.float16),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        held,
        rng.integers(0, 2, len(held)).astype(np.int8),
        "made up",
    )
    scores = rng.choice([0, 1, 2], STICKERS, p=[0.5, 0.4, 0.1]).astype(np.float32)
    utility = rng.random(STICKERS).astype(np.float32) ** 2
    return index, Words(scores, utility), utility


@pytest.mark.parametrize("seed", range(3))
def test_nearly_all_of_the_best_are_found(seed: int) -> None:
    index, words, utility = world(seed)
    engine = MixedEngine(words, replace(index, codes=Sketches.build(index.vectors)), lambda _weights, _base: utility)
    rng, shares = np.random.default_rng(seed), []
    for text in rng.integers(0, TEXTS, 12).tolist():
        asked = unit(np.asarray(index.vectors[text], np.float32)[None] + 0.05 * rng.standard_normal((1, WIDTH)))
        question = Question(("it",), {FIELDS[0]: 1.0}, (1.0, 0.0, 0.0), 1.0, meaning=0.6, ideal=20.0)
        near = engine.meaning.score(asked, [1.0], SHARED).stickers
        recalled = engine.recall(replace(question, likeness=near), (0.1,), 50)[0]
        likeness = index.score(asked, [1.0], SHARED).stickers
        scores = fusion.relevance(words.scores.astype(np.float64), 20.0, likeness, 0.6) + 0.1 * utility
        scores[(words.scores == 0) & (likeness < fusion.NEAR)] = 0
        assert recalled.scores == pytest.approx(scores[recalled.rows], abs=1e-5)
        shares.append((scores[recalled.rows] >= np.sort(scores)[-50] - 1e-5).mean())
    assert len(words.tie) > mixed.EXHAUSTIVE
    assert np.mean(shares) >= 0.98
