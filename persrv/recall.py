"""Recall: weighted BM25 of the fields plus utility, and the best R of what matches (Eq. 6-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.bm25 import FieldIndex
from persrv.records import FloatArray


def relevance(
    index: Mapping[str, FieldIndex], tokens: Sequence[str], field_weights: Mapping[str, float]
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Relevance(q; Semantics_s) (N,): sum over fields of weight x BM25; and which stickers (N,) match.

    A sticker matches when a field of positive weight holds a token of the query, even where BM25 gives that token 0.
    """
    size = next(iter(index.values())).size
    total, matched = np.zeros(size, np.float32), np.zeros(size, bool)
    for field, field_index in index.items():
        weight = np.float32(field_weights.get(field, 0.0))
        if weight > 0:
            for token in tokens:
                rows, impacts = field_index.postings(token)
                total[rows] += weight * impacts
                matched[rows] = True
    return total, matched


def recall_scores(relevance: FloatArray, utility: FloatArray, lambda_: float) -> FloatArray:
    """Recall Score_q(s) = Relevance + lambda x Utility_s (Eq. 6; the paper has lambda 1), elementwise."""
    return relevance + np.float32(lambda_) * utility


def recall(
    relevance: FloatArray,
    matched: NDArray[np.bool_],
    utility: FloatArray,
    lambda_: float,
    size: int,
    tie: NDArray[np.intp],
) -> tuple[NDArray[np.intp], FloatArray]:
    """Rows of the best `size` matching stickers, best first, and their recall scores.

    `tie` (N,): place of each row in the order of ids; of equal scores the smaller place wins, also at the cut.
    """
    rows = np.flatnonzero(matched)
    scores = recall_scores(relevance[rows], utility[rows], lambda_)
    if len(rows) > size:  # keep everything as good as the size-th, so that the cut's ties are decided by id
        worst = np.partition(scores, len(rows) - size)[len(rows) - size]
        rows, scores = rows[scores >= worst], scores[scores >= worst]
    best = np.lexsort((tie[rows], -scores))[:size]
    return rows[best], scores[best]
