"""Drawing by several processes, resumable: the catalogue, one WebP file a sticker, and training pictures, many to a
file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from persrv.sampling import evenly
from precompute.demo.spec import StickerSpec
from precompute.runtime.cache import write_array
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

Draw = Callable[[StickerSpec], list[Image]]
Save = Callable[[list[Image], Path], None]

#: Function from a training picture's specification to pixels (S, S, 3) uint8 RGB.
DrawOne = Callable[[StickerSpec], NDArray[np.uint8]]

#: Training pictures a file: what an interruption costs at most.
_PART = 500


def select(specs: Sequence[StickerSpec], limit: int) -> tuple[StickerSpec, ...]:
    """About `limit` specs, evenly spread over the plan; all of them for 0."""
    return tuple(evenly(specs, limit) if limit > 0 else specs)


def image_path(folder: Path, sticker_id: str) -> Path:
    """The path of a sticker's picture."""
    return folder / f"{sticker_id}.webp"


def draw_all(
    specs: Sequence[StickerSpec], folder: Path, draw: Draw, save: Save, workers: int = 1, report: Report = silent
) -> dict[str, Any]:
    """Draw all missing pictures and count the pictures. `draw` and `save` are importable functions if workers > 1."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [spec for spec in specs if not image_path(folder, spec.id).is_file()]
    done = len(specs) - len(missing)
    report(done, len(specs))
    for _ in each(partial(_draw_one, folder=folder, draw=draw, save=save), missing, workers):
        done += 1
        report(done, len(specs))
    return {"stickers": len(specs)}


def _draw_one(spec: StickerSpec, folder: Path, draw: Draw, save: Save) -> None:
    """Draw under a hidden name first, so that an interrupted drawing is never taken for a finished one."""
    target = image_path(folder, spec.id)
    unfinished = target.with_name(f".{target.name}")
    save(draw(spec), unfinished)
    unfinished.replace(target)


def draw_in_parts(
    specs: Sequence[StickerSpec], folder: Path, draw: DrawOne, workers: int = 1, report: Report = silent
) -> dict[str, Any]:
    """Draw all training pictures into .npy files of (n, S, S, 3) uint8 RGB; existing files are kept."""
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
        write_array(path, np.stack(pictures))
        done += len(part)
    return {"pictures": len(specs)}


def load_parts(folder: Path) -> NDArray[np.uint8]:
    """Load all training pictures, (N, S, S, 3) uint8 RGB, in the order of the specs from which they were drawn."""
    return np.concatenate([np.load(path, allow_pickle=False) for path in sorted(folder.glob("*.npy"))])
