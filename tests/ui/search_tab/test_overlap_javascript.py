"""Likeness of two rankings, measured in JavaScript for the page, against the library's measures."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from javascript import call

from persrv.insight.rank_overlap import rank_biased_overlap, shared_at_top


def test_the_page_measures_overlap_as_the_library_does() -> None:
    rng = Random(4)
    lists = [rng.sample("abcdefghijklmnop", length) for length in (1, 2, 3, 5, 8, 12, 16)]
    cases = [(first, second, p) for first, second in combinations(lists, 2) for p in (0.5, 0.9, 0.98)]
    function = "(cases) => cases.map(([a, b, p]) => [sharedAtTop(a, b), rankBiasedOverlap(a, b, p)])"
    measured = call(["search_tab/overlap.js"], function, cases)
    for (first, second, p), (shared, rbo) in zip(cases, measured, strict=True):
        assert shared == shared_at_top(first, second)
        assert rbo == pytest.approx(rank_biased_overlap(first, second, p))
