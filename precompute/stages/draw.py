"""Drawing the catalogue: one WebP file a sticker, by several processes, going on where an interruption stopped it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PIL.Image import Image

from precompute.demo.spec import StickerSpec
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

Draw = Callable[[StickerSpec], list[Image]]
Save = Callable[[list[Image], Path], None]


def select(specs: Sequence[StickerSpec], limit: int) -> tuple[StickerSpec, ...]:
    """About `limit` specs, evenly spread over the plan; all of them for 0."""
    if limit <= 0 or limit >= len(specs):
        return tuple(specs)
    return tuple(specs[row * len(specs) // limit] for row in range(limit))


def image_path(folder: Path, sticker_id: str) -> Path:
    """Where the picture of a sticker lies."""
    return folder / f"{sticker_id}.webp"


def draw_all(
    specs: Sequence[StickerSpec], folder: Path, draw: Draw, save: Save, workers: int = 1, report: Report = silent
) -> dict[str, Path]:
    """Draw what is not drawn yet; sticker id -> picture. `draw` and `save` are importable functions if workers > 1."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [spec for spec in specs if not image_path(folder, spec.id).is_file()]
    done = len(specs) - len(missing)
    report(done, len(specs))
    for _ in each(partial(_draw_one, folder=folder, draw=draw, save=save), missing, workers):
        done += 1
        report(done, len(specs))
    return {spec.id: image_path(folder, spec.id) for spec in specs}


def _draw_one(spec: StickerSpec, folder: Path, draw: Draw, save: Save) -> None:
    """Under a hidden name first: an interrupted drawing is never taken for a finished one."""
    target = image_path(folder, spec.id)
    unfinished = target.with_name(f".{target.name}")
    save(draw(spec), unfinished)
    unfinished.replace(target)
