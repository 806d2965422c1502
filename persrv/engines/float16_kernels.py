"""Compiled loops over float16 embeddings, which no processor multiplies as they are: persrv.engines.neighbours looks at
every row, persrv.engines.compiled at a few.

A half has 65,536 values, so where all rows are read in order, a table of them, which stays in a core's cache, is faster
than converting halves; a few rows are converted eight numbers at a time. Every function releases the GIL, and is
kept on disk in compiled form by numba, as those of persrv.engines.recall_kernels.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types, uint32

from persrv.engines.intrinsics import prefetch

#: Rows that are prefetched while others are multiplied.
_AHEAD = 4

#: The function of the C library: file, where to, how many bytes, from which byte.
_pread: Any = types.ExternalFunction("pread", types.intp(types.intc, types.voidptr, types.uintp, types.intp))

#: Bits of a float16 -> the same number as float32.
VALUES = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def cosines(halves, values, vector, mean, first, last, found):
    """Write into found[first:last] the cosine of a unit vector (d,) with each row minus the mean (d,); 0 for a row
    equal to it.

    halves (N, d): the bits of float16 numbers; values: VALUES.
    """
    for row in range(first, last):
        product, square = np.float32(0), np.float32(0)
        for column in range(halves.shape[1]):
            value = values[halves[row, column]] - mean[column]
            product += value * vector[column]
            square += value * value
        found[row] = product / np.sqrt(square) if square > 0 else np.float32(0)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def products(halves, values, vector, first, last, found):
    """Write into found[first:last] the product of a vector (d,) with each row as stored."""
    for row in range(first, last):
        product = np.float32(0)
        for column in range(halves.shape[1]):
            product += values[halves[row, column]] * vector[column]
        found[row] = product


@njit(nogil=True, forceinline=True)
def _convert(halves, to):
    """Convert the bits (d,) of finite float16 numbers to the bits of float32 numbers that are 2^112 times too small:
    sign, exponent and fraction moved to their places (Giesen 2012).
    """
    for place in range(len(halves)):
        half = np.uint32(halves[place])
        to[place] = ((half & uint32(0x8000)) << uint32(16)) | ((half & uint32(0x7FFF)) << uint32(13))


@njit(nogil=True)
def _ask_for(halves, wanted):
    """Prefetch rows: waiting for one after the other would take twice as long."""
    for number in range(len(wanted)):
        row = halves[wanted[number]]
        for place in range(0, len(row), 32):
            prefetch(row, place)


@njit(nogil=True, forceinline=True, fastmath={"reassoc", "contract"})
def _nearest_product(half, bits, raw, vector, vectors):
    """The largest product of a row (d,) of halves with some vectors (m, d), 0 where none is positive; bits, raw (the
    same memory) and vector (d,): room.
    """
    _convert(half, bits)
    for place in range(len(vector)):  # scaled before they are multiplied: a product of such numbers would be subnormal
        vector[place] = raw[place] * np.float32(2.0**112)
    best = np.float32(0)
    for other in range(len(vectors)):
        product = np.float32(0)
        for place in range(len(vector)):
            product += vector[place] * vectors[other, place]
        best = max(best, product)
    return best


@njit(nogil=True, cache=True)
def nearest_products(halves, wanted, vectors, found):
    """Write into found (n,) the largest product of each wanted row (n,) with some vectors (m, d); 0 where none is
    positive.
    """
    width = halves.shape[1]
    bits, vector = np.empty(width, np.uint32), np.empty(width, np.float32)
    raw = bits.view(np.float32)
    for number in range(len(wanted)):
        if number + _AHEAD < len(wanted):
            _ask_for(halves, wanted[number + _AHEAD : number + _AHEAD + 1])
        found[number] = _nearest_product(halves[wanted[number]], bits, raw, vector, vectors)


@njit(nogil=True, cache=True)
def nearest_products_of_file(file, first, wanted, vectors, found):
    """The same of rows of a file, the first of which begins at a byte; return whether all could be read."""
    width = vectors.shape[1]
    half = np.empty(width, np.uint16)
    bits, vector = np.empty(width, np.uint32), np.empty(width, np.float32)
    raw = bits.view(np.float32)
    for number in range(len(wanted)):
        if _pread(file, half.ctypes, half.nbytes, first + wanted[number] * half.nbytes) != half.nbytes:
            return False
        found[number] = _nearest_product(half, bits, raw, vector, vectors)
    return True


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def preference(halves, wanted, mean, tastes, together, values, clusters):
    """Compute persrv.ranking.styles.preference of the wanted rows (n,) minus `mean` (d,), without an intermediate
    array.
    """
    width = halves.shape[1]
    bits, vector = np.empty(width, np.uint32), np.empty(width, np.float32)
    raw = bits.view(np.float32)
    _ask_for(halves, wanted)
    for number in range(len(wanted)):
        _convert(halves[wanted[number]], bits)
        squares = np.float32(0)
        for place in range(width):
            vector[place] = raw[place] * np.float32(2.0**112) - mean[place]
            squares += vector[place] * vector[place]
        scale = np.float32(1) / np.sqrt(squares) if squares > 0 else np.float32(0)
        best, best_cluster, total = np.float32(-np.inf), 0, np.float32(0)
        for cluster in range(len(tastes)):
            said, taste = np.float32(0), tastes[cluster]
            for place in range(width):
                said += vector[place] * taste[place]
            said *= scale
            total += said
            if said > best:
                best, best_cluster = said, cluster
        values[number] = min(max(total if together else best, np.float32(0)), np.float32(1))
        clusters[number] = best_cluster


@njit(nogil=True, cache=True)
def rerank(halves, mean, tastes, together, tie, wanted, relevance, scores, alpha, numbers, values):
    """Compute persrv.ranking.rerank.reranked of the wanted rows (n,): write row, 1-based place before and cluster of
    the best into numbers (3, top); relevance, recall score, preference and final score into values (4, top). top is at
    most n.
    """
    liked, clusters = np.empty(len(wanted), np.float32), np.empty(len(wanted), np.intp)
    preference(halves, wanted, mean, tastes, together, liked, clusters)
    final, best, kept = np.empty(len(wanted)), np.empty(numbers.shape[1] + 1, np.int64), 0
    for place in range(len(wanted)):
        final[place] = scores[place] * (1 + alpha * np.float64(liked[place]))
        at = kept  # they come nearly in order: few have to make way, the last one to the place that nobody keeps
        while at > 0 and _precedes(place, best[at - 1], final, wanted, tie):
            best[at] = best[at - 1]
            at -= 1
        best[at] = place
        kept = min(kept + 1, numbers.shape[1])
    for rank in range(kept):
        place = best[rank]
        numbers[0, rank], numbers[1, rank], numbers[2, rank] = wanted[place], place + 1, clusters[place]
        values[0, rank], values[1, rank] = relevance[place], scores[place]
        values[2, rank], values[3, rank] = liked[place], final[place]


@njit(nogil=True)
def _precedes(one, other, final, wanted, tie):
    if final[one] == final[other]:
        return tie[wanted[one]] < tie[wanted[other]]
    return final[one] > final[other]
