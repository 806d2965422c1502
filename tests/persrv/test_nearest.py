"""Nearest pictures by brute force, against one matrix product and against a sort of everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from persrv import nearest
from persrv.styles import StyleSpace, unit_rows


def random_rows(count: int, width: int) -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(count, width)).astype(np.float32)
    return unit_rows(rows).astype(np.float16)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 41])
def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(nearest, "_BLOCK", 8)
    embeddings, vector = random_rows(count, 5), unit_rows(np.ones((1, 5), np.float32))[0]
    space = StyleSpace(np.full(5, 0.1, np.float32))
    whole = np.asarray(embeddings, np.float32)
    assert nearest.cosines(embeddings, vector) == pytest.approx(whole @ vector, abs=1e-6)
    assert nearest.cosines(embeddings, vector, space) == pytest.approx(space.project(whole) @ vector, abs=1e-6)


@given(arrays(np.float32, st.integers(0, 12), elements=st.sampled_from([0, 0.25, 0.5])), st.integers(1, 14), st.data())
def test_the_best_are_those_of_a_whole_sort(scores: np.ndarray, top: int, data: st.DataObject) -> None:
    tie = np.array(data.draw(st.permutations(range(len(scores)))), np.intp)
    slow = sorted(range(len(scores)), key=lambda row: (-scores[row], tie[row]))[:top]
    assert nearest.best(scores, tie, top).tolist() == slow
