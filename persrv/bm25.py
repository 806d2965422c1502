"""BM25 Okapi over one field, as an index of precomputed impacts.

The score of a document is the sum, over the query's tokens, of idf(token) x tf part(token, document) (Robertson and
Zaragoza 2009). Neither factor depends on the query, so each posting stores their product, its impact, and a search
only adds. Formulas and the floor under negative idf are those of rank_bm25.BM25Okapi, our oracle in the tests.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.errors import BundleError
from persrv.records import FloatArray

_VOCABULARY = "vocabulary.json"


def inverse_document_frequency(
    documents_with: NDArray[np.int64], documents: int, epsilon: float
) -> NDArray[np.float64]:
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
        cls, documents: Iterable[Sequence[str]], k1: float = 1.5, b: float = 0.75, epsilon: float = 0.25
    ) -> FieldIndex:
        """Index token lists, one a document. Without any token, where rank_bm25 divides by zero, nothing scores."""
        first_seen: dict[str, int] = {}
        occurrences, lengths = array("q"), array("q")
        for document in documents:
            occurrences.extend(first_seen.setdefault(token, len(first_seen)) for token in document)
            lengths.append(len(document))
        vocabulary = sorted(first_seen)
        column_of = np.empty(len(vocabulary), np.int64)
        column_of[[first_seen[token] for token in vocabulary]] = np.arange(len(vocabulary))
        length = np.array(lengths, np.int64)
        size = len(length)
        # one number for (column, row), so that sorting puts every posting in its place and counts its frequency
        place = column_of[np.array(occurrences, np.int64)] * size + np.repeat(np.arange(size), length)
        posting, frequency = np.unique(place, return_counts=True)
        column, row = np.divmod(posting, max(size, 1))
        documents_with = np.bincount(column, minlength=len(vocabulary))
        idf = inverse_document_frequency(documents_with, size, epsilon)
        average = float(length.mean()) if size else 0.0
        impacts = idf[column] * term_frequency_part(frequency, length[row], average, k1, b)
        return cls(
            size=size,
            columns={token: column for column, token in enumerate(vocabulary)},
            indptr=np.concatenate([[0], np.cumsum(documents_with)]).astype(np.int64),
            rows=row.astype(np.int32),
            impacts=impacts.astype(np.float32),
        )

    def postings(self, token: str) -> tuple[NDArray[np.int32], FloatArray]:
        """Rows that hold a token, ascending, and their impacts; empty for an unknown token."""
        column = self.columns.get(token)
        if column is None:
            return self.rows[:0], self.impacts[:0]
        part = slice(self.indptr[column], self.indptr[column + 1])
        return self.rows[part], self.impacts[part]

    def scores(self, tokens: Iterable[str]) -> FloatArray:
        """BM25 (N,) of every document. A token given twice counts twice."""
        total = np.zeros(self.size, np.float32)
        for token in tokens:
            rows, impacts = self.postings(token)
            total[rows] += impacts  # a row stands in a column once, so no addition is lost
        return total

    def matched(self, tokens: Iterable[str]) -> NDArray[np.bool_]:
        """Which documents (N,) hold at least one of the tokens, whatever it is worth."""
        found = np.zeros(self.size, bool)
        for token in tokens:
            found[self.postings(token)[0]] = True
        return found

    def token_scores(self, token: str, rows: NDArray[np.intp]) -> FloatArray:
        """What one token gives the documents `rows` (n,): its impact, 0 where the document lacks it."""
        holders, impacts = self.postings(token)
        if not len(holders):
            return np.zeros(len(rows), np.float32)
        places = np.minimum(np.searchsorted(holders, rows.astype(holders.dtype)), len(holders) - 1)
        return np.where(holders[places] == rows, impacts[places], np.float32(0))

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder; the same index gives the same bytes."""
        np.save(folder / "indptr.npy", self.indptr, allow_pickle=False)
        np.save(folder / "rows.npy", self.rows, allow_pickle=False)
        np.save(folder / "impacts.npy", self.impacts, allow_pickle=False)
        content = {"size": self.size, "tokens": list(self.columns)}
        (folder / _VOCABULARY).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FieldIndex:
        """Open a saved index, arrays memory-mapped. BundleError where its parts are missing or don't fit together."""
        try:
            content = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
            size, tokens = int(content["size"]), list(content["tokens"])
            indptr, rows, impacts = (_open_array(folder / f"{name}.npy") for name in ("indptr", "rows", "impacts"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BundleError(
                f"The index {folder} can't be read ({error})", "an index saved by persrv", _REBUILD
            ) from error
        problem = _misfit(size, tokens, indptr, rows, impacts)
        if problem:
            raise BundleError(f"In the index {folder}, {problem[0]}", problem[1], _REBUILD)
        return cls(size, {token: column for column, token in enumerate(tokens)}, indptr, rows, impacts)


_REBUILD = "Rebuild the bundle."


def _misfit(
    size: int, tokens: Sequence[object], indptr: NDArray, rows: NDArray, impacts: NDArray
) -> tuple[str, str] | None:
    """(what was found, what was expected) of the first way in which the parts of an index don't fit, or None."""
    types = [f"{part.ndim}-d {part.dtype}" for part in (indptr, rows, impacts)]
    if types != ["1-d int64", "1-d int32", "1-d float32"]:
        return f"the arrays are {', '.join(types)}", "1-d int64, 1-d int32, 1-d float32"
    if len(indptr) != len(tokens) + 1 or not len(rows) == len(impacts) == indptr[-1]:
        return "parts differ in length", "matching lengths"
    if indptr[0] != 0 or (np.diff(indptr) < 0).any():
        return "columns overlap", "columns one after the other"
    if not all(isinstance(token, str) for token in tokens) or len(set(tokens)) != len(tokens):
        return "tokens are repeated or no text", "distinct tokens"
    if len(rows) and not 0 <= rows.min() <= rows.max() < size:
        return f"a row is outside 0..{size - 1}", "rows of the catalogue"
    starts = np.zeros(len(rows), bool)
    starts[indptr[:-1][indptr[:-1] < len(rows)]] = True
    if (~starts[1:] & (np.diff(rows) <= 0)).any():
        return "rows of a token are out of order", "ascending rows"
    if not np.isfinite(impacts).all():
        return "an impact is not finite", "finite impacts"
    return None


def _open_array(path: Path) -> NDArray:
    array = np.load(path, allow_pickle=False)
    if not array.nbytes:
        return array  # an empty file section can't be mapped
    return np.load(path, mmap_mode="r", allow_pickle=False)
