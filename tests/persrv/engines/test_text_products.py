"""Products of a few stored rows: compiled code gives what numpy gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from persrv.arrays.memory_map import StoredRows
from persrv.engines import text_products
from persrv.ranking import near


@pytest.mark.slow
@pytest.mark.parametrize(("width", "readings"), [(8, 1), (24, 3), (512, 2)])
def test_compiled_products_are_those_of_numpy(width: int, readings: int) -> None:
    rng = np.random.default_rng(width)
    vectors = rng.standard_normal((40, width)).astype(np.float16)
    vectors[3], vectors[5, 0], vectors[7, 0] = 0, 6e-8, -6e-5  # a text of no meaning, subnormal numbers
    rows = rng.integers(0, 40, 60)
    queries = rng.standard_normal((readings, width)).astype(np.float32)
    assert text_products._kernel() is not None
    found, expected = text_products.products(vectors, rows, queries), near.products(vectors, rows, queries)
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert (found == 0).any(), "no product is positive"


@pytest.mark.slow  # what was compiled is forgotten, and compiled once more
def test_what_cannot_be_compiled_numpy_multiplies(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "persrv.engines.float16_kernels", None)
    text_products._kernel.cache_clear()
    text_products.warm_up()
    found = text_products.products(np.eye(3, dtype=np.float16), np.array([2, 0]), np.eye(1, 3, dtype=np.float32))
    text_products._kernel.cache_clear()
    assert found.tolist() == [0, 1]
    assert "Searches by meaning are slower" in caplog.text


@pytest.mark.slow
def test_rows_of_a_file_are_multiplied_as_mapped_ones(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors, rows = rng.standard_normal((40, 24)).astype(np.float16), rng.integers(0, 40, 60)
    queries = rng.standard_normal((2, 24)).astype(np.float32)
    np.save(tmp_path / "vectors.npy", vectors)
    stored = StoredRows(tmp_path / "vectors.npy", vectors)
    assert (stored[rows] == vectors[rows]).all()
    expected = near.products(vectors, rows, queries)
    assert near.products(stored, rows, queries) == pytest.approx(expected, abs=1e-5)
    text_products.warm_up()
    assert text_products.products(stored, rows, queries) == pytest.approx(expected, abs=1e-5)
    with (tmp_path / "vectors.npy").open("r+b") as file:
        file.truncate(200)
    with pytest.raises(OSError, match="has become shorter"):
        text_products.products(stored, rows, queries)
