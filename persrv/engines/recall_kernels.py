"""Block-max pruning with quantised bounds: the compiled inner loops of recall, and of explaining it.

What a token gives at most to any sticker of a block is known beforehand. The bounds of a question's tokens, and of
utility, are added up for every block, and only blocks whose sum reaches a threshold are scored, as in block-max pruning
(Mallia, Suel and Tonellotto 2024). That a bound may leave documents out without losing one of the best is the idea of
MaxScore (Turtle and Flood 1995) and WAND (Broder et al. 2003); a bound for each block instead of each list is that of
Block-Max WAND (Ding and Suel 2011). What differs here:

- All blocks are bounded at once, by adding bytes, instead of lists being merged document by document around a pivot.
- A block is 8 neighbouring stickers, the same for every token, and its bound one byte, rounded up.
- A token's bound is of the weighted sum over all fields, under the weights of the question; it is kept for the usual
  weights and made for others. Tokens that few stickers hold have no bounds: their postings are read.
- The first threshold is a guess from the largest bounds; the scores found with it make the threshold that is sure.
- Bounds and sums are float32 with room for what rounding may do to them. They only find who may be among the best;
  float64 decides, in the order of additions that persrv.ranking.recall defines.

A token that many stickers hold, a common one, has its postings of all fields side by side: `words` tell whom it holds,
a bit a sticker; `starts`, how many it holds before every 8 words, so that a posting is found by counting bits; a
posting's mask, which fields hold it; and `parts`, their impacts. Its bounds are `tops`, a byte a block.

Every function releases the GIL, and is kept on disk in compiled form by numba: in the folder NUMBA_CACHE_DIR where it
is set, else beside this file, else in the user's cache folder. One file, because numba compiles a function anew when
its own file changes, not when that of a function it calls does.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, uint32, uint64
from numpy.typing import NDArray

from persrv.engines.intrinsics import popcount, prefetch
from persrv.records import FloatArray

#: Stickers a block; words of 64 stickers between two starts; and groups a window, which a processor compares at once:
#: of the blocks of a window, every LANES-th is in the same group.
BLOCK, STRETCH, LANES = 8, 8, 64

#: Blocks that are bounded at once: their bounds stay near the core.
_AT_ONCE = 4096

#: Postings of common tokens that are found before the first of them is used, at most.
_FOUND_AT_ONCE = 1 << 20

#: Buckets of the histograms that tell which bounds and which sums are the largest; one in so many bounds is asked.
BUCKETS, _ASKED = 2048, 4

#: Below this bound a histogram cannot be scaled, and all blocks are scored.
_TOLD_APART = np.float32(1e-30)

#: The words of a record: the masks of 8 postings, a byte each, with a bit for every field that holds it; the place of
#: the first of their parts; and two words of weighted sums over all fields under the usual weights, in steps above
#: `least`.
_MASKS, _PARTS, _VALUES = 0, 1, 2


class Fields(NamedTuple):
    """The index of each of F fields (persrv.ranking.bm25)."""

    indptr: tuple[NDArray[np.int64], ...]
    rows: tuple[NDArray[np.int32], ...]
    impacts: tuple[FloatArray, ...]
    sizes: FloatArray  # (F,) the largest impact by size


class Common(NamedTuple):
    """The postings of M common tokens, P in all; those of each token begin at a multiple of 8."""

    words: NDArray[np.uint64]  # (M, W) whom a token holds
    starts: NDArray[np.int32]  # (M, S) how many before every STRETCH words
    firsts: NDArray[np.int64]  # (M + 1,) the first posting of each
    records: NDArray[np.uint64]  # (P / 8, 4) of every 8 postings; see _MASKS, _PARTS, _VALUES
    parts: FloatArray  # impacts, posting by posting, field by field
    least: FloatArray  # (M,) the least that all fields together give under the usual weights, at most 0
    most: FloatArray  # (M,) the most, at least 0


class Bounds(NamedTuple):
    """The most that each of K common tokens gives under some weights, all fields together."""

    most: FloatArray  # (K,) at least 0
    tops: NDArray[np.uint8]  # (K, B) of each block, in steps (see _step), rounded up


class BoundedUtility(NamedTuple):
    """Utility (N,), at least 0, and its bounds."""

    utility: FloatArray  # (N,)
    range: FloatArray  # (2,) the smallest and the largest
    tops: NDArray[np.uint8]  # (B,) the largest of each block, in steps, rounded up


class Workspace(NamedTuple):
    """The arrays that one search at a time writes into."""

    matched: NDArray[np.uint64]  # (W,)
    histogram: NDArray[np.int32]  # of bounds
    bounds: FloatArray  # (B,)
    group_tops: FloatArray  # (G,)
    blocks: NDArray[np.int32]  # (B,) those that are looked into
    sums: FloatArray  # (B, 8) of their stickers
    most: FloatArray  # (B,) the largest, 0 at least
    held: NDArray[np.uint8]  # (B,) which of them match
    postings: NDArray[np.int64]  # (8 B,)
    targets: NDArray[np.int64]  # (8 B,)
    found: NDArray[np.int32]  # (8 B,)
    slots: NDArray[np.int32]  # (8 B,) of the stickers of blocks that are looked into: their place among those found


@njit(nogil=True, forceinline=True)
def _number_of_bits(word):
    return np.int64(popcount(word))


@njit(nogil=True, forceinline=True)
def _lowest(bits):
    """The number of the lowest bit that is set, where one is; and the bits without it."""
    others = bits & (bits - uint64(1))
    return _number_of_bits((bits ^ others) - uint64(1)), others


# ---- bounds of blocks, made once ------------------------------------------------------------------------------------


@njit(nogil=True, forceinline=True)
def _step(most):
    """The size of one step of `tops`: a trifle more than a 255th of `most`, so that 255 steps reach it."""
    return most * np.float32((1 + 2.0**-20) / 255)


@njit(nogil=True)
def _steps(value, most):
    """The least number of steps that reach a value, which is at most `most`."""
    if not value > 0:
        return np.uint8(0)
    step = _step(most)
    if not step > 0:  # too small for float32: the histograms don't ask for it
        return np.uint8(255)
    steps = np.int64(np.ceil(value / step))
    while np.float32(steps) * step < value:
        steps += 1
    return np.uint8(min(int(steps), 255))


@njit(nogil=True, forceinline=True)
def _value_step(least, most):
    """The size of one step of quantised values, which are wrong by half a step at most."""
    return (most - least) * np.float32((1 + 2.0**-20) / 65535)


@njit(nogil=True, cache=True)
def bound_values(values, most, tops):
    """Bound values (N,) block by block: fill `tops` (B,), zeros before; most: the largest value."""
    for row in range(len(values)):
        tops[row >> 3] = max(tops[row >> 3], _steps(values[row], most))


# ---- the postings of common tokens, made once -----------------------------------------------------------------------


@njit(nogil=True)
def _hold(columns, indptr, rows, words, masks):
    """Set the bit of every sticker that holds a token in `words`, and its fields in `masks` (N,), zeros before."""
    for field in range(len(columns)):
        if columns[field] >= 0:
            for posting in range(indptr[field][columns[field]], indptr[field][columns[field] + 1]):
                row = rows[field][posting]
                words[row >> 6] |= uint64(1) << uint64(row & 63)
                masks[row] |= np.uint8(1 << field)


@njit(nogil=True)
def _starts(words, starts):
    before = 0
    for word in range(len(words)):
        if word % STRETCH == 0:
            starts[word // STRETCH] = before
        before += _number_of_bits(words[word])


@njit(nogil=True, cache=True)
def count_common(columns, indptr, rows, words, masks, counts):
    """Fill in `words` and `counts` (M,) of M tokens; columns (M, F): the column of each in each field, -1 for none."""
    for token in range(len(columns)):
        _hold(columns[token], indptr, rows, words[token], masks)
        for word in range(words.shape[1]):
            counts[token] += _number_of_bits(words[token, word])
        masks[:] = 0


@njit(nogil=True, cache=True)
def fill_common(columns, indptr, rows, impacts, common, masks, places, held):
    """Fill in the rest of the common postings. masks, places, held (N,): room to work in, masks zeros."""
    part = 0
    for token in range(len(columns)):
        mine, words = columns[token], common.words[token]
        _starts(words, common.starts[token])
        _hold(mine, indptr, rows, words, masks)
        number, posting = _rows_of(words, held), common.firsts[token]
        for row in held[:number]:
            if posting & 7 == 0:
                common.records[posting >> 3, _PARTS] = part
            common.records[posting >> 3, _MASKS] |= uint64(masks[row]) << uint64((posting & 7) << 3)
            places[row] = part
            part += _number_of_bits(uint64(masks[row]))
            posting += 1
        for field in range(len(mine)):
            if mine[field] >= 0:
                for place in range(indptr[field][mine[field]], indptr[field][mine[field] + 1]):
                    row = rows[field][place]
                    before = uint64(masks[row]) & ((uint64(1) << uint64(field)) - uint64(1))
                    common.parts[places[row] + _number_of_bits(before)] = impacts[field][place]
        for row in held[:number]:
            masks[row] = 0


@njit(nogil=True, forceinline=True)
def _weighed(parts, part, mask, weights):
    """The weighted sum of a posting's parts."""
    given = 0.0
    while mask:
        field, mask = _lowest(mask)
        if weights[field] > 0:
            given += weights[field] * parts[part]
        part += 1
    return np.float32(given)


