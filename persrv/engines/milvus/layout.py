"""A sticker as Milvus holds it: one sparse vector, whose inner product with a question is never below its recall score.

A pair of field and token has a number: the field's first number plus the token's column in the bundle's index, so the
bundle's content hash settles all numbers. The pair's dimension holds BM25's impact. Milvus takes no negative values and
returns no sticker whose product is zero. But idf's floor may be 0 or less in a small catalogue, and a sticker with such
an impact matches all the same. So an impact that is not positive stands in a second dimension of the pair, without its
sign. The server's score is then too high, never too low. Returned stickers are scored again from their vectors, and the
search goes on until no other sticker can be among the best: see persrv.engines.milvus.engine.

Utility (Eq. 5) is lambda x sum over metrics of w sqrt(U / M), where U is the count, or `base` where it is 0, and M the
largest U. All stickers without clicks have the same utility, so they need no dimension for it; beyond that utility, a
clicked sticker has lambda x w / sqrt(M) x ((sqrt(count) - 1) + (1 - sqrt(base))): two dimensions a metric, holding
sqrt(count) - 1 and 1. So lambda, w and base stay in the question.

A sticker that shares no token must not come in by its utility. Only clicked ones could: they are `guarded`, and hold
the numbers of their pairs as an array that a filter reads.

Where the bundle has meanings, each of its distinct texts has a row too, after all stickers, with its dense vector in a
field beside the sparse one. Texts are guarded and hold no token, so a question of words never meets them; a sticker has
no dense vector, so a question of meaning never meets it. Which sticker holds a text, the bundle knows.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall_contract import Question
from persrv.records import FIELDS, UTILITY_METRICS
from persrv.text.analyser import ANALYSER_VERSION

#: Change it with every change of what a stored sticker looks like: another layout is another collection.
LAYOUT_VERSION = 2

ROW, TERMS, TOKENS, GUARDED, EMBEDDING, MEANING = "row", "terms", "tokens", "guarded", "embedding", "meaning"

#: Dimension of a text, and of a sticker without tokens: Milvus may refuse an empty vector. No question asks for it.
_NOTHING = 0
#: First dimensions of the metrics: of sqrt(count) - 1, and of whether a metric was counted.
_MORE, _COUNTED = 1, 1 + len(UTILITY_METRICS)
_FIRST_TERM = 1 + 2 * len(UTILITY_METRICS)

#: The stored value of an impact of 0: small enough not to count, large enough not to vanish in a product.
_ZERO = 2.0**-64
#: The smallest weight in a question, beside a largest of 1. Raising one loosens the bound; it makes nothing wrong.
_LEAST_WEIGHT = 2.0**-40

#: The longest array Milvus takes. A clicked sticker with more tokens is left unguarded: the client drops it by itself.
MOST_TOKENS = 4096

_BLOCK = 1 << 16  # stickers whose postings are gathered at a time


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The numbers of pairs of field and token for one bundle.

    key: names the bundle's content, the analyser and this layout; size: N; width: d; first: number of each field's
    first token; columns: field -> token -> column; texts: those that have a meaning, 0 without any; meaning_width: of
    their vectors.
    """

    key: str
    size: int
    width: int
    first: Mapping[str, int]
    columns: Mapping[str, Mapping[str, int]]
    content_hash: str
    texts: int = 0
    meaning_width: int = 0

    @classmethod
    def of(cls, bundle: Bundle) -> Layout:
        named = json.dumps([LAYOUT_VERSION, ANALYSER_VERSION, bundle.content_hash])
        first, after = {}, 0
        for field in FIELDS:
            first[field], after = after, after + len(bundle.index[field].columns)
        return cls(
            key=hashlib.sha256(named.encode()).hexdigest()[:16],
            size=len(bundle.ids),
            width=int(bundle.embeddings.shape[1]),
            first=first,
            columns={field: bundle.index[field].columns for field in FIELDS},
            content_hash=bundle.content_hash,
            texts=0 if bundle.meaning is None else len(bundle.meaning.texts),
            meaning_width=0 if bundle.meaning is None else int(bundle.meaning.vectors.shape[1]),
        )

    @property
    def rows(self) -> int:
        """Rows of the collection: stickers, then texts."""
        return self.size + self.texts

    @property
    def kinds(self) -> str:
        """The kinds of rows: stickers, and texts if there are any."""
        return "stickers and texts" if self.texts else "stickers"

    def describe(self) -> str:
        """Describe the collection as JSON, for people who look at the server."""
        facts = {"layout": LAYOUT_VERSION, "analyser": ANALYSER_VERSION, "content_hash": self.content_hash}
        return json.dumps(
            {"made_by": "persrv", **facts, "stickers": self.size, "texts": self.texts, "first": dict(self.first)}
        )

    def number(self, field: str, token: str) -> int | None:
        """The number of a pair; None where no sticker has the pair."""
        column = self.columns[field].get(token)
        return None if column is None else self.first[field] + column


