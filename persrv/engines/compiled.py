"""Compiled recall, re-ranking and explaining, as numpy does them.

FastRecall gives the rows and scores of persrv.ranking.recall without scoring every sticker, by block-max pruning
(persrv.engines.recall_kernels), and the field scores of persrv.ranking.explanation. FastRerank gives the ranking of
persrv.ranking.rerank, preferences to 1e-6 (persrv.engines.float16_kernels).

All fields together give a sticker far less than the sum of the most that each field gives, so bounds of tokens are of
weighted sums over all fields: kept for the usual field weights, made for others when asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.ranking import rerank, styles
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.explanation import Given
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question
from persrv.ranking.rerank import Ranked
from persrv.records import FloatArray, UserStyle
from persrv.text.vocabulary import tokens_at

if TYPE_CHECKING:
    from persrv.engines.recall_kernels import BoundedUtility, Bounds, Common, Workspace

#: Weights outside this range (but 0) are left to persrv.ranking.recall: float32 could not tell their sums apart, or
#: hold them.
_RANGE = (1e-9, 1e9)

#: A token is common where its postings, over all fields, are more than this share of the stickers.
_COMMON = 1 / 64

#: Bytes of bounds under other weights than the usual ones that are remembered.
_REMEMBERED = 64 << 20

#: The most stickers that are kept in order while re-ranking; for more, sorting all takes less time.
_IN_ORDER = 100

#: Groups of blocks, about: many enough to tell good blocks from others, few enough to look at all of them.
_GROUPS = 4096


@cache
def _kernels() -> Any:
    """Load the module persrv.engines.recall_kernels at first use: importing numba takes a quarter of a second."""
    from persrv.engines import recall_kernels as kernels

    return kernels


@cache
def _halves() -> Any:
    """Load the module persrv.engines.float16_kernels at first use."""
    from persrv.engines import float16_kernels

    return float16_kernels


@lru_cache(maxsize=256)
def _prepared(style: UserStyle) -> tuple[FloatArray, bool]:
    """Rows (k, d) of a style (styles.taste_rows), and whether their products add up, as the kernel takes them."""
    return _fixed(styles.taste_rows(style)), style.discriminants is not None


@dataclass(frozen=True, slots=True)
class _Layout:
    """The numbers of blocks and of groups of blocks for a catalogue's stickers, with some empty blocks at the end."""

    blocks: int
    groups: int

    @classmethod
    def of(cls, size: int) -> _Layout:
        kernels = _kernels()
        blocks = -(-size // kernels.BLOCK)
        in_a_group = 1
        while in_a_group * 2 * _GROUPS <= blocks:
            in_a_group *= 2
        if blocks >= 1 << 24:  # a float32 tells no more whole numbers apart
            raise ValueError(f"{size} stickers are too many for one process")
        windows = -(-blocks // (kernels.LANES * in_a_group))
        return cls(windows * kernels.LANES * in_a_group, windows * kernels.LANES)

    @property
    def words(self) -> int:
        return self.blocks // 8

    def room(self) -> Workspace:
        """Allocate the arrays that one search at a time writes into. Memory that is never touched is never given."""
        return _kernels().Workspace(
            matched=np.empty(self.words, np.uint64),
            histogram=np.empty(_kernels().BUCKETS, np.int32),
            bounds=np.empty(self.blocks, np.float32),
            group_tops=np.empty(self.groups, np.float32),
            blocks=np.empty(self.blocks, np.int32),
            sums=np.empty((self.blocks, 8), np.float32),
            most=np.empty(self.blocks, np.float32),
            held=np.empty(self.blocks, np.uint8),
            postings=np.empty(self.blocks * 8, np.int64),
            targets=np.empty(self.blocks * 8, np.int64),
            found=np.empty(self.blocks * 8, np.int32),
            slots=np.empty(self.blocks * 8, np.int32),
        )


class FastRerank:
    """The compiled re-ranking of one catalogue of float16 embeddings."""

    def __init__(self, embeddings: NDArray[np.floating], mean: FloatArray | None, tie: NDArray[np.intp]) -> None:
        """embeddings (N, d): of which `suits` is true; mean (d,): that the style space subtracts
        (persrv.ranking.styles).
        """
        self._bits = _fixed(embeddings.view(np.uint16))
        self._mean = _fixed(np.zeros(embeddings.shape[1], np.float32) if mean is None else np.asarray(mean, np.float32))
        self._tie = _fixed(np.ascontiguousarray(tie, np.int64))

    @staticmethod
    def suits(embeddings: NDArray[np.floating]) -> bool:
        """Return whether compiled code can read these embeddings: float16, row by row in memory."""
        return embeddings.dtype == np.float16 and embeddings.flags.c_contiguous

    def preference(self, style: UserStyle, rows: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Preference and cluster (n,) of some rows (persrv.ranking.styles.preference), to 1e-6."""
        values, clusters = np.empty(len(rows), np.float32), np.empty(len(rows), np.intp)
        wanted = np.ascontiguousarray(rows, np.int64)
        _halves().preference(self._bits, wanted, self._mean, *_prepared(style), values, clusters)
        return values, clusters

    def rerank(self, style: UserStyle, recalled: Recalled, alpha: float, top: int) -> Ranked:
        """Re-rank recalled stickers by that preference (persrv.ranking.rerank.reranked)."""
        rows, relevance, scores, *_ = recalled
        top = min(top, len(rows))
        if top > _IN_ORDER:
            return rerank.reranked(recalled, *self.preference(style, rows), alpha, self._tie, top)
        numbers, values = np.empty((3, top), np.int64), np.empty((4, top))
        known = self._bits, self._mean, *_prepared(style), self._tie
        _halves().rerank(*known, np.ascontiguousarray(rows, np.int64), relevance, scores, float(alpha), numbers, values)
        return Ranked(numbers[0], numbers[1], values[0], values[1], values[2], numbers[2], values[3])


def bounded(utility: FloatArray) -> BoundedUtility:
    """Utility (N,), at least 0, with its bounds for blocks."""
    values = _fixed(np.asarray(utility, np.float32))
    least_and_most = np.array([values.min(), values.max()], np.float32)
    tops = np.zeros(_Layout.of(len(values)).blocks, np.uint8)
    _kernels().bound_values(values, least_and_most[1], tops)
    return _kernels().BoundedUtility(values, _fixed(least_and_most), _fixed(tops))


class FastRecall:
    """The compiled recall of one catalogue of at least one sticker."""

    def __init__(self, index: Mapping[str, FieldIndex], tie: NDArray[np.intp], usual: Mapping[str, float]) -> None:
        """usual: the field weights for which bounds of common tokens are kept. At most 8 fields: a mask is a byte."""
        if len(index) > 8:
            raise ValueError(f"{len(index)} fields, where a mask of 8 bits tells which hold a token")
        self._kernels = _kernels()
        self._names, self._index = tuple(index), tuple(index.values())
        self._layout = _Layout.of(len(tie))
        self._tie = _fixed(np.ascontiguousarray(tie, np.int64))
        self._usual = tuple(weight if _fits(weight) else 0.0 for weight in self._weights(usual))
        indptr, rows, impacts = (
            tuple(_fixed(getattr(each, name)) for each in self._index) for name in ("indptr", "rows", "impacts")
        )
        sizes = np.array([max(each.max(initial=0), -each.min(initial=0)) for each in impacts], np.float32)
        self._fields = self._kernels.Fields(indptr, rows, impacts, _fixed(sizes))
        common = self._common_tokens()
        self._places = {token: place for place, token in enumerate(common)}
        self._common, self._bounds = self._postings_of(common)
        for each in self._index:
            memory_map.release(each.rows)  # searches take up again what they need
            memory_map.release(each.impacts)
        self._idle: list[Workspace] = []
        self._bound = lru_cache(maxsize=max(_REMEMBERED // self._layout.blocks, 16))(self._make_bound)
        self._array_of = lru_cache(maxsize=64)(self._as_array)
        self._of_token = lru_cache(maxsize=1 << 16)(self._look_up_token)
        # a search asks twice: to recall, and to explain what it shows
        self._of_tokens = lru_cache(maxsize=64)(self._look_up)

    def _weights(self, field_weights: Mapping[str, float]) -> tuple[float, ...]:
        return tuple(float(field_weights.get(name, 0.0)) for name in self._names)

    def _as_array(self, weights: tuple[float, ...]) -> NDArray[np.float64]:
        return _fixed(np.array(weights, np.float64))

    def _common_tokens(self) -> list[str]:
        """The tokens with more postings, over all fields, than a 64th of the stickers."""
        counted = Counter[str]()
        for field in self._index:
            lengths = np.diff(field.indptr)
            often = np.flatnonzero(lengths > _COMMON * len(self._tie) / len(self._index))
            tokens = tokens_at(field.columns, often.tolist())
            counted.update(dict(zip(tokens, lengths[often].tolist(), strict=True)))
        return sorted(token for token, number in counted.items() if number > _COMMON * len(self._tie))

    def _postings_of(self, tokens: Sequence[str]) -> tuple[Common, Bounds]:
        """Gather the postings of common tokens, and their bounds under the usual weights."""
        kernels, layout, size = self._kernels, self._layout, len(self._tie)
        columns = np.array([[each.columns.get(token, -1) for each in self._index] for token in tokens], np.int64)
        columns, weights = columns.reshape(-1, len(self._index)), self._as_array(self._usual)
        indptr, rows, impacts, _ = self._fields
        words, masks = np.zeros((len(tokens), layout.words), np.uint64), np.zeros(size, np.uint8)
        counts = np.zeros(len(tokens), np.int64)
        kernels.count_common(columns, indptr, rows, words, masks, counts)
        firsts = np.concatenate([[0], np.cumsum(-(-counts // 8) * 8)])
        parts = sum(int(np.diff(each)[held[held >= 0]].sum()) for each, held in zip(indptr, columns.T, strict=True))
        common = kernels.Common(
            words=words,
            starts=np.zeros((len(tokens), -(-layout.words // kernels.STRETCH)), np.int32),
            firsts=firsts,
            records=np.zeros((firsts[-1] // 8, 4), np.uint64),
            parts=np.zeros(parts, np.float32),
            least=np.zeros(len(tokens), np.float32),
            most=np.zeros(len(tokens), np.float32),
        )
        into = masks, np.empty(size, np.int64), np.empty(size, np.int32)
        kernels.fill_common(columns, indptr, rows, impacts, common, *into)
        tops, highs = np.zeros((len(tokens), layout.blocks), np.uint8), np.empty(layout.blocks, np.float32)
        for place, count in enumerate(counts.tolist()):
            least_and_most = kernels.bound_common(common, place, weights, highs, tops[place])
            common.least[place], common.most[place] = least_and_most
            kernels.fill_values(common, place, count, weights)
        return kernels.Common(*map(_fixed, common)), kernels.Bounds(_fixed(common.most), _fixed(tops))

    def _bounds_of(self, places: NDArray[np.int64], weights: tuple[float, ...]) -> tuple[Bounds, NDArray[np.int64]]:
        """Bounds of common tokens under some weights, and the place (T,) of each token's bounds, -1 for none; places
        (T,): of each token among the common ones, -1 for others.
        """
        if weights == self._usual:
            return self._bounds, places
        distinct = [place for place in dict.fromkeys(places.tolist()) if place >= 0]
        found = [self._bound(place, weights) for place in distinct]
        tops = np.array([tops for _, tops in found], np.uint8).reshape(len(found), self._layout.blocks)
        where = {place: number for number, place in enumerate(distinct)}
        bounds = self._kernels.Bounds(_fixed(np.array([most for most, _ in found], np.float32)), _fixed(tops))
        return bounds, np.array([where.get(place, -1) for place in places.tolist()], np.int64)

    def _make_bound(self, place: int, weights: tuple[float, ...]) -> tuple[float, NDArray[np.uint8]]:
        """Bound a common token under some weights: its largest weighted sum, and its tops (B,)."""
        tops, highs = np.empty(self._layout.blocks, np.uint8), np.empty(self._layout.blocks, np.float32)
        _, most = self._kernels.bound_common(self._common, place, self._array_of(weights), highs, tops)
        return most, tops

    def can(self, question: Question, lambdas: Sequence[float]) -> bool:
        """Return whether float32 can tell sums under these weights apart. Asked before utility is bounded."""
        return all(map(_fits, (*question.field_weights.values(), *question.utility_weights, *lambdas)))

    def recall(
        self, question: Question, worth: BoundedUtility, lambdas: Sequence[float], size: int
    ) -> tuple[Recalled, ...]:
        """Recall the best `size` matching stickers for each lambda, as persrv.ranking.recall defines them."""
        size = min(size, len(self._tie))
        weights = self._weights(question.field_weights)
        rows = np.empty((len(lambdas), size), np.int64)
        relevance, scores = np.empty((len(lambdas), size)), np.empty((len(lambdas), size))
        number = np.empty(len(lambdas), np.int64)
        try:
            room = self._idle.pop()  # one list operation, which no other thread can come between
        except IndexError:
            room = self._layout.room()
        columns, places = self._of_tokens(tuple(question.tokens))
        bounds, bounded = self._bounds_of(places, weights)
        matched = self._kernels.recall(
            columns,
            places,
            bounded,
            weights == self._usual,
            self._array_of(weights),
            np.array(lambdas, np.float64),
            size,
            self._fields,
            self._common,
            bounds,
            worth,
            self._tie,
            room,
            rows,
            relevance,
            scores,
            number,
        )
        self._idle.append(room)
        return tuple(
            Recalled(rows[which, :n], relevance[which, :n], scores[which, :n], matched)
            for which, n in enumerate(number.tolist())
        )

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Impacts (fields, tokens, n), as persrv.ranking.recall.impacts."""
        found = np.full((len(tokens), len(rows), len(self._index)), np.nan, np.float32)
        wanted = np.ascontiguousarray(rows, np.int64)
        self._kernels.impacts(*self._of_tokens(tuple(tokens)), self._fields, self._common, wanted, found)
        return found.transpose(2, 0, 1)

    def given(self, tokens: Sequence[str], times: NDArray[np.float64], rows: NDArray[np.intp]) -> Given:
        """Field scores of some rows, as persrv.ranking.explanation.given."""
        wanted, columns = np.ascontiguousarray(rows, np.int64), self._of_tokens(tuple(tokens))
        return Given(*self._kernels.given(*columns, times, self._fields, self._common, wanted))

    def _look_up(self, tokens: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns (F, T) of each token in each field and its place (T,) among the common tokens, -1 for none."""
        known = np.array([*map(self._of_token, tokens)], np.int64).reshape(len(tokens), len(self._index) + 1)
        return np.ascontiguousarray(known[:, 1:].T), np.ascontiguousarray(known[:, 0])

    def _look_up_token(self, token: str) -> tuple[int, ...]:
        """The token's place among the common tokens, then its column in each field, -1 for none."""
        return (self._places.get(token, -1), *(each.columns.get(token, -1) for each in self._index))


def _fits(weight: float) -> bool:
    low, high = _RANGE
    return weight == 0 or low <= weight <= high


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    """A read-only view of the same memory, so that one compiled version fits arrays of memory and of files."""
    view = np.ascontiguousarray(values).view(np.ndarray)
    view.flags.writeable = False
    return view