@njit(nogil=True, cache=True)
def bound_common(common, token, weights, highs, tops):
    """Bound a common token under some weights (F,): fill `tops` (B,); return its least and its largest weighted sum.

    highs (B,): room to work in.
    """
    least, most, posting, words = np.float32(0), np.float32(0), common.firsts[token], common.words[token]
    highs[:] = np.float32(0)
    for place in range(len(words)):
        word = words[place]
        while word:
            member, word = _lowest(word)
            mask, part = _parts(common.records, posting)
            given, block = _weighed(common.parts, part, mask, weights), (place << 3) + (member >> 3)
            least, highs[block] = min(least, given), max(highs[block], given)
            posting += 1
    for block in range(len(highs)):
        most = max(most, highs[block])
    for block in range(len(highs)):
        tops[block] = _steps(highs[block], most)
    return least, most


@njit(nogil=True, cache=True)
def fill_values(common, token, number, weights):
    """Quantise the weighted sums of a common token's `number` postings under the usual weights.

    common.least and common.most of the token are known by then.
    """
    step = _value_step(common.least[token], common.most[token])
    for posting in range(common.firsts[token], common.firsts[token] + number if step > 0 else 0):
        mask, part = _parts(common.records, posting)
        steps = (_weighed(common.parts, part, mask, weights) - common.least[token]) / step
        word, shift = _VALUES + ((posting >> 2) & 1), uint64((posting & 3) << 4)
        common.records[posting >> 3, word] |= uint64(np.uint16(steps + np.float32(0.5))) << shift


