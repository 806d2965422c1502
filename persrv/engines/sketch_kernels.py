"""Compiled loops over sketches of texts (persrv.ranking.sketches) and over the stickers that hold near texts.

Each computes what its slow twin of the same name computes. Every function releases the GIL, and is kept on disk in
compiled form by numba, as those of persrv.engines.recall_kernels.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from persrv.engines.intrinsics import popcount, prefetch
from persrv.ranking.sketches import ONE_IN, PLANES, RUN

#: Texts whose signs and likeness stay near a core while they are scored for one reading after the other; and texts that
#: are looked at for the threshold together: where none reaches it, none is looked at alone.
_IN_CACHE, _TOGETHER = 1024, 32

#: Texts whose bytes are prefetched while others are multiplied, and bytes that are fetched at once.
_AHEAD, _LINE = 24, 64


@njit(nogil=True, cache=True)
def some_by_signs(signs, planes, units, starts, likeness):
    """Write into likeness (m,) persrv.ranking.sketches.likeness_by_signs of one run of texts in ONE_IN. numba compiles
    anew when this file changes, not when the constants of that module do.
    """
    size, kept = signs.shape[1], 0
    for first in range(0, size, RUN * ONE_IN):
        last = min(first + RUN, size)
        _of_run(signs, planes, units, starts, first, last, likeness[kept : kept + last - first])
        kept += last - first


@njit(nogil=True, cache=True)
def texts_by_signs(signs, planes, units, starts, least, first, last):
    """The numbers, ascending, of the texts from first to last whose likeness by signs is `least` or more."""
    found, room, kept = np.empty(last - first, np.int64), np.empty(_IN_CACHE, np.float32), 0
    for start in range(first, last, _IN_CACHE):
        likeness = room[: min(_IN_CACHE, last - start)]
        _of_run(signs, planes, units, starts, start, start + len(likeness), likeness)
        for near in range(0, len(likeness), _TOGETHER):
            together, some = likeness[near : near + _TOGETHER], 0
            for text in range(len(together)):
                some |= together[text] >= least
            if some:
                for text in range(len(together)):
                    if together[text] >= least:
                        found[kept] = start + near + text
                        kept += 1
    return found[:kept].copy()


@njit(nogil=True)
def _of_run(signs, planes, units, starts, first, last, likeness):
    """Write the likeness by signs of the texts from first to last."""
    likeness[:] = np.float32(-np.inf)
    one, two, three = signs[0, first:last], signs[1, first:last], signs[2, first:last]
    for reading in range(len(units)):
        _score(one, two, three, planes[reading], units[reading], starts[reading], likeness)


@njit(nogil=True)
def _score(one, two, three, planes, unit, start, likeness):
    """Raise the likeness of texts of three words to that with one reading, planes (PLANES, 3). The loop inside is
    unrolled, so the outer one is of vectors.
    """
    for text in range(len(likeness)):
        total = np.int64(0)
        for plane in range(PLANES):
            counted = np.int64(popcount(one[text] & planes[plane, 0]))
            counted += np.int64(popcount(two[text] & planes[plane, 1]))
            counted += np.int64(popcount(three[text] & planes[plane, 2]))
            total = 2 * total + (counted if plane else -counted)
        likeness[text] = max(likeness[text], start + unit * np.float32(total))


@njit(nogil=True, forceinline=True)
def _product(row, factors):
    """The product of bytes with whole numbers. Without the outer int32 numba would multiply 64 bits, three times as
    slowly.
    """
    total = np.int32(0)
    for place in range(len(factors)):
        total = np.int32(total + np.int32(np.int32(row[place]) * np.int32(factors[place])))
    return total


@njit(nogil=True, cache=True)
def rough_products(steps, texts, whole, scales, base, found):
    """Write into found (n,) what persrv.ranking.sketches.rough_products gives."""
    width = whole.shape[1]
    for number in range(len(texts)):
        if number + _AHEAD < len(texts):
            later = steps[uint64(texts[number + _AHEAD])]
            for place in range(0, width, _LINE):
                prefetch(later, place)
        row, best = steps[uint64(texts[number])][:width], np.float32(0)
        for reading in range(len(base)):
            best = max(best, base[reading] + scales[reading] * np.float32(_product(row, whole[reading])))
        found[number] = best


@njit(nogil=True, cache=True)
def rough_stickers(indptr, text, field, trust, sharpness, steps, whole, scales, base, rows, likeness):
    """Write into likeness (n,) what persrv.ranking.meaning.rough_stickers gives."""
    size = 0
    for row in rows:
        size += indptr[row + 1] - indptr[row]
    texts, trusts, kept = np.empty(size, np.int64), np.empty(size, np.float32), 0
    for row in rows:
        for entry in range(indptr[row], indptr[row + 1]):
            texts[kept], trusts[kept] = text[entry], trust[field[entry]]
            kept += 1
    rough = np.empty(size, np.float32)
    rough_products(steps, texts, whole, scales, base, rough)
    kept = 0
    for number in range(len(rows)):
        total = 0.0
        for _ in range(indptr[rows[number]], indptr[rows[number] + 1]):
            total += np.expm1(sharpness * np.float64(trusts[kept] * rough[kept]))
            kept += 1
        likeness[number] = np.log1p(total) / sharpness


@njit(nogil=True, cache=True)
def sums_of_holders(indptr, owners, fields, texts, raised, most, sums):
    """Rows and sums (n,) of persrv.ranking.meaning.sums_of_holders; sums (N,) float64: zeros, which it leaves zeros."""
    rows, met, left = np.empty(most, np.int64), 0, most
    for number in range(len(texts)):
        first = indptr[texts[number]]
        last = min(indptr[texts[number] + 1], first + left)
        left -= last - first
        for place in range(first, last):
            owner, more = owners[place], raised[number, fields[place]]
            if sums[owner] == 0 and more > 0:
                rows[met] = owner
                met += 1
            sums[owner] += more
    found, totals = rows[:met], np.empty(met)
    for number in range(met):
        totals[number] = sums[found[number]]
        sums[found[number]] = 0
    return found, totals
