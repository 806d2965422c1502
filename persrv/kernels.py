"""The compiled inner loops of recall: float32 sums find who may be among the best, float64 sums decide (persrv.fast).

A block is 64 stickers, so that which of them match is one word. Lists are columns of an index; a long one has its own
words, `bits`, and at `starts` the number of its postings before each block, so that one posting is found by counting
bits instead of searching. So many blocks as stay near the core are summed at once, G of them; G groups of 64 stickers
lie across them, every G-th sticker in one, because that is how their largest sums are found fastest.

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
    table, whole = sums.view(np.int32).reshape(64, len(tops)), tops.view(np.int32)
    whole[:] = 0
    for member in range(64):
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


@njit(nogil=True, cache=True)
def recall(
    columns,  # (F, T) the column of each token in each field, -1 where it has none
    weights,  # (F,) float64
    lambdas,  # (M,) float64
    size,
    spared,  # how much of the bar the lists may be worth that are only looked at where a sticker needs them
    indptr,  # F arrays each: the indexes
    rows,
    impacts,
    longs,  # F arrays (V,): the place of a column among the long lists, -1 for a short one
    bits,  # (L, W) and so on: what is known of long lists
    starts,
    extremes,
    utility,  # (N,) float32
    utility_tops,  # (turns, G) of each group
    utility_range,  # (2,) the smallest and the largest
    tie,  # (N,) place of each row in the order of ids
    sums,  # (64 G,) float32
    tops,  # (G,) float32
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
    fields, tokens = columns.shape
    blocks, at_once = len(matched), len(tops)
    # lists in the order in which scores are summed: field by field, token by token as typed
    field_of, place_of = np.empty(fields * tokens, np.int64), np.empty(fields * tokens, np.int64)
    first_of, last_of = np.empty(fields * tokens, np.int64), np.empty(fields * tokens, np.int64)
    bound_of = np.empty(fields * tokens, np.float32)
    lists, size_of_sums = 0, 0.0  # the largest that the size of a sum can be
    matched[:] = uint64(0)
    for field in range(fields):
        for token in range(tokens):
            column = columns[field, token]
            if column < 0 or not weights[field] > 0:
                continue
            first, last, place = indptr[field][column], indptr[field][column + 1], longs[field][column]
            weight = np.float32(weights[field])
            field_of[lists], place_of[lists], first_of[lists], last_of[lists] = field, place, first, last
            if place >= 0:
                _unite(matched, bits[place])
                bound_of[lists] = weight * extremes[place, 0]
                size_of_sums += weight * max(extremes[place, 0], -extremes[place, 1])
            else:
                bound_of[lists] = np.inf
                size_of_sums += weight * _mark_list(rows[field], impacts[field], first, last, matched)
            lists += 1
    total = _count(matched)

    number = 0  # of those found that may be among the best
    if total <= size:
        number = _rows_of(matched, found)
    else:
        by_bound = np.argsort(bound_of[:lists])
        cursor = first_of[:lists].copy()
        bars, slacks = np.empty(len(lambdas), np.float32), np.empty(len(lambdas), np.float32)
        kept = np.zeros(len(lambdas), np.int64)
        for which in range(len(lambdas)):
            # float32 rounds each of `lists` sums by at most 2^-24 of its size; four times that, to be safe
            most = size_of_sums + lambdas[which] * utility_range[1]
            bars[which], slacks[which] = -np.inf, 4 * (lists + 8) * 2.0**-24 * most
        for from_block in range(0, blocks, at_once):
            to_block = min(from_block + at_once, blocks)
            start, stop = from_block * 64, to_block * 64
            # lists that are worth little are left out of the sums, and looked at where a sticker needs them
            needed = np.inf
            for which in range(len(lambdas)):
                needed = min(needed, bars[which] - lambdas[which] * utility_range[0])
            left_out, rest = 0, np.float32(0)
            while left_out < lists and rest + bound_of[by_bound[left_out]] <= spared * needed:
                rest += bound_of[by_bound[left_out]]
                left_out += 1
            sums[:] = np.float32(0)
            for each in range(left_out, lists):
                which_list = by_bound[each]
                field, place, first = field_of[which_list], place_of[which_list], first_of[which_list]
                weight = np.float32(weights[field])
                if place >= 0:
                    low, high = first + starts[place, from_block], first + starts[place, to_block]
                    _add(rows[field], impacts[field], low, high, weight, start, sums)
                else:
                    cursor[which_list] = _add_until(
                        rows[field], impacts[field], cursor[which_list], last_of[which_list], weight, start, stop, sums
                    )
            _group_tops(sums, tops)
            if from_block == 0 and size <= at_once:  # a first bar: so many stickers, one a group, are that good
                reached = np.sort(tops)[at_once - size]
                for which in range(len(lambdas) if reached > 0 else 0):
                    bars[which] = reached + np.float32(lambdas[which]) * utility_range[0] - slacks[which]
            for group in range(at_once):
                top, hopeful = tops[group] + rest, False
                for which in range(len(lambdas)):
                    worth = np.float32(lambdas[which]) * utility_tops[from_block // at_once, group]
                    hopeful |= top + worth >= bars[which]
                if not hopeful:
                    continue
                for row in range(start + group, min(stop, len(utility)), at_once):
                    score, hopeful = sums[row - start], False
                    for which in range(len(lambdas)):
                        worth = np.float32(lambdas[which]) * utility[row]
                        hopeful |= score + rest + worth >= bars[which]
                    if not hopeful or (matched[row >> 6] >> uint64(row & 63)) & uint64(1) == 0:
                        continue
                    for each in range(left_out):
                        which_list = by_bound[each]
                        field, place = field_of[which_list], place_of[which_list]
                        posting = _posting(bits[place], starts[place], first_of[which_list], row)
                        if posting >= 0:
                            score += np.float32(weights[field]) * impacts[field][posting]
                    hopeful = False
                    for which in range(len(lambdas)):
                        value = score + np.float32(lambdas[which]) * utility[row]
                        if value >= bars[which]:
                            hopeful = True
                            heap = heaps[which]
                            if kept[which] < size or value > heap[0]:
                                kept[which] = _keep(heap, kept[which], size, value)
                                if kept[which] == size:
                                    bars[which] = max(bars[which], heap[0] - slacks[which])
                    if hopeful:
                        found[number], scores[number] = row, score
                        number += 1
        staying = 0
        for contender in range(number):
            row, hopeful = found[contender], False
            for which in range(len(lambdas)):
                value = scores[contender] + np.float32(lambdas[which]) * utility[row]
                hopeful |= value >= bars[which]
            if hopeful:
                found[staying] = row
                staying += 1
        number = staying

    for slot in range(number):
        marked[found[slot] >> 6] |= uint64(1) << uint64(found[slot] & 63)
        slots[found[slot]] = slot
    relevance, part = np.zeros(number), np.zeros(number)
    for each in range(lists):
        field, place, first = field_of[each], place_of[each], first_of[each]
        if place >= 0:
            _exact_long(impacts[field], first, bits[place], starts[place], found, number, part)
        else:
            _exact_short(rows[field], impacts[field], first, last_of[each], marked, slots, part)
        if each + 1 == lists or field_of[each + 1] != field:
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
                    posting = _posting(bits[place], starts[place], first, row)
                    if posting >= 0:
                        out[field, token, number] = impacts[field][posting]
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


@njit(nogil=True, cache=True)
def gather(halves, wanted, out):
    """The wanted rows (n,) of float16 numbers, given as their bits (N, d), into out (n, d) as float32: sign, exponent
    and fraction moved to their places, then the exponent's other bias, exactly (Giesen 2012). Finite numbers only."""
    whole = out.view(np.uint32)
    for number in range(len(wanted)):
        row, to = halves[wanted[number]], whole[number]
        for place in range(len(row)):
            half = np.uint32(row[place])
            to[place] = ((half & uint32(0x8000)) << uint32(16)) | ((half & uint32(0x7FFF)) << uint32(13))
        scaled = out[number]
        for place in range(len(row)):
            scaled[place] *= np.float32(2.0**112)


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
