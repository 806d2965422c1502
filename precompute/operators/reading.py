"""OCR as a batch operator: every line an engine sees in a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from precompute.models.ocr import RawLine, Reader, Reading
from precompute.operators import Batch
from precompute.stages.ocr import read_picture

#: Engines enlarge the shorter side of a picture to look for text: a line of 1 x 512 pixels would not fit into memory.
MOST_TIMES_AS_LONG = 8


class Read:
    """{"id", "path"} -> {"id", "reading"}, readings as JSON. load: makes the reader; grounds, enough: see stage ocr."""

    def __init__(self, load: Callable[[], Reader], grounds: Sequence[int], enough: float) -> None:
        self.read = padded(load())
        self.grounds = grounds
        self.enough = enough

    def __call__(self, batch: Batch) -> Batch:
        readings = [read_picture(Path(path), self.read, self.grounds, self.enough) for path in batch["path"]]
        return {"id": batch["id"], "reading": np.array([_to_json(reading) for reading in readings], object)}


def _to_json(reading: Reading) -> str:
    return json.dumps(asdict(reading), ensure_ascii=False)


def reading_from_json(text: str) -> Reading:
    """A reading as the operator wrote it."""
    row = json.loads(text)
    frames = (tuple(RawLine(r["text"], r["confidence"], tuple(r["box"])) for r in frame) for frame in row["frames"])
    return Reading(row["height"], tuple(frames))


def padded(read: Reader) -> Reader:
    """A reader that is given no picture of more than MOST_TIMES_AS_LONG times its width or height: what is longer gets
    more of the colour of its corner, to the right or below, where no box moves."""

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
