"""Embedding the stickers by a small Chinese-CLIP, after training it on drawn variants of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.records import FloatArray
from precompute.cache import write_atomic
from precompute.demo.spec import StickerSpec
from precompute.progress import Report, silent

#: Variants a file: what an interruption costs at most.
_PART = 1000

#: Specs, and a report of how many are done -> (N, S, S, 3) uint8 RGB.
DrawMany = Callable[[Sequence[StickerSpec], Callable[[int, int], None]], NDArray[np.uint8]]

#: Pictures, read lazily, and a report of how many are done -> (N, d) unit rows.
EmbedImages = Callable[[Iterator[Image.Image], Callable[[int], None]], FloatArray]


def draw_in_parts(
    specs: Sequence[StickerSpec], folder: Path, draw: DrawMany, report: Report = silent
) -> NDArray[np.uint8]:
    """All training pictures, (N, S, S, 3) uint8 RGB, part by part; parts that lie in the folder are not drawn again."""
    parts = []
    for start in range(0, len(specs), _PART):
        path = folder / f"{start:06d}.npy"
        if not path.is_file():
            chosen = specs[start : start + _PART]
            pictures = draw(chosen, lambda done, _, start=start: report(start + done, len(specs)))  # type: ignore[misc]
            save_array(path, pictures)
        parts.append(np.load(path, allow_pickle=False))
        report(min(start + _PART, len(specs)), len(specs))
    return np.concatenate(parts)


def embed_all(paths: Sequence[Path], embed: EmbedImages, report: Report = silent) -> NDArray[np.float16]:
    """(N, d) unit rows of the pictures in the files, as they are stored: float16."""

    def pictures() -> Iterator[Image.Image]:
        for path in paths:
            with Image.open(path) as picture:
                yield picture

    rows = embed(pictures(), lambda done: report(done, len(paths)))
    return np.asarray(rows, np.float16)


def save_array(path: Path, array: NDArray[np.generic]) -> None:
    """A .npy file, there whole or not at all."""
    import io

    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_atomic(path, buffer.getvalue())
