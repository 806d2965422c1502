"""Likeness in a catalogue too large to be looked at whole: the texts nearest to a query are found by lists, their
stickers are the candidates, and only what is asked for is computed, exactly.

Every text stands in the inverted list of the centroid nearest to it, and a query looks into a few lists (IVF; Jegou et
al. 2011), where a vector takes one byte a dimension (faiss). The lists decide who is looked at, never a score:
likenesses are those that looking at everything gives. What is not found counts as not near.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import BundleError, ModelError
from persrv.records import FloatArray

#: Texts that are asked for, a reading of a query.
FOUND = 512

#: Lists at most, and texts a list that centroids are learnt from.
_MOST_LISTS, _LEARNT_FROM = 4096, 40

#: How many texts a query looks at, about, and the least share of the lists that it looks into.
_LOOKED_AT, _LEAST_SHARE = 50_000, 1 / 10

_SEED = 1
_BATCH = 16_384


@dataclass(frozen=True, eq=False)
class TextLists:
    """The inverted lists of some texts' vectors; any number of threads may ask. _index: a faiss.IndexIVF."""

    _index: Any

    @classmethod
    def build(cls, vectors: NDArray[np.floating[Any]]) -> TextLists:
        """The lists of unit rows (texts, width), at least one; the same vectors make the same lists."""
        import faiss

        texts, width = vectors.shape
        lists = int(np.clip(2 * np.sqrt(texts), 1, min(_MOST_LISTS, texts)))
        index: Any = faiss.index_factory(width, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.cp.seed, index.cp.niter, index.cp.min_points_per_centroid = _SEED, 8, 1
        sample = np.random.default_rng(_SEED).choice(texts, min(texts, _LEARNT_FROM * lists), replace=False)
        index.train(np.asarray(vectors[np.sort(sample)], np.float32))
        for first in range(0, texts, _BATCH):
            index.add(np.asarray(vectors[first : first + _BATCH], np.float32))
        return cls._opened(index)

    @classmethod
    def open(cls, path: Path, texts: int, width: int) -> TextLists:
        """The lists of a file, memory-mapped. ModelError where faiss is not installed, BundleError where the file holds
        no lists of so many texts.
        """
        if not cls.is_possible():
            raise ModelError(
                "The package faiss-cpu is not installed",
                "it, to search so many stickers by meaning",
                "Install it: pip install -r requirements-large.txt",
            )
        import faiss

        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        except RuntimeError as error:
            told = " ".join(str(error).split())
            raise BundleError(f"{path.name} cannot be read: {told}", "lists of texts", "Rebuild the bundle.") from error
        if not isinstance(index, faiss.IndexIVF) or (index.ntotal, index.d) != (texts, width):
            found = f"{type(index).__name__} of {index.ntotal} texts of {index.d} numbers"
            raise BundleError(f"{path.name} holds {found}", f"lists of {texts} of {width}", "Rebuild the bundle.")
        return cls._opened(index)

    @staticmethod
    def is_possible() -> bool:
        """Whether faiss is installed."""
        return importlib.util.find_spec("faiss") is not None

    def save(self, path: Path) -> None:
        """Write the lists to a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending and distinct."""
        _, found = self._index.search(np.ascontiguousarray(queries, np.float32), most)
        return np.asarray(np.unique(found[found >= 0]), np.int64)

    @classmethod
    def _opened(cls, index: Any) -> TextLists:
        share = min(1.0, max(_LEAST_SHARE, _LOOKED_AT / max(index.ntotal, 1)))
        index.nprobe = max(1, round(index.nlist * share))
        return cls(index)


class TextLikeness:
    """Likeness to texts, looked up by their numbers like an array, and computed when it is."""

    def __init__(
        self,
        vectors: NDArray[np.floating[Any]],
        queries: FloatArray,
        sure: Sequence[float],
        found: NDArray[np.int64],
    ) -> None:
        """vectors (texts, width) and queries (readings, width): unit rows; sure: a weight a reading; found: the texts
        that are nearest.
        """
        self._vectors = vectors
        self._queries = np.ascontiguousarray((np.asarray(sure, np.float32)[:, None] * queries).T)
        self.found = found

    def __getitem__(self, texts: NDArray[np.integer[Any]]) -> FloatArray:
        """(n,) of n texts; a text that is asked for many times is multiplied once."""
        once, places = np.unique(texts, return_inverse=True)
        products = np.asarray(self._vectors[once], np.float32) @ self._queries
        return np.asarray(np.maximum(products.max(axis=1), 0), np.float32)[places]

    def max(self, initial: float = 0.0) -> float:
        """The greatest likeness among the texts that were found."""
        return float(self[self.found].max(initial=initial)) if len(self.found) else initial


class Holders:
    """Which stickers hold a text: entries in the order of their texts."""

    def __init__(self, indptr: NDArray[np.int64], text: NDArray[np.int32], texts: int) -> None:
        """indptr (N + 1), text (entries): as in persrv.ranking.meaning.MeaningIndex."""
        owners = np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))
        self.entries = np.argsort(text, kind="stable").astype(np.int32)
        self.owners = owners[self.entries]
        self.indptr = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=texts))])

    def of(self, texts: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
        """(owner, entry, place in `texts`) of every entry of some texts."""
        starts = self.indptr[texts]
        counts = self.indptr[texts + 1] - starts
        which = np.repeat(np.arange(len(texts)), counts)
        places = np.arange(len(which)) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        return self.owners[places], self.entries[places], which
