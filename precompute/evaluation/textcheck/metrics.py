"""Judging a search on held-out queries: R@20, MRR@20, share without any match, intervals and paired differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from precompute.evaluation.textcheck.annotations import Draw

#: How deep a searcher looks.
DEPTH = 20

MEASURES = ("R@20", "MRR@20", "no match")


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over stickers and its 95 % interval: bootstrap over stickers (Efron 1979), all draws of one together."""

    value: float
    low: float
    high: float


def places(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place (N,) of sticker i for question i, given scores (N questions, N stickers): 1 is best.

    Of equals the first one is before; a score that is not above 0 finds nothing: infinity.
    """
    own = np.diag(scores)[:, None]
    before = np.tri(len(scores), k=-1, dtype=bool)
    place = 1.0 + (scores > own).sum(1) + ((scores == own) & before).sum(1)
    return np.where(own[:, 0] > 0, place, np.inf)


def judge(scores: NDArray[np.float64], draw: Draw) -> NDArray[np.float64]:
    """MEASURES of each question, (N, 3); NaN where the sticker has none."""
    place = places(scores)
    found = place <= DEPTH
    rows = np.column_stack([found, np.where(found, 1 / place, 0.0), ~(scores > 0).any(1)]).astype(float)
    rows[[text is None for text in draw.held]] = np.nan
    return rows


def interval(values: NDArray[np.float64], resamples: int, seed: int) -> Interval:
    """Mean of some stickers' values (n,), with its interval. Differences of two searches are paired by sticker."""
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(values), size=(resamples, len(values)))
    low, high = np.percentile(values[picks].mean(1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))
