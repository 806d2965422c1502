"""Re-ranking, Eq. 10."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.ranking.recall import Recalled
from persrv.ranking.rerank import as_recalled, final_scores, reranked

RECALLED = Recalled(np.array([4, 1, 3]), np.array([2.0, 1.5, 1.0]), np.array([2.5, 2.0, 2.0]), 9)


def test_by_hand() -> None:
    final = final_scores(np.array([2, 2, 1], np.float32), np.array([0.5, 1.0, 0], np.float32), alpha=0.6)
    assert final == pytest.approx([2.6, 3.2, 1.0])


@given(st.floats(0.1, 50), st.floats(0, 1), st.floats(0, 1), st.floats(0, 10))
def test_of_equal_recall_the_nearer_style_wins(recall: float, near: float, far: float, alpha: float) -> None:
    near, far = max(near, far), min(near, far)
    final = final_scores(np.full(2, recall, np.float32), np.array([near, far], np.float32), alpha)
    assert np.isfinite(final).all()
    assert final[0] >= final[1]


@given(st.lists(st.floats(0, 50), min_size=1, max_size=20), st.floats(0, 1), st.floats(0, 10))
def test_of_equal_preference_the_more_relevant_wins(recalls: list[float], preference: float, alpha: float) -> None:
    recall = np.array(sorted(recalls), np.float32)
    final = final_scores(recall, np.full(len(recall), preference, np.float32), alpha)
    assert (np.diff(final) >= 0).all()


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 1)), max_size=20), st.floats(0, 10))
def test_equals_the_formula_one_by_one(rows: list[tuple[float, float]], alpha: float) -> None:
    recall, preference = (np.array([row[column] for row in rows], np.float32) for column in (0, 1))
    slow = [r * (1 + alpha * p) for r, p in zip(recall.tolist(), preference.tolist(), strict=True)]
    np.testing.assert_allclose(
        final_scores(recall, preference, alpha), slow, rtol=1e-5, atol=1e-30
    )  # below, float32 has few digits


def test_nobody_gets_the_order_of_recall() -> None:
    first = as_recalled(RECALLED, top=2)
    assert [part if part is None else part.tolist() for part in first] == [
        [4, 1], [1, 2], [2.0, 1.5], [2.5, 2.0], None, None, [2.5, 2.0], None,
    ]  # fmt: skip
    assert as_recalled(RECALLED, top=9).rows.tolist() == [4, 1, 3]


def test_a_taste_re_ranks_and_equal_scores_go_by_id() -> None:
    """1 and 3 are alike to the person: both come to 4, and 3 has the smaller id."""
    preference, cluster, tie = np.array([0.5, 1, 1], np.float32), np.array([1, 0, 0]), np.array([9, 3, 9, 2, 0])
    told = reranked(RECALLED, preference, cluster, 1.0, tie, top=2)
    assert [part if part is None else part.tolist() for part in told] == [
        [3, 1], [3, 2], [1.0, 1.5], [2.0, 2.0], [1.0, 1.0], [0, 0], [4.0, 4.0], None,
    ]  # fmt: skip


def test_where_a_drawing_is_described_taste_lifts_only_what_shows_as_much_as_any() -> None:
    """3 is liked best, and shows less than 4 and 1 do."""
    preference, cluster, tie = np.array([0, 0.5, 1], np.float32), np.array([0, 0, 0]), np.array([9, 3, 9, 2, 0])
    recalled = RECALLED._replace(whole=np.array([True, True, False]))
    told = reranked(recalled, preference, cluster, 2.0, tie, top=3)
    assert told.rows.tolist() == [1, 4, 3]
    assert told.final.tolist() == [4.0, 2.5, 2.0]
    assert told.kept_back is not None
    assert told.kept_back.tolist() == [False, False, True]
