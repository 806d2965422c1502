"""The compiled inner loops of recall: float32 sums find who may be among the best, float64 sums decide (persrv.fast).

A block is 64 stickers, so that which of them match is one word. Lists are columns of an index; a long one has its own
words, `bits`, and at `starts` the number of its postings before each block, so that one posting is found by counting
bits instead of searching. The longest are also dense: an impact in steps, a byte, for every sticker, because adding a
row of bytes is quicker than adding a tenth as many postings one by one. So many stickers as stay near the core are
summed at once; G groups lie across them, every G-th sticker in one, which is how their largest sums are found fastest.

Every function releases the GIL, and is kept on disk in compiled form by numba: in the folder NUMBA_CACHE_DIR where it
is set, else beside this file, else in the user's cache folder.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np
from numba import njit, uint32, uint64

_EVERY_SECOND = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)


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


@njit(nogil=True, cache=True)
def steps(rows, impacts, first, last, step, out):
    """A list as whole steps (N,) uint8, 0 where it has no posting; impacts are at least 0 and at most 255 steps."""
    for posting in range(first, last):
        out[rows[posting]] = np.uint8(impacts[posting] / step + np.float32(0.5))


@njit(nogil=True)
def _mark_list(rows, impacts, first, last, matched):
    """Mark whom a short list holds; its largest impact by size."""
    most = np.float32(0)
    for posting in range(first, last):
        row = uint32(rows[posting])
        matched[row >> uint32(6)] |= uint64(1) << uint64(row & uint32(63))
        most = max(most, abs(impacts[posting]))
    return most


@njit(nogil=True)
def _add(rows, impacts, first, last, weight, start, sums):
    """Add postings of the rows from `start` on."""
    for posting in range(first, last):
        sums[uint32(rows[posting] - start)] += weight * impacts[posting]


@njit(nogil=True)
def _add_dense(dense, worth, sums):
    """Add a stretch of a dense list, of which a step is `worth` so much."""
    for place in range(len(dense)):
        sums[place] += worth * np.float32(dense[place])


@njit(nogil=True)
def _add_until(rows, impacts, first, last, weight, start, stop, sums):
    """Add postings of the rows from `start` up to `stop`; the first posting after them."""
    for posting in range(first, last):
        if rows[posting] >= stop:
            return posting
        sums[uint32(rows[posting] - start)] += weight * impacts[posting]
    return last


@njit(nogil=True)
def _posting(bits, starts, first, row):
    """Where a long list has its posting of a row, -1 where it has none."""
    word, bit = bits[row >> 6], uint64(1) << uint64(row & 63)
    if word & bit == 0:
        return -1
    return first + starts[row >> 6] + _popcount(word & (bit - uint64(1)))


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
def _group_tops(sums, tops):
    """The largest sum of each group, at least 0. Floats that are not negative have the order of their bits, and the
    larger of whole numbers is what the compiler can take eight at a time."""
    table, whole = sums.view(np.int32).reshape(len(sums) // len(tops), len(tops)), tops.view(np.int32)
    whole[:] = 0
    for member in range(len(table)):
        for group in range(len(tops)):
            whole[group] = max(whole[group], table[member, group])


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
        posting = _posting(bits, starts, first, chosen[slot])
        if posting >= 0:
            part[slot] += impacts[posting]


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


@njit(nogil=True)
def _lists(columns, weights, indptr, rows, impacts, longs, bits, extremes, denses, matched):
    """The lists of a question in the order in which scores are summed, field by field, token by token as typed; and
    which stickers match. (L, 4) field, place among the long ones, first and last posting; (L,) weights; (L,) the most a
    list adds, infinite for a short one; the most that the size of a sum can be; and what dense lists may be wrong by,
    twice."""
    fields, tokens = columns.shape
    lists, number, most, vague = np.empty((fields * tokens, 4), np.int64), 0, 0.0, 0.0
    factors, bounds = np.empty(fields * tokens, np.float32), np.empty(fields * tokens, np.float32)
    matched[:] = uint64(0)
    for field in range(fields):
        for token in range(tokens):
            column = columns[field, token]
            if column < 0 or not weights[field] > 0:
                continue
            first, last, place = indptr[field][column], indptr[field][column + 1], longs[field][column]
            weight = np.float32(weights[field])
            if place >= 0:
                _unite(matched, bits[place])
                bound, size = weight * extremes[place, 0], max(extremes[place, 0], -extremes[place, 1])
                if denses[place] >= 0:
                    vague += weight * size / 255.0  # half a step, twice
            else:
                bound, size = np.float32(np.inf), _mark_list(rows[field], impacts[field], first, last, matched)
            lists[number, 0], lists[number, 1], lists[number, 2], lists[number, 3] = field, place, first, last
            factors[number], bounds[number] = weight, bound
            most += weight * size
            number += 1
    return lists[:number], factors[:number], bounds[:number], most, vague


@njit(nogil=True)
def _spare(bounds, by_bound, allowed):
    """How many of the lists that are worth least are allowed together, and what they are worth."""
    spared, worth = 0, np.float32(0)
    while spared < len(bounds) and worth + bounds[by_bound[spared]] <= allowed:
        worth += bounds[by_bound[spared]]
        spared += 1
    return spared, worth


@njit(nogil=True)
def _sum_up(
    lists, factors, summed, cursors, rows, impacts, starts, extremes, denses, dense, from_block, to_block, sums
):
    """What the `summed` lists give the stickers of some blocks."""
    sums[:] = np.float32(0)
    start, stop = from_block * 64, to_block * 64
    for which in summed:
        field, place, first, last = lists[which]
        if place >= 0 and denses[place] >= 0:
            worth = factors[which] * extremes[place, 0] / np.float32(255)
            _add_dense(dense[denses[place], start:stop], worth, sums)
        elif place >= 0:
            low, high = first + starts[place, from_block], first + starts[place, to_block]
            _add(rows[field], impacts[field], low, high, factors[which], start, sums)
        else:
            cursors[which] = _add_until(
                rows[field], impacts[field], cursors[which], last, factors[which], start, stop, sums
            )


@njit(nogil=True)
def _least(bars, lambdas, worth):
    """The least relevance that reaches a bar with so much utility."""
    least = np.float32(np.inf)
    for which in range(len(bars)):
        least = min(least, bars[which] - lambdas[which] * worth)
    return least


@njit(nogil=True)
def _hopeful(tops, utility_tops, bars, lambdas, rest, reach, hopeful):
    """The groups that may hold a sticker which reaches a bar, first in `hopeful`; how many. Bounds of groups of groups
    spare looking at most of them."""
    wide, most = np.empty(len(tops) >> 4, np.float32), lambdas.max()
    for group in range(len(tops)):
        reach[group] = tops[group] + most * utility_tops[group]
    _group_tops(reach, wide)
    least, number = bars.min() - rest, 0
    for place in range(len(wide)):
        if wide[place] >= least:
            for group in range(place, len(tops), len(wide)):
                if tops[group] >= _least(bars, lambdas, utility_tops[group]) - rest:
                    hopeful[number] = group
                    number += 1
    return number


@njit(nogil=True)
def _raise_bars(score, worth, lambdas, slacks, bars, heaps, kept):
    """Whether a sticker reaches a bar; one that is among the best so far may raise it."""
    reaches = False
    for which in range(len(bars)):
        value, heap = score + lambdas[which] * worth, heaps[which]
        if value >= bars[which]:
            reaches = True
            if kept[which] < len(heap) or value > heap[0]:
                kept[which] = _keep(heap, kept[which], len(heap), value)
                if kept[which] == len(heap):
                    bars[which] = max(bars[which], heap[0] - slacks[which])
    return reaches


@njit(nogil=True, cache=True)
def recall(
    columns,  # (F, T) the column of each token in each field, -1 where it has none
    weights,  # (F,) float64
    lambdas,  # (M,) float64
    size,
    allowed,  # what share of what is needed lists may be worth that are only looked at where a sticker needs them
    indptr,  # F arrays each: the indexes
    rows,
    impacts,
    longs,  # F arrays (V,): the place of a column among the long lists, -1 for a short one
    bits,  # (L, W) and so on: what is known of long lists
    starts,
    extremes,
    denses,  # (L,) the place of a long list among the dense ones, -1 for the others
    dense,  # (D, at least N) uint8
    utility,  # (N,) float32
    utility_tops,  # (turns, G) of each group
    utility_range,  # (2,) the smallest and the largest
    tie,  # (N,) place of each row in the order of ids
    sums,  # (64 B,) float32: B blocks are summed at once
    tops,  # (G,) float32
    reach,  # (G,) float32
    hopeful,  # (G,) int32
    marked,  # (W,) words, zeros; left as zeros
    matched,  # (W,) words
    heaps,  # (M, size) float32
    found,  # (N,) int32 each
    scores,
    slots,
    out_rows,  # (M, size) each
    out_relevance,
    out_scores,
    out_number,  # (M,)
):
    """The best `size` for each lambda into out_*; how many stickers match."""
    blocks, at_once, groups = len(matched), len(sums) >> 6, len(tops)
    lists, factors, bounds, most, vague = _lists(
        columns, weights, indptr, rows, impacts, longs, bits, extremes, denses, matched
    )
    total = _count(matched)
    if total <= size:
        number = _rows_of(matched, found)
    else:
        number = 0
        by_bound, cursors, shares = np.argsort(bounds), lists[:, 2].copy(), lambdas.astype(np.float32)
        # float32 rounds every sum by at most 2^-24 of its size; four times that, to be safe
        slacks = (vague + 4 * (len(lists) + 8) * 2.0**-24 * (most + lambdas * utility_range[1])).astype(np.float32)
        bars, kept = np.full(len(lambdas), -np.inf, np.float32), np.zeros(len(lambdas), np.int64)
        for turn in range((blocks + at_once - 1) // at_once):
            from_block, to_block = turn * at_once, min((turn + 1) * at_once, blocks)
            start, stop = from_block * 64, min(to_block * 64, len(utility))
            spared, rest = _spare(bounds, by_bound, allowed * _least(bars, shares, utility_range[0]))
            _sum_up(
                lists, factors, by_bound[spared:], cursors, rows, impacts, starts, extremes, denses, dense,
                from_block, to_block, sums,
            )  # fmt: skip
            _group_tops(sums, tops)
            if turn == 0 and size <= groups >> 2:  # a first bar: so many stickers, one in four groups, are that good
                fewer = np.empty(groups >> 2, np.float32)
                _group_tops(tops, fewer)
                reached = np.sort(fewer)[len(fewer) - size]
                if reached > 0:
                    bars = reached + shares * utility_range[0] - slacks
            hopes = _hopeful(tops, utility_tops[turn], bars, shares, rest, reach, hopeful)
            for group in hopeful[:hopes]:
                top = utility_tops[turn, group]
                least = _least(bars, shares, top) - rest
                for row in range(start + group, stop, groups):
                    score = sums[row - start]
                    if score < least or (matched[row >> 6] >> uint64(row & 63)) & uint64(1) == 0:
                        continue
                    for which in by_bound[:spared]:
                        field, place, first, _ = lists[which]
                        posting = _posting(bits[place], starts[place], first, row)
                        if posting >= 0:
                            score += factors[which] * impacts[field][posting]
                    worth = top if top == utility_range[0] else utility[row]  # most have the least: nothing to fetch
                    if _raise_bars(score, worth, shares, slacks, bars, heaps, kept):
                        found[number], scores[number] = row, score
                        number += 1
        staying = 0
        for contender in range(number):
            row = found[contender]
            if scores[contender] >= _least(bars, shares, utility[row]):
                found[staying] = row
                staying += 1
        number = staying

    for slot in range(number):
        marked[found[slot] >> 6] |= uint64(1) << uint64(found[slot] & 63)
        slots[found[slot]] = slot
    relevance, part = np.zeros(number), np.zeros(number)
    for which in range(len(lists)):
        field, place, first, last = lists[which]
        if place >= 0:
            _exact_long(impacts[field], first, bits[place], starts[place], found, number, part)
        else:
            _exact_short(rows[field], impacts[field], first, last, marked, slots, part)
        if which + 1 == len(lists) or lists[which + 1, 0] != field:
            relevance += weights[field] * part
            part[:] = 0.0
    for slot in range(number):
        marked[found[slot] >> 6] = uint64(0)
    for which in range(len(lambdas)):
        out_number[which] = _best(
            relevance, found, number, utility, tie, lambdas[which], size,
            out_rows[which], out_relevance[which], out_scores[which],
        )  # fmt: skip
    return total


@njit(nogil=True)
def _impacts_long(impacts, first, bits, starts, wanted, out):
    for number in range(len(wanted)):
        posting = _posting(bits, starts, first, wanted[number])
        if posting >= 0:
            out[number] = impacts[posting]


@njit(nogil=True)
def _impacts_short(rows, impacts, first, last, wanted, out):
    for number in range(len(wanted)):
        row, low, high = wanted[number], first, last
        while low < high:
            middle = (low + high) >> 1
            if rows[middle] < row:
                low = middle + 1
            else:
                high = middle
        if low < last and rows[low] == row:
            out[number] = impacts[low]


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
            if place >= 0:
                _impacts_long(impacts[field], first, bits[place], starts[place], wanted, out[field, token])
            else:
                _impacts_short(rows[field], impacts[field], first, last, wanted, out[field, token])


@njit(nogil=True, cache=True)
def gather(halves, wanted, out):
    """The wanted rows (n,) of float16 numbers, given as their bits (N, d), into out (n, d) as float32: sign, exponent
    and fraction moved to their places, then the exponent's other bias, exactly (Giesen 2012). Finite numbers only. What
    is returned means nothing."""
    whole, touched = out.view(np.uint32), np.uint16(0)
    # memory is asked for all rows first, since waiting for one after the other takes twice as long; what was touched is
    # returned, or the compiler would leave the touching out
    for number in range(len(wanted)):
        for place in range(0, halves.shape[1], 32):
            touched |= halves[wanted[number], place]
    for number in range(len(wanted)):
        row, to = halves[wanted[number]], whole[number]
        for place in range(len(row)):
            half = np.uint32(row[place])
            to[place] = ((half & uint32(0x8000)) << uint32(16)) | ((half & uint32(0x7FFF)) << uint32(13))
        scaled = out[number]
        for place in range(len(row)):
            scaled[place] *= np.float32(2.0**112)
    return touched


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def preference(vectors, mean, centroids, cluster_weights, values, clusters):
    """persrv.styles.preference of raw vectors (n, d), less `mean` (d,), without an array in between."""
    width = vectors.shape[1]
    centred = np.empty(width, np.float32)
    for number in range(len(vectors)):
        squares = np.float32(0)
        vector = vectors[number]
        for place in range(width):
            centred[place] = vector[place] - mean[place]
            squares += centred[place] * centred[place]
        scale = np.float32(1) / np.sqrt(squares) if squares > 0 else np.float32(0)
        best, best_cluster = np.float32(-np.inf), 0
        for cluster in range(len(centroids)):
            cosine, centroid = np.float32(0), centroids[cluster]
            for place in range(width):
                cosine += centred[place] * centroid[place]
            likeness = cosine * scale * cluster_weights[cluster]
            if likeness > best:
                best, best_cluster = likeness, cluster
        values[number] = min(max(best, np.float32(0)), np.float32(1))
        clusters[number] = best_cluster
