"""BM25 Okapi over one field, as an index of precomputed impacts.

The score of a document is the sum, over the query's tokens, of idf(token) x tf part(token, document) (Robertson and
Zaragoza 2009). Neither factor depends on the query, so each posting stores their product, its impact, and a search
only adds. There are two idfs: Lucene's, which is positive for every token and the default, and that of
rank_bm25.BM25Okapi, the paper's and our oracle in the tests. In a small catalogue half of the stickers may say a word;
rank_bm25's is 0 or negative there, and a sticker that says it would not stand before one that does not.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.errors import BundleError
from persrv.files import strict_json
from persrv.records import FloatArray, ScoreArray
from persrv.text.vocabulary import SortedTokens

#: Forms of idf: "lucene" (`positive_idf`) or "rank_bm25" (`floored_idf`).
Idf = Literal["lucene", "rank_bm25"]
IDFS: tuple[Idf, ...] = get_args(Idf)

_VOCABULARY = "vocabulary.json"
_TOKEN_ARRAYS = ("text", "ends", "prefixes")

#: A vocabulary up to this size is one JSON list, a larger one is arrays.
MOST_LISTED = 50_000

#: Documents that are counted at a time while an index is built, and postings that are checked at a time.
_BATCH = 8192
_CHUNK = 1 << 18


def positive_idf(documents_with: NDArray[np.int64], documents: int) -> NDArray[np.float64]:
    """ln(1 + (N - n + .5) / (n + .5)) of each token (V,), Lucene's: positive, whatever share of documents holds it."""
    return np.log1p((documents - documents_with + 0.5) / (documents_with + 0.5))


def floored_idf(documents_with: NDArray[np.int64], documents: int, epsilon: float) -> NDArray[np.float64]:
    """ln((N - n + .5) / (n + .5)) of each token (V,); a negative one becomes epsilon x the average over the vocabulary.

    The average is taken before the floor, as in rank_bm25; in a tiny corpus it may be negative itself.
    """
    idf = np.log(documents - documents_with + 0.5) - np.log(documents_with + 0.5)
    return np.where(idf < 0, epsilon * idf.mean(), idf) if len(idf) else idf


def term_frequency_part(
    frequency: NDArray[np.int64], length: NDArray[np.int64], average_length: float, k1: float, b: float
) -> NDArray[np.float64]:
    """f (k1 + 1) / (f + k1 (1 - b + b length / average length)) of each posting."""
    return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / average_length))


