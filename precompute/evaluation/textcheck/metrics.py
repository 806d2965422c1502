"""Metrics of a search on held-out queries: R@20, MRR@20, the share of queries without a match, and their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from precompute.evaluation.textcheck.annotations import Draw

#: Ranks below this one count as not found.
DEPTH = 20

MEASURES = ("R@20", "MRR@20", "no match")


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over stickers and its 95 % interval by bootstrap over stickers (Efron 1979), averaged over draws first."""

    value: float
    low: float
    high: float


def ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank (N,) of sticker i for question i, from scores (N questions, N stickers); 1 is best.

    Of equal scores the sticker with the smaller index comes first; infinity if the sticker's score is not above 0.
    """
    own = np.diag(scores)[:, None]
    before = np.tri(len(scores), k=-1, dtype=bool)
    place = 1.0 + (scores > own).sum(1) + ((scores == own) & before).sum(1)
    return np.where(own[:, 0] > 0, place, np.inf)


def judge(scores: NDArray[np.float64], draw: Draw) -> NDArray[np.float64]:
    """MEASURES (N, 3) of each question; NaN for a sticker without a held-out query."""
    place = ranks(scores)
    found = place <= DEPTH
    rows = np.column_stack([found, np.where(found, 1 / place, 0.0), ~(scores > 0).any(1)]).astype(float)
    rows[[text is None for text in draw.held]] = np.nan
    return rows


def interval(values: NDArray[np.float64], resamples: int, seed: int) -> Interval:
    """Mean and 95 % interval of values (n,), one a sticker; pass differences to compare two searches, paired."""
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(values), size=(resamples, len(values)))
    low, high = np.percentile(values[picks].mean(1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))
