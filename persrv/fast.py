"""Recall without looking at every sticker twice: the same rows and scores as persrv.recall, compiled (persrv.kernels).

Impacts are added up in float32, list by list, in the order in which memory holds them; that order finds every sticker
whose score could be among the best, given how far float32 may round. Those few are scored again as persrv.recall
defines it, in float64, which needs one posting of each list: a list that holds more than a 64th of the stickers tells
by bits and counts where that is, and a shorter one is read once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv import mapped
from persrv.bm25 import FieldIndex
from persrv.engine import Question, Recalled
from persrv.records import FloatArray, UserStyle
from persrv.styles import cluster_weights

#: Stickers a block: the bits of a word.
BLOCK = 64

#: Weights outside this range (but 0) are left to persrv.recall: float32 could not tell their sums apart.
_RANGE = (1e-9, 1e9)

#: Blocks that are summed at once: 128 kB of sums, which stay near the core; and the groups that lie across them.
_AT_ONCE, _GROUPS = 512, 2048

#: Lists that hold more than this share of the stickers are dense, too.
_DENSE = 0.1

#: Lists that are worth no more than this share of what is needed are looked at for single stickers only.
_SPARED = 0.2


@cache
def _kernels() -> Any:
    """The module persrv.kernels, loaded when first needed: numba takes a quarter of a second."""
    from persrv import kernels

    return kernels


def gather(embeddings: NDArray[np.floating], rows: NDArray[np.intp]) -> FloatArray:
    """Some rows (n, d) of embeddings as float32; finite float16 numbers are converted by compiled code."""
    if embeddings.dtype != np.float16 or not embeddings.flags.c_contiguous:
        return np.asarray(embeddings[rows], np.float32)
    found = np.empty((len(rows), embeddings.shape[1]), np.float32)
    _kernels().gather(_fixed(embeddings.view(np.uint16)), np.ascontiguousarray(rows, np.int64), found)
    return found


def preference(style: UserStyle, mean: FloatArray | None, vectors: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """persrv.styles.preference for raw vectors (n, d) and the style space's mean, to 1e-6."""
    values, clusters = np.empty(len(vectors), np.float32), np.empty(len(vectors), np.intp)
    centre = np.zeros(vectors.shape[1], np.float32) if mean is None else np.asarray(mean, np.float32)
    _kernels().preference(vectors, _fixed(centre), *_prepared(style), values, clusters)
    return values, clusters


@lru_cache(maxsize=256)
def _prepared(style: UserStyle) -> tuple[FloatArray, FloatArray]:
    """Centroids (k, d) and weights (k,) of a style's clusters, as the kernel takes them."""
    return _fixed(np.asarray(style.centroids, np.float32)), _fixed(cluster_weights(style))


