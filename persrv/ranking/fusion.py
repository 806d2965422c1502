"""Words and meaning as one relevance: their convex combination (Bruch et al. 2023, arXiv 2210.11934).

BM25 has no upper end that all queries share, so it counts in units of the query's ideal before it is mixed with a
likeness, which lies in [0, 1]. The unit depends on the query and the catalogue alone: relevance stays linear in every
weight.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray, ScoreArray

#: Below this likeness meaning alone makes no sticker a candidate.
NEAR = 0.4


def positive_idf(holders: NDArray[np.int64], stickers: int) -> NDArray[np.float64]:
    """ln(1 + (N - n + 0.5) / (n + 0.5)) of tokens that n of N stickers hold: above 0 for every n (Lucene's BM25)."""
    return np.asarray(np.log1p((stickers - holders + 0.5) / (holders + 0.5)))


def ideal(holders: Sequence[int], stickers: int, k1: float = 1.5) -> float:
    """Upper limit of a query's BM25, for a text that repeats each token without end: the sum of idf x (k1 + 1) over the
    tokens as typed.

    holders: the number of stickers that hold each token. 1 for a query without tokens, since scores are divided by the
    limit.
    """
    if not holders:
        return 1.0
    return float((k1 + 1) * positive_idf(np.asarray(holders, np.int64), stickers).sum())


def relevance(words: ScoreArray, ideal_: float, likeness: FloatArray, meaning: float) -> ScoreArray:
    """(1 - meaning) x words / ideal + meaning x likeness, elementwise (n,), float64."""
    return (1 - meaning) * words / ideal_ + meaning * likeness.astype(np.float64)


def fits(relevance_: ScoreArray, floor: float) -> NDArray[np.bool_]:
    """Return which stickers (n,) reach the share `floor` of the best relevance among them; all if floor is 0."""
    return relevance_ >= floor * relevance_.max(initial=0.0)
