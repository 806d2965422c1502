"""Compiled loops over sketches of texts (persrv.ranking.sketches) and over the stickers that hold near texts.

Each computes what its slow twin of the same name computes. Every function releases the GIL, and is kept on disk in
compiled form by numba, as those of persrv.engines.recall_kernels.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np
from numba import njit

from persrv.engines.intrinsics import popcount, prefetch
from persrv.ranking.sketches import ASKED, MOST_SIGNS, PLANES

#: The largest score of signs: their number times the largest number of a query.
_LARGEST = MOST_SIGNS << (PLANES - 1)

#: Texts that are looked at for the threshold together: where none reaches it, none is looked at alone.
_TOGETHER = 32

#: Texts whose signs stay near the core while they are scored for one reading after the other.
_IN_CACHE = 4096

#: Texts whose bytes are prefetched while others are multiplied, and bytes that are fetched at once.
_AHEAD, _LINE = 12, 64


@njit(nogil=True, cache=True)
def by_signs(signs, planes, most, scores):
    """The texts of persrv.ranking.sketches.by_signs; scores (readings, texts) int16: room for their scores."""
    readings, size = scores.shape
    for first in range(0, size, _IN_CACHE):
        last = min(first + _IN_CACHE, size)
        for reading in range(readings):
            one, two, three = signs[0, first:last], signs[1, first:last], signs[2, first:last]
            _score(one, two, three, planes[reading], scores[reading, first:last])
    least = np.empty(readings, np.int64)
    for reading in range(readings):
        least[reading] = _least_of_most(scores[reading], most // ASKED)
    reached, count = np.zeros(size, np.uint8), 0
    for reading in range(readings):
        wanted, own = least[reading], scores[reading]
        for text in range(size):
            reached[text] |= own[text] >= wanted
    for text in range(size):
        count += reached[text]
    found, kept = np.empty(count, np.int64), 0
    for first in range(0, size, _TOGETHER):
        together, some = reached[first : first + _TOGETHER], 0
        for text in range(len(together)):
            some |= together[text]
        if some:
            for text in range(len(together)):
                if together[text]:
                    found[kept] = first + text
                    kept += 1
    return found


@njit(nogil=True)
def _score(one, two, three, planes, scores):
    """Score texts of three words for one reading, planes (PLANES, 3). The loop inside is unrolled, so the outer one is
    of vectors.
    """
    for text in range(len(scores)):
        total = np.int64(0)
        for plane in range(PLANES):
            counted = np.int64(popcount(one[text] & planes[plane, 0]))
            counted += np.int64(popcount(two[text] & planes[plane, 1]))
            counted += np.int64(popcount(three[text] & planes[plane, 2]))
            total = 2 * total + (counted if plane else -counted)
        scores[text] = total


@njit(nogil=True)
def _least_of_most(scores, most):
    """The score that `most` of every ASKED-th score reach, or a few more."""
    counts, asked = np.zeros(2 * _LARGEST + 1, np.int64), 0
    for text in range(0, len(scores), ASKED):
        counts[scores[text] + _LARGEST] += 1
        asked += 1
    wanted, score = max(min(most, asked), 1), 2 * _LARGEST
    reached = counts[score]
    while reached < wanted:
        score -= 1
        reached += counts[score]
    return score - _LARGEST


@njit(nogil=True, forceinline=True)
def _ask_for(steps, text, width):
    """Prefetch the first bytes of a text."""
    row = steps[text]
    for place in range(0, width, _LINE):
        prefetch(row, place)


@njit(nogil=True)
def _rough(row, whole, scales, base):
    """The rough likeness of the text of some bytes (d,), 0 where it is below. whole (readings, d): whole numbers."""
    best = np.float32(0)
    for reading in range(len(base)):
        total, factors = np.int32(0), whole[reading]
        for place in range(len(factors)):
            total += np.int32(row[place]) * np.int32(factors[place])
        best = max(best, base[reading] + scales[reading] * np.float32(total))
    return best


@njit(nogil=True, cache=True)
def rough_products(steps, texts, whole, scales, base, found):
    """Write into found (n,) what persrv.ranking.sketches.rough_products gives."""
    for number in range(len(texts)):
        if number + _AHEAD < len(texts):
            _ask_for(steps, texts[number + _AHEAD], whole.shape[1])
        found[number] = _rough(steps[texts[number]], whole, scales, base)


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
