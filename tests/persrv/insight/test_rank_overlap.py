"""Overlap and rank-biased overlap by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.insight.rank_overlap import overlaps, rank_biased_overlap, shared_at_top

RANKING = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
P = st.floats(0.05, 0.95)


def test_the_top_is_shared_in_whatever_order() -> None:
    assert shared_at_top("abcd", "dcba", 4) == 4
    assert shared_at_top("abcd", "dcba", 2) == 0
    assert shared_at_top("abc", "xbcd", 2) == 1
    assert shared_at_top("", "abc") == 0


def test_overlap_at_every_depth() -> None:
    assert list(overlaps("ab", "bca")) == [0, 1, 2]
    assert list(overlaps("a", "abc")) == [1, 1, 1]


def test_two_of_two_swapped() -> None:
    # X_1 = 0, X_2 = 2: 1/2 x (0 + 2/2 x 1/4) / (1/2) + 2/2 x 1/4
    assert rank_biased_overlap("ab", "ba", 0.5) == pytest.approx(0.25 + 0.25)


def test_rankings_of_two_lengths() -> None:
    # s = 1, l = 2, X_1 = X_2 = 1: (1 x .5 + 1/2 x .25) + 1 x 1/(1 x 2) x .25 = .75; (0/2 + 1/1) x .25
    assert rank_biased_overlap("a", "ab", 0.5) == pytest.approx(1.0)
    # s = 1, l = 2, X_1 = 0, X_2 = 1: 1/2 x .25 = .125, nothing extrapolated from X_1; (1/2 + 0) x .25 = .125
    assert rank_biased_overlap("b", "ab", 0.5) == pytest.approx(0.25)


def test_an_early_swap_weighs_more_than_a_late_one() -> None:
    assert rank_biased_overlap("bacdef", "abcdef") < rank_biased_overlap("abcdfe", "abcdef") < 1


def test_nothing_cannot_be_compared() -> None:
    assert math.isnan(rank_biased_overlap("", "abc"))
    assert math.isnan(rank_biased_overlap("", ""))


@given(RANKING, P)
def test_the_same_ranking_agrees_wholly_whatever_p(ranking: list[str], p: float) -> None:
    assert rank_biased_overlap(ranking, ranking, p) == pytest.approx(1)


@given(RANKING, RANKING, P)
def test_symmetric_within_bounds_and_0_where_nothing_is_shared(first: list[str], second: list[str], p: float) -> None:
    value = rank_biased_overlap(first, second, p)
    assert value == pytest.approx(rank_biased_overlap(second, first, p))
    assert -1e-12 <= value <= 1 + 1e-12
    assert rank_biased_overlap(first, [name.upper() for name in second], p) == 0
