"""A trial of five pictures, on a task and a clock that are known to the second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import Slot
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Batch, Task
from precompute.runtime.trial import TRIED, foretell

NOW = [0.0]


class Slow:
    """An operator that takes two seconds a picture, and a hundred for the first."""

    def __init__(self) -> None:
        self.new = True

    def __call__(self, batch: Batch) -> Batch:
        NOW[0] += 100 * self.new + 2 * len(batch["id"])
        self.new = False
        return {"id": batch["id"], "length": np.ones(len(batch["id"]))}


def decoded(batch: Batch) -> Batch:
    """A second a picture before the operator's two."""
    NOW[0] += len(batch["id"])
    return batch


def columns(folder: Path, count: int, prepared: bool = False) -> Columns:
    names = [f"s{number:03}" for number in range(count)]
    task = Task(Slow, (), decoded if prepared else None)
    keys = {name: f"key of {name}" for name in names}
    return Columns(task, keys, {name: folder / name for name in names}, Slot(folder / "slot", "key"), in_processes(1))


def test_the_whole_is_so_many_times_the_trial_without_what_only_the_first_picture_takes(tmp_path: Path) -> None:
    found = foretell({"read": columns(tmp_path, 50)}, dict.fromkeys(columns(tmp_path, 50).keys, 1), 1, lambda: NOW[0])
    assert found is not None
    assert (found.left, found.each, found.seconds) == (50, {"read": 2.0}, 100.0)
    assert "about 2 min by a trial of 5 pictures" in found.in_words()


def test_workers_share_what_has_no_model_in_this_process(tmp_path: Path) -> None:
    frames = dict.fromkeys(columns(tmp_path, 40).keys, 1)
    tasks = {"read": columns(tmp_path, 40), "seen": columns(tmp_path / "other", 40, prepared=True)}
    found = foretell(tasks, frames, 2, lambda: NOW[0])
    assert found is not None
    assert found.each == {"read": 1.0, "seen": 3.0}
    assert found.seconds == 160.0


def test_a_moving_picture_counts_as_its_frames(tmp_path: Path) -> None:
    """Of fifty stickers the trial takes those at even distances; twelve others move."""
    some = columns(tmp_path, 50)
    frames = {name: 3 if number < 13 and number else 1 for number, name in enumerate(some.keys)}
    found = foretell({"read": some}, frames, 1, lambda: NOW[0])
    assert found is not None
    assert found.seconds == pytest.approx(found.each["read"] * (12 * 3 + 38))


def test_only_what_is_left_counts_and_too_little_is_worth_no_trial(tmp_path: Path) -> None:
    some = columns(tmp_path, 30)
    assert len(some.missing()) == 30
    some.only([f"s{number:03}" for number in range(5)])()
    assert len(some.missing()) == 25
    found = foretell({"read": some}, dict.fromkeys(some.keys, 1), 1, lambda: NOW[0])
    assert found is not None
    assert found.left == 25
    some.only([f"s{number:03}" for number in range(15)])()
    assert foretell({"read": some}, dict.fromkeys(some.keys, 1), 1) is None
    assert TRIED == 5