def impact_of(terms: Mapping[int, float], number: int | None) -> float | None:
    """The impact of a pair in a stored vector, to the last bit; None where the sticker lacks it."""
    if number is None:
        return None
    positive = terms.get(_FIRST_TERM + 2 * number)
    if positive is not None:
        return float(positive)
    other = terms.get(_FIRST_TERM + 2 * number + 1)
    return None if other is None else -float(other) if other != _ZERO else 0.0


@dataclass(frozen=True, slots=True)
class MilvusQuestion:
    """A question in the server's terms, for one lambda.

    vector: dimension -> weight; unit: factor from the server's score to ours; slack: the share by which float32 may
    have lowered a score; utility_of_none: lambda x the utility of a sticker without clicks, rounded up.
    """

    vector: Mapping[int, float]
    unit: float
    slack: float
    utility_of_none: float

    def bound(self, score: float) -> float:
        """The highest recall score that a sticker can have to which the server gives at most `score`."""
        return score * self.unit * (1 + self.slack) + self.utility_of_none


def ask(layout: Layout, question: Question, lambda_: float, maxima: NDArray[np.int64]) -> MilvusQuestion:
    """Turn a question into dimensions. maxima (3,): the largest count of each metric over the catalogue."""
    weights: dict[int, float] = {}
    for field in FIELDS:
        weight = question.field_weights.get(field, 0.0)
        for token, times in Counter(question.tokens).items() if weight > 0 else ():
            number = layout.number(field, token)
            if number is not None:
                for dimension in (_FIRST_TERM + 2 * number, _FIRST_TERM + 2 * number + 1):
                    weights[dimension] = weight * times
    of_none = 0.0
    for metric, (of_metric, most) in enumerate(zip(question.utility_weights, maxima.tolist(), strict=True)):
        unit = lambda_ * of_metric / math.sqrt(most or question.utility_base)
        of_none += unit * math.sqrt(question.utility_base)
        if weights and most and unit > 0:
            weights[_MORE + metric] = unit
            weights[_COUNTED + metric] = unit * (1 - math.sqrt(question.utility_base))
    largest = max(weights.values(), default=1.0)
    vector = {dimension: max(weight / largest, _LEAST_WEIGHT) for dimension, weight in weights.items()}
    rounding = 2.0**-23  # of float32: of utility, of every weight, product and sum
    return MilvusQuestion(vector, largest, (len(vector) + 8) * rounding, of_none * (1 + rounding))


def guard(layout: Layout, question: Question) -> str:
    """The filter that lets a clicked sticker in only where it holds a token of the question in a field of positive
    weight.
    """
    numbers = sorted(
        number
        for field in FIELDS
        if question.field_weights.get(field, 0.0) > 0
        for token in set(question.tokens)
        if (number := layout.number(field, token)) is not None
    )
    return f"{GUARDED} == false or array_contains_any({TOKENS}, {numbers})"


