"""Compiled functions left on disk by another version, whose types had other names."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from persrv.engines import kernel_cache
from persrv.engines.kernel_cache import compiled_anew

pytestmark = pytest.mark.slow

SOURCE = """
from typing import NamedTuple
from numba import njit

class {name}(NamedTuple):
    value: int

@njit(cache=True)
def doubled(pair):
    return 2 * pair.value

def use():
    return doubled({name}(21))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(kernel_cache, "KERNELS", ("left_on_disk",))
    yield tmp_path
    sys.modules.pop("left_on_disk", None)


def version(folder: Path, name: str) -> ModuleType:
    """The module as one version has it, newly imported."""
    path = folder / "left_on_disk.py"
    path.write_text(SOURCE.format(name=name), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("left_on_disk", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["left_on_disk"] = module
    spec.loader.exec_module(module)
    return module


def test_a_renamed_type_is_compiled_anew_and_kept(folder: Path) -> None:
    assert version(folder, "Worth").use() == 42
    with pytest.raises(AttributeError, match="Worth"):
        version(folder, "BoundedUtility").use()
    assert compiled_anew(version(folder, "BoundedUtility").use) == 42
    assert version(folder, "BoundedUtility").use() == 42, "what lies on disk now is that of this version"


def test_a_damaged_index_is_forgotten(folder: Path) -> None:
    assert version(folder, "Worth").use() == 42
    (index,) = folder.rglob("*.nbi")
    index.write_bytes(index.read_bytes()[:-9])
    assert compiled_anew(version(folder, "Worth").use) == 42


def test_what_fails_twice_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        compiled_anew(lambda: 1 / 0)
