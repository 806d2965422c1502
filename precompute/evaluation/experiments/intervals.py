"""Means over people, and their bootstrap intervals by drawing whole people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from precompute.evaluation.report import Figure
from precompute.evaluation.significance import clustered_interval

Numbers = NDArray[np.float64]


class People:
    """The people who asked Q questions. Values that are NaN, of questions without an answer, are left out of means."""

    def __init__(self, users: Sequence[str], resamples: int, seed: int) -> None:
        self.names, self.of = np.unique(np.array(users, dtype=object).astype(str), return_inverse=True)
        self.resamples, self.seed = resamples, seed

    def means(self, values: Numbers) -> Numbers:
        """Mean (..., U) of every person's values (..., Q); NaN for a person without values."""
        answered = np.isfinite(values)
        belongs = np.eye(len(self.names))[self.of]  # (Q, U)
        counts = answered @ belongs
        sums = np.where(answered, values, 0.0) @ belongs
        return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)

    def mean(self, values: Numbers) -> Numbers:
        """Mean (...) over people of each person's mean of values (..., Q), the macro average."""
        per_person = self.means(values)
        some = np.isfinite(per_person)
        totals, counts = np.where(some, per_person, 0.0).sum(axis=-1), some.sum(axis=-1)
        return np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)

    def figure(self, values: Numbers) -> Figure:
        """Macro average of values (Q,), and its 95 % interval by drawing whole people.

        There is no interval for fewer than three people, because they say nothing about others.
        """
        per_person = {name: [float(mean)] for name, mean in zip(self.names, self.means(values), strict=True)}
        answered = {name: mean for name, mean in per_person.items() if np.isfinite(mean[0])}
        value = float(np.mean([mean[0] for mean in answered.values()])) if answered else float("nan")
        if len(answered) < 3:
            return rounded(Figure(value))
        return rounded(Figure(value, *clustered_interval(answered, self.resamples, self.seed)))

    def of_some(self, names: frozenset[str]) -> NDArray[np.bool_]:
        """Mask (Q,) of the questions asked by one of these people."""
        return np.isin(self.names, sorted(names))[self.of]


def rounded(figure: Figure) -> Figure:
    """The figure with six decimals: later ones depend on the order of additions and differ between machines."""
    low, high = (None if end is None else round(end, 6) for end in (figure.low, figure.high))
    return Figure(round(figure.value, 6), low, high)
