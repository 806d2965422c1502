"""Fusion of words and meaning to one relevance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.ranking.fusion import fits, ideal, positive_idf, relevance


def test_the_ideal_by_hand() -> None:
    """Of 10 stickers 2 hold the first token, nobody the second, which is typed twice."""
    first, unknown = math.log(1 + 8.5 / 2.5), math.log(1 + 10.5 / 0.5)
    assert ideal((2, 0, 0), 10) == pytest.approx(2.5 * (first + 2 * unknown))
    assert ideal((), 10) == 1.0


def test_relevance_by_hand() -> None:
    mixed = relevance(np.array([4.0, 0.0]), 8.0, np.array([0.5, 1.0], np.float32), 0.75)
    assert mixed == pytest.approx([0.25 * 0.5 + 0.75 * 0.5, 0.75])


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_an_idf_is_positive_however_many_hold_the_token(holders: int, stickers: int) -> None:
    assert positive_idf(np.array([min(holders, stickers)]), stickers)[0] > 0


@given(st.lists(st.floats(0, 3), min_size=1, max_size=9), st.floats(0, 1))
def test_what_fits_is_what_reaches_the_share_and_the_best_always_does(values: list[float], floor: float) -> None:
    found = fits(np.array(values), floor)
    assert found.tolist() == [value >= floor * max(values) for value in values]
    assert found[int(np.argmax(values))]


def test_nothing_recalled_has_nothing_that_fits() -> None:
    assert fits(np.zeros(0), 0.5).tolist() == []
