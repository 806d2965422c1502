"""Products of a few rows are those that numpy gives, whatever their number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.arrays.few_rows import Columns


@given(rows=st.integers(0, 60), width=st.integers(1, 40), columns=st.integers(0, 70), seed=st.integers(0, 99))
def test_products_are_those_of_the_matrix(rows: int, width: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    few, matrix = rng.random((rows, width), np.float32), rng.random((width, columns), np.float32)
    found = few @ Columns(matrix)
    assert (found.dtype, found.shape) == (np.float32, (rows, columns))
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, few @ matrix, rtol=1e-5)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 8, 20])
def test_a_matrix_of_many_parts_is_multiplied_whole(rows: int) -> None:
    rng = np.random.default_rng(rows)
    few = rng.integers(-3, 4, (rows, 512)).astype(np.float32)
    matrix = rng.integers(-3, 4, (512, 2500)).astype(np.float16)
    np.testing.assert_array_equal(few @ Columns(matrix), few @ matrix.astype(np.float32))
