"""Recall: weighted BM25 of the fields plus utility, and the best R of the matching stickers (Eq. 6-8).

This is the definition, over every sticker, in float64 and in a fixed order of additions, so that a faster way
(persrv.engines.compiled) can give the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.bm25 import FieldIndex
from persrv.records import FloatArray, ScoreArray


class Recalled(NamedTuple):
    """The best n stickers of one question before re-ranking, best first, ties by id.

    rows, relevance and scores: (n,); matched: how many stickers hold a token of the question in a field of positive
    weight, even where BM25 gives the token 0; whole (n,): which show as much of what the question describes as any
    sticker does, None where it describes no drawing.
    """

    rows: NDArray[np.intp]
    relevance: NDArray[np.float64]
    scores: NDArray[np.float64]
    matched: int
    whole: NDArray[np.bool_] | None = None


def relevance(
    index: Mapping[str, FieldIndex], tokens: Sequence[str], field_weights: Mapping[str, float]
) -> tuple[ScoreArray, NDArray[np.bool_]]:
    """Relevance(q; Semantics_s) (N,): sum over fields of weight x BM25; and which stickers (N,) match.

    A sticker matches when a field of positive weight holds a token of the query, even where BM25 gives that token 0.
    """
    size = next(iter(index.values())).size
    total, matched = np.zeros(size), np.zeros(size, bool)
    for field, field_index in index.items():
        weight = field_weights.get(field, 0.0)
        if weight > 0:
            total += weight * field_index.scores(tokens)
            matched |= field_index.matched(tokens)
    return total, matched


def recall_scores(relevance: ScoreArray, utility: FloatArray, lambda_: float) -> ScoreArray:
    """Recall Score_q(s) = Relevance + lambda x Utility_s (Eq. 6; the paper has lambda 1), elementwise."""
    return relevance + lambda_ * utility.astype(np.float64)


def recall(
    relevance: ScoreArray,
    matched: NDArray[np.bool_],
    utility: FloatArray,
    lambda_: float,
    size: int,
    tie: NDArray[np.intp],
) -> tuple[NDArray[np.intp], ScoreArray]:
    """Rows of the best `size` matching stickers, best first, and their recall scores.

    `tie` (N,): place of each row in the order of ids; of equal scores the smaller place wins, also at the cut.
    """
    rows = np.flatnonzero(matched)
    scores = recall_scores(relevance[rows], utility[rows], lambda_)
    chosen = best(scores, size, tie[rows])
    return rows[chosen], scores[chosen]


def best(scores: ScoreArray, size: int, tie: NDArray[np.intp]) -> NDArray[np.intp]:
    """Places of the `size` largest scores (n,), largest first; equal ones by the smaller tie (n,), at the cut too."""
    kept = np.arange(len(scores))
    if len(scores) > size:  # keep everything as good as the size-th, so that the cut's ties are decided by id
        kept = np.flatnonzero(scores >= np.partition(scores, len(scores) - size)[len(scores) - size])
    return kept[np.lexsort((tie[kept], -scores[kept]))[:size]]


def place(
    relevance: ScoreArray,
    matched: NDArray[np.bool_],
    utility: FloatArray,
    lambda_: float,
    tie: NDArray[np.intp],
    row: int,
) -> int | None:
    """1-based place of a row among all that match, in the order of `recall`; None where it does not match."""
    if not matched[row]:
        return None
    rows = np.flatnonzero(matched)
    scores = recall_scores(relevance[rows], utility[rows], lambda_)
    own = recall_scores(relevance[row : row + 1], utility[row : row + 1], lambda_)[0]
    return int(np.count_nonzero((scores > own) | ((scores == own) & (tie[rows] < tie[row])))) + 1


def impacts(index: Mapping[str, FieldIndex], tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
    """Impacts (fields, tokens, n) of each token on each row in each field, NaN where the row lacks the token."""
    found = np.full((len(index), len(tokens), len(rows)), np.nan, np.float32)
    for field, field_index in enumerate(index.values()):
        for token, name in enumerate(tokens):
            holders, values = field_index.postings(name)
            if len(holders):
                places = np.minimum(np.searchsorted(holders, rows.astype(holders.dtype)), len(holders) - 1)
                held = holders[places] == rows
                found[field, token, held] = values[places[held]]
    return found
