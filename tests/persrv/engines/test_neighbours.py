"""Nearest pictures by brute force, against one matrix product and against a sort of everything."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from persrv.engines import neighbours
from persrv.ranking.styles import StyleSpace, unit_rows


def random_rows(count: int, width: int) -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(count, width)).astype(np.float32)
    return unit_rows(rows).astype(np.float16)


WAYS = (neighbours.slow_cosines, neighbours.fast_cosines)


@pytest.mark.parametrize("look", WAYS)
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 41])
def test_both_ways_are_one_product(monkeypatch: pytest.MonkeyPatch, look: Callable, count: int) -> None:
    monkeypatch.setattr(neighbours, "_BLOCK", 8)
    embeddings, vector = random_rows(count, 5), unit_rows(np.ones((1, 5), np.float32))[0]
    whole = np.asarray(embeddings, np.float32)
    assert look(embeddings, vector) == pytest.approx(whole @ vector, abs=1e-6)
    for mean in (None, np.full(5, 0.1, np.float32)):
        space = StyleSpace(mean)
        assert look(embeddings, vector, space) == pytest.approx(space.project(whole) @ vector, abs=1e-6)


@pytest.mark.parametrize("cores", [1, 3, 64])
def test_every_row_is_looked_at_however_many_cores_there_are(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    """Those this process may use, which a container may hold to fewer than the machine has."""
    embeddings, vector = random_rows(41, 5), unit_rows(np.ones((1, 5), np.float32))[0]
    asked = []
    monkeypatch.setattr(neighbours, "cores", lambda: asked.append(1) or cores)
    assert neighbours.fast_cosines(embeddings, vector) == pytest.approx(
        neighbours.slow_cosines(embeddings, vector), abs=1e-6
    )
    assert asked


@pytest.mark.parametrize("look", WAYS)
def test_a_row_equal_to_the_mean_is_near_to_nothing(look: Callable) -> None:
    mean = np.array([0.5, 0.25], np.float32)
    assert look(mean[None].astype(np.float16), np.array([1, 0], np.float32), StyleSpace(mean)).tolist() == [0]


def test_every_half_is_read_as_its_number() -> None:
    from persrv.engines import float16_kernels

    bits = np.arange(1 << 16, dtype=np.uint16)
    np.testing.assert_array_equal(float16_kernels.VALUES, bits.view(np.float16).astype(np.float32))


def test_where_nothing_can_be_compiled_numpy_answers_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no compiler")

    monkeypatch.setattr(neighbours, "FAST_FROM", 1)
    monkeypatch.setattr(neighbours, "fast_cosines", broken)
    embeddings, vector = random_rows(9, 5), unit_rows(np.ones((1, 5), np.float32))[0]
    assert neighbours.cosines(embeddings, vector).tolist() == neighbours.slow_cosines(embeddings, vector).tolist()
    assert "no compiler" in caplog.text


@given(arrays(np.float32, st.integers(0, 12), elements=st.sampled_from([0, 0.25, 0.5])), st.integers(1, 14), st.data())
def test_the_best_are_those_of_a_whole_sort(scores: np.ndarray, top: int, data: st.DataObject) -> None:
    tie = np.array(data.draw(st.permutations(range(len(scores)))), np.intp)
    slow = sorted(range(len(scores)), key=lambda row: (-scores[row], tie[row]))[:top]
    assert neighbours.best(scores, tie, top).tolist() == slow