@dataclass(frozen=True, slots=True, eq=False)
class _Scratch:
    """What one search at a time writes into; `marked` is all zeros between searches."""

    sums: FloatArray
    tops: FloatArray
    reach: FloatArray
    hopeful: NDArray[np.int32]
    marked: NDArray[np.uint64]
    matched: NDArray[np.uint64]
    found: NDArray[np.int32]
    scores: FloatArray
    slots: NDArray[np.int32]

    @classmethod
    def of(cls, size: int) -> _Scratch:
        blocks = -(-size // BLOCK)
        return cls(
            sums=np.empty(_AT_ONCE * BLOCK, np.float32),
            tops=np.empty(_GROUPS, np.float32),
            reach=np.empty(_GROUPS, np.float32),
            hopeful=np.empty(_GROUPS, np.int32),
            marked=np.zeros(blocks, np.uint64),
            matched=np.empty(blocks, np.uint64),
            found=np.empty(size, np.int32),  # memory that is never touched is never given
            scores=np.empty(size, np.float32),
            slots=np.empty(size, np.int32),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """Utility (N,), at least 0, with what bounds it: the largest of each group (persrv.kernels), the least and most."""

    utility: FloatArray
    tops: FloatArray
    range: FloatArray

    @classmethod
    def of(cls, utility: FloatArray) -> Worth:
        values = np.ascontiguousarray(utility, np.float32)
        turns = -(-len(values) // (_AT_ONCE * BLOCK))
        padded = np.zeros(turns * _AT_ONCE * BLOCK, np.float32)
        padded[: len(values)] = values
        tops = padded.reshape(turns, -1, _GROUPS).max(axis=1)
        return cls(_fixed(values), _fixed(tops), _fixed(np.array([values.min(), values.max()], np.float32)))


class FastRecall:
    """The compiled recall of one catalogue of at least one sticker."""

    def __init__(self, index: Mapping[str, FieldIndex], tie: NDArray[np.intp]) -> None:
        self._kernels = _kernels()
        self._names = tuple(index)
        self._size = len(tie)
        self._tie = _fixed(np.ascontiguousarray(tie, np.int64))
        self._columns = tuple(each.columns for each in index.values())
        self._indptr = tuple(_fixed(each.indptr) for each in index.values())
        self._rows = tuple(_fixed(each.rows) for each in index.values())
        self._impacts = tuple(_fixed(each.impacts) for each in index.values())
        self._describe_long_lists()
        self._dense_lists = self._make_dense()
        self._idle: list[_Scratch] = []
        # a search asks twice: to recall, and to explain what it shows
        self._columns_of = lru_cache(maxsize=64)(self._look_up_columns)

    def _describe_long_lists(self) -> None:
        blocks = -(-self._size // BLOCK)
        columns = [np.flatnonzero(np.diff(indptr) > blocks) for indptr in self._indptr]
        number = sum(map(len, columns))
        bits = np.zeros((number, blocks), np.uint64)
        starts = np.zeros((number, blocks + 1), np.int32)
        extremes = np.zeros((number, 2), np.float32)
        longs, done = [], 0
        for indptr, rows, impacts, some in zip(self._indptr, self._rows, self._impacts, columns, strict=True):
            places = np.full(len(indptr) - 1, -1, np.int32)
            mine = slice(done, done + len(some))
            places[some] = np.arange(done, done + len(some))
            self._kernels.describe(indptr, rows, impacts, some, bits[mine], starts[mine], extremes[mine])
            longs.append(_fixed(places))
            done += len(some)
        self._longs = tuple(longs)
        self._long_lists = _fixed(bits), _fixed(starts), _fixed(extremes)

    def _make_dense(self) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """(L,) which long lists are dense ones, and those (D, N)."""
        _, starts, extremes = self._long_lists
        chosen = (starts[:, -1] > _DENSE * self._size) & (extremes[:, 0] > 0) & (extremes[:, 1] >= 0)
        denses = np.full(len(starts), -1, np.int32)
        denses[chosen] = np.arange(np.count_nonzero(chosen))
        dense = np.zeros((np.count_nonzero(chosen), self._size), np.uint8)
        for indptr, rows, impacts, longs in zip(self._indptr, self._rows, self._impacts, self._longs, strict=True):
            for column in np.flatnonzero(longs >= 0):
                to = denses[longs[column]]
                if to >= 0:
                    step = extremes[longs[column], 0] / np.float32(255)
                    self._kernels.steps(rows, impacts, indptr[column], indptr[column + 1], step, dense[to])
            mapped.release(rows)  # searches take up again what they need
            mapped.release(impacts)
        return _fixed(denses), _fixed(dense)

    def can(self, question: Question, lambdas: Sequence[float]) -> bool:
        """Whether float32 can tell the sums of these weights apart."""
        low, high = _RANGE
        return all(value == 0 or low <= value <= high for value in (*question.field_weights.values(), *lambdas))

    def recall(self, question: Question, worth: Worth, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """The best `size` matching stickers for each lambda, as persrv.recall defines them."""
        size = min(size, self._size)
        weights = np.array([question.field_weights.get(name, 0.0) for name in self._names], np.float64)
        rows = np.empty((len(lambdas), size), np.int64)
        relevance, scores = np.empty((len(lambdas), size)), np.empty((len(lambdas), size))
        number = np.empty(len(lambdas), np.int64)
        try:
            scratch = self._idle.pop()  # one list operation, which no other thread can come between
        except IndexError:
            scratch = _Scratch.of(self._size)
        matched = self._kernels.recall(
            self._columns_of(tuple(question.tokens)),
            weights,
            np.array(lambdas, np.float64),
            size,
            _SPARED,
            self._indptr,
            self._rows,
            self._impacts,
            self._longs,
            *self._long_lists,
            *self._dense_lists,
            worth.utility,
            worth.tops,
            worth.range,
            self._tie,
            scratch.sums,
            scratch.tops,
            scratch.reach,
            scratch.hopeful,
            scratch.marked,
            scratch.matched,
            np.empty((len(lambdas), size), np.float32),
            scratch.found,
            scratch.scores,
            scratch.slots,
            rows,
            relevance,
            scores,
            number,
        )
        self._idle.append(scratch)  # not in a `finally`: what broke off has left its sums behind
        return tuple(
            Recalled(rows[which, :n], relevance[which, :n], scores[which, :n], matched)
            for which, n in enumerate(number.tolist())
        )

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """As persrv.recall.impacts."""
        found = np.full((len(self._names), len(tokens), len(rows)), np.nan, np.float32)
        bits, starts, _ = self._long_lists
        columns = self._columns_of(tuple(tokens))
        where = self._indptr, self._rows, self._impacts, self._longs, bits, starts
        self._kernels.impacts(columns, *where, np.ascontiguousarray(rows, np.int64), found)
        return found

    def _look_up_columns(self, tokens: tuple[str, ...]) -> NDArray[np.int64]:
        """(fields, tokens) the column of each token in each field, -1 where it has none."""
        found = [known.get(token, -1) for known in self._columns for token in tokens]
        return np.array(found, np.int64).reshape(len(self._columns), len(tokens))


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    """The same memory, read-only, so that one compiled version fits arrays of memory and of files."""
    view = np.ascontiguousarray(values).view(np.ndarray)
    view.flags.writeable = False
    return view
