"""Re-ranking, Eq. 10."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.rerank import final_scores


def test_by_hand() -> None:
    final = final_scores(np.array([2, 2, 1], np.float32), np.array([0.5, -0.5, 0], np.float32), alpha=0.6)
    assert final == pytest.approx([2.6, 1.4, 1.0])


def test_nobody_is_served_as_recalled() -> None:
    recall = np.array([3, 1], np.float32)
    assert final_scores(recall, None, alpha=2.0) is recall


@given(st.floats(0.1, 50), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1))
def test_of_equal_recall_the_nearer_style_wins(recall: float, near: float, far: float, alpha: float) -> None:
    near, far = max(near, far), min(near, far)
    final = final_scores(np.full(2, recall, np.float32), np.array([near, far], np.float32), alpha)
    assert np.isfinite(final).all()
    assert final[0] >= final[1]


def test_a_large_alpha_turns_what_is_disliked_around() -> None:
    final = final_scores(np.array([2, 1, 0], np.float32), np.full(3, -1, np.float32), alpha=3.0)
    assert final.tolist() == [-4.0, -2.0, 0.0]
