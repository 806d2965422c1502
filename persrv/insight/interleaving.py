"""Comparing two rankings blind: team-draft interleaving, and which ranking the played rounds prefer.

Two captains, A and B, each with a ranking, pick players in turns, a coin deciding who picks first in every pair of
picks; each takes the best free one of their ranking. A person's click then counts for the captain who picked the
clicked player (Radlinski, Kurup and Joachims 2008, "How does clickthrough data reflect retrieval quality?", section
3.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Literal

Team = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Pick:
    """A place of an interleaved list: its sticker, and the team that picked it."""

    sticker: str
    team: Team


def team_draft(first: Sequence[str], second: Sequence[str], length: int, seed: int) -> tuple[Pick, ...]:
    """Draft the first `length` picks: A picks from `first`, B from `second`, each sticker once.

    After each pair of picks both teams have picked equally often, so 2k picks hold the top k of both. The draft ends
    early where the captain whose turn it is has no free sticker left. The same seed throws the same coins.
    """
    rankings: dict[Team, Sequence[str]] = {"A": first, "B": second}
    places: dict[Team, int] = {"A": 0, "B": 0}
    picks: list[Pick] = []
    taken: set[str] = set()
    for turn in islice(turns(seed), length):
        ranking = rankings[turn]
        while places[turn] < len(ranking) and ranking[places[turn]] in taken:
            places[turn] += 1
        if places[turn] == len(ranking):
            break
        picks.append(Pick(ranking[places[turn]], turn))
        taken.add(picks[-1].sticker)
    return tuple(picks)


def turns(seed: int) -> Iterator[Team]:
    """Yield the team of each next turn, without end: both once in every pair of turns, in the order of a coin."""
    coin = Random(seed)
    while True:
        yield from ("A", "B") if coin.random() < 0.5 else ("B", "A")


def common_prefix(first: Sequence[str], second: Sequence[str]) -> int:
    """The number of first places that both rankings fill alike: a click there prefers none (Chapelle et al. 2012)."""
    same = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        same += 1
    return same


def credit(picks: Sequence[Pick], first: Sequence[str], second: Sequence[str], choice: str | None) -> Team | None:
    """The team that a choice counts for; None without a choice, or for a sticker in the common prefix of both rankings.

    Within the common prefix only the coin decides whose pick a sticker is.
    """
    if choice is None or choice in first[: common_prefix(first, second)]:
        return None
    return next((pick.team for pick in picks if pick.sticker == choice), None)


# ---- the score ------------------------------------------------------------------------------------------------------

#: Terms of the continued fraction: it needs O(sqrt(max(a, b))) of them.
MOST_TERMS = 10_000

TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Score:
    """The posterior Beta(1 + wins of B, 1 + wins of A) of p, the share of decisive rounds that prefer B.

    mean: of p; low, high: its equal-tailed credible interval; above_half: the probability that p > 1/2.
    """

    mean: float
    low: float
    high: float
    above_half: float


def score(for_a: int, for_b: int, mass: float = 0.95) -> Score:
    """The posterior after some decisive rounds, from a uniform prior, which it still is without any round."""
    a, b = 1.0 + for_b, 1.0 + for_a
    tail = (1.0 - mass) / 2
    return Score(
        mean=a / (a + b),
        low=beta_quantile(tail, a, b),
        high=beta_quantile(1.0 - tail, a, b),
        above_half=1.0 - regularised_beta(0.5, a, b),
    )


def regularised_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b), the distribution function of Beta(a, b), for a and b > 0, by its continued fraction (DLMF 8.17.22).

    x^a (1 - x)^b / (a B(a, b)) times the fraction, which converges fast below x = (a + 1) / (a + b + 2); above it, 1 -
    I_(1 - x)(b, a) is taken (DLMF 8.17.4).
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - regularised_beta(1.0 - x, b, a)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a * _beta_fraction(x, a, b)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d1 / (1 + d2 / (1 + ...))) of DLMF 8.17.22, by Lentz's method as Thompson and Barnett (1986) mend it."""
    value = c = 1.0
    d = 0.0
    for term in range(1, MOST_TERMS):
        m = term // 2
        if term % 2 == 0:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1.0 / _away_from_zero(1.0 + step * d)
        c = _away_from_zero(1.0 + step / c)
        value *= c * d
        if abs(c * d - 1.0) < 1e-14:
            break
    return 1.0 / value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability, by bisecting [0, 1] sixty times; I_x grows with x."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if regularised_beta(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2
