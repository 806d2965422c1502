"""Rows are those that are computed, whatever is remembered, and what was asked for longest ago is forgotten first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persrv.arrays.remembered_rows import RememberedRows
from persrv.records import FloatArray


class Computed:
    """Rows [key, 2 key], and the keys of every call."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []

    def __call__(self, keys: Sequence[int]) -> FloatArray:
        self.calls.append(list(keys))
        return np.array([[key, 2 * key] for key in keys], np.float32)


@given(asked=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), max_size=6), most=st.integers(0, 4))
def test_rows_are_those_computed(asked: list[list[int]], most: int) -> None:
    compute = Computed()
    rows = RememberedRows(compute, most)
    for keys in asked:
        np.testing.assert_array_equal(rows(keys), compute(keys))
        out = np.zeros((len(keys), 2), np.float32)
        rows(keys, out)
        np.testing.assert_array_equal(out, compute(keys))


def test_new_keys_are_computed_in_one_call_and_the_oldest_are_forgotten() -> None:
    compute = Computed()
    rows = RememberedRows(compute, 2)
    rows.always[7] = np.array([7, 0], np.float32)
    rows([1, 7, 2, 1])
    rows([1])
    rows([3])
    rows([1, 3])
    rows([2])
    assert compute.calls == [[1, 2], [3], [2]]
    assert rows([7])[0, 1] == 0
