"""Reading the stickers: every line an OCR engine sees, on several grounds and frames, one JSON line a picture.

Readings are kept under the hash of the picture, so a sticker that is drawn anew is the only one to be read anew, and an
interrupted run loses at most the pictures that were being read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from precompute.models.ocr import RawLine, Reader, Reading
from precompute.runtime.cache import file_digest
from precompute.runtime.processes import each_prepared
from precompute.runtime.progress import Report, silent


def read_all(
    images: Mapping[str, Path],
    store: Path,
    load: Callable[[], Reader],
    grounds: Sequence[int],
    enough: float,
    workers: int = 1,
    report: Report = silent,
) -> dict[str, Reading]:
    """Sticker id -> reading. `store` is the file that remembers readings; `load` makes a reader in each process."""
    hashes = {name: file_digest(path) for name, path in images.items()}
    known = load_readings(store)
    missing = {key: images[name] for name, key in hashes.items() if key not in known}
    done = len(images) - len(missing)
    report(done, len(images))
    prepare = partial(_prepared, load, tuple(grounds), enough)
    with store.open("a", encoding="utf-8") as stream:
        read = each_prepared(prepare, list(missing.values()), workers)
        for key, reading in zip(missing, read, strict=True):
            known[key] = reading
            stream.write(json.dumps({"image": key, **asdict(reading)}, ensure_ascii=False) + "\n")
            stream.flush()
            done += 1
            report(done, len(images))
    return {name: known[key] for name, key in hashes.items()}


def load_readings(store: Path) -> dict[str, Reading]:
    """Hash of a picture -> reading. A last line that was cut short by a crash is removed from the file."""
    if not store.is_file():
        return {}
    whole, _, torn = store.read_bytes().rpartition(b"\n")
    if torn:
        with store.open("r+b") as stream:
            stream.truncate(len(whole) + 1 if whole else 0)
    rows = [json.loads(line) for line in whole.decode("utf-8").split("\n") if line]
    return {row["image"]: _reading(row) for row in rows}


def _reading(row: Mapping[str, Any]) -> Reading:
    frames = (tuple(RawLine(r["text"], r["confidence"], tuple(r["box"])) for r in frame) for frame in row["frames"])
    return Reading(row["height"], tuple(frames))


def _prepared(load: Callable[[], Reader], grounds: Sequence[int], enough: float) -> Callable[[Path], Reading]:
    return partial(read_picture, read=load(), grounds=grounds, enough=enough)


def read_picture(path: Path, read: Reader, grounds: Sequence[int], enough: float) -> Reading:
    """Look at a picture's first, middle and last frame."""
    with Image.open(path) as picture:
        count = getattr(picture, "n_frames", 1)
        frames = []
        for number in sorted({0, count // 2, count - 1}):
            picture.seek(number)
            frames.append(_read_frame(picture.convert("RGBA"), read, grounds, enough))
        return Reading(picture.height, tuple(frames))


def _read_frame(frame: Image.Image, read: Reader, grounds: Sequence[int], enough: float) -> tuple[RawLine, ...]:
    """The lines seen on the first ground where one is sure enough; glowing letters want a dark one."""
    seen: list[RawLine] = []
    for grey in grounds:
        lines = read(on_ground(frame, grey))
        seen += lines
        if any(line.confidence > enough for line in lines):
            return tuple(lines)
    return tuple(seen)


def on_ground(frame: Image.Image, grey: int) -> NDArray[np.uint8]:
    """An RGBA picture laid on a grey ground: (height, width, 3) uint8."""
    ground = Image.new("RGBA", frame.size, (grey, grey, grey, 255))
    return np.asarray(Image.alpha_composite(ground, frame).convert("RGB"))
