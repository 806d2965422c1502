"""Memory maps: advice to the kernel changes no byte, whatever is mapped."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
import pytest

from persrv.arrays import memory_map


def resident(mapping: mmap.mmap) -> int:
    """Kilobytes of a mapped file that count as ours, as /proc/self/smaps tells."""
    address = np.frombuffer(mapping, np.uint8).ctypes.data
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())
    for line in lines:
        if line.startswith(f"{address:x}-"):
            return next(int(each.split()[1]) for each in lines if each.startswith("Rss:"))
    raise AssertionError("not mapped")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.npy"
    np.save(path, np.arange(1 << 20, dtype=np.int32))
    return path


def test_released_pages_come_back_as_they_were(file: Path) -> None:
    mapping = memory_map.map_file(file)
    whole = bytes(mapping)
    assert resident(mapping) > 4000
    memory_map.release(mapping)
    assert resident(mapping) == 0
    assert bytes(mapping) == whole


def test_arrays_are_advised_through_their_views(file: Path) -> None:
    array = np.load(file, mmap_mode="r").view(np.ndarray)[10:]
    assert int(array.sum(dtype=np.int64)) == sum(range(10, 1 << 20))
    base = array.base
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base, mmap.mmap)
    assert resident(base) > 4000
    memory_map.release(array)
    assert resident(base) == 0
    memory_map.expect_random(array)
    assert int(array[-1]) == (1 << 20) - 1


def test_what_is_not_mapped_is_left_alone() -> None:
    array = np.arange(1 << 20)
    memory_map.release(array)
    memory_map.release(array[3:])
    memory_map.expect_random(np.frombuffer(bytes(1 << 21), np.uint8))
    assert int(array[-1]) == (1 << 20) - 1


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 2500])
def test_reading_ahead_ends_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(memory_map, "_PIECE", 1000)
    (tmp_path / "file").write_bytes(bytes(size))
    assert memory_map.read_ahead(tmp_path / "file") == size
    with pytest.raises(FileNotFoundError):
        memory_map.read_ahead(tmp_path / "absent")
