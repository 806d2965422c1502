"""Animations: which pictures move, and which frames stand for them.

Several pictures in one file are not always an animation: a phone keeps a preview or a depth map behind its photo (MPO),
a scanner many pages (TIFF).
"""

from __future__ import annotations

from PIL.Image import Image

#: Formats whose pictures are shown one after the other.
MOVING = ("GIF", "PNG", "WEBP", "AVIF")


def frame_count(picture: Image) -> int:
    """The number of frames that an open file shows one after the other; 1 for a still picture."""
    return int(getattr(picture, "n_frames", 1)) if picture.format in MOVING else 1


def key_numbers(frames: int) -> list[int]:
    """The numbers of the first, middle and last of `frames` frames, without repeats."""
    return sorted({0, frames // 2, frames - 1})
