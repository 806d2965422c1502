"""Pseudo-relevance feedback (Rocchio 1971) in the space of meanings: stickers are supported that say what the first
answers say.

A query that nobody has phrased yet is near to one text of a few stickers by luck. What these stickers say otherwise is
what most of them have in common, and it names the rest of the situation: 加油 for a query that was near to 你可以的.
Which answers come first is decided by fixed weights of words and meaning, so support stays the same while a visitor
moves the weights of a search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.fusion import positive_idf
from persrv.ranking.meaning import TRUST, MeaningIndex
from persrv.ranking.styles import unit_rows
from persrv.records import FIELDS, FloatArray, ScoreArray

#: Number of first answers, and sharpness with which better answers count more.
ANSWERS = 10
SHARPNESS = 20.0

#: Weights that decide which answers come first: of each field's words, and of meaning beside words.
FIELD_WEIGHTS: Mapping[str, float] = {
    "ocr": 1.0,
    "keywords": 1.0,
    "description": 0.25,
    "emotion": 0.3,
    "queries": 0.5,
    "names": 0.5,
}
MEANING = 0.6

#: Principal axes that profiles keep, and stickers profiled at a time.
_AXES = 64
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Profiles:
    """The mean meaning of each sticker's texts. vectors (N, axes): unit rows, zero for a sticker without texts."""

    vectors: FloatArray

    @classmethod
    def of(cls, index: MeaningIndex) -> Profiles:
        """Profile each sticker: the sum of its texts' vectors, weighted by trust and idf, less the mean of the
        catalogue.
        """
        width, stickers = index.vectors.shape[1], len(index.indptr) - 1
        holders = np.bincount(index.text, minlength=len(index.texts))
        weights = np.array([TRUST[name] for name in FIELDS], np.float32)[index.field]
        weights = weights * positive_idf(holders, stickers).astype(np.float32)[index.text]
        sums = np.zeros((stickers, width), np.float32)
        for first in range(0, stickers, _AT_ONCE):
            bounds = index.indptr[first : first + _AT_ONCE + 1]
            part = slice(int(bounds[0]), int(bounds[-1]))
            held = np.flatnonzero(np.diff(bounds))
            if len(held):
                said = weights[part, None] * np.asarray(index.vectors[index.text[part]], np.float32)
                sums[first + held] = np.add.reduceat(said, bounds[held] - bounds[0])
        return cls(_principal(centred(sums), _AXES))

    def support(self, scores: ScoreArray) -> FloatArray:
        """The likeness of each sticker to the first answers as a whole, in [0, 1], float32 (N,).

        That is the mean cosine of its profile with those of the ANSWERS best by scores (N,), each weighted by
        exp(SHARPNESS x score), and 0 where it is negative.

        It is small everywhere if the answers have little in common (all cats, whatever they feel), and zero if no score
        is above 0. Equal scores are ordered by row.
        """
        return self.likeness(self.said(scores))

    def said(self, scores: ScoreArray) -> FloatArray:
        """Meaning of the first answers by scores (N,): the weighted mean of their profiles, float32 (axes,)."""
        first = np.flatnonzero((scores > 0) & (scores >= _nth_best(scores, ANSWERS)))
        first = first[np.argsort(-scores[first], kind="stable")][:ANSWERS]
        if not len(first):
            return np.zeros(self.vectors.shape[1], np.float32)
        weights = np.exp(SHARPNESS * (scores[first] - scores[first[0]]))
        return np.asarray((weights / weights.sum()).astype(np.float32) @ self.vectors[first])

    def likeness(self, said: FloatArray) -> FloatArray:
        """The likeness of each sticker to a meaning `said` (axes,), in [0, 1], float32 (N,)."""
        return np.clip(self.vectors @ said, 0, 1)


class Support:
    """The support of stickers, looked up by their rows like an array; each value is computed at its look-up, so that a
    remembered query keeps what its first answers say, and not a number for each sticker.
    """

    def __init__(self, profiles: Profiles, said: FloatArray) -> None:
        self._profiles, self._said = profiles, said

    def __getitem__(self, rows: Sequence[int] | NDArray[np.integer[Any]]) -> FloatArray:
        """The support (n,) of n stickers."""
        return Profiles(self._profiles.vectors[np.asarray(rows, np.intp)]).likeness(self._said)


def _nth_best(scores: ScoreArray, n: int) -> float:
    """The n-th best of some scores, the worst of fewer; 0 without any."""
    place = max(0, len(scores) - n)
    return float(np.partition(scores, place)[place]) if len(scores) else 0.0


def supported(likeness: FloatArray, support: FloatArray, feedback: float) -> FloatArray:
    """likeness + feedback x support, elementwise (N,), float32; likeness never falls."""
    return likeness + np.float32(feedback) * support


def centred(sums: FloatArray) -> FloatArray:
    """Unit rows (N, d) less their mean, scaled to unit rows again; a row of zeros stays zero and counts for no mean.

    The mean is what all stickers say: it is in every profile and tells nothing.
    """
    rows = unit_rows(sums)
    spoken = np.flatnonzero(np.linalg.norm(rows, axis=1))
    if len(spoken):
        rows[spoken] -= rows[spoken].mean(axis=0)
    return unit_rows(rows)


def _principal(rows: FloatArray, axes: int) -> FloatArray:
    """Unit rows (N, d) on their `axes` principal axes, scaled to unit rows again; unchanged where d is no larger."""
    if rows.shape[1] <= axes:
        return rows
    _, directions = np.linalg.eigh(rows.T @ rows)  # by ascending eigenvalue
    return unit_rows(rows @ directions[:, -axes:].astype(np.float32))
