"""Means over people, and their user-clustered bootstrap intervals: what another draw of people might have given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from precompute.evaluation.report import Figure
from precompute.evaluation.significance import clustered_interval

Numbers = NDArray[np.float64]


class People:
    """Who asked each of Q questions. Values of questions are NaN where a question has no answer; they are left out."""

    def __init__(self, users: Sequence[str], resamples: int, seed: int) -> None:
        self.names, self.of = np.unique(np.array(users, dtype=object).astype(str), return_inverse=True)
        self.resamples, self.seed = resamples, seed

    def means(self, values: Numbers) -> Numbers:
        """(..., Q) values -> (..., U) every person's mean; NaN for somebody without any."""
        answered = np.isfinite(values)
        belongs = np.eye(len(self.names))[self.of]  # (Q, U)
        counts = answered @ belongs
        sums = np.where(answered, values, 0.0) @ belongs
        return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)

    def mean(self, values: Numbers) -> Numbers:
        """(..., Q) values -> (...): the mean of a person's questions, then of people (macro average)."""
        per_person = self.means(values)
        some = np.isfinite(per_person)
        totals, counts = np.where(some, per_person, 0.0).sum(axis=-1), some.sum(axis=-1)
        return np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)

    def figure(self, values: Numbers) -> Figure:
        """(Q,) values -> the macro average and its 95 % interval, people drawn whole (significance.clustered_interval).

        Fewer than three people say nothing of others: then there is no interval.
        """
        per_person = {name: [float(mean)] for name, mean in zip(self.names, self.means(values), strict=True)}
        answered = {name: mean for name, mean in per_person.items() if np.isfinite(mean[0])}
        value = float(np.mean([mean[0] for mean in answered.values()])) if answered else float("nan")
        if len(answered) < 3:
            return rounded(Figure(value))
        return rounded(Figure(value, *clustered_interval(answered, self.resamples, self.seed)))

    def of_some(self, names: frozenset[str]) -> NDArray[np.bool_]:
        """(Q,) which questions some people asked."""
        return np.isin(self.names, sorted(names))[self.of]


def rounded(figure: Figure) -> Figure:
    """Six digits: what is behind them is the order of additions, and differs between machines."""
    low, high = (None if end is None else round(end, 6) for end in (figure.low, figure.high))
    return Figure(round(figure.value, 6), low, high)
