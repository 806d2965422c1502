"""Reading of stickers: every line that an OCR engine sees, on several grounds and frames, as a batch operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.picture_files import open_picture
from precompute.models.ocr import RawLine, Reader, Reading, reading_to_json
from precompute.runtime.operators import Batch

#: Engines enlarge the shorter side of a picture to look for text: a line of 1 x 512 pixels would not fit into memory.
MOST_TIMES_AS_LONG = 8


class Read:
    """The operator {"id", "path"} -> {"id", "reading"}, with readings as JSON. load: makes the reader; grounds: grey
    levels on which a picture is laid, one after the other, until a line is read with more confidence than `enough`.
    """

    def __init__(self, load: Callable[[], Reader], grounds: Sequence[int], enough: float) -> None:
        self.read = padded(load())
        self.grounds = grounds
        self.enough = enough

    def __call__(self, batch: Batch) -> Batch:
        readings = [read_picture(Path(path), self.read, self.grounds, self.enough) for path in batch["path"]]
        return {"id": batch["id"], "reading": np.array([reading_to_json(reading) for reading in readings], object)}


def padded(read: Reader) -> Reader:
    """A reader that never gets a picture longer than MOST_TIMES_AS_LONG times its width or height. A longer picture is
    extended in the colour of its corner, to the right or below, so that no box moves.
    """

    def read_padded(picture: NDArray[np.uint8]) -> list[RawLine]:
        least = -(-max(picture.shape[:2]) // MOST_TIMES_AS_LONG)
        height, width = (max(side, least) for side in picture.shape[:2])
        if (height, width) == picture.shape[:2]:
            return read(picture)
        ground = np.empty((height, width, 3), np.uint8)
        ground[:] = picture[0, 0]
        ground[: picture.shape[0], : picture.shape[1]] = picture
        return read(ground)

    return read_padded


def read_picture(path: Path, read: Reader, grounds: Sequence[int], enough: float) -> Reading:
    """Read a picture's first, middle and last frame."""
    with open_picture(path) as picture:
        count = getattr(picture, "n_frames", 1)
        frames = []
        for number in sorted({0, count // 2, count - 1}):
            picture.seek(number)
            frames.append(_read_frame(picture.convert("RGBA"), read, grounds, enough))
        return Reading(picture.height, tuple(frames))


def _read_frame(frame: Image.Image, read: Reader, grounds: Sequence[int], enough: float) -> tuple[RawLine, ...]:
    """The lines seen on the first ground with a confident line, else those of all grounds; glowing letters need a dark
    one.
    """
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
