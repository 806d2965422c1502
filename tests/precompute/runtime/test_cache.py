"""The cache: keys tell different things apart, results count only when whole, writes are atomic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precompute.runtime.cache import DONE, Cache, digest, write_atomic, write_json


@dataclass(frozen=True)
class Settings:
    seed: int
    share: float


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_digests_are_equal_only_for_equal_values(left: object, right: object) -> None:
    assert digest(left) == digest(left)
    if repr(left) != repr(right) and left != right:
        assert digest(left) != digest(right)


def test_neighbouring_values_do_not_run_into_each_other() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(("a",), "b") != digest("a", ("b",))
    assert len({digest(x) for x in (1, 1.0, True, "1", b"1", None, (1,), {"1": 1})}) == 8


def test_arrays_are_told_apart_by_shape_type_and_content() -> None:
    base = np.arange(4, dtype=np.int32)
    others = (base.reshape(2, 2), base.astype(np.int64), base.view(np.uint32), base + 1)
    assert all(digest(base) != digest(other) for other in others)
    assert digest(base) == digest(base.copy())
    assert digest(np.asfortranarray(base.reshape(2, 2))) == digest(base.reshape(2, 2))


def test_the_order_of_a_mapping_does_not_count() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 2, "b": 1})


def test_settings_and_unknown_types() -> None:
    assert digest(Settings(1, 0.5)) == digest(Settings(1, 0.5)) != digest(Settings(2, 0.5))
    with pytest.raises(TypeError):
        digest(object())


def test_a_slot_is_done_only_when_finished(tmp_path: Path) -> None:
    slot = Cache(tmp_path).slot("draw", "parameters")
    (slot.folder / "a.txt").write_text("one")
    assert slot.done() is None
    finished = slot.finish({"seconds": 1.5})
    assert slot.done() == finished
    assert finished.report == {"seconds": 1.5}
    assert Cache(tmp_path).slot("draw", "parameters").done() == finished
    assert Cache(tmp_path).slot("draw", "other parameters").done() is None
    assert Cache(tmp_path).slot("ocr", "parameters").done() is None


def test_missing_and_cut_results_are_not_done(tmp_path: Path) -> None:
    slot = Cache(tmp_path).slot("draw")
    result = slot.folder / "deep" / "a.txt"
    write_atomic(result, b"one")
    slot.finish({})
    result.write_bytes(b"on")
    assert slot.done() is None
    result.unlink()
    assert slot.done() is None
    result.write_bytes(b"one")
    assert slot.done() is not None
    (slot.folder / DONE).write_text("{")
    assert slot.done() is None


def test_output_hash_depends_on_results_alone(tmp_path: Path) -> None:
    slots = [Cache(tmp_path).slot("draw", seed) for seed in range(3)]
    for number, slot in enumerate(slots):
        (slot.folder / ".work").write_text(str(number))
        (slot.folder / "a.txt").write_text("one" if number < 2 else "two")
    first, second, third = (slot.finish({"seconds": number}).output for number, slot in enumerate(slots))
    assert first == second != third


def test_atomic_write_leaves_no_leftovers(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"b": "中", "a": 1})
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == '{\n "a": 1,\n "b": "中"\n}'
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"a": float("nan")})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
