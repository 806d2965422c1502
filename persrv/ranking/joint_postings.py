"""The postings of all fields together, token by token, by which a small catalogue is scored.

A query asks every field for every token, more than once: to score, to find what matches, to explain. One look-up for
all fields does with a sixth of the calls, and gives the numbers of persrv.ranking.recall to the last bit, since it adds
them in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.explanation import Given
from persrv.records import FloatArray, ScoreArray

#: Queries whose scores are remembered: feedback and recall ask for the same ones.
_REMEMBERED = 4


class JointPostings:
    """The postings of the fields of N stickers, at least one field. Made by `joint_postings`, once for an index."""

    def __init__(self, fields: Sequence[FieldIndex]) -> None:
        self.size, self.fields = fields[0].size, len(fields)
        self._number: dict[str, int] = {}
        numbers = [
            np.array([self._number.setdefault(token, len(self._number)) for token in field.columns], np.intp)
            for field in fields
        ]
        counts = np.zeros((len(self._number), len(fields)), np.int64)
        for place, (field, number) in enumerate(zip(fields, numbers, strict=True)):
            counts[number, place] = np.diff(field.indptr)
        of_posting = [np.repeat(number, np.diff(field.indptr)) for field, number in zip(fields, numbers, strict=True)]
        order = np.argsort(np.concatenate(of_posting), kind="stable")
        keys = [place * self.size + field.rows.astype(np.intp) for place, field in enumerate(fields)]
        self._scores = lru_cache(_REMEMBERED)(lambda tokens: self._summed(*self._of(tokens)))
        #: Place of each posting in a table of fields x stickers, ascending for each token; and its impact.
        self._keys = np.concatenate(keys)[order]
        self._impacts = np.concatenate([field.impacts for field in fields])[order]
        self._ends = np.cumsum(counts.sum(axis=1)).tolist()
        self._holders = counts.max(axis=1, initial=0).tolist()

    def holders(self, token: str) -> int:
        """The number of stickers that hold a token in the field where most do."""
        number = self._number.get(token)
        return 0 if number is None else int(self._holders[number])

    def scores(self, tokens: Sequence[str]) -> ScoreArray:
        """BM25 (fields, N), as FieldIndex.scores of each field; not to be written to."""
        return self._scores(tuple(tokens))

    def relevance(
        self, tokens: Sequence[str], field_weights: Mapping[str, float], names: Sequence[str]
    ) -> tuple[ScoreArray, NDArray[np.bool_]]:
        """Compute persrv.ranking.recall.relevance. names: of the fields, in their order."""
        scores, held = self.scores(tokens), np.zeros(self.fields * self.size, bool)
        for token in tokens:
            held[self._keys[self._slice(token)]] = True
        total, matched = np.zeros(self.size), np.zeros(self.size, bool)
        for name, of_field, holds in zip(names, scores, held.reshape(scores.shape), strict=True):
            weight = field_weights.get(name, 0.0)
            if weight > 0:
                total += weight * of_field
                matched |= holds
        return total, matched

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Compute persrv.ranking.recall.impacts: (fields, tokens, n), NaN where a row lacks a token."""
        shape = self.fields, len(tokens), len(rows)
        parts = [self._slice(token) for token in tokens]
        if not any(part.stop > part.start for part in parts):
            return np.full(shape, np.nan, np.float32)
        cells = self.fields * self.size
        held = np.concatenate([self._keys[part] + cells * place for place, part in enumerate(parts)])
        impacts = np.concatenate([self._impacts[part] for part in parts])
        of_field = np.arange(self.fields)[:, None, None] * self.size
        wanted = of_field + np.arange(len(tokens))[:, None] * cells + rows
        places = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
        return np.where(held[places] == wanted, impacts[places], np.float32(np.nan))

    def given(self, tokens: Sequence[str], times: NDArray[np.float64], rows: NDArray[np.intp]) -> Given:
        """Compute persrv.ranking.explanation.given of the impacts; rows (n,): each once."""
        cell_of_key = np.full(self.fields * self.size, -1)
        place = np.arange(len(rows)) * self.fields
        for field in range(self.fields):
            cell_of_key[field * self.size + rows] = place + field
        parts = [self._slice(token) for token in tokens]
        of_posting = np.repeat(np.arange(len(parts)), [part.stop - part.start for part in parts])
        keys, impacts = self._of(tokens)
        cells = cell_of_key[keys]
        held = np.flatnonzero((cells >= 0) & (impacts != 0))
        held = held[np.argsort(cells[held], kind="stable")]  # tokens ascend in a cell
        cells, asked = cells[held], of_posting[held]
        shares = impacts[held].astype(np.float64) * times[asked]
        counts = np.bincount(cells, minlength=self.fields * len(rows))
        said = np.flatnonzero(counts)
        bm25 = np.asarray(np.bincount(cells, shares, len(counts)), np.float64)  # one after the other
        return Given(said, bm25[said], counts[said], asked, shares)

    def _slice(self, token: str) -> slice:
        number = self._number.get(token)
        if number is None:
            return slice(0, 0)
        return slice(self._ends[number - 1] if number else 0, self._ends[number])

    def _of(self, tokens: Sequence[str]) -> tuple[NDArray[np.intp], FloatArray]:
        """Keys and impacts of all postings of some tokens, one token after the other."""
        parts = [self._slice(token) for token in tokens] or [slice(0, 0)]
        return np.concatenate([self._keys[part] for part in parts]), np.concatenate(
            [self._impacts[part] for part in parts]
        )

    def _summed(self, keys: NDArray[np.intp], impacts: FloatArray) -> ScoreArray:
        """Scores (fields, N): impacts added up in their order."""
        summed = np.bincount(keys, impacts.astype(np.float64), self.fields * self.size)
        return np.asarray(summed, np.float64).reshape(self.fields, self.size)


@lru_cache(maxsize=2)
def joint_postings(fields: tuple[FieldIndex, ...]) -> JointPostings:
    """The joint postings of the fields of one index: everybody who asks for the same fields shares them."""
    return JointPostings(fields)
