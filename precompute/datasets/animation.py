"""Which pictures move, and the frames that stand for one that does.

Several pictures in one file are no animation: a phone keeps a preview or a depth map behind its photo (MPO), a scanner
many pages (TIFF).
"""

from __future__ import annotations

from PIL.Image import Image

#: Formats whose pictures are shown one after the other.
_MOVING = ("GIF", "PNG", "WEBP", "AVIF")


def frame_count(picture: Image) -> int:
    """How many frames an open file shows, one after the other; 1 for a still picture."""
    return int(getattr(picture, "n_frames", 1)) if picture.format in _MOVING else 1


def key_numbers(frames: int) -> list[int]:
    """The first, the middle and the last of `frames` frames."""
    return sorted({0, frames // 2, frames - 1})
