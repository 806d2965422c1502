"""Team-draft interleaving and the score of its rounds."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.insight.interleaving import (
    Pick,
    Team,
    beta_quantile,
    common_prefix,
    credit,
    regularised_beta,
    score,
    team_draft,
)

RANKINGS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(st.permutations([f"s{i}" for i in range(n)]), st.permutations([f"s{i}" for i in range(n)]))
)
SEEDS = st.integers(0, 2**32 - 1)


def seed_of(coins: str) -> int:
    """The first seed whose coins fall so: one of "A", "B" for every pair of picks."""

    def thrown(seed: int) -> str:
        coin = Random(seed)
        return "".join("A" if coin.random() < 0.5 else "B" for _ in coins)

    return next(seed for seed in range(1000) if thrown(seed) == coins)


def drafted(first: str, second: str, length: int, coins: str) -> str:
    return " ".join(f"{pick.team}:{pick.sticker}" for pick in team_draft(first, second, length, seed_of(coins)))


@pytest.mark.parametrize(
    ("coins", "expected"),
    [
        ("AA", "A:p B:q A:r B:s"),  # A: pqrs, B: qspr; B's second is s, for q is its own
        ("BB", "B:q A:p B:s A:r"),
        ("AB", "A:p B:q B:s A:r"),
        ("BA", "B:q A:p A:r B:s"),
    ],
)
def test_a_draft_by_hand(coins: str, expected: str) -> None:
    assert drafted("pqrs", "qspr", 4, coins) == expected


def test_a_captain_skips_who_is_taken() -> None:
    assert drafted("pqr", "pqr", 3, "AB") == "A:p B:q B:r"


def test_a_draft_ends_where_a_captain_has_nobody_left() -> None:
    assert drafted("pqr", "p", 9, "A") == "A:p"
    assert drafted("", "p", 9, "A") == ""
    assert drafted("", "p", 9, "B") == "B:p"
    assert team_draft("pq", "qp", 0, 1) == ()


@given(RANKINGS, st.integers(0, 14), SEEDS)
def test_every_draft_is_fair(rankings: tuple[list[str], list[str]], length: int, seed: int) -> None:
    first, second = rankings
    picks = team_draft(first, second, length, seed)
    names = [pick.sticker for pick in picks]
    assert len(set(names)) == len(names) == min(length, len(first))
    for end in range(len(picks) + 1):
        a = sum(pick.team == "A" for pick in picks[:end])
        assert abs(a - (end - a)) == end % 2
        k = end // 2
        assert set(first[:k]) | set(second[:k]) <= set(names[:end])
    for team, ranking in (("A", first), ("B", second)):
        own = [ranking.index(pick.sticker) for pick in picks if pick.team == team]
        assert own == sorted(own)
    assert picks == team_draft(first, second, length, seed)


@given(RANKINGS, SEEDS)
def test_the_best_of_a_draft_is_the_best_of_one_of_both(rankings: tuple[list[str], list[str]], seed: int) -> None:
    first, second = rankings
    assert team_draft(first, second, 1, seed)[0] in (Pick(first[0], "A"), Pick(second[0], "B"))


def test_both_captains_pick_first_about_equally_often() -> None:
    firsts = [team_draft("pq", "qp", 1, seed)[0].team for seed in range(2000)]
    assert 900 < firsts.count("A") < 1100


def test_a_choice_counts_for_who_picked_it_but_not_within_the_common_prefix() -> None:
    first, second = "xpq", "xqp"
    picks = (Pick("x", "B"), Pick("p", "A"), Pick("q", "B"))
    assert common_prefix(first, second) == 1
    assert common_prefix("ab", "ab") == common_prefix("ab", "abc") == 2
    credits: dict[str | None, Team | None] = {None: None, "x": None, "p": "A", "q": "B", "nowhere": None}
    assert {choice: credit(picks, first, second, choice) for choice in credits} == credits


# ---- the score ------------------------------------------------------------------------------------------------------


def binomial_tail(x: float, a: int, b: int) -> float:
    """I_x(a, b) for whole a and b: at least a of a + b - 1 throws (DLMF 8.17.5)."""
    n = a + b - 1
    return math.fsum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.3, 1, 1, 0.3),  # uniform
        (0.5, 2, 1, 0.25),  # x^2
        (0.5, 1, 2, 0.75),  # 1 - (1 - x)^2
        (0.25, 2, 2, 10 / 64),  # 3 x^2 - 2 x^3
        (0.5, 7, 7, 0.5),
        (0.25, 0.5, 0.5, 1 / 3),  # (2 / pi) arcsin(sqrt x)
        (0.0, 3, 4, 0.0),
        (1.0, 3, 4, 1.0),
    ],
)
def test_the_incomplete_beta_by_hand(x: float, a: float, b: float, expected: float) -> None:
    assert regularised_beta(x, a, b) == pytest.approx(expected, abs=1e-12)


@given(st.floats(0, 1), st.integers(1, 60), st.integers(1, 60))
def test_the_incomplete_beta_is_a_binomial_tail(x: float, a: int, b: int) -> None:
    assert regularised_beta(x, a, b) == pytest.approx(binomial_tail(x, a, b), abs=1e-10)


@given(st.floats(0.01, 0.99), st.integers(1, 300), st.integers(1, 300))
def test_a_quantile_is_where_the_distribution_gets_there(probability: float, a: int, b: int) -> None:
    assert regularised_beta(beta_quantile(probability, a, b), a, b) == pytest.approx(probability, abs=1e-9)


def test_the_score_by_hand() -> None:
    nothing = score(0, 0)
    assert (nothing.mean, nothing.above_half) == (0.5, 0.5)
    assert (nothing.low, nothing.high) == pytest.approx((0.025, 0.975))
    three = score(0, 3)  # Beta(4, 1): I_x = x^4
    assert three.mean == 0.8
    assert (three.low, three.high) == pytest.approx((0.025**0.25, 0.975**0.25))
    assert three.above_half == pytest.approx(1 - 0.5**4)
    assert score(7, 2).low == pytest.approx(1 - score(2, 7).high)
    # Beta(8, 4), as tables of the beta distribution have it
    assert (score(3, 7).low, score(3, 7).high) == pytest.approx((0.3903, 0.8907), abs=5e-5)


def test_many_rounds_are_no_trouble() -> None:
    many = score(5000, 5000)
    assert (many.low, many.high) == pytest.approx((0.4902, 0.5098), abs=1e-4)