@dataclass(frozen=True, slots=True, eq=False)
class FieldIndex:
    """Impacts of one field, column by column.

    size: number of documents N, empty ones included; columns: token -> column, tokens sorted; indptr (V + 1,) int64;
    rows (P,) int32, ascending within a column; impacts (P,) float32.
    """

    size: int
    columns: Mapping[str, int]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: FloatArray

    @classmethod
    def build(
        cls,
        documents: Iterable[Sequence[str]],
        k1: float = 1.5,
        b: float = 0.75,
        epsilon: float = 0.25,
        idf: Idf = "lucene",
    ) -> FieldIndex:
        """Index token lists, one a document; epsilon counts for the idf "rank_bm25" only.

        Without any token, where rank_bm25 divides by zero, nothing scores.
        """
        postings = Postings()
        stream = iter(documents)
        while batch := list(islice(stream, _BATCH)):
            postings.add(count_tokens(batch))
        return postings.index(k1, b, epsilon, idf)

    @classmethod
    def empty(cls, size: int) -> FieldIndex:
        """The index of a field in which all `size` documents are empty."""
        return cls(size, {}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))

    def postings(self, token: str) -> tuple[NDArray[np.int32], FloatArray]:
        """Rows that hold a token, ascending, and their impacts; empty for an unknown token."""
        column = self.columns.get(token)
        if column is None:
            return self.rows[:0], self.impacts[:0]
        part = slice(self.indptr[column], self.indptr[column + 1])
        return self.rows[part], self.impacts[part]

    def scores(self, tokens: Iterable[str]) -> ScoreArray:
        """BM25 (N,) of every document, summed token by token. A token given twice counts twice."""
        total = np.zeros(self.size)
        for token in tokens:
            rows, impacts = self.postings(token)
            total[rows] += impacts  # a row stands in a column once, so no addition is lost
        return total

    def matched(self, tokens: Iterable[str]) -> NDArray[np.bool_]:
        """Return which documents (N,) hold at least one of the tokens, even where the token's impact is 0."""
        found = np.zeros(self.size, bool)
        for token in tokens:
            found[self.postings(token)[0]] = True
        return found

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder; the same index gives the same bytes.

        A vocabulary of more than MOST_LISTED tokens is written as arrays, which open without being read.
        """
        np.save(folder / "indptr.npy", self.indptr, allow_pickle=False)
        np.save(folder / "rows.npy", self.rows, allow_pickle=False)
        np.save(folder / "impacts.npy", self.impacts, allow_pickle=False)
        content: dict[str, object] = {"size": self.size}
        if len(self.columns) > MOST_LISTED:
            tokens = _sorted_tokens(self.columns)
            for name in _TOKEN_ARRAYS:
                np.save(folder / f"tokens_{name}.npy", getattr(tokens, name), allow_pickle=False)
        else:
            content["tokens"] = list(self.columns)
        (folder / _VOCABULARY).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, thorough: bool = True) -> FieldIndex:
        """Open a saved index with memory-mapped arrays. BundleError where its parts are missing or do not fit together.

        thorough: also check the order of all rows and of all tokens. Without it, only errors that could lead a search
        outside the arrays are looked for, since checking the order reads every posting once more.
        """
        try:
            content = strict_json.read_json(folder / _VOCABULARY)
            size = content["size"]
            if not isinstance(size, int) or size < 0:
                raise ValueError(f"size {size!r}")
            tokens = _open_tokens(folder) if "tokens" not in content else list(content["tokens"])
            indptr, rows, impacts = (
                memory_map.map_array(folder / f"{name}.npy") for name in ("indptr", "rows", "impacts")
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BundleError(
                f"The index {folder} can't be read ({error})", "an index saved by persrv", _REBUILD
            ) from error
        problem = _misfit(size, tokens, indptr, rows, impacts, thorough)
        if problem:
            raise BundleError(f"In the index {folder}, {problem[0]}", problem[1], _REBUILD)
        for part in (rows, impacts):
            memory_map.release(part)  # all of it was looked at
        columns = tokens if isinstance(tokens, SortedTokens) else {token: column for column, token in enumerate(tokens)}
        return cls(size, columns, indptr, rows, impacts)


@dataclass(frozen=True, slots=True, eq=False)
class TokenCounts:
    """Token counts of n documents: P entries, sorted by token, then by document.

    tokens: the distinct tokens, sorted; token: (P,) int32, place among `tokens`; document: (P,) int32, below n;
    frequency: (P,) int32, how often the token stands in the document; length: (n,) int64, tokens of each document.
    """

    tokens: list[str]
    token: NDArray[np.int32]
    document: NDArray[np.int32]
    frequency: NDArray[np.int32]
    length: NDArray[np.int64]


def count_tokens(documents: Sequence[Sequence[str]]) -> TokenCounts:
    """Count the tokens of a batch of documents; needs nothing but the batch, so that any process can do it."""
    first_seen: dict[str, int] = {}
    occurrences, lengths = array("q"), array("q")
    for document in documents:
        occurrences.extend(first_seen.setdefault(token, len(first_seen)) for token in document)
        lengths.append(len(document))
    tokens = sorted(first_seen)
    place_of = np.empty(len(tokens), np.int64)
    place_of[[first_seen[token] for token in tokens]] = np.arange(len(tokens))
    length = np.array(lengths, np.int64)
    # one number for (token, document), so that sorting puts every entry in its place and counts its frequency
    key = place_of[np.array(occurrences, np.int64)] * len(length) + np.repeat(np.arange(len(length)), length)
    entry, frequency = np.unique(key, return_counts=True)
    token, row = np.divmod(entry, max(len(length), 1))
    return TokenCounts(tokens, token.astype(np.int32), row.astype(np.int32), frequency.astype(np.int32), length)


class Postings:
    """A collector of the postings of one field, batch after batch, in arrays: no Python object a posting."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}  # token -> number, in the order of appearance
        self._token: list[NDArray[np.int32]] = []
        self._row: list[NDArray[np.int32]] = []
        self._frequency: list[NDArray[np.int32]] = []
        self._length: list[NDArray[np.int64]] = []
        self._size = 0

    def add(self, batch: TokenCounts) -> None:
        """Append the next batch of documents."""
        seen = self._seen
        number = np.fromiter((seen.setdefault(token, len(seen)) for token in batch.tokens), np.int32, len(batch.tokens))
        self._token.append(number[batch.token])
        self._row.append(batch.document + np.int32(self._size))
        self._frequency.append(batch.frequency)
        self._length.append(batch.length)
        self._size += len(batch.length)

    def index(self, k1: float, b: float, epsilon: float, idf: Idf) -> FieldIndex:
        """Build the index of all documents so far. This uses the postings up: nothing can be added afterwards."""
        vocabulary = sorted(self._seen)
        column_of = np.empty(len(vocabulary), np.int32)
        column_of[np.fromiter((self._seen[token] for token in vocabulary), np.int64, len(vocabulary))] = np.arange(
            len(vocabulary), dtype=np.int32
        )
        self._seen = {}
        column = column_of[_joined(self._token, np.int32)]
        order = _stable_order(column)  # rows came in ascending order, so they stay so within a column
        column, row = column[order], _joined(self._row, np.int32)[order]
        frequency, length = _joined(self._frequency, np.int32)[order], _joined(self._length, np.int64)
        del order
        documents_with = np.bincount(column, minlength=len(vocabulary))
        if idf == "lucene":
            telling = positive_idf(documents_with, self._size)
        else:
            telling = floored_idf(documents_with, self._size, epsilon)
        average = float(length.mean()) if self._size else 0.0
        impacts = np.empty(len(row), np.float32)
        for start in range(0, len(row), _CHUNK):  # so that the numbers of double precision stay few
            part = slice(start, start + _CHUNK)
            tf_part = term_frequency_part(frequency[part].astype(np.int64), length[row[part]], average, k1, b)
            impacts[part] = telling[column[part]] * tf_part
        return FieldIndex(
            size=self._size,
            columns={token: column for column, token in enumerate(vocabulary)},
            indptr=np.concatenate([[0], np.cumsum(documents_with)]).astype(np.int64),
            rows=row,
            impacts=impacts,
        )


