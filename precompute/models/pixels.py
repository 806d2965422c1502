"""Files as pixels for a model: decoded, laid on a white square, scaled.

This module imports no torch, so that worker processes start quickly and decode while the GPU computes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from persrv.files.picture_files import open_picture
from persrv.models.encoders import key_frames, on_white_square
from precompute.runtime.operators import Batch


@dataclass(frozen=True, slots=True)
class Look:
    """The picture preparation of a model: `side` pixels, mean and deviation of each RGB channel of values in [0, 1]."""

    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


def frames_of(path: Path | str, side: int) -> NDArray[np.uint8]:
    """Pixels (k, side, side, 3) RGB of the first, middle and last frame of an animation, or the one frame of a still
    picture.

    Frames are laid on white, padded to a square and scaled bicubically, as persrv.models.encoders.pixel_values does
    before it normalises.
    """
    with open_picture(path) as picture:
        return np.stack([frame_pixels(frame, side) for frame in key_frames(picture)])


class Decode:
    """The operator {"id", "path"} -> {"id", "frames"}: each picture's key frames, (F, side, side, 3) uint8. It needs no
    model, so it can run ahead of one. A file that it cannot decode has no row, and a line in the log: one such must not
    end a build.
    """

    def __init__(self, side: int) -> None:
        self.side = side

    def __call__(self, batch: Batch) -> Batch:
        frames = np.empty(len(batch["id"]), object)
        for place, path in enumerate(batch["path"]):
            try:
                frames[place] = frames_of(path, self.side)
            except Exception as error:  # noqa: BLE001  decoders raise anything
                sys.stderr.write(f"left out, since it cannot be decoded: {path}: {error}\n")
        seen = np.array([each is not None for each in frames], bool)
        return {"id": batch["id"][seen], "frames": frames[seen]}


def first_frame(path: Path | str, side: int) -> NDArray[np.uint8]:
    """Pixels (side, side, 3) RGB of the first frame alone."""
    with open_picture(path) as picture:
        return frame_pixels(picture, side)


def frames_or_white(path: Path | str, side: int) -> NDArray[np.uint8]:
    """The frames of a file (`frames_of`), one white frame where it cannot be decoded: a training goes on."""
    try:
        return frames_of(path, side)
    except Exception as error:  # noqa: BLE001  decoders raise anything
        return _white(path, error, side)[None]


def first_or_white(path: Path | str, side: int) -> NDArray[np.uint8]:
    """The first frame of a file (`first_frame`), white where it cannot be decoded: a training goes on."""
    try:
        return first_frame(path, side)
    except Exception as error:  # noqa: BLE001  decoders raise anything
        return _white(path, error, side)


def _white(path: Path | str, error: Exception, side: int) -> NDArray[np.uint8]:
    """A white frame in place of a picture, with a line in the log."""
    sys.stderr.write(f"learnt from as a white picture, since it cannot be decoded: {path}: {error}\n")
    return np.full((side, side, 3), 255, np.uint8)


def frame_pixels(frame: Image.Image, side: int) -> NDArray[np.uint8]:
    """Pixels of a frame, (side, side, 3) uint8 RGB."""
    square = on_white_square(frame)
    return np.array(square.resize((side, side), Image.Resampling.BICUBIC), np.uint8)


def strongest(counts: Iterable[int], strengths: Iterable[float]) -> list[int]:
    """The place of each picture's strongest frame among all frames, the earliest of equals. counts: number of frames of
    each picture.
    """
    left, chosen, start = list(strengths), [], 0
    for count in counts:
        chosen.append(max(range(start, start + count), key=lambda place: (left[place], -place)))
        start += count
    return chosen