# ---- finding postings -----------------------------------------------------------------------------------------------


@njit(nogil=True, forceinline=True)
def _before(words, starts, row):
    """The number of stickers before a row that hold a common token."""
    word = row >> 6
    first = (word >> 3) << 3
    number = np.int64(starts[word >> 3]) + _number_of_bits(words[word] & ((uint64(1) << uint64(row & 63)) - uint64(1)))
    for place in range(first, first + STRETCH):  # all of them: what it takes does not depend on the row
        number += _number_of_bits(words[place]) if place < word else 0
    return number


@njit(nogil=True, forceinline=True)
def _parts(records, posting):
    """The mask of a common token's posting and the place of its first part."""
    masks, shift = records[posting >> 3, _MASKS], uint64((posting & 7) << 3)
    before = masks & ((uint64(1) << shift) - uint64(1))
    return (masks >> shift) & uint64(255), np.int64(records[posting >> 3, _PARTS]) + _number_of_bits(before)


@njit(nogil=True, forceinline=True)
def _posting(words, starts, first, row):
    """The number of a common token's posting of a row, -1 where the row lacks the token."""
    if (words[row >> 6] >> uint64(row & 63)) & uint64(1) == 0:
        return np.int64(-1)
    return first + _before(words, starts, row)


@njit(nogil=True, forceinline=True)
def _first_from(rows, first, last, row):
    """The first posting of a list at or after a row."""
    while first < last:
        middle = (first + last) >> 1
        if rows[middle] < row:
            first = middle + 1
        else:
            last = middle
    return first


@njit(nogil=True)
def _rows_of(words, found):
    """Write the rows whose bits are set into `found`, ascending; return their number."""
    number = 0
    for place in range(len(words)):
        word = words[place]
        while word:
            member, word = _lowest(word)
            found[number] = (place << 6) + member
            number += 1
    return number


# ---- who matches, and which blocks may hold one of the best ---------------------------------------------------------


@njit(nogil=True)
def _counted_whole(columns, common, weights, token):
    """Return whether a token is common, and every field that holds it has a positive weight."""
    whole = common >= 0
    for field in range(len(weights)):
        whole &= columns[field, token] < 0 or weights[field] > 0
    return whole


@njit(nogil=True)
def _lists_of(columns, weights, fields, chosen):
    """(L, 3) field, first and last posting of each list of the chosen tokens in fields of positive weight."""
    lists, number = np.empty((columns.size, 3), np.int64), 0
    for field in range(len(weights)):
        for token in range(len(chosen)):
            column = columns[field, token]
            if chosen[token] and column >= 0 and weights[field] > 0:
                lists[number, 0] = field
                lists[number, 1], lists[number, 2] = fields.indptr[field][column], fields.indptr[field][column + 1]
                number += 1
    return lists[:number]


