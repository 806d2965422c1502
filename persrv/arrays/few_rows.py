"""Products of a few rows with a large matrix, which is all that one query needs.

A matrix library first copies a large matrix into an order that suits its processor. For thousands of rows that pays;
for the ten tokens of a query it takes longer than multiplying. OpenBLAS leaves the copying out where a product is
small, so the matrix is kept as blocks of columns, and few rows at a time are multiplied with each of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray

#: Multiplications up to which OpenBLAS copies nothing (its kernels for small matrices); rows that it takes at once, and
#: columns of a block.
_SMALL, _AT_ONCE, _WIDE = 1_000_000, 4, 64

#: Rows up to which copying does not pay.
_FEW = 48


class Columns:
    """A float32 matrix (d, n) that a few rows (m, d) are multiplied with: `rows @ Columns(matrix)` is `rows @ matrix`,
    to the rounding of float32, and hardly takes longer than reading the matrix.
    """

    #: Leaves `array @ columns` to `__rmatmul__`.
    __array_ufunc__ = None

    def __init__(self, matrix: NDArray[np.floating[Any]]) -> None:
        width, self._number = matrix.shape
        blocks = -(-self._number // _WIDE)
        padded = np.zeros((width, blocks * _WIDE), np.float32)
        padded[:, : self._number] = matrix
        self._blocks = np.ascontiguousarray(padded.reshape(width, blocks, _WIDE).transpose(1, 0, 2))

    def __rmatmul__(self, rows: FloatArray) -> FloatArray:
        """Product (m, n) of rows (m, d) with the matrix."""
        number, width = rows.shape
        held = number if number <= 2 else -(-number // _AT_ONCE) * _AT_ONCE
        padded = np.zeros((held, width), np.float32)
        padded[:number] = rows
        step = held if number > _FEW else max(_AT_ONCE, _SMALL // (_WIDE * width) // _AT_ONCE * _AT_ONCE)
        found = np.empty((len(self._blocks), held, _WIDE), np.float32)
        for first in range(0, held, step or 1):
            part = slice(first, first + step)
            np.matmul(padded[part], self._blocks, out=found[:, part])
        in_rows = found.transpose(1, 0, 2).reshape(held, len(self._blocks) * _WIDE)
        return np.ascontiguousarray(in_rows[:number, : self._number])
