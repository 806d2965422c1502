"""Recall, Eq. 6: weighted fields plus utility, the best R of what matches."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.recall import recall, relevance

INDEX = {
    "ocr": FieldIndex.build([["a"], ["b"], [], ["c"]]),
    "queries": FieldIndex.build([[], ["a"], ["d"], []]),
}


def test_relevance_is_the_weighted_sum_of_the_fields() -> None:
    total, matched = relevance(INDEX, ["a"], {"ocr": 2.0, "queries": 0.5})
    expected = 2 * INDEX["ocr"].scores(["a"]) + 0.5 * INDEX["queries"].scores(["a"])
    np.testing.assert_allclose(total, expected)
    assert matched.tolist() == [True, True, False, False]


def test_a_field_without_weight_neither_scores_nor_matches() -> None:
    total, matched = relevance(INDEX, ["d"], {"ocr": 1.0, "queries": 0.0})
    assert not total.any()
    assert not matched.any()


def test_utility_alone_never_recalls() -> None:
    rows, scores = recall(
        np.array([0, 1, 0], np.float32),
        np.array([False, True, False]),
        np.array([9, 0, 9], np.float32),
        1.0,
        10,
        np.arange(3),
    )
    assert rows.tolist() == [1]
    assert scores.tolist() == [1.0]


def test_lambda_scales_utility_and_ties_go_by_id() -> None:
    relevant, worth = np.array([1, 1, 1], np.float32), np.array([0, 2, 2], np.float32)
    everything = np.ones(3, bool)
    rows, scores = recall(relevant, everything, worth, 0.5, 10, np.array([0, 2, 1]))
    assert rows.tolist() == [2, 1, 0]
    assert scores.tolist() == [2.0, 2.0, 1.0]
    assert recall(relevant, everything, worth, 0.0, 2, np.array([0, 2, 1]))[0].tolist() == [0, 2]


def slow_recall(scores: NDArray[np.float32], matched: NDArray[np.bool_], size: int, tie: NDArray[np.intp]) -> list[int]:
    rows = [row for row in range(len(scores)) if matched[row]]
    return sorted(rows, key=lambda row: (-scores[row], tie[row]))[:size]


@given(st.data(), st.integers(1, 30), st.integers(1, 12))
def test_equals_sorting_everything(data: st.DataObject, stickers: int, size: int) -> None:
    few_values = st.sampled_from([0.0, 0.5, 1.0, 2.0])  # many ties, also at the cut
    relevant = data.draw(hnp.arrays(np.float32, stickers, elements=few_values))
    worth = data.draw(hnp.arrays(np.float32, stickers, elements=few_values))
    matched = data.draw(hnp.arrays(bool, stickers))
    tie = np.array(data.draw(st.permutations(range(stickers))))
    rows, scores = recall(relevant, matched, worth, 0.5, size, tie)
    assert rows.tolist() == slow_recall(relevant + 0.5 * worth, matched, size, tie)
    np.testing.assert_allclose(scores, (relevant + 0.5 * worth)[rows])
