"""The toy world's evaluation, number by number: renewed by scripts/golden.py alone, and reviewed as a difference."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def script() -> ModuleType:
    """scripts/golden.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("golden", ROOT / "scripts" / "golden.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(document: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], float]:
    """Path -> number of a nested mapping."""
    if isinstance(document, dict):
        return {key: value for name, part in document.items() for key, value in flat(part, (*path, name)).items()}
    assert isinstance(document, float | int)
    return {path: float(document)}


def test_nothing_moved() -> None:
    golden = script()
    expected = flat(json.loads(golden.GOLDEN.read_text(encoding="utf-8")))
    found = flat(golden.measure())
    assert set(found) == set(expected)
    moved = {
        key: (found[key], value) for key, value in expected.items() if not math.isclose(found[key], value, abs_tol=1e-6)
    }
    assert not moved, "if this is meant, run scripts/golden.py and review the difference"
