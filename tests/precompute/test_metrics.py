"""Metrics: by hand, and against the definitions spelled out over sticker ids."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precompute import metrics

#: Relevant stickers at ranks 1, 3 and 12.
HITS = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1], bool)
NO_HITS = np.zeros(5, bool)


@pytest.mark.parametrize(("k", "value"), [(1, 1), (2, 1), (3, 1 + 1 / 3), (10, 1 + 1 / 3), (20, 1 + 1 / 3 + 1 / 12)])
def test_m_mrr_sums_over_all_hits(k: int, value: float) -> None:
    assert metrics.m_mrr(HITS, k) == pytest.approx(value)


def test_other_metrics_by_hand() -> None:
    late = np.array([0, 0, 1, 1], bool)
    assert metrics.reciprocal_rank(late) == pytest.approx(1 / 3)
    assert [metrics.recall(HITS, 4, k) for k in (1, 5, 20)] == [0.25, 0.5, 0.75]
    assert [metrics.success(late, k) for k in (2, 3)] == [0.0, 1.0]


def test_no_hit_gives_zero_and_nothing_relevant_gives_nan() -> None:
    assert metrics.m_mrr(NO_HITS, 5) == 0
    assert metrics.reciprocal_rank(NO_HITS) == 0
    assert metrics.recall(NO_HITS, 3, 5) == 0
    assert metrics.success(np.zeros(0, bool), 5) == 0
    assert math.isnan(metrics.recall(NO_HITS, 0, 5))


def test_macro_weighs_people_and_micro_weighs_queries() -> None:
    values = {"ann": [1.0, 0.0, 0.0], "bob": [1.0]}
    assert metrics.mean_over_users(values) == pytest.approx((1 / 3 + 1) / 2)
    assert metrics.mean_over_queries(values) == pytest.approx(0.5)
    assert math.isnan(metrics.mean_over_users({}))
    assert math.isnan(metrics.mean_over_queries({"ann": []}))


rankings = st.permutations(list("abcdefgh"))
truths = st.sets(st.sampled_from("abcdefghxy"), min_size=1)


@given(rankings, truths, st.integers(1, 10))
def test_equals_the_definitions(ranking: list[str], relevant: set[str], k: int) -> None:
    hits = np.array([sticker in relevant for sticker in ranking])
    top = ranking[:k]
    ranks = [top.index(sticker) + 1 for sticker in relevant if sticker in top]
    assert metrics.m_mrr(hits, k) == pytest.approx(sum(1 / rank for rank in ranks))
    assert metrics.recall(hits, len(relevant), k) == pytest.approx(len(relevant & set(top)) / len(relevant))
    assert metrics.success(hits, k) == (1.0 if relevant & set(top) else 0.0)
    everywhere = [ranking.index(sticker) + 1 for sticker in relevant if sticker in ranking]
    assert metrics.reciprocal_rank(hits) == pytest.approx(1 / min(everywhere) if everywhere else 0.0)


@given(rankings, truths)
def test_longer_cut_offs_never_lose(ranking: list[str], relevant: set[str]) -> None:
    hits = np.array([sticker in relevant for sticker in ranking])
    for metric in (metrics.m_mrr, metrics.success):
        values = [metric(hits, k) for k in (1, 2, 5, 8)]
        assert values == sorted(values)
