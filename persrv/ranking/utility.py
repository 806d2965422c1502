"""Utility of a sticker: how widely it is used, whatever the query (Eq. 1-5)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.records import FloatArray, Interaction


def counts(interactions: Sequence[Interaction], sticker_ids: Sequence[str]) -> NDArray[np.int32]:
    """Count Pop, CrossUserAdapt and QueryAdapt (N, 3) of each sticker (Eq. 1-3) in training interactions.

    DataError where an interaction names a sticker outside the catalogue.
    """
    row_of = {sticker: row for row, sticker in enumerate(sticker_ids)}
    unknown = next((i.sticker for i in interactions if i.sticker not in row_of), None)
    if unknown is not None:
        raise DataError(
            f"An interaction names the sticker {unknown!r}",
            "a sticker of the catalogue",
            "Drop such interactions first.",
        )
    columns = (
        popularity(interactions),
        _distinct((i.sticker, i.user) for i in interactions),
        _distinct((i.sticker, i.query) for i in interactions),
    )
    table = np.zeros((len(sticker_ids), 3), np.int32)
    for column, by_sticker in enumerate(columns):
        for sticker, count in by_sticker.items():
            table[row_of[sticker], column] = count
    return table


def popularity(interactions: Iterable[Interaction]) -> dict[str, int]:
    """Clicks of each clicked sticker (Eq. 1)."""
    clicks: dict[str, int] = {}
    for interaction in interactions:
        clicks[interaction.sticker] = clicks.get(interaction.sticker, 0) + 1
    return clicks


def _distinct(pairs: Iterable[tuple[str, Hashable]]) -> dict[str, int]:
    """Distinct users (Eq. 2) or queries (Eq. 3) of each sticker."""
    number: dict[str, int] = {}
    for sticker, _ in set(pairs):
        number[sticker] = number.get(sticker, 0) + 1
    return number


def with_base(table: NDArray[np.int32], base: float) -> NDArray[np.float64]:
    """U (N, 3) of Eq. 4: a count of zero becomes `base`, in (0, 1], so that no data never beats data."""
    return np.where(table == 0, base, table.astype(np.float64))


def normalise(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Norm of Eq. 5: each column divided by its maximum, into (0, 1]."""
    return columns / columns.max(axis=0) if len(columns) else columns


def utility(table: NDArray[np.int32], weights: Sequence[float], base: float) -> tuple[FloatArray, FloatArray]:
    """Utility (N,) = w^T sqrt(Norm(U)) (Eq. 5), and its three summands (N, 3).

    A metric without any data (all counts zero) gives every sticker the same, its weight.
    DataError: base outside (0, 1].
    """
    if not 0 < base <= 1:
        raise DataError(f"A utility base of {base}", "a number above 0 and at most 1", "Choose another base.")
    parts = np.sqrt(normalise(with_base(table, base))) * np.asarray(weights, np.float64)
    return parts.sum(axis=1).astype(np.float32), parts.astype(np.float32)
