"""Trustworthiness of a map: by hand, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from persrv.insight.map_trust import nearest_on_map, ranks, trustworthiness
from persrv.ranking.styles import unit_rows


def circle(*degrees: float) -> np.ndarray:
    """Unit vectors (n, 2) at these angles."""
    return np.array([[math.cos(math.radians(d)), math.sin(math.radians(d))] for d in degrees], np.float32)


def line(*places: float) -> np.ndarray:
    """Places (n, 2) on a line."""
    return np.array([[place, 0.0] for place in places], np.float32)


def test_neighbours_on_the_map_leave_out_the_point_and_break_ties_by_row() -> None:
    assert nearest_on_map(line(0, 1, -1, 5), 0, 2).tolist() == [1, 2]
    assert nearest_on_map(line(0, 1, -1, 5), 3, 10).tolist() == [1, 0, 2]


def test_ranks_count_what_is_nearer() -> None:
    vectors = circle(0, 10, 30, 70)
    assert ranks(vectors @ vectors[1], 1, np.array([0, 2, 3])).tolist() == [1, 2, 3]
    same = circle(0, 20, 20, 20)
    assert ranks(same @ same[0], 0, np.array([3, 1])).tolist() == [3, 1], "ties go to the lower row"


def test_trustworthiness_by_hand() -> None:
    """Nearest on the map: 0-2, 1-3, 2-0, 3-1, ranks in the space 2, 3, 2, 2: 1 - 2 / (4 * 1 * 4) * (1 + 2 + 1 + 1)."""
    vectors, xy = circle(0, 10, 30, 70), line(0, 10, 1, 11)
    assert trustworthiness(vectors, xy, 1) == pytest.approx(3 / 8)
    assert trustworthiness(vectors, xy, 1, np.array([1])) == pytest.approx(1 - 2 / 4 * 2)


def test_a_map_that_keeps_the_order_is_fully_trusted() -> None:
    assert trustworthiness(circle(0, 10, 30, 70, 120), line(0, 10, 30, 70, 120), 2) == 1.0


@pytest.mark.parametrize("k", [0, 2, 5])
def test_what_the_formula_does_not_cover_is_nan(k: int) -> None:
    assert math.isnan(trustworthiness(circle(0, 10, 30, 70), line(0, 1, 2, 3), k))


@pytest.mark.parametrize("k", [1, 5, 20])
def test_scikit_learn_finds_the_same(k: int) -> None:
    from sklearn.manifold import trustworthiness as sklearn_trustworthiness

    rng = np.random.default_rng(k)
    vectors = unit_rows(rng.normal(size=(60, 5)).astype(np.float32))
    xy = (vectors[:, :2] + rng.normal(0, 0.3, (60, 2))).astype(np.float32)
    expected = sklearn_trustworthiness(vectors, xy, n_neighbors=k, metric="cosine")
    assert trustworthiness(vectors, xy, k) == pytest.approx(expected, abs=1e-6)
