"""Stickers as rasters inside a figure: small PNG files, one a sticker."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of the longer side: 300 an inch at the largest size of a sticker in a figure.
SIDE = 192


class Raster(NamedTuple):
    """A PNG file, and its size in pixels."""

    png: bytes
    width: int
    height: int


def raster(picture: Image) -> Raster:
    """A decoded picture as a raster, transparency kept."""
    from PIL.Image import Resampling

    small = picture.convert("RGBA")
    small.thumbnail((SIDE, SIDE), Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, format="PNG", optimize=True)
    return Raster(written.getvalue(), *small.size)


def placed(picture: Raster, x: float, y: float, side: float) -> tuple[float, float, float, float]:
    """Place and size (x, y, width, height) of a raster that lies whole in the middle of a square."""
    scale = side / max(picture.width, picture.height)
    width, height = picture.width * scale, picture.height * scale
    return x + (side - width) / 2, y + (side - height) / 2, width, height
