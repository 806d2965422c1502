"""Significance tests and bootstrap intervals, one function each.

The unit of a test is a question, one (person, query) pair; `gains` are the differences of two methods on the same
questions. Tests weigh all questions alike, as the paper does; intervals are of the mean over people's means, as the
tables report it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

#: Up to this many questions all 2^n ways to flip the signs are tried, above it a random sample.
_EXACT = 12

#: Number of bootstrap resamples that are ranked at once.
_AT_ONCE = 200

#: Levels of the marks "*" and "**", as in the paper.
LEVELS: tuple[tuple[float, str], ...] = ((0.01, "**"), (0.05, "*"))


def paired_t_test(gains: Sequence[float]) -> float:
    """p of the two-tailed paired t-test that the mean gain is 0 (Student 1908, by scipy).

    1 for fewer than two questions or gains that are all 0; 0 for the same gain, other than 0, on every question.
    """
    from scipy.stats import ttest_1samp

    values = np.asarray(gains, np.float64)
    if len(values) < 2 or not values.any():
        return 1.0
    if np.ptp(values) == 0:
        return 0.0
    return float(ttest_1samp(values, 0.0).pvalue)


def randomization_test(gains: Sequence[float], resamples: int, seed: int) -> float:
    """p of the two-tailed paired randomization test (Fisher 1935), which flips the sign of each gain at random.

    p is the share of flips whose mean gain is at least as far from 0 as the observed one. Up to 12 questions it is
    exact; above, it is estimated from `resamples` random flips and the observed one (Phipson and Smyth 2010), so never
    0.
    """
    values = np.asarray(gains, np.float64)
    values = values[values != 0]  # tossing for a tie changes nothing
    if not len(values):
        return 1.0
    seen = abs(values.sum()) * (1 - 1e-12)
    if len(values) <= _EXACT:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(values))))
        return float(np.mean(np.abs(signs @ values) >= seen))
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(resamples, len(values)), dtype=np.int8).astype(np.float32) * 2 - 1
    return float((1 + np.count_nonzero(np.abs(signs @ values) >= seen)) / (1 + resamples))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values of one family of tests adjusted by Holm (1979): (m - i) p of the i-th smallest, never decreasing."""
    adjusted: dict[str, float] = {}
    largest = 0.0
    ordered = sorted(p_values, key=lambda name: (p_values[name], name))
    for place, name in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - place) * p_values[name]))
        adjusted[name] = largest
    return {name: adjusted[name] for name in p_values}


def mark(p: float) -> str:
    """The mark of a p-value: "**" below .01, "*" below .05, else ""."""
    return next((sign for level, sign in LEVELS if p < level), "")


def clustered_interval(
    values: Mapping[str, Sequence[float]], resamples: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean over people's means, drawing whole people (Efron 1979; Field and Welsh
    2007 on clusters).

    values: person -> one value a question. The interval is about other people of the same kind; with few people it is
    wide, and still too narrow. (NaN, NaN) without any value.
    """
    means = np.array([np.mean(own) for own in values.values() if len(own)], np.float64)
    if not len(means):
        return math.nan, math.nan
    rng = np.random.default_rng(seed)
    drawn = means[rng.integers(len(means), size=(resamples, len(means)))].mean(axis=1)
    return _percentiles(drawn, level)


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation, ties share their mean rank (by scipy); NaN if either side is constant."""
    from scipy.stats import spearmanr

    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    return float(spearmanr(a, b).statistic)


def spearman_interval(
    first: Sequence[float], second: Sequence[float], resamples: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of `spearman`, resampling pairs; (NaN, NaN) if no resample has a correlation.

    Resamples in which either side is constant are left out.
    """
    from scipy.stats import rankdata

    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    rng = np.random.default_rng(seed)
    found: list[NDArray[np.float64]] = []
    for start in range(0, resamples, _AT_ONCE):
        picks = rng.integers(len(a), size=(min(_AT_ONCE, resamples - start), len(a)))
        found.append(_correlations(rankdata(a[picks], axis=1), rankdata(b[picks], axis=1)))
    drawn = np.concatenate(found)
    drawn = drawn[np.isfinite(drawn)]
    return _percentiles(drawn, level) if len(drawn) else (math.nan, math.nan)


def _correlations(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) Pearson's correlation of each row of (n, m) values with the same row of the other; NaN for constant rows."""
    a, b = (rows - rows.mean(axis=1, keepdims=True) for rows in (first, second))
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float64] = (a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return found


def _percentiles(drawn: NDArray[np.float64], level: float) -> tuple[float, float]:
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
