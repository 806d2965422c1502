"""Likeness in a catalogue too large to be looked at whole: the texts nearest to a query are found by their codes, their
stickers are the candidates, and only what is asked for is computed, exactly.

Many stickers share a text, so there are far fewer texts than stickers hold. The code of a text is its vector cut into
pieces of four numbers, each piece replaced by the nearest of sixteen (product quantisation; Jegou et al. 2011, Andre et
al. 2015): a sixteenth of a float16 vector, and all codes are looked at in a millisecond or two (faiss). Codes decide
who is looked at, never a score: likenesses are those that looking at everything gives. What is not found counts as not
near.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from persrv.errors import BundleError, ModelError
from persrv.records import FloatArray

#: Texts that are asked for, a reading of a query.
FOUND = 512

#: Share of the NEAREST texts nearest to a query that must be among the found ones, and texts that are tried as queries.
GOAL, NEAREST, TRIED = 0.98, 100, 200

#: Numbers of a vector that one code of four bits stands for: the first that reach the goal are taken.
_PIECES = (4, 2)

#: Texts that codes are learnt from, and texts that are looked at in one go.
_LEARNT_FROM, _BATCH = 65_536, 16_384

_SEED = 1


class NearTexts(Protocol):
    """Finds the texts that are nearest to a query."""

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending, each once."""
        ...


class Tried(NamedTuple):
    """What codes are worth. recall: the share of the NEAREST texts nearest to a text, by looking at all, that are among
    the FOUND ones, mean over `queries` texts; bytes: of one code.
    """

    recall: float
    queries: int
    bytes: int


@dataclass(frozen=True, eq=False)
class TextCodes:
    """The codes of some texts' vectors; any number of threads may ask. _index: a faiss.IndexPQFastScan."""

    _index: Any

    @classmethod
    def build(cls, vectors: NDArray[np.floating[Any]]) -> tuple[TextCodes, Tried]:
        """The codes of unit rows (texts, width), at least one, and what they are worth: the shortest that reach GOAL,
        or the longest there are. The same vectors make the same codes.
        """
        rng = np.random.default_rng(_SEED)
        asked = np.sort(rng.choice(len(vectors), min(TRIED, len(vectors)), replace=False))
        nearest = _nearest(vectors, asked, min(NEAREST, len(vectors) - 1))
        for piece in _PIECES:
            codes = cls(_coded(vectors, piece, rng))
            tried = Tried(codes._recall(vectors, asked, nearest), len(asked), codes._index.code_size)
            if tried.recall >= GOAL:
                break
        return codes, tried

    @classmethod
    def open(cls, path: Path, texts: int, width: int) -> TextCodes:
        """The codes of a file. ModelError where faiss is not installed, BundleError where the file holds no codes of so
        many texts.
        """
        if not cls.is_possible():
            raise ModelError(
                "The package faiss-cpu is not installed",
                "it, to search so many stickers by meaning",
                "Install it: pip install -r requirements-large.txt",
            )
        import faiss

        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            told = " ".join(str(error).split())
            raise BundleError(f"{path.name} cannot be read: {told}", "codes of texts", "Rebuild the bundle.") from error
        if not isinstance(index, faiss.IndexPQFastScan) or (index.ntotal, index.d) != (texts, width):
            found = f"{type(index).__name__} of {index.ntotal} texts of {index.d} numbers"
            raise BundleError(f"{path.name} holds {found}", f"codes of {texts} of {width}", "Rebuild the bundle.")
        return cls(index)

    @staticmethod
    def is_possible() -> bool:
        """Whether faiss is installed."""
        return importlib.util.find_spec("faiss") is not None

    def save(self, path: Path) -> None:
        """Write the codes to a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending, each once."""
        if self._index.ntotal <= most:
            return np.arange(self._index.ntotal)
        import faiss

        faiss.omp_set_num_threads(1)  # of this thread: a query is too short to share out, and searches run side by side
        _, found = self._index.search(np.ascontiguousarray(queries, np.float32), most)
        return np.asarray(np.unique(found[found >= 0]), np.int64)

    def _recall(
        self, vectors: NDArray[np.floating[Any]], asked: NDArray[np.int64], nearest: NDArray[np.int64]
    ) -> float:
        """The share of the nearest texts (asked, n) that are found; 1 where there are none."""
        found = [self.near(np.asarray(vectors[text], np.float32)[None]) for text in asked.tolist()]
        kept = [np.isin(true, some).mean() for true, some in zip(nearest, found, strict=True) if len(true)]
        return float(np.mean(kept)) if kept else 1.0


