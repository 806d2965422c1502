"""Embedding the stickers by a small Chinese-CLIP, after training it on drawn variants of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.records import FloatArray
from precompute.demo.spec import StickerSpec
from precompute.runtime.cache import write_atomic
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

#: Variants a file: what an interruption costs at most.
_PART = 500

#: What a variant shows -> (S, S, 3) uint8 RGB.
DrawOne = Callable[[StickerSpec], NDArray[np.uint8]]

#: Pictures, read lazily, and a report of how many are done -> (N, d) unit rows.
EmbedImages = Callable[[Iterator[Image.Image], Callable[[int], None]], FloatArray]


def draw_in_parts(
    specs: Sequence[StickerSpec], folder: Path, draw: DrawOne, workers: int = 1, report: Report = silent
) -> None:
    """Draw all training pictures into .npy files of (n, S, S, 3) uint8 RGB; files that are there stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(specs), _PART)
    parts = {folder / f"{start:06d}.npy": specs[start : start + _PART] for start in starts}
    missing = {path: part for path, part in parts.items() if not path.is_file()}
    done = len(specs) - sum(map(len, missing.values()))
    report(done, len(specs))
    drawn = each(draw, [spec for part in missing.values() for spec in part], workers)
    for path, part in missing.items():
        pictures = []
        for picture in islice(drawn, len(part)):
            pictures.append(picture)
            report(done + len(pictures), len(specs))
        save_array(path, np.stack(pictures))
        done += len(part)


def load_parts(folder: Path) -> NDArray[np.uint8]:
    """All training pictures, (N, S, S, 3) uint8 RGB, in the order of the specs they were drawn from."""
    return np.concatenate([np.load(path, allow_pickle=False) for path in sorted(folder.glob("*.npy"))])


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
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_atomic(path, buffer.getvalue())