@njit(nogil=True)
def _mark(rows, first, last, matched):
    """Set the bits in `matched` of the rows of a list; return how many of them were not set before."""
    more = np.int64(0)
    for posting in range(first, last):
        row = uint32(rows[posting])
        word, bit = matched[row >> uint32(6)], uint64(row & uint32(63))
        more += 1 - np.int64((word >> bit) & uint64(1))
        matched[row >> uint32(6)] = word | (uint64(1) << bit)
    return more


@njit(nogil=True)
def _add_postings(rows, impacts, first, last, weight, window, bounds, group_tops):
    for posting in range(first, last):
        block = np.int64(uint32(rows[posting]) >> uint32(3))
        bounds[block] += weight * max(impacts[posting], np.float32(0))
        group = block // window * LANES + block % LANES
        group_tops[group] = max(group_tops[group], bounds[block])


@njit(nogil=True, forceinline=True)
def _set_tops(tops, worth, bounds):
    for block in range(len(tops)):
        bounds[block] = worth * np.float32(tops[block])


@njit(nogil=True, forceinline=True)
def _add_tops(tops, worth, bounds):
    for block in range(len(tops)):
        bounds[block] += worth * np.float32(tops[block])


@njit(nogil=True, forceinline=True)
def _unite(words, others):
    for place in range(len(words)):
        words[place] |= others[place]


@njit(nogil=True)
def _count(words):
    total = uint64(0)
    for place in range(len(words)):
        total += popcount(words[place])
    return np.int64(total)