def _coded(vectors: NDArray[np.floating[Any]], piece: int, rng: np.random.Generator) -> Any:
    """A faiss.IndexPQFastScan of unit rows, a code for every `piece` of their numbers, where their width allows it."""
    import faiss

    texts, width = vectors.shape
    pieces = next(count for count in range(max(1, width // piece), 0, -1) if width % count == 0)
    index = faiss.IndexPQFastScan(width, pieces, 4, faiss.METRIC_INNER_PRODUCT)
    sample = np.sort(rng.choice(texts, min(texts, _LEARNT_FROM), replace=False))
    few = np.resize(sample, max(len(sample), 256))  # repeated, where there are fewer than codes are learnt from
    index.pq.cp.min_points_per_centroid = 1
    index.train(np.asarray(vectors[few], np.float32))
    for first in range(0, texts, _BATCH):
        index.add(np.asarray(vectors[first : first + _BATCH], np.float32))
    return index


def _nearest(vectors: NDArray[np.floating[Any]], asked: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """(asked, most) the numbers of the texts nearest to each of some texts, itself left out, by looking at all."""
    queries = np.asarray(vectors[asked], np.float32)
    best, numbers = np.zeros((len(asked), 0), np.float32), np.zeros((len(asked), 0), np.int64)
    for first in range(0, len(vectors), _BATCH):
        block = np.asarray(vectors[first : first + _BATCH], np.float32)
        products_ = queries @ block.T
        own = np.flatnonzero((asked >= first) & (asked < first + len(block)))
        products_[own, asked[own] - first] = -np.inf
        best = np.concatenate([best, products_], axis=1)
        here = np.broadcast_to(np.arange(first, first + len(block)), products_.shape)
        numbers = np.concatenate([numbers, here], axis=1)
        kept = np.argpartition(-best, min(most, best.shape[1] - 1), axis=1)[:, :most]
        best, numbers = np.take_along_axis(best, kept, axis=1), np.take_along_axis(numbers, kept, axis=1)
    return numbers


#: Vectors (texts, width), numbers of texts (n,), queries (readings, width) -> what `products` computes.
Products = Callable[[NDArray[np.floating[Any]], NDArray[np.integer[Any]], FloatArray], FloatArray]


def products(vectors: NDArray[np.floating[Any]], rows: NDArray[np.integer[Any]], queries: FloatArray) -> FloatArray:
    """(n,) the largest product of each of some rows (n,) with any of the queries; 0 where none is positive."""
    found = np.asarray(vectors[rows], np.float32) @ np.ascontiguousarray(queries.T)
    return np.asarray(np.maximum(found.max(axis=1), 0), np.float32)


class TextLikeness:
    """Likeness to texts, looked up by their numbers like an array, and computed when it is."""

    def __init__(
        self,
        vectors: NDArray[np.floating[Any]],
        queries: FloatArray,
        sure: Sequence[float],
        found: NDArray[np.int64],
        multiply: Products = products,
    ) -> None:
        """vectors (texts, width) and queries (readings, width): unit rows; sure: a weight a reading; found: the texts
        that are nearest.
        """
        self._vectors, self._multiply = vectors, multiply
        self.queries = np.ascontiguousarray(np.asarray(sure, np.float32)[:, None] * queries)
        self.found = found

    def __getitem__(self, texts: NDArray[np.integer[Any]]) -> FloatArray:
        """(n,) of n texts; a text that is asked for many times is multiplied once."""
        once, places = np.unique(texts, return_inverse=True)
        return self._multiply(self._vectors, once, self.queries)[places]

    @cached_property
    def of_found(self) -> FloatArray:
        """The likeness of the texts that were found."""
        return self._multiply(self._vectors, self.found, self.queries)

    def max(self, initial: float = 0.0) -> float:
        """The greatest likeness among the texts that were found."""
        return float(self.of_found.max(initial=initial))


class Holders:
    """Which stickers hold a text, and in which field: entries in the order of their texts."""

    def __init__(self, indptr: NDArray[np.int64], text: NDArray[np.int32], field: NDArray[np.int8], texts: int) -> None:
        """indptr (N + 1), text, field (entries,): as in persrv.ranking.meaning.MeaningIndex."""
        keys = (text.astype(np.int64) << 32) | np.arange(len(text))
        keys.sort()  # of whole numbers, in half the time of a stable argsort
        order = keys & 0xFFFFFFFF
        owners = np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))
        self.owners, self.fields = owners[order], field[order]
        self.indptr = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=texts))])

    def of(
        self, texts: NDArray[np.int64], most: int | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.intp]]:
        """(owner, field, place in `texts`) of the first `most` entries of some texts, in their order; None for all."""
        starts = self.indptr[texts]
        ends = np.cumsum(self.indptr[texts + 1] - starts)
        if most is not None:
            ends = np.minimum(ends, most)
        counts = np.diff(ends, prepend=0)
        which = np.repeat(np.arange(len(texts)), counts)
        places = np.arange(len(which)) + np.repeat(starts - (ends - counts), counts)
        return self.owners[places], self.fields[places], which
