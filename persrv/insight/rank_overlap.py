"""Agreement of two rankings: what they share at the top, and rank-biased overlap; and the reciprocal of a rank.

A ranking is a sequence of distinct ids, best first. Both measures are symmetric. The browser computes them as well
(ui/search_tab/overlap.js), because settings change there while one looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Depth of "the top": the stickers in sight without scrolling.
DEPTH = 10

#: Persistence p of RBO: a reader goes on to the next place with this probability; .9 gives the first 10 places 86 % of
#: the weight (Webber et al. 2010, Eq. 21).
PERSISTENCE = 0.9


def shared_at_top(first: Sequence[str], second: Sequence[str], depth: int = DEPTH) -> int:
    """The number of ids that both rankings have among their first `depth`, in any order."""
    return len(set(first[:depth]) & set(second[:depth]))


def rank_biased_overlap(first: Sequence[str], second: Sequence[str], p: float = PERSISTENCE) -> float:
    """Extrapolated rank-biased overlap RBO_ext (Webber, Moffat & Zobel 2010, Eq. 32), rankings of any two lengths.

    The unseen rest is taken to agree as much as the last seen places do. p: in (0, 1). NaN where a ranking is empty.
    """
    short, long = sorted((first, second), key=len)
    s, n = len(short), len(long)
    if not s:
        return float("nan")
    overlap = list(overlaps(short, long))
    seen = sum(overlap[d - 1] / d * p**d for d in range(1, n + 1))
    beyond_short = sum(overlap[s - 1] * (d - s) / (s * d) * p**d for d in range(s + 1, n + 1))
    agreement = (overlap[n - 1] - overlap[s - 1]) / n + overlap[s - 1] / s
    return (1 - p) / p * (seen + beyond_short) + agreement * p**n


def overlaps(short: Sequence[str], long: Sequence[str]) -> Iterator[int]:
    """Yield X_d for d = 1, 2, ... len(long): the number of ids that the first d places of both share."""
    above_short: set[str] = set()
    above_long: set[str] = set()
    for place, name in enumerate(long):
        above_long.add(name)
        above_short.update(short[place : place + 1])
        yield len(above_short & above_long)


def reciprocal_rank(rank: int | None) -> float:
    """1 / rank of a 1-based rank, 0 for what is not ranked (None)."""
    return 1 / rank if rank else 0.0
