"""Products of a few rows with a large matrix, which is all that one query needs.

A matrix library first copies a large matrix into an order that suits its processor. For thousands of rows that pays;
for the ten tokens of a query it takes longer than multiplying. OpenBLAS leaves the copying out where a product is
small, so the matrix is multiplied in parts that are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray

#: Multiplications up to which OpenBLAS copies nothing (its kernels for small matrices), and rows that it takes at once.
_SMALL, _AT_ONCE = 1_000_000, 4

#: Of more rows than these, copying pays.
_FEW = 48


class Columns:
    """A float32 matrix (d, n) that a few rows (m, d) are multiplied with: `rows @ Columns(matrix)` is `rows @ matrix`,
    to the rounding of float32, and hardly takes longer than reading the matrix.
    """

    #: Leaves `array @ columns` to `__rmatmul__`.
    __array_ufunc__ = None

    def __init__(self, matrix: NDArray[np.floating[Any]]) -> None:
        self._columns = np.ascontiguousarray(np.asarray(matrix, np.float32).T)

    def __rmatmul__(self, rows: FloatArray) -> FloatArray:
        """(m, n) of rows (m, d)."""
        number, width = rows.shape
        if number > _FEW:
            return np.ascontiguousarray((self._columns @ rows.T).T)
        padded = np.zeros((width, -(-number // _AT_ONCE) * _AT_ONCE if number > 1 else 1), np.float32)
        padded[:, :number] = rows.T
        found = np.empty((len(self._columns), padded.shape[1]), np.float32)
        step = max(1, _SMALL // padded.size)
        for first in range(0, len(found), step):
            part = slice(first, first + step)
            np.matmul(self._columns[part], padded, out=found[part])
        return np.ascontiguousarray(found[:, :number].T)
