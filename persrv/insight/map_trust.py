"""Trust in a map: neighbours on it against neighbours in the space that it was made from.

Spaces: `vectors` (n, d) are unit rows of the style space, where near means a large cosine; `xy` (n, 2) are places on
the map, where near means a small Euclidean distance. No sticker is its own neighbour; ties go to the lower row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray

Rows = NDArray[np.intp]

#: Stickers whose cosines with all others are computed in one product: few enough to stay small in memory.
_AT_ONCE = 64


def nearest_on_map(xy: FloatArray, row: int, top: int) -> Rows:
    """Rows of the `top` stickers nearest to a row on the map, nearest first."""
    distances = np.square(np.asarray(xy, np.float64) - xy[row]).sum(axis=1)
    distances[row] = np.inf
    wanted = min(top, len(xy) - 1)
    farthest = np.partition(distances, wanted)[wanted]  # so that only the nearest few are sorted
    near = np.flatnonzero(distances <= farthest)
    return near[np.argsort(distances[near], kind="stable")][:wanted]


def ranks(cosines: FloatArray, row: int, others: Rows) -> Rows:
    """The rank r(row, j) by cosine (n,) with `row` of each j of `others` among all stickers: 1 for the nearest."""
    nearer = cosines[None, :] > cosines[others, None]
    tied = (cosines[None, :] == cosines[others, None]) & (np.arange(len(cosines))[None, :] < others[:, None])
    counted = nearer | tied
    counted[:, row] = False
    return counted.sum(axis=1) + 1


def trustworthiness(vectors: FloatArray, xy: FloatArray, k: int, rows: Rows | None = None) -> float:
    """Trustworthiness T(k) of a map, at most 1 (Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection
    methods").

    T(k) = 1 - 2 / (n k (2n - 3k - 1)) * sum_i sum_{j in U_k(i)} (r(i, j) - k), where U_k(i) are those of the k nearest
    of i on the map that are not among its k nearest in the space: 1 where the map invents no neighbour.
    rows: the i to sum over (n in the first factor becomes their number), None for all. NaN unless 0 < k < n / 2.
    """
    n = len(xy)
    chosen = np.arange(n) if rows is None else rows
    if not 0 < k < n / 2 or not len(chosen):
        return float("nan")
    penalties = []
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        for cosines, row in zip(vectors[part] @ vectors.T, part.tolist(), strict=True):
            penalties.append(np.maximum(ranks(cosines, row, nearest_on_map(xy, row, k)) - k, 0).sum())
    return float(1 - 2 / (k * (2 * n - 3 * k - 1)) * np.mean(penalties))
