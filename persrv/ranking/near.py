"""Likeness in a catalogue too large for comparing every text: the texts nearest to a query are found, their stickers
are the candidates, and only what is asked for is computed, exactly. What is not found counts as not near.

Many stickers share a text, so there are far fewer texts than stickers hold. They are found by their sketches
(persrv.ranking.sketches), by an engine elsewhere, or, in a bundle written before there were sketches, by codes: a
vector cut into pieces of four numbers, each piece replaced by the nearest of sixteen (product quantisation; Jegou et
al. 2011, Andre et al. 2015). These decide who is looked at, never a score.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from persrv.arrays.memory_map import StoredRows
from persrv.errors import BundleError, ModelError
from persrv.records import FloatArray

#: Texts that codes are asked for, a reading of a query; of those that are found by rough likeness, the nearest whose
#: exact one is looked at.
FOUND, _LOOKED_AT_AGAIN = 512, 16


class NearTexts(Protocol):
    """Finds the texts that are nearest to a query."""

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending, each once."""
        ...


@dataclass(frozen=True, eq=False)
class TextCodes:
    """The codes of some texts' vectors; any number of threads may ask. _index: a faiss.IndexPQFastScan."""

    _index: Any

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
        """Return whether faiss is installed."""
        return importlib.util.find_spec("faiss") is not None

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending, each once."""
        if self._index.ntotal <= most:
            return np.arange(self._index.ntotal)
        import faiss

        faiss.omp_set_num_threads(1)  # of this thread: a query is too short to share out, and searches run side by side
        _, found = self._index.search(np.ascontiguousarray(queries, np.float32), most)
        return np.asarray(np.unique(found[found >= 0]), np.int64)


#: Rows (texts, width), in memory or in a file.
Rows = NDArray[np.floating[Any]] | StoredRows

#: Vectors (texts, width), numbers of texts (n,), queries (readings, width) -> what `products` computes.
Products = Callable[[Rows, NDArray[np.integer[Any]], FloatArray], FloatArray]


def products(vectors: Rows, rows: NDArray[np.integer[Any]], queries: FloatArray) -> FloatArray:
    """Compute the largest product (n,) of each of some rows (n,) with any of the queries; 0 where none is positive."""
    found = np.asarray(vectors[rows], np.float32) @ np.ascontiguousarray(queries.T)
    return np.asarray(np.maximum(found.max(axis=1), 0), np.float32)


class TextLikeness:
    """Likeness to texts, looked up by their numbers like an array; each value is computed at its look-up."""

    def __init__(
        self,
        vectors: Rows,
        queries: FloatArray,
        sure: Sequence[float],
        found: NDArray[np.int64],
        multiply: Products = products,
        rough: FloatArray | None = None,
    ) -> None:
        """vectors (texts, width) and queries (readings, width): unit rows; sure: a weight a reading; found: the texts
        that are nearest; rough: their likeness, where it is known roughly.
        """
        self._vectors, self._multiply, self._rough = vectors, multiply, rough
        self.queries = np.ascontiguousarray(np.asarray(sure, np.float32)[:, None] * queries)
        self.found = found

    def __getitem__(self, texts: NDArray[np.integer[Any]]) -> FloatArray:
        """The likeness (n,) of n texts; a text asked for many times is multiplied once."""
        once, places = np.unique(texts, return_inverse=True)
        return self._multiply(self._vectors, once, self.queries)[places]

    @cached_property
    def of_found(self) -> FloatArray:
        """The likeness of the texts that were found; as rough as what found them tells it."""
        return self._multiply(self._vectors, self.found, self.queries) if self._rough is None else self._rough

    def max(self, initial: float = 0.0) -> float:
        """The greatest likeness among the texts that were found."""
        if self._rough is None or len(self.found) <= _LOOKED_AT_AGAIN:
            near = self.found
        else:
            near = self.found[np.argpartition(-self._rough, _LOOKED_AT_AGAIN)[:_LOOKED_AT_AGAIN]]
        return float(self._multiply(self._vectors, near, self.queries).max(initial=initial))


class Holders:
    """The stickers that hold each text, with the field: entries in the order of their texts."""

    def __init__(self, indptr: NDArray[np.int64], text: NDArray[np.int32], field: NDArray[np.int8], texts: int) -> None:
        """indptr (N + 1), text, field (entries,): as in persrv.ranking.meaning.MeaningIndex."""
        keys = (text.astype(np.int64) << 32) | np.arange(len(text))
        keys.sort()  # of whole numbers, in half the time of a stable argsort
        order = keys & 0xFFFFFFFF
        owners = np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))
        self.stickers = len(indptr) - 1
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