def _joined(parts: list[NDArray], kind: type) -> NDArray:
    """Join the parts to one array, and empty their list, so that no part is held twice."""
    whole = np.concatenate([np.zeros(0, kind), *parts])
    parts.clear()
    return whole


def _stable_order(column: NDArray[np.int32]) -> NDArray[np.intp]:
    """The stable order (P,) that sorts columns: by their lower 16 bits, then by their upper 16, since numpy sorts such
    small numbers by counting, in linear time.
    """
    order = np.argsort((column & 0xFFFF).astype(np.uint16), kind="stable")
    return order[np.argsort((column >> 16).astype(np.uint16)[order], kind="stable")]


_REBUILD = "Rebuild the bundle."


def _misfit(
    size: int,
    tokens: Sequence[object] | SortedTokens,
    indptr: NDArray,
    rows: NDArray,
    impacts: NDArray,
    thorough: bool,
) -> tuple[str, str] | None:
    """(what was found, what was expected) of the first contradiction between an index's parts; None without one."""
    types = [f"{part.ndim}-d {part.dtype}" for part in (indptr, rows, impacts)]
    if types != ["1-d int64", "1-d int32", "1-d float32"]:
        return f"the arrays are {', '.join(types)}", "1-d int64, 1-d int32, 1-d float32"
    if len(indptr) != len(tokens) + 1 or not len(rows) == len(impacts) == indptr[-1]:
        return "parts differ in length", "matching lengths"
    if indptr[0] != 0 or (np.diff(indptr) < 0).any():
        return "columns overlap", "columns one after the other"
    if isinstance(tokens, SortedTokens):
        problem = tokens.problem() if thorough else None
        if problem:
            return problem, "distinct tokens, sorted"
    elif not all(isinstance(token, str) for token in tokens) or len(set(tokens)) != len(tokens):
        return "tokens are repeated or no text", "distinct tokens"
    for start in range(0, len(rows), _CHUNK):
        part = slice(start, start + _CHUNK)
        problem_here = _misfit_of_rows(size, rows[part], impacts[part])
        if problem_here:
            return problem_here
    if thorough:
        starts = np.zeros(len(rows), bool)
        starts[indptr[:-1][indptr[:-1] < len(rows)]] = True
        if (~starts[1:] & (np.diff(rows) <= 0)).any():
            return "rows of a token are out of order", "ascending rows"
    return None


def _misfit_of_rows(size: int, rows: NDArray[np.int32], impacts: FloatArray) -> tuple[str, str] | None:
    """(found, expected) of rows outside the catalogue or impacts that are not finite; None without any."""
    if rows.view(np.uint32).max() >= size:  # a negative row is a very large one
        return f"a row is outside 0..{size - 1}", "rows of the catalogue"
    if not np.isfinite(impacts).all():
        return "an impact is not finite", "finite impacts"
    return None


def _sorted_tokens(columns: Mapping[str, int]) -> SortedTokens:
    return columns if isinstance(columns, SortedTokens) else SortedTokens.of(list(columns))


def _open_tokens(folder: Path) -> SortedTokens:
    text, ends, prefixes = (
        memory_map.map_array(folder / f"tokens_{name}.npy").view(np.ndarray) for name in _TOKEN_ARRAYS
    )
    if [text.dtype, ends.dtype, prefixes.dtype] != [np.uint8, np.int64, np.uint64] or len(ends) != len(prefixes):
        raise ValueError("the arrays of its tokens don't fit together")
    if len(ends) and (ends[0] < 0 or ends[-1] != len(text) or (np.diff(ends) < 0).any()):
        raise ValueError("its tokens reach outside their text")
    return SortedTokens(text, ends, prefixes)