@njit(nogil=True, fastmath={"nnan", "nsz"})
def _group_tops(bounds, window, tops):
    """Write the largest bound of each group into `tops`; four blocks of a group at a time, where it has as many."""
    tops[:] = np.float32(0)
    for start in range(0, len(bounds), window):
        of_window = tops[start // window * LANES : (start // window + 1) * LANES]
        many = window // LANES // 4 * 4 * LANES
        for block in range(start, start + many, 4 * LANES):
            one, two = bounds[block : block + LANES], bounds[block + LANES : block + 2 * LANES]
            three, four = bounds[block + 2 * LANES : block + 3 * LANES], bounds[block + 3 * LANES : block + 4 * LANES]
            for lane in range(LANES):
                of_window[lane] = max(of_window[lane], max(max(one[lane], two[lane]), max(three[lane], four[lane])))
        for block in range(start + many, start + window, LANES):
            some = bounds[block : block + LANES]
            for lane in range(LANES):
                of_window[lane] = max(of_window[lane], some[lane])


@njit(nogil=True)
def _sweep(columns, commons, bounded, weights, lambda_, fields, common, of_tokens, worth, room):
    """Bound the best score in each block and group, utility included, and set the bits of all stickers that match.

    Returns how many match. Works through a stretch of blocks at a time, which stays near the core.
    """
    whole, rare = np.empty(len(commons), np.bool_), commons < 0
    for token in range(len(commons)):
        whole[token] = _counted_whole(columns, commons[token], weights, token)
    read = _lists_of(columns, weights, fields, rare)
    for which in range(len(read)):
        prefetch(fields.rows[read[which, 0]], read[which, 1])
        prefetch(fields.impacts[read[which, 0]], read[which, 1])
    window = len(room.bounds) // len(room.group_tops) * LANES
    at_once, total = max(_AT_ONCE // window, 1) * window, 0
    for start in range(0, len(room.bounds), at_once):
        stop = min(start + at_once, len(room.bounds))
        bounds, matched = room.bounds[start:stop], room.matched[start >> 3 : stop >> 3]
        matched[:] = uint64(0)
        _set_tops(worth.tops[start:stop], lambda_ * _step(worth.range[1]), bounds)
        for token in range(len(commons)):
            if bounded[token] >= 0:
                _add_tops(of_tokens.tops[bounded[token], start:stop], _step(of_tokens.most[bounded[token]]), bounds)
            if whole[token]:
                _unite(matched, common.words[commons[token], start >> 3 : stop >> 3])
        total += _count(matched)
        _group_tops(bounds, window, room.group_tops[start // window * LANES : stop // window * LANES])
    for which in range(len(read)):
        field, first, last = read[which]
        rows, impacts, weight = fields.rows[field], fields.impacts[field], np.float32(weights[field])
        _add_postings(rows, impacts, first, last, weight, window, room.bounds, room.group_tops)
    marked = _lists_of(columns, weights, fields, ~whole)
    for which in range(len(marked)):
        field, first, last = marked[which]
        total += _mark(fields.rows[field], first, last, room.matched)
    return total


@njit(nogil=True)
def _bar(histogram, wanted, most):
    """The value that `wanted` of the counted values, or a few more, reach; 0 where fewer were counted.

    histogram: counts of values from 0 to `most`.
    """
    for bucket in range(len(histogram) - 1, 0, -1):
        wanted -= histogram[bucket]
        if wanted <= 0:
            return most * np.float32(bucket / (len(histogram) - 1) * (1 - 2.0**-20))
    return np.float32(0)


@njit(nogil=True, fastmath={"nnan", "nsz"})
def _largest(values):
    """The largest of the values, at least 0."""
    most = np.float32(0)
    for place in range(len(values)):
        most = max(most, values[place])
    return most


@njit(nogil=True)
def _cut(tops, wanted, most, histogram):
    """A bound that about `wanted` groups reach, estimated from every _ASKED-th; 0 where there are fewer groups."""
    histogram[:] = 0
    scale = np.float32((len(histogram) - 1) / most)
    for group in range(0, len(tops), _ASKED):
        histogram[np.int32(max(tops[group], np.float32(0)) * scale)] += 1
    return _bar(histogram, wanted // _ASKED, most)


@njit(nogil=True)
def _choose(bounds, utility_tops, less, group_tops, bar, blocks, number):
    """Append to `blocks` the blocks whose bound reaches `bar`; return how many blocks there are then.

    less: is taken off a bound for each step of the block's utility. A chosen block's entry in `bounds` becomes -1 - its
    place in `blocks`, so that it is chosen once; the tops of groups are then those of the blocks that are left.
    """
    window = len(bounds) // len(group_tops) * LANES
    for group in range(len(group_tops)):
        if group_tops[group] >= bar:
            start, rest = group // LANES * window + group % LANES, np.float32(-1)
            for block in range(start, start - group % LANES + window, LANES):
                bound = bounds[block]
                if bound >= bar and bound >= 0 and bound - less * np.float32(utility_tops[block]) >= bar:
                    bounds[block] = np.float32(-1 - number)
                    blocks[number] = block
                    number += 1
                else:
                    rest = max(rest, bound)
            group_tops[group] = rest
    return number


# ---- looking into blocks --------------------------------------------------------------------------------------------


@njit(nogil=True)
def _find_common(words, starts, first, blocks, records, postings, targets):
    """Write a common token's postings in some blocks, and their stickers (place of the block x 8 + member)."""
    number = 0
    for place in range(len(blocks)):
        start = np.int64(blocks[place]) << 3
        mine = (words[start >> 6] >> uint64(start & 63)) & uint64(255)
        if mine:
            posting = first + _before(words, starts, start)
            prefetch(records, (posting >> 3) << 2)
            while mine:
                member, mine = _lowest(mine)
                postings[number], targets[number] = posting, (place << 3) + member
                posting += 1
                number += 1
    return number


@njit(nogil=True)
def _sum_values(records, least, step, postings, targets, sums, held):
    """Add the quantised sums of a common token's postings, which are those of the usual weights."""
    for number in range(len(postings)):
        posting, place, member = postings[number], targets[number] >> 3, targets[number] & 7
        four = records[posting >> 3, _VALUES + ((posting >> 2) & 1)] >> uint64((posting & 3) << 4)
        sums[place, member] += least + step * np.float32(np.uint16(four & uint64(0xFFFF)))
        held[place] |= np.uint8(1 << member)


@njit(nogil=True)
def _sum_parts(common, weights, postings, targets, sums, held):
    """Add the sums of a common token's postings under other weights, over fields of positive weight."""
    for number in range(len(postings)):
        mask, part = _parts(common.records, postings[number])
        place, member = targets[number] >> 3, targets[number] & 7
        while mask:
            field, mask = _lowest(mask)
            if weights[field] > 0:
                sums[place, member] += weights[field] * common.parts[part]
                held[place] |= np.uint8(1 << member)
            part += 1


@njit(nogil=True)
def _sum_rare(rows, impacts, first, last, weight, blocks, bounds, before, sums, held):
    """Add the impacts of a short list: reading it through, unless looking for each block takes less time."""
    if last - first < 32 * len(blocks):
        for posting in range(first, last):
            row = uint32(rows[posting])
            bound = bounds[row >> uint32(3)]
            if bound < 0:
                place = np.int64(-1 - bound) - before
                if place >= 0:
                    sums[place, row & uint32(7)] += weight * impacts[posting]
                    held[place] |= np.uint8(uint32(1) << (row & uint32(7)))
    else:
        for place in range(len(blocks)):
            start = blocks[place] << 3
            posting = _first_from(rows, first, last, start)
            while posting < last and rows[posting] < start + 8:
                sums[place, rows[posting] - start] += weight * impacts[posting]
                held[place] |= np.uint8(1 << (rows[posting] - start))
                posting += 1


@njit(nogil=True)
def _look_into(columns, commons, usual, weights, fields, common, room, before, number):
    """Score the stickers of the chosen blocks from the place `before` on: sums, and which of them match."""
    blocks, sums, held = room.blocks[before:number], room.sums[before:number], room.held[before:number]
    sums[:], held[:] = np.float32(0), np.uint8(0)
    for token in range(len(commons)):
        place = commons[token]
        if place >= 0:
            words, starts, first = common.words[place], common.starts[place], common.firsts[place]
            flat = common.records.reshape(-1)
            many = _find_common(words, starts, first, blocks, flat, room.postings, room.targets)
            postings, targets = room.postings[:many], room.targets[:many]
            if usual and _counted_whole(columns, place, weights, token):
                step = _value_step(common.least[place], common.most[place])
                _sum_values(common.records, common.least[place], step, postings, targets, sums, held)
            else:
                _sum_parts(common, weights.astype(np.float32), postings, targets, sums, held)
            continue
        for field in range(len(weights)):
            column, weight = columns[field, token], np.float32(weights[field])
            if column >= 0 and weight > 0:
                first, last = fields.indptr[field][column], fields.indptr[field][column + 1]
                _sum_rare(
                    fields.rows[field], fields.impacts[field], first, last, weight, blocks, room.bounds, before, sums,
                    held,
                )  # fmt: skip


@njit(nogil=True)
def _count_scores(room, before, number, worth, lambda_, most, histogram):
    """Add the scores of matching stickers of the scored blocks to a histogram from 0 to `most`, or a little less."""
    least, scale = _steps(worth.range[0], worth.range[1]), np.float32((len(histogram) - 1) / most)
    for place in range(before, number):
        block, held = room.blocks[place], np.int32(room.held[place])
        same = worth.tops[block] == least  # most have the least utility: nothing to fetch
        room.most[place] = _largest(room.sums[place])
        for member in range(8):
            utility = worth.range[0] if same else worth.utility[min((block << 3) + member, len(worth.utility) - 1)]
            score = min(max(room.sums[place, member] + lambda_ * utility, np.float32(0)), most)
            histogram[np.int32(score * scale)] += (held >> member) & 1


@njit(nogil=True)
def _candidates(room, number, worth, lambdas, bars):
    """Write the rows of the scored blocks that reach a threshold into `found`; return their number."""
    many, step = 0, _step(worth.range[1])
    for place in range(number):
        block, mine = room.blocks[place], room.held[place]
        for which in range(len(bars)):
            lambda_, bar = lambdas[which], bars[which]
            needed = bar - lambda_ * step * np.float32(worth.tops[block])
            if room.most[place] < needed:
                continue
            for member in range(8):
                score, row = room.sums[place, member], (block << 3) + member
                if score >= needed and (mine >> member) & 1 and score + lambda_ * worth.utility[row] >= bar:
                    room.found[many] = row
                    many += 1
                    mine ^= np.uint8(1 << member)  # once is enough
    return many


@njit(nogil=True)
def _slack(columns, commons, usual, weights, fields, common):
    """Twice the errors that sums may have: (of rounding to float32, of quantised values)."""
    largest, vague = 0.0, np.float32(0)
    for token in range(len(commons)):
        for field in range(len(weights)):
            if columns[field, token] >= 0 and weights[field] > 0:
                largest += weights[field] * fields.sizes[field]
        if commons[token] >= 0 and usual:
            vague += _value_step(common.least[commons[token]], common.most[commons[token]])
    return largest, vague


@njit(nogil=True)
def _likely(columns, commons, usual, weights, lambdas, size, fields, common, worth, room):
    """Write into `found` the rows that may be among the best `size` under any of the weights of utility.

    Returns their number and the number of blocks that were scored. The blocks with the largest bounds come first, and
    their best scores make a threshold; then the other blocks whose bounds reach it, at most twice as many each time,
    since their scores raise it.
    """
    largest, vague = _slack(columns, commons, usual, weights, fields, common)
    # float32 rounds every sum by at most 2^-24 of its size, and all bounds are sums with the utility of the largest
    # weight; four times that, to be safe
    rounded = 4 * (columns.size + 8) * 2.0**-24 * (largest + lambdas.max() * worth.range[1])
    slack = vague + np.float32(rounded)
    shares, step, most = lambdas.astype(np.float32), _step(worth.range[1]), _largest(room.group_tops)
    histograms = np.zeros((len(lambdas), BUCKETS), np.int32)
    bars, before, number = np.full(len(lambdas), -np.float32(np.inf)), 0, 0
    wanted, more = 2 * size + 50, True
    while more:
        cut, more = np.float32(0), False
        if most > _TOLD_APART:
            cut = _cut(room.group_tops, wanted, most, room.histogram)
        for which in range(len(lambdas)):
            bar, less = bars[which], (shares.max() - shares[which]) * step
            if cut > max(bar, np.float32(0)):
                bar, more = cut, True
            number = _choose(room.bounds, worth.tops, less, room.group_tops, bar, room.blocks, number)
        _look_into(columns, commons, usual, weights, fields, common, room, before, number)
        for which in range(len(lambdas)):
            if most > _TOLD_APART:
                _count_scores(room, before, number, worth, shares[which], most, histograms[which])
                bar = _bar(histograms[which], size, most)
                bars[which] = bar - slack if bar > 0 else -np.float32(np.inf)
        before, wanted = number, 2 * wanted
    return _candidates(room, number, worth, shares, bars), number


# ---- the definition, for the few that are left ----------------------------------------------------------------------


@njit(nogil=True)
def _find_parts(common, tokens, found, parts, places, ends):
    """Find the postings that common tokens have of rows (n,): their parts and masks, their rows in `places`, and where
    each token's end in `ends`; tokens that are not common have none.

    Memory is asked for all that a step needs before the next one waits for it.
    """
    number = 0
    for token in range(len(tokens)):
        if tokens[token] >= 0:
            words, starts = common.words[tokens[token]], common.starts[tokens[token]]
            for place in range(len(found)):
                posting = _posting(words, starts, common.firsts[tokens[token]], found[place])
                if posting >= 0:
                    parts[number], places[number] = posting, place
                    number += 1
        ends[token] = number
    for held in range(number):
        mask, part = _parts(common.records, parts[held])
        parts[held] = part << 8 | np.int64(mask)
        prefetch(common.parts, part)


@njit(nogil=True)
def _exact_common(values, parts, places, given):
    """Add a common token's impacts on rows to `given` (F, n)."""
    for held in range(len(parts)):
        mask, part = uint64(parts[held] & 255), parts[held] >> 8
        while mask:
            field, mask = _lowest(mask)
            given[field, places[held]] += values[part]
            part += 1


@njit(nogil=True)
def _exact_found(rows, impacts, first, last, found, given):
    """Add the impacts of a list on ascending rows (n,), each found by galloping from where the row before was."""
    for number in range(len(found)):
        row, step = found[number], 1
        while first + step < last and rows[first + step] < row:
            first += step
            step <<= 1
        first = _first_from(rows, first, min(first + step, last), row)
        if first == last:
            return
        if rows[first] == row:
            given[number] += impacts[first]


@njit(nogil=True)
def _exact_read(rows, impacts, first, last, bounds, slots, given):
    """Add the impacts of a list, reading it through."""
    for posting in range(first, last):
        row = uint32(rows[posting])
        bound = bounds[row >> uint32(3)]
        if bound < 0:
            slot = slots[(np.int64(-1 - bound) << 3) + np.int64(row & uint32(7))]
            if slot >= 0:
                given[slot] += impacts[posting]


@njit(nogil=True)
def _number(found, looked_into, room):
    """Note in room.slots the number of each row (n,) among the stickers of the scored blocks."""
    room.slots[: looked_into << 3] = -1
    for number in range(len(found)):
        place = np.int64(-1 - room.bounds[found[number] >> 3])
        room.slots[(place << 3) + (found[number] & 7)] = number


@njit(nogil=True)
def _exact(columns, commons, weights, fields, common, room, looked_into, found):
    """Relevance (n,) of ascending rows, as persrv.ranking.recall defines it: in float64, field by field, token by token
    as typed.
    """
    given, relevance = np.zeros((len(weights), len(found))), np.zeros(len(found))
    if looked_into:
        _number(found, looked_into, room)
    at_once = min(len(commons), max(1, _FOUND_AT_ONCE // max(len(found), 1)))
    parts, places = np.empty(at_once * len(found), np.int64), np.empty(at_once * len(found), np.int64)
    for start in range(0, len(commons), max(at_once, 1)):
        tokens = commons[start : start + at_once]
        ends, done = np.empty(len(tokens), np.int64), 0
        _find_parts(common, tokens, found, parts, places, ends)
        for token in range(len(tokens)):
            if tokens[token] >= 0:
                _exact_common(common.parts, parts[done : ends[token]], places[done : ends[token]], given)
                done = ends[token]
                continue
            for field in range(len(weights)):
                column = columns[field, start + token]
                if column >= 0 and weights[field] > 0:
                    first, last = fields.indptr[field][column], fields.indptr[field][column + 1]
                    rows, impacts = fields.rows[field], fields.impacts[field]
                    if looked_into and last - first < 32 * len(found):
                        _exact_read(rows, impacts, first, last, room.bounds, room.slots, given[field])
                    else:
                        _exact_found(rows, impacts, first, last, found, given[field])
    for field in range(len(weights)):
        if weights[field] > 0:
            for number in range(len(found)):
                relevance[number] += weights[field] * given[field, number]
    return relevance


@njit(nogil=True)
def _worse(score, tie, than_score, than_tie):
    return score < than_score or (score == than_score and tie > than_tie)


@njit(nogil=True)
def _sink(scores, ties, slots, size, score, tie, slot):
    """Replace the top of a heap with the worst entry on top, and let the new entry sink to its place."""
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
def _best(relevance, chosen, utility, tie, lambda_, size, rows, relevances, scores):
    """Write the best `size` of the chosen rows, best first, ties by `tie`; return their number."""
    heap, ties, slots = np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64)
    kept = 0
    for slot in range(len(chosen)):
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
    commons,  # (T,) the place of each token among the common ones, -1 for the others
    bounded,  # (T,) the place of each token in `of_tokens`, -1 for those that are not common
    usual,  # whether the weights are those that the values of common tokens were noted for
    weights,  # (F,) float64
    lambdas,  # (M,) float64
    size,
    fields,
    common,
    of_tokens,  # Bounds
    worth,
    tie,  # (N,) place of each row in the order of ids
    room,
    out_rows,  # (M, size) each
    out_relevance,
    out_scores,
    out_number,  # (M,)
):
    """Write the best `size` stickers for each lambda into out_*; return how many stickers match."""
    most = np.float32(lambdas.max())
    total = _sweep(columns, commons, bounded, weights, most, fields, common, of_tokens, worth, room)
    if total <= size:
        number, looked_into = _rows_of(room.matched, room.found), 0
    else:
        number, looked_into = _likely(columns, commons, usual, weights, lambdas, size, fields, common, worth, room)
    chosen = np.sort(room.found[:number])
    relevance = _exact(columns, commons, weights, fields, common, room, looked_into, chosen)
    for which in range(len(lambdas)):
        out_number[which] = _best(
            relevance, chosen, worth.utility, tie, lambdas[which], size, out_rows[which], out_relevance[which],
            out_scores[which],
        )  # fmt: skip
    return total


# ---- what a search explains ------------------------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def impacts(columns, commons, fields, common, wanted, out):
    """Write the impact of each token (F, T) on each wanted row (n,) into out (T, n, F); absent ones stay untouched."""
    for token in range(len(commons)):
        place = commons[token]
        if place >= 0:
            words, starts = common.words[place], common.starts[place]
            for number in range(len(wanted)):
                posting = _posting(words, starts, common.firsts[place], wanted[number])
                mask, part = _parts(common.records, posting) if posting >= 0 else (uint64(0), np.int64(0))
                while mask:
                    field, mask = _lowest(mask)
                    out[token, number, field] = common.parts[part]
                    part += 1
            continue
        for field in range(len(columns)):
            column = columns[field, token]
            if column >= 0:
                first, last = fields.indptr[field][column], fields.indptr[field][column + 1]
                rows, values = fields.rows[field], fields.impacts[field]
                for number in range(len(wanted)):
                    posting = _first_from(rows, first, last, wanted[number])
                    if posting < last and rows[posting] == wanted[number]:
                        out[token, number, field] = values[posting]


@njit(nogil=True, cache=True)
def given(columns, commons, times, fields, common, wanted):
    """The arrays of persrv.ranking.explanation.Given of the wanted rows (n,)."""
    found = np.zeros((len(commons), len(wanted), len(columns)), np.float32)
    impacts(columns, commons, fields, common, wanted, found)
    cells, bm25 = np.empty(len(wanted) * len(columns), np.int64), np.empty(len(wanted) * len(columns))
    counts, tokens, shares = np.empty(len(cells), np.int64), np.empty(found.size, np.int64), np.empty(found.size)
    cell, held = 0, 0
    for number in range(len(wanted)):
        for field in range(len(columns)):
            first, total = held, 0.0
            for token in range(len(commons)):
                if found[token, number, field] != 0:
                    tokens[held], shares[held] = token, np.float64(found[token, number, field]) * times[token]
                    total += shares[held]
                    held += 1
            if held > first:
                cells[cell], bm25[cell], counts[cell] = number * len(columns) + field, total, held - first
                cell += 1
    return cells[:cell], bm25[:cell], counts[:cell], tokens[:held], shares[:held]
