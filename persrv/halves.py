"""The compiled inner loop of persrv.nearest: a product with every float16 row, which no processor multiplies as it is.

A half has 65,536 values, so a table of them, which stays in a core's cache, is read faster than halves are converted.
Releases the GIL; kept on disk in compiled form by numba, as persrv.kernels.
"""

# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np
from numba import njit

#: Bits of a float16 -> the same number as float32.
VALUES = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def cosines(halves, values, vector, mean, first, last, found):
    """found[first:last] = cosine of a unit vector (d,) with the rows minus the mean (d,); a row equal to it gives 0.

    halves (N, d): the bits of float16 numbers; values: VALUES.
    """
    for row in range(first, last):
        product, square = np.float32(0), np.float32(0)
        for column in range(halves.shape[1]):
            value = values[halves[row, column]] - mean[column]
            product += value * vector[column]
            square += value * value
        found[row] = product / np.sqrt(square) if square > 0 else np.float32(0)


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def products(halves, values, vector, first, last, found):
    """found[first:last] = product of a vector (d,) with the rows as they are."""
    for row in range(first, last):
        product = np.float32(0)
        for column in range(halves.shape[1]):
            product += values[halves[row, column]] * vector[column]
        found[row] = product
