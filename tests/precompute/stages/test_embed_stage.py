"""Training pictures in parts, and embeddings as they are stored; drawing and embedding are fakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from precompute.demo.spec import StickerSpec
from precompute.models.pixels import Decode
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import Slot
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Task
from precompute.stages import draw, embed

SPECS = [StickerSpec(f"s{n}", "cat", "flat", "ok", "", False, n) for n in range(7)]


def picture(spec: StickerSpec) -> NDArray[np.uint8]:
    return np.full((2, 2, 3), spec.seed, np.uint8)


def test_parts_are_drawn_once_and_loaded_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "_PART", 3)
    drawn: list[int] = []

    def interrupted(spec: StickerSpec) -> NDArray[np.uint8]:
        if spec.seed == 4:
            raise KeyboardInterrupt
        return picture(spec)

    def counted(spec: StickerSpec) -> NDArray[np.uint8]:
        drawn.append(spec.seed)
        return picture(spec)

    with pytest.raises(KeyboardInterrupt):
        draw.draw_in_parts(SPECS, tmp_path, interrupted)
    steps: list[tuple[int, int]] = []
    draw.draw_in_parts(SPECS, tmp_path, counted, report=lambda done, total: steps.append((done, total)))
    assert drawn == [3, 4, 5, 6]
    assert steps[0] == (3, 7)
    assert steps[-1] == (7, 7)
    assert draw.load_parts(tmp_path)[:, 0, 0, 0].tolist() == list(range(7))
    draw.draw_in_parts(SPECS, tmp_path, interrupted)


def test_embeddings_are_stored_in_half_precision_in_the_order_of_the_stickers(tmp_path: Path) -> None:
    paths = {f"s{n}": tmp_path / f"{n}.png" for n in range(3)}
    for number, path in enumerate(paths.values()):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(path)

    def first_pixels() -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
        return lambda frames: np.stack([frames[:, 0, 0, 0], np.ones(len(frames))], 1).astype(np.float32)

    keys = {name: f"hash of {name}" for name in paths}
    task = Task(embed.Embed, (first_pixels,), Decode(2), batch=1)
    steps: list[tuple[int, int]] = []
    columns = Columns(task, keys, paths, Slot(tmp_path, "key"), in_processes(1))
    (tmp_path / "stage").mkdir()
    embed.write_vectors(columns, tmp_path / "stage", lambda done, total: steps.append((done, total)))
    rows = embed.read_vectors(tmp_path / "stage")
    assert rows.dtype == np.float16
    assert (rows[:, 0] / rows[:, 1]).round().tolist() == [0, 1, 2]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
