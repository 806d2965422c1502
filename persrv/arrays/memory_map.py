"""Memory-mapped files, advice to the kernel about them, and rows that are read without mapping them. The kernel's page
cache holds their bytes for all processes.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Mappings below this size are left alone: taking their pages up again would cost more than they weigh.
_WORTH = 1 << 20

_PIECE = 8 << 20


def map_file(path: Path) -> mmap.mmap:
    """Map a file's bytes, read-only. OSError where the file is missing, ValueError where it is empty."""
    with path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def map_array(path: Path) -> NDArray:
    """Map a .npy file, read-only. What a damaged file raises is in persrv.bundle.arrays.DAMAGED; a header that claims
    more than the file holds costs no memory.
    """
    with np.errstate(over="ignore"):  # of a claimed size; NumPy then finds the file too small for it
        return np.load(path, mmap_mode="r", allow_pickle=False)


class StoredRows:
    """The rows of a .npy array (n, width), read where they lie. A mapped row takes this process the memory of some
    dozen neighbours; one that is read takes none.
    """

    def __init__(self, path: Path, array: NDArray[Any]) -> None:
        """array: the same file, mapped, in C order."""
        self.dtype, self.shape = array.dtype, array.shape
        self.first = path.stat().st_size - array.nbytes
        self.file = os.open(path, os.O_RDONLY)

    @staticmethod
    def is_possible() -> bool:
        """Return whether this system can read at a position without seeking; False on Windows."""
        return hasattr(os, "pread")

    def __getitem__(self, rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Read m rows (m, width)."""
        size = self.shape[1] * self.dtype.itemsize
        read = b"".join(os.pread(self.file, size, self.first + row * size) for row in rows.tolist())
        return np.frombuffer(read, self.dtype).reshape(len(rows), self.shape[1])

    def __del__(self) -> None:
        if hasattr(self, "file"):
            os.close(self.file)


def release(mapping: mmap.mmap | NDArray) -> None:
    """Unmap pages that were read, so that they no longer count as this process's memory; the page cache keeps them."""
    _advise(mapping, "MADV_DONTNEED")


def expect_random(mapping: mmap.mmap | NDArray) -> None:
    """Tell the kernel that rows are read at random, so that it does not read their neighbours ahead."""
    _advise(mapping, "MADV_RANDOM")


def read_ahead(path: Path) -> int:
    """Read a whole file into the page cache, in one sequential pass and without mapping it; return its bytes."""
    piece, total = memoryview(bytearray(_PIECE)), 0
    with path.open("rb", buffering=0) as stream:
        while read := stream.readinto(piece):
            total += read
    return total


def _advise(mapping: mmap.mmap | NDArray, advice: str) -> None:
    """Advise the kernel about a mapping that is large enough to matter, on systems that take advice (not Windows)."""
    while isinstance(mapping, np.ndarray):
        if mapping.base is None or not isinstance(mapping.base, np.ndarray | mmap.mmap):
            return  # nothing is mapped
        mapping = mapping.base
    if len(mapping) >= _WORTH and hasattr(mmap, advice):
        mapping.madvise(getattr(mmap, advice))
