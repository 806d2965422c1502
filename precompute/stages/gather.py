"""Preparation of foreign pictures for a bundle: small enough, upright, in a format that every browser shows.

A file that is so already is copied byte for byte. Any other becomes WebP: at most SIDE pixels wide and high (a tall
one larger, so that it stays legible), with its transparency, and an animation with at most FRAMES frames (evenly
chosen, the time of omitted frames is kept). Greys of more than 8 bits are scaled to 8, because Pillow would clip them
to white.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from persrv.files.picture_files import upright
from precompute.datasets.animation import frame_count
from precompute.datasets.opening import is_sound, with_picture
from precompute.runtime.cache import file_digest, write_json
from precompute.runtime.processes import each
from precompute.runtime.progress import Report, silent

SIDE = 512

#: The most pixels of a picture more than twice as high as wide, such as a long screenshot: its words stay legible.
TALL_WIDTH, TALL_HEIGHT = 720, 8192
FRAMES = 48
MAX_BYTES = 2_000_000

#: Format -> extension of what a browser shows as it is, where the mode is one of _PLAIN.
_SHOWN: Mapping[str, str] = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}
_PLAIN = ("1", "L", "LA", "P", "PA", "RGB", "RGBA")

#: File of all files' hashes, below a stage's folder.
HASHES = "hashes.json"

_ORIENTATION = 0x0112
_MS = 100  # of a frame that does not say how long it stays


def gathered(folder: Path) -> dict[str, Path]:
    """Name -> file, for all gathered pictures."""
    return {path.stem: path for path in folder.iterdir() if path.suffix != ".json" and not path.name.startswith(".")}


def gather(pictures: Mapping[str, Path], folder: Path, workers: int = 1, report: Report = silent) -> dict[str, Path]:
    """Put every picture into `folder`; returns name -> file. Names are content hashes, so existing files are kept.
    A picture that cannot be prepared is left out, with a line in the log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = gathered(folder)
    missing = [(source, name) for name, source in pictures.items() if name not in there]
    done = len(pictures) - len(missing)
    report(done, len(pictures))
    for (source, _), path in zip(missing, each(partial(_prepared, folder), missing, workers), strict=True):
        if path is None:
            sys.stderr.write(f"left out, since it cannot be prepared: {source}\n")
        else:
            there[path.stem] = path
        done += 1
        report(done, len(pictures))
    return {name: there[name] for name in pictures if name in there}


def gather_hashed(
    pictures: Mapping[str, Path], store: Path, folder: Path, workers: int = 1, report: Report = silent
) -> dict[str, Any]:
    """Run `gather` as a stage: prepare into `store`, which all sets of pictures share, so that a folder that has grown
    costs what is new; link from there, and write the hash of every file. Returns the number of pictures, and the names
    of those that were left out.
    """
    shown = gather(pictures, store, workers, report)
    for path in shown.values():
        if not (folder / path.name).exists():
            _whole(folder / path.name, partial(_linked, path))
    write_json(folder / HASHES, {name: file_digest(path) for name, path in shown.items()})
    return {"pictures": len(shown), "left_out": sorted(set(pictures) - set(shown))}


def _linked(source: Path, path: Path) -> None:
    """The same file under another name, or a copy where the disk has no such links."""
    path.unlink(missing_ok=True)
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)


def _prepared(folder: Path, item: tuple[Path, str]) -> Path | None:
    """The prepared file, None for a picture that cannot be prepared: one such must not end an import."""
    try:
        path = _displayed(folder, item)
    except Exception:  # noqa: BLE001  broken bytes make decoders and encoders raise anything
        return None
    return path if is_sound(path) else None


def _displayed(folder: Path, item: tuple[Path, str]) -> Path:
    source, name = item

    def put(picture: Image.Image) -> Path:
        extension = _as_it_is(picture, source)
        if extension:
            return _whole(folder / f"{name}{extension}", partial(shutil.copyfile, source))
        return _whole(folder / f"{name}.webp", partial(_as_webp, picture))

    return with_picture(source, put)


def _as_it_is(picture: Image.Image, source: Path) -> str:
    """The extension under which the file can be shown unchanged; "" if it cannot, or if it is damaged."""
    width, height = _most(picture.size)
    large = picture.width > width or picture.height > height or source.stat().st_size > MAX_BYTES
    extension = _SHOWN.get(picture.format or "", "")
    if not extension or large or picture.mode not in _PLAIN or not is_sound(source):
        return ""
    return "" if picture.getexif().get(_ORIENTATION, 1) != 1 else extension


def _most(size: tuple[int, int]) -> tuple[int, int]:
    """The largest width and height at which a picture of this size is shown."""
    return (TALL_WIDTH, TALL_HEIGHT) if size[1] > 2 * size[0] else (SIDE, SIDE)


def _whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file so that it appears whole, or not at all."""
    temporary = path.with_name(f".{path.name}")
    write(temporary)
    temporary.replace(path)
    return path


def _as_webp(picture: Image.Image, path: Path) -> None:
    count = frame_count(picture)
    if count == 1:
        _small(picture).save(path, "WEBP", quality=85, method=4)
        return
    chosen = sorted({place * count // min(count, FRAMES) for place in range(min(count, FRAMES))})
    frames, times = [], []
    for number, time in _frames(picture, count):
        if number in chosen:
            frames.append(_small(picture))
            times.append(0)
        times[-1] += time
    frames[0].save(path, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0, quality=75, method=2)


def _frames(picture: Image.Image, count: int) -> Iterable[tuple[int, int]]:
    """Yield each frame's number and milliseconds, with the picture positioned at the frame."""
    for number in range(count):
        picture.seek(number)
        picture.load()  # of WebP, only then is its time known
        yield number, int(picture.info.get("duration") or _MS)


def _small(picture: Image.Image) -> Image.Image:
    turned = _eight_bits(upright(picture))
    transparent = "A" in turned.getbands() or "transparency" in turned.info
    frame = turned.convert("RGBA" if transparent else "RGB")
    frame.thumbnail(_most(frame.size), Image.Resampling.LANCZOS)
    return frame


def _eight_bits(picture: Image.Image) -> Image.Image:
    """The picture with 8 bits: greys of 16 bits scaled from their whole range, deeper ones from the range that they
    use; any other picture unchanged.
    """
    if picture.mode not in ("I", "F") and not picture.mode.startswith("I;16"):
        return picture
    values = np.nan_to_num(np.asarray(picture, np.float64), posinf=0.0, neginf=0.0)
    low, high = (0.0, 65535.0) if picture.mode.startswith("I;16") else (values.min(), values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return Image.fromarray(scaled.round().astype(np.uint8))
