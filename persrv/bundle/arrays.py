"""Arrays of a bundle: read memory-mapped, a damaged one refused with a sentence."""

from __future__ import annotations

import tokenize
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.arrays import memory_map
from persrv.bundle import layout
from persrv.errors import BundleError

#: Errors of reading a damaged file: NumPy takes the header of an array apart as Python source.
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, OverflowError, SyntaxError, tokenize.TokenError)


def read_array(path: Path) -> NDArray[Any]:
    """Map a .npy file, read-only; BundleError where it cannot be read."""
    try:
        array: NDArray[Any] = memory_map.map_array(path)
    except DAMAGED as error:
        raise BundleError(f"{path} cannot be read: {error}", "a NumPy .npy array", layout.REBUILD) from error
    return array.view(np.ndarray)  # the same mapped memory without memmap's cost at every slice
