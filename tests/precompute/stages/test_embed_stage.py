"""Training pictures in parts, and embeddings as they are stored; drawing and embedding are fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from precompute.demo.spec import StickerSpec
from precompute.stages import embed

SPECS = [StickerSpec(f"s{n}", "cat", "flat", "ok", "", False, n) for n in range(7)]


def picture(spec: StickerSpec) -> NDArray[np.uint8]:
    return np.full((2, 2, 3), spec.seed, np.uint8)


def test_parts_are_drawn_once_and_loaded_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_PART", 3)
    drawn: list[int] = []

    def interrupted(spec: StickerSpec) -> NDArray[np.uint8]:
        if spec.seed == 4:
            raise KeyboardInterrupt
        return picture(spec)

    def counted(spec: StickerSpec) -> NDArray[np.uint8]:
        drawn.append(spec.seed)
        return picture(spec)

    with pytest.raises(KeyboardInterrupt):
        embed.draw_in_parts(SPECS, tmp_path, interrupted)
    steps: list[tuple[int, int]] = []
    embed.draw_in_parts(SPECS, tmp_path, counted, report=lambda done, total: steps.append((done, total)))
    assert drawn == [3, 4, 5, 6]
    assert steps[0] == (3, 7)
    assert steps[-1] == (7, 7)
    assert embed.load_parts(tmp_path)[:, 0, 0, 0].tolist() == list(range(7))
    embed.draw_in_parts(SPECS, tmp_path, interrupted)


def test_embeddings_are_stored_in_half_precision_in_the_order_of_the_files(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(3)]
    for number, path in enumerate(paths):
        Image.new("RGB", (2, 2), (number, 0, 0)).save(path)

    def first_pixel(pictures: Iterator[Image.Image], heard: Callable[[int], None]) -> NDArray[np.float32]:
        rows = []
        for image in pictures:
            rows.append([float(np.asarray(image)[0, 0, 0])])
            heard(len(rows))
        return np.array(rows, np.float32)

    steps: list[tuple[int, int]] = []
    rows = embed.embed_all(paths, first_pixel, lambda done, total: steps.append((done, total)))
    assert rows.dtype == np.float16
    assert rows[:, 0].tolist() == [0, 1, 2]
    assert steps == [(1, 3), (2, 3), (3, 3)]
