"""Memory-mapped files: what the kernel is told about them. Bytes live in its page cache, whoever has them mapped."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: Mappings below this size are left alone: taking their pages up again would cost more than they weigh.
_WORTH = 1 << 20

_PIECE = 8 << 20


def map_file(path: Path) -> mmap.mmap:
    """A file's bytes, read-only. OSError where it is not there, ValueError where it is empty."""
    with path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def release(mapping: mmap.mmap | NDArray) -> None:
    """Give back the pages that a check went through: they stay in the page cache, and no longer count as ours."""
    _advise(mapping, "MADV_DONTNEED")


def expect_random(mapping: mmap.mmap | NDArray) -> None:
    """A row is read here and there: after a miss, the disk need not bring its neighbours, too."""
    _advise(mapping, "MADV_RANDOM")


def read_ahead(path: Path) -> int:
    """Bring a whole file into the page cache, in one sequential pass that maps nothing; returns how many bytes."""
    piece, total = memoryview(bytearray(_PIECE)), 0
    with path.open("rb", buffering=0) as stream:
        while read := stream.readinto(piece):
            total += read
    return total


def _advise(mapping: mmap.mmap | NDArray, advice: str) -> None:
    """Tell the kernel, where it can be told (not on Windows) and where it matters."""
    while isinstance(mapping, np.ndarray):
        if mapping.base is None or not isinstance(mapping.base, np.ndarray | mmap.mmap):
            return  # nothing is mapped
        mapping = mapping.base
    if len(mapping) >= _WORTH and hasattr(mmap, advice):
        mapping.madvise(getattr(mmap, advice))
