"""Ranking metrics, one function each.

A ranking is judged as `hits`: a boolean array over its places, best first, True where the sticker there is relevant.
Rankings hold every sticker once. All cut-offs of a query come from one ranking, so that @10 is a prefix of @20.
Without any relevant sticker a question has no answer: R@k is NaN; callers drop such queries. No hit gives 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Hits = NDArray[np.bool_]


def m_mrr(hits: Hits, k: int) -> float:
    """M-MRR@k of one query: the sum of 1 / rank over ALL hits in the top k, as in the authors' code; may exceed 1."""
    return float(np.sum(1.0 / (np.flatnonzero(hits[:k]) + 1)))


def reciprocal_rank(hits: Hits) -> float:
    """1 / rank of the first hit, 0 without one; its mean over queries is MRR."""
    places = np.flatnonzero(hits)
    return 1.0 / (int(places[0]) + 1) if len(places) else 0.0


def recall(hits: Hits, relevant: int, k: int) -> float:
    """R@k: hits in the top k / distinct relevant stickers; NaN where nothing is relevant."""
    return float(np.count_nonzero(hits[:k])) / relevant if relevant else float("nan")


def success(hits: Hits, k: int) -> float:
    """Success@k: 1 if there is a hit in the top k, else 0."""
    return float(np.any(hits[:k]))


def mean_over_users(values: Mapping[str, Sequence[float]]) -> float:
    """Macro average: the mean of each user's queries, then of the users, as in the paper; NaN without any query."""
    means = [float(np.mean(queries)) for queries in values.values() if len(queries)]
    return float(np.mean(means)) if means else float("nan")


def mean_over_queries(values: Mapping[str, Sequence[float]]) -> float:
    """Micro average: every (user, query) pair weighs the same; NaN without any."""
    flat = [value for queries in values.values() for value in queries]
    return float(np.mean(flat)) if flat else float("nan")
