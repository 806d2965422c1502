"""Utility, Eq. 1-5: by hand, and against the definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.errors import DataError
from persrv.ranking.utility import counts, utility
from persrv.records import Interaction

STICKERS = ("s1", "s2", "s3")
CLICKS = (
    Interaction("ann", "lol", "s1"),
    Interaction("ann", "lol", "s1"),
    Interaction("bob", "haha", "s1"),
    Interaction("bob", "haha", "s2"),
)


def test_counts_by_hand() -> None:
    assert counts(CLICKS, STICKERS).tolist() == [[3, 2, 2], [1, 1, 1], [0, 0, 0]]


def test_utility_by_hand() -> None:
    value, parts = utility(np.array([[4, 2, 2], [1, 1, 1], [0, 0, 0]], np.int32), (0.5, 0.3, 0.2), base=0.25)
    assert parts[0] == pytest.approx([0.5, 0.3, 0.2])
    assert parts[1] == pytest.approx([0.5 / 2, 0.3 * math.sqrt(0.5), 0.2 * math.sqrt(0.5)])
    assert parts[2] == pytest.approx([0.5 / 4, 0.3 * math.sqrt(0.125), 0.2 * math.sqrt(0.125)])
    assert value == pytest.approx(parts.sum(axis=1))


def test_a_click_on_an_unknown_sticker_is_an_error() -> None:
    with pytest.raises(DataError, match="'s9'"):
        counts([Interaction("ann", "lol", "s9")], STICKERS)


@pytest.mark.parametrize("base", [0.0, -1.0, 1.5, float("nan")])
def test_base_is_checked(base: float) -> None:
    with pytest.raises(DataError, match="base"):
        utility(np.zeros((1, 3), np.int32), (1, 1, 1), base)


def test_no_stickers_no_utility() -> None:
    value, parts = utility(np.zeros((0, 3), np.int32), (1, 1, 1), 0.1)
    assert value.shape == (0,)
    assert parts.shape == (0, 3)


interactions = st.lists(
    st.builds(Interaction, st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(STICKERS)), max_size=30
)


@given(interactions)
def test_counts_are_the_set_sizes_of_the_definitions(clicks: list[Interaction]) -> None:
    for sticker, row in zip(STICKERS, counts(clicks, STICKERS).tolist(), strict=True):
        own = [click for click in clicks if click.sticker == sticker]
        assert row == [len(own), len({c.user for c in own}), len({c.query for c in own})]


@given(interactions, st.floats(0.001, 1))
def test_no_data_never_beats_data(clicks: list[Interaction], base: float) -> None:
    table = counts(clicks, STICKERS)
    value, _ = utility(table, (0.2, 0.3, 0.5), base)
    for cold in np.flatnonzero(table[:, 0] == 0):
        for warm in np.flatnonzero(table[:, 0]):
            assert value[cold] <= value[warm] + 1e-6


@given(interactions, st.floats(0.001, 1))
def test_utility_stays_within_the_sum_of_its_weights(clicks: list[Interaction], base: float) -> None:
    value, _ = utility(counts(clicks, STICKERS), (0.2, 0.3, 0.5), base)
    assert (value > 0).all()
    assert (value <= 1 + 1e-6).all()


@given(interactions, st.floats(0.001, 1), st.tuples(st.floats(0, 2), st.floats(0, 2), st.floats(0, 2)))
def test_equals_the_formula_sticker_by_sticker(
    clicks: list[Interaction], base: float, weights: tuple[float, float, float]
) -> None:
    table = counts(clicks, STICKERS)
    value, parts = utility(table, weights, base)
    filled = [[count or base for count in row] for row in table.tolist()]
    highest = [max(row[metric] for row in filled) for metric in range(3)]
    for row, shown, total in zip(filled, parts.tolist(), value.tolist(), strict=True):
        slow = [w * math.sqrt(u / top) for w, u, top in zip(weights, row, highest, strict=True)]
        assert shown == pytest.approx(slow, rel=1e-5, abs=1e-7)
        assert total == pytest.approx(sum(slow), rel=1e-5, abs=1e-7)
