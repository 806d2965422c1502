"""The likeness of some texts and stickers to a query in a large catalogue, by compiled code.

Such a search asks for thousands of rows, and for the signs of all. Compiled code (persrv.engines.float16_kernels and
sketch_kernels) works on them as they lie in the file; numpy, its slow twin, copies and converts them first, and answers
until `warm_up` has loaded compiled code, since loading takes longer than a first search.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.arrays.memory_map import StoredRows
from persrv.engines.kernel_cache import compiled_anew
from persrv.ranking import near
from persrv.ranking.meaning import Loops, MeaningIndex
from persrv.ranking.near import Holders, Rows
from persrv.ranking.sketches import ONE_IN, PLANES, RUN, WORDS, AskedSigns, Sketches, SketchQuestion, least_of_most
from persrv.records import FloatArray

_LOG = logging.getLogger(__name__)


def products(vectors: Rows, rows: NDArray[np.integer[Any]], queries: FloatArray) -> FloatArray:
    """Compute persrv.ranking.near.products, by compiled code where the compiled code can be used. OSError where a
    file's rows cannot be read.
    """
    if vectors.dtype == np.float16 and _kernel.cache_info().currsize and _kernel() is not None:
        found, wanted = np.empty(len(rows), np.float32), rows.astype(np.int64)
        if not isinstance(vectors, StoredRows):
            _kernel().nearest_products(vectors.view(np.uint16), wanted, queries, found)
        elif not _kernel().nearest_products_of_file(vectors.file, vectors.first, wanted, queries, found):
            raise OSError("The file of the texts' vectors has become shorter since it was opened.")
        return found
    return near.products(vectors, rows, queries)


def loops() -> Loops:
    """The loops of a search by meaning: compiled ones once `warm_up` has loaded them."""
    made = _sketch_loops() if _sketch_loops.cache_info().currsize else None
    return Loops(products) if made is None else made


def warm_up() -> None:
    """Load compiled code, which answers from then on."""
    _kernel()
    _sketch_loops()


@lru_cache(1)
def _kernel() -> Any:
    """The module of the compiled functions; None where they cannot be used."""
    try:
        return compiled_anew(_loaded)
    except Exception as error:  # noqa: BLE001  # numba fails in many ways, and numpy answers as well
        _LOG.warning("Searches by meaning are slower: the compiled code can't be used (%s).", error)
        return None


def _loaded() -> Any:
    """The module, whose functions have answered once."""
    import persrv.engines.float16_kernels as kernels

    none, one, found = np.zeros(1, np.int64), np.zeros((1, 1), np.float32), np.zeros(1, np.float32)
    kernels.nearest_products(np.zeros((1, 1), np.uint16), none, one, found)
    kernels.nearest_products_of_file(-1, 0, none, one, found)  # it reads nothing there
    return kernels


@lru_cache(1)
def _sketch_loops() -> Loops | None:
    """The compiled loops; None where they cannot be used."""
    try:
        made = compiled_anew(SketchLoops)
    except Exception as error:  # noqa: BLE001  # as above
        _LOG.warning("Searches by meaning are slower: the compiled code can't be used (%s).", error)
        return None
    return Loops(products, made.by_signs, made.rough_products, made.rough_stickers, made.sums_of_holders)


class SketchLoops:
    """Calls persrv.engines.sketch_kernels as `Loops` are called. Any number of threads may."""

    def __init__(self) -> None:
        from persrv.engines import sketch_kernels

        self._kernels: Any = sketch_kernels
        self._sums = _Rooms(np.zeros)
        self._try()

    def by_signs(self, signs: NDArray[np.uint64], asked: AskedSigns, most: int) -> NDArray[np.int64]:
        """The numbers of about `most` texts (persrv.ranking.sketches.by_signs)."""
        size = signs.shape[1]
        if size <= most:
            return np.arange(size)
        given = tuple(_fixed(each) for each in (signs, asked.planes, asked.units, asked.starts))
        some = np.empty(sum(min(RUN, size - first) for first in range(0, size, RUN * ONE_IN)), np.float32)
        self._kernels.some_by_signs(*given, some)
        found: NDArray[np.int64] = self._kernels.texts_by_signs(*given, least_of_most(some, most / size), 0, size)
        return found

    def rough_products(
        self, steps: NDArray[np.int8], texts: NDArray[np.integer[Any]], asked: SketchQuestion
    ) -> FloatArray:
        """The rough likeness (n,) of some texts (persrv.ranking.sketches.rough_products)."""
        found = np.empty(len(texts), np.float32)
        self._kernels.rough_products(_fixed(steps), _rows(texts), *_of(asked), found)
        return found

    def rough_stickers(
        self,
        index: MeaningIndex,
        rows: NDArray[np.integer[Any]],
        trust: FloatArray,
        sharpness: float,
        asked: SketchQuestion,
    ) -> FloatArray:
        """The rough likeness (n,) of some stickers (persrv.ranking.meaning.rough_stickers)."""
        assert isinstance(index.codes, Sketches)
        likeness = np.empty(len(rows), np.float32)
        self._kernels.rough_stickers(
            *(_fixed(each) for each in (index.indptr, index.text, index.field, trust)),
            float(sharpness),
            _fixed(index.codes.steps),
            *_of(asked),
            _rows(rows),
            likeness,
        )
        return likeness

    def sums_of_holders(
        self, holders: Holders, texts: NDArray[np.int64], raised: FloatArray, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Rows and sums (n,) of stickers (persrv.ranking.meaning.sums_of_holders), rows in no order."""
        sums = self._sums.take(holders.stickers)
        held = map(_fixed, (holders.indptr, holders.owners, holders.fields))
        rows, totals = self._kernels.sums_of_holders(*held, _rows(texts), _fixed(raised), most, sums)
        self._sums.give(sums)
        return rows, totals

    def _try(self) -> None:
        """Call each function once, so that nothing is left to compile."""
        one, size = np.ones(1, np.float32), 16
        signs = AskedSigns(np.zeros((1, PLANES, WORDS), np.uint64), one, one)
        asked = SketchQuestion(signs, np.zeros((1, 1), np.int16), one, one, 0.0)
        steps, none = np.zeros((size, 1), np.int8), np.zeros(1, np.int64)
        codes = Sketches(one[None], np.ones((4, 1), np.float32), steps, np.zeros((WORDS, size), np.uint64))
        index = MeaningIndex([], one[None], np.array([0, 1]), none.astype(np.int32), none.astype(np.int8), "", codes)
        self.by_signs(codes.signs, signs, 8)
        self.rough_products(steps, none, asked)
        self.rough_stickers(index, none, one, 1.0, asked)
        self.sums_of_holders(Holders(index.indptr, index.text, index.field, 1), none, one[None], 1)


class _Rooms:
    """Arrays that one search at a time writes into, kept for the next that wants one of the same size."""

    def __init__(self, make: Callable[[int], NDArray[Any]]) -> None:
        self._make, self._idle = make, list[NDArray[Any]]()

    def take(self, size: int) -> NDArray[Any]:
        """An array (size,) that nobody else has."""
        try:
            array = self._idle.pop()  # one list operation, which no other thread can come between
        except IndexError:
            return self._make(size)
        return array if len(array) == size else self._make(size)

    def give(self, array: NDArray[Any]) -> None:
        """Give an array back."""
        self._idle.append(array)


def _of(asked: SketchQuestion) -> Iterator[NDArray[Any]]:
    """Arguments of the kernels of rough likeness for a query."""
    return (_fixed(each) for each in (asked.whole, asked.scales, asked.base))


def _rows(numbers: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    return _fixed(np.asarray(numbers, np.int64))


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    """A read-only view of the same memory, so that one compiled version fits arrays of memory and of files."""
    view = np.ascontiguousarray(values).view(np.ndarray)
    view.flags.writeable = False
    return view
