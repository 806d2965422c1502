"""Held-back clicks grouped into questions, with means and intervals in which every person weighs the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from persrv.records import Interaction
from precompute import metrics


@dataclass(frozen=True, slots=True)
class Question:
    """A (person, query) pair of held-back clicks, and the stickers clicked for the pair."""

    user: str
    query: str
    clicked: frozenset[str]


def questions(rows: Iterable[Interaction]) -> tuple[Question, ...]:
    """Group clicks to questions, one for each (person, query), ordered by person, then query."""
    clicked: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        clicked.setdefault((row.user, row.query), set()).add(row.sticker)
    return tuple(Question(user, query, frozenset(ids)) for (user, query), ids in sorted(clicked.items()))


def by_user(asked: Sequence[Question], values: Sequence[float]) -> dict[str, list[float]]:
    """Person -> the values of their questions."""
    grouped: dict[str, list[float]] = {}
    for question, value in zip(asked, values, strict=True):
        grouped.setdefault(question.user, []).append(value)
    return grouped


def paired_gain(asked: Sequence[Question], gains: Sequence[float], resamples: int, seed: int) -> dict[str, float]:
    """The mean gain over each person's questions, then over people, with its 95 % interval: "value", "low", "high".

    A paired bootstrap over each person's questions (Efron 1979): a gain is the difference of two rankings of the same
    question. The people are fixed, so the interval does not generalise to other people.
    """
    grouped = {user: np.array(values) for user, values in by_user(asked, gains).items()}
    rng = np.random.default_rng(seed)
    means = np.zeros(resamples)
    for values in grouped.values():
        picks = rng.integers(len(values), size=(resamples, len(values)))
        means += values[picks].mean(axis=1) / len(grouped)
    low, high = np.percentile(means, [2.5, 97.5])
    value = metrics.mean_over_users({user: values.tolist() for user, values in grouped.items()})
    return {"value": value, "low": float(low), "high": float(high)}
