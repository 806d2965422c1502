"""The compiled inner loops of recall: float32 sums find who may be among the best, float64 sums decide (persrv.fast).

A block is 64 stickers, so that which of them match is one word. Lists are columns of an index; a long one has its own
words, `bits`, and at `starts` the number of its postings before each block, so that one posting is found by counting
bits instead of searching. Every function releases the GIL, and is kept on disk in compiled form by numba: in the
folder NUMBA_CACHE_DIR where it is set, else beside this file, else in the user's cache folder.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np
from numba import njit, uint32, uint64

_EVERY_SECOND = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)
_BELOW = np.float32(1 - 1e-6)


@njit(inline="always")
def _popcount(word):
    """How many bits of a word are set."""
    word = word - ((word >> uint64(1)) & _EVERY_SECOND)
    word = (word & _PAIRS) + ((word >> uint64(2)) & _PAIRS)
    return np.int64((((word + (word >> uint64(4))) & _NIBBLES) * _BYTES) >> uint64(56))


@njit(nogil=True, cache=True)
def describe(indptr, rows, impacts, columns, bits, starts, extremes):
    """Fill in what is known of long lists: words (L, W), postings before each block (L, W + 1), and (L, 2) the largest
    impact, at least 0, and the smallest, at most 0."""
    blocks = bits.shape[1]
    for place in range(len(columns)):
        first, last = indptr[columns[place]], indptr[columns[place] + 1]
        block = -1
        for posting in range(first, last):
            row = rows[posting]
            while block < row >> 6:
                block += 1
                starts[place, block] = posting - first
            bits[place, block] |= uint64(1) << uint64(row & 63)
            extremes[place, 0] = max(extremes[place, 0], impacts[posting])
            extremes[place, 1] = min(extremes[place, 1], impacts[posting])
        while block < blocks:
            block += 1
            starts[place, block] = last - first


@njit(nogil=True)
def _add(rows, impacts, first, last, weight, sums):
    for posting in range(first, last):
        sums[uint32(rows[posting])] += weight * impacts[posting]


@njit(nogil=True)
def _add_and_mark(rows, impacts, first, last, weight, sums, matched):
    """Add a short list, mark whom it holds; its largest impact by size."""
    most = np.float32(0)
    for posting in range(first, last):
        row, impact = uint32(rows[posting]), impacts[posting]
        most = max(most, abs(impact))
        matched[row >> uint32(6)] |= uint64(1) << uint64(row & uint32(63))
        sums[row] += weight * impact
    return most


@njit(nogil=True)
def _unite(words, others):
    for block in range(len(words)):
        words[block] |= others[block]


@njit(nogil=True)
def _count(words):
    total = 0
    for block in range(len(words)):
        total += _popcount(words[block])
    return total


@njit(nogil=True)
def _block_tops(sums, matched, tops):
    """The largest sum of each block, at least 0. Floats that are not negative have the order of their bits, and the
    largest of whole numbers is what the compiler can take eight at a time."""
    table, whole = sums.view(np.int32).reshape(len(matched), 64), tops.view(np.int32)
    for block in range(len(matched)):
        top = np.int32(0)
        if matched[block]:
            for place in range(64):
                top = max(top, table[block, place])
        whole[block] = top


@njit(nogil=True)
def _reached_by(tops, size, histogram):
    """A positive value that the tops of at least `size` blocks reach, as large as 1024 steps tell; -1 without one."""
    largest = np.float32(0)
    for block in range(len(tops)):
        largest = max(largest, tops[block])
    if not largest > 0:
        return np.float32(-1)
    steps = np.float32(len(histogram) - 1) / largest
    histogram[:] = 0
    for block in range(len(tops)):
        histogram[uint32(tops[block] * steps)] += 1
    reached = 0
    for step in range(len(histogram) - 1, 0, -1):
        reached += histogram[step]
        if reached >= size:
            return np.float32(step / steps) * _BELOW
    return np.float32(-1)


@njit(nogil=True)
def _keep(heap, kept, size, value):
    """Put a value into a heap of the `size` largest, smallest on top; how many it holds now."""
    if kept < size:
        place = kept
        while place > 0 and heap[(place - 1) >> 1] > value:
            heap[place] = heap[(place - 1) >> 1]
            place = (place - 1) >> 1
        heap[place] = value
        return kept + 1
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = value
    return kept


@njit(nogil=True)
def _contenders(sums, tops, matched, utility, utility_tops, lambda_, size, bar, slack, heap, found, scores):
    """Who may be among the best `size`: stickers whose score, in float32, is at most `slack` below the size-th."""
    kept, number = 0, 0
    for block in range(len(matched)):
        word = matched[block]
        if word == 0 or tops[block] + lambda_ * utility_tops[block] < bar:
            continue
        while word:
            lowest = word & (~word + uint64(1))
            word ^= lowest
            row = (block << 6) + _popcount(lowest - uint64(1))
            score = sums[row] + lambda_ * utility[row]
            if score >= bar:
                found[number], scores[number] = row, score
                number += 1
                if kept < size or score > heap[0]:
                    kept = _keep(heap, kept, size, score)
                    if kept == size:
                        bar = max(bar, heap[0] - slack)
    staying = 0
    for contender in range(number):
        if scores[contender] >= bar:
            found[staying] = found[contender]
            staying += 1
    return staying


@njit(nogil=True)
def _mark(found, number, marked, slots, chosen, already):
    """Add those not yet marked to the chosen; how many are chosen now."""
    for contender in range(number):
        row = found[contender]
        bit = uint64(1) << uint64(row & 63)
        if marked[row >> 6] & bit == 0:
            marked[row >> 6] |= bit
            slots[row], chosen[already] = already, row
            already += 1
    return already


@njit(nogil=True)
def _rows_of(words, found):
    number = 0
    for block in range(len(words)):
        word = words[block]
        while word:
            lowest = word & (~word + uint64(1))
            word ^= lowest
            found[number] = (block << 6) + _popcount(lowest - uint64(1))
            number += 1
    return number


@njit(nogil=True)
def _exact_short(rows, impacts, first, last, marked, slots, part):
    for posting in range(first, last):
        row = uint32(rows[posting])
        if (marked[row >> uint32(6)] >> uint64(row & uint32(63))) & uint64(1):
            part[slots[row]] += impacts[posting]


@njit(nogil=True)
def _exact_long(impacts, first, bits, starts, chosen, number, part):
    for slot in range(number):
        row = chosen[slot]
        word, bit = bits[row >> 6], uint64(1) << uint64(row & 63)
        if word & bit:
            part[slot] += impacts[first + starts[row >> 6] + _popcount(word & (bit - uint64(1)))]


@njit(nogil=True)
def _worse(score, tie, than_score, than_tie):
    return score < than_score or (score == than_score and tie > than_tie)


@njit(nogil=True)
def _sink(scores, ties, slots, size, score, tie, slot):
    """Put an entry on top of a heap, worst on top, and let it sink to its place."""
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _worse(scores[child + 1], ties[child + 1], scores[child], ties[child]):
            child += 1
        if not _worse(scores[child], ties[child], score, tie):
            break
        scores[place], ties[place], slots[place] = scores[child], ties[child], slots[child]
        place = child
    scores[place], ties[place], slots[place] = score, tie, slot


@njit(nogil=True)
def _best(relevance, chosen, number, utility, tie, lambda_, size, rows, relevances, scores):
    """Write the best `size` of the chosen, best first, ties by `tie`; how many there are."""
    heap, ties, slots = np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64)
    kept = 0
    for slot in range(number):
        row = chosen[slot]
        score, place = relevance[slot] + lambda_ * utility[row], tie[row]
        if kept < size:
            at = kept
            kept += 1
            while at > 0 and _worse(score, place, heap[(at - 1) >> 1], ties[(at - 1) >> 1]):
                above = (at - 1) >> 1
                heap[at], ties[at], slots[at] = heap[above], ties[above], slots[above]
                at = above
            heap[at], ties[at], slots[at] = score, place, slot
        elif _worse(heap[0], ties[0], score, place):
            _sink(heap, ties, slots, size, score, place, slot)
    for last in range(kept - 1, -1, -1):
        rows[last], relevances[last], scores[last] = chosen[slots[0]], relevance[slots[0]], heap[0]
        _sink(heap, ties, slots, last, heap[last], ties[last], slots[last])
    return kept


@njit(nogil=True, cache=True)
def recall(
    columns,  # (F, T) the column of each token in each field, -1 where it has none
    weights,  # (F,) float64
    lambdas,  # (M,) float64
    size,
    indptr,  # F arrays each: the indexes
    rows,
    impacts,
    longs,  # F arrays (V,): the place of a column among the long lists, -1 for a short one
    bits,  # (L, W) and so on: what is known of long lists
    starts,
    extremes,
    utility,  # (N,) float32
    utility_tops,  # (W,) of each block
    utility_range,  # (2,) the smallest and the largest
    tie,  # (N,) place of each row in the order of ids
    sums,  # (64 W,) float32, zeros; left as zeros
    marked,  # (W,) words, zeros; left as zeros
    matched,  # (W,) words
    tops,  # (W,) float32
    histogram,
    heap,
    found,  # (N,) int32 each
    scores,
    slots,
    chosen,
    out_rows,  # (M, size) each
    out_relevance,
    out_scores,
    out_number,  # (M,)
):
    """The best `size` for each lambda into out_*; how many stickers match."""
    fields, tokens = columns.shape
    # lists in the order in which scores are summed: field by field, token by token as typed
    field_of, column_of = np.empty(fields * tokens, np.int64), np.empty(fields * tokens, np.int64)
    lists = 0
    for field in range(fields):
        for token in range(tokens):
            if weights[field] > 0 and columns[field, token] >= 0:
                field_of[lists], column_of[lists] = field, columns[field, token]
                lists += 1

    matched[:] = uint64(0)
    size_of_sums = 0.0  # the largest that the size of a sum can be
    for number in range(lists):
        field, column = field_of[number], column_of[number]
        weight, place = np.float32(weights[field]), longs[field][column]
        first, last = indptr[field][column], indptr[field][column + 1]
        if place >= 0:
            _add(rows[field], impacts[field], first, last, weight, sums)
            _unite(matched, bits[place])
            size_of_sums += weight * max(extremes[place, 0], -extremes[place, 1])
        else:
            size_of_sums += weight * _add_and_mark(rows[field], impacts[field], first, last, weight, sums, matched)
    total = _count(matched)

    number_chosen = 0
    if total <= size:
        number_chosen = _mark(found, _rows_of(matched, found), marked, slots, chosen, 0)
    else:
        _block_tops(sums, matched, tops)
        floor = _reached_by(tops, size, histogram)
        for which in range(len(lambdas)):
            lambda_ = np.float32(lambdas[which])
            # float32 rounds each of `lists` sums by at most 2^-24 of its size; four times that, to be safe
            slack = np.float32(4 * (lists + 8) * 2.0**-24 * (size_of_sums + lambda_ * utility_range[1]))
            bar = np.float32(-np.inf) if floor < 0 else floor + lambda_ * utility_range[0] - slack
            number = _contenders(
                sums, tops, matched, utility, utility_tops, lambda_, size, bar, slack, heap, found, scores
            )
            number_chosen = _mark(found, number, marked, slots, chosen, number_chosen)
    sums[:] = np.float32(0)

    relevance, part = np.zeros(number_chosen), np.zeros(number_chosen)
    for number in range(lists):
        field, column = field_of[number], column_of[number]
        place, first, last = longs[field][column], indptr[field][column], indptr[field][column + 1]
        if place >= 0:
            _exact_long(impacts[field], first, bits[place], starts[place], chosen, number_chosen, part)
        else:
            _exact_short(rows[field], impacts[field], first, last, marked, slots, part)
        if number + 1 == lists or field_of[number + 1] != field:
            relevance += weights[field] * part
            part[:] = 0.0
    for slot in range(number_chosen):
        marked[chosen[slot] >> 6] = uint64(0)
    for which in range(len(lambdas)):
        out_number[which] = _best(
            relevance, chosen, number_chosen, utility, tie, lambdas[which], size,
            out_rows[which], out_relevance[which], out_scores[which],
        )  # fmt: skip
    return total


@njit(nogil=True, cache=True)
def impacts(columns, indptr, rows, impacts, longs, bits, starts, wanted, out):
    """What each token (F, T) gives each wanted row (n,) into out (F, T, n); what is absent is left as it is."""
    fields, tokens = columns.shape
    for field in range(fields):
        for token in range(tokens):
            column = columns[field, token]
            if column < 0:
                continue
            place, first, last = longs[field][column], indptr[field][column], indptr[field][column + 1]
            for number in range(len(wanted)):
                row = wanted[number]
                if place >= 0:
                    word, bit = bits[place, row >> 6], uint64(1) << uint64(row & 63)
                    if word & bit:
                        at = first + starts[place, row >> 6] + _popcount(word & (bit - uint64(1)))
                        out[field, token, number] = impacts[field][at]
                else:
                    low, high = first, last
                    while low < high:
                        middle = (low + high) >> 1
                        if rows[field][middle] < row:
                            low = middle + 1
                        else:
                            high = middle
                    if low < last and rows[field][low] == row:
                        out[field, token, number] = impacts[field][low]