def stored_rows(bundle: Bundle, layout: Layout, start: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every row of the collection from `start` on, as it is inserted."""
    absent = {MEANING: None} if layout.texts else {}
    for sticker in stored_stickers(bundle, layout, start):
        yield {**sticker, **absent}
    if bundle.meaning is not None:
        vectors = bundle.meaning.vectors
        for text in range(max(start - layout.size, 0), layout.texts):
            empty = {TERMS: {_NOTHING: 1.0}, TOKENS: [], GUARDED: True, EMBEDDING: None}
            yield {ROW: layout.size + text, MEANING: np.asarray(vectors[text]), **empty}


def stored_stickers(bundle: Bundle, layout: Layout, start: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every sticker from the row `start` on, as it is inserted; postings are gathered block by block."""
    fields = [_Postings(bundle.index[field], start) for field in FIELDS]
    for block in range(start, layout.size, _BLOCK):
        stop = min(block + _BLOCK, layout.size)
        row, number, impact = _terms_of_block(fields, layout)
        limits = np.searchsorted(row, np.arange(block, stop + 1)).tolist()
        dimension = _FIRST_TERM + 2 * number + (impact <= 0)
        value = np.where(impact == 0, np.float32(_ZERO), np.abs(impact))
        counts = np.asarray(bundle.utility_counts[block:stop]).tolist()
        for place in range(stop - block):
            own = slice(limits[place], limits[place + 1])
            terms = dict(zip(dimension[own].tolist(), value[own].tolist(), strict=True))
            worth = _worth(counts[place])
            guarded = bool(worth) and own.stop - own.start <= MOST_TOKENS
            yield {
                ROW: block + place,
                TERMS: {**worth, **terms} or {_NOTHING: 1.0},
                TOKENS: number[own].tolist() if guarded else [],
                GUARDED: guarded,
                EMBEDDING: np.asarray(bundle.embeddings[block + place]),
            }


def _worth(counts: list[int]) -> dict[int, float]:
    """The dimensions of utility of one sticker; none without clicks."""
    worth = {}
    for metric, count in enumerate(counts):
        if count > 0:
            worth[_COUNTED + metric] = 1.0
        if count > 1:
            worth[_MORE + metric] = math.sqrt(count) - 1
    return worth


def _terms_of_block(
    fields: list[_Postings], layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Row, number of the pair, and impact of every posting in the next block of rows, by row."""
    parts = [postings.of_block() for postings in fields]
    numbers = [column + layout.first[field] for field, (_, column, _) in zip(FIELDS, parts, strict=True)]
    row = np.concatenate([part[0] for part in parts])
    order = np.argsort(row, kind="stable")
    return row[order], np.concatenate(numbers)[order], np.concatenate([part[2] for part in parts])[order]


class _Postings:
    """A field's postings, one block of rows after the other, each posting read once.

    Rows ascend within a column, so a column goes on where it stopped, and waits at the block of its next row until
    then: the work for a block grows with its postings, not with the catalogue. Memory holds a number or two a column,
    and one block.
    """

    def __init__(self, index: FieldIndex, start: int) -> None:
        self._index = index
        self._start = start
        self._block = 0
        everything = np.arange(len(index.indptr) - 1)
        self._next = _first_from(index, np.array(index.indptr[:-1], np.int64), everything, start)
        self._waiting: dict[int, list[NDArray[np.int64]]] = {}
        self._wait(everything)

    def of_block(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Row, column and impact of the next block's postings, by column, then by row."""
        columns = np.sort(np.concatenate([np.zeros(0, np.int64), *self._waiting.pop(self._block, [])]))
        self._block += 1
        begin = self._next[columns]
        end = _first_from(self._index, begin, columns, self._start + self._block * _BLOCK)
        self._next[columns] = end
        self._wait(columns)
        lengths = end - begin
        before = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(begin - before, lengths)
        rows, impacts = self._index.rows[places], self._index.impacts[places]
        return rows.astype(np.int64), np.repeat(columns, lengths), np.asarray(impacts)

    def _wait(self, columns: NDArray[np.int64]) -> None:
        """Let columns wait at the block of their next row; a column without one is done."""
        columns = columns[self._next[columns] < self._index.indptr[columns + 1]]
        blocks = (self._index.rows[self._next[columns]].astype(np.int64) - self._start) // _BLOCK
        order = np.argsort(blocks, kind="stable")
        each, first = np.unique(blocks[order], return_index=True)
        for block, group in zip(each.tolist(), np.split(columns[order], first[1:]), strict=False):
            self._waiting.setdefault(block, []).append(group)


def _first_from(index: FieldIndex, begin: NDArray[np.int64], columns: NDArray[np.int64], row: int) -> NDArray[np.int64]:
    """The place of each column's first posting from `begin` on of `row` or a later one, the column's end where there is
    none: a binary search in all columns at once.
    """
    low, high = begin.copy(), np.array(index.indptr[columns + 1], np.int64)
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        earlier = index.rows[middle] < row
        low[open_[earlier]] = middle[earlier] + 1
        high[open_[~earlier]] = middle[~earlier]
    return low
