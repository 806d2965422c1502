"""Explaining a search: the score of every shown sticker in every field, token by token.

A cell is one field of one sticker. Of the some hundred cells that a search shows, half are empty, so scores come as
arrays of the cells that are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from persrv.records import FIELDS, FieldScore, FloatArray, ScoreArray

#: A FieldScore of a tuple of its fields: twice as fast as calling the class.
_field_score = partial(tuple.__new__, FieldScore)


class Given(NamedTuple):
    """The scores of c non-empty cells, by sticker and then by field, and the s shares of tokens that they sum."""

    cells: NDArray[np.int64]  # (c,) place of the sticker x fields + field
    bm25: ScoreArray  # (c,) the sum of its shares
    counts: NDArray[np.int64]  # (c,) how many shares it has
    tokens: NDArray[np.int64]  # (s,) places among the tokens asked, ascending in a cell
    shares: ScoreArray  # (s,) what each gave, not 0


def given(impacts: FloatArray, times: NDArray[np.float64]) -> Given:
    """Sum an engine's impacts (fields, tokens, n; NaN where absent) to cells. times: (tokens,) how often each token was
    typed; a token typed twice counts twice, as in BM25 Okapi.
    """
    fields, tokens, stickers = impacts.shape
    each = impacts.transpose(2, 0, 1).reshape(stickers * fields, tokens).astype(np.float64)
    shares = np.where(np.isnan(each), 0, each) * times
    counts = np.count_nonzero(shares, axis=1)
    cells, (of_share, token) = np.flatnonzero(counts), np.nonzero(shares)
    sums = np.cumsum(shares, axis=1)[:, -1] if tokens else np.zeros(len(shares))  # one after the other
    return Given(cells, sums[cells], counts[cells], token, shares[of_share, token])


def field_scores(
    given: Given, stickers: int, tokens: Sequence[str], field_weights: Mapping[str, float]
) -> list[tuple[FieldScore, ...]]:
    """The field scores of each sticker, in the order of records.FIELDS."""
    weights = [float(field_weights.get(name, 0.0)) for name in FIELDS]
    every = [FieldScore(name, 0.0, weight, {}) for name, weight in zip(FIELDS, weights, strict=True)] * stickers
    names, shares, first = [*map(tokens.__getitem__, given.tokens.tolist())], given.shares.tolist(), 0
    for cell, bm25, count in zip(given.cells.tolist(), given.bm25.tolist(), given.counts.tolist(), strict=True):
        field, last = cell % len(FIELDS), first + count
        by_token = {names[first]: bm25} if count == 1 else dict(zip(names[first:last], shares[first:last], strict=True))
        every[cell] = _field_score((FIELDS[field], bm25, weights[field], by_token))
        first = last
    return [*zip(*[iter(every)] * len(FIELDS), strict=True)]
