"""The treatment of a sticker's pixels after drawing: die-cut border, drop shadow, displacement, reduction.

All layers are (height, width, 4) uint8 RGBA with premultiplied alpha, so that blurring and reducing need no care for
the colour of transparent pixels.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from precompute.demo.art.base import SIDE, Pixels
from precompute.demo.art.colours import to_rgb

Alpha = NDArray[np.uint8]  # (height, width), 0 = transparent


def as_bytes(array: object) -> NDArray[np.uint8]:
    """The result of an OpenCV call under its true type."""
    return np.asarray(array, np.uint8)


def over(top: Pixels, bottom: Pixels) -> Pixels:
    """Composite two premultiplied layers of one size by Porter-Duff "over"."""
    import cv2

    rest = cv2.merge([255 - top[..., 3]] * 4)
    return as_bytes(cv2.add(top, cv2.multiply(bottom, rest, scale=1 / 255)))


def stained(alpha: Alpha, colour: str) -> Pixels:
    """A layer of one colour whose opacity is `alpha`."""
    import cv2

    red, green, blue = to_rgb(colour)
    return as_bytes(cv2.merge([*(cv2.convertScaleAbs(alpha, alpha=share) for share in (red, green, blue)), alpha]))


def widened(alpha: Alpha, radius: int) -> Alpha:
    """Grow a mask by `radius` pixels all around, with a soft edge of about one pixel."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return as_bytes(cv2.GaussianBlur(cv2.dilate(alpha, kernel), (0, 0), 1.2))


def drop_shadow(alpha: Alpha, colour: str, *, opacity: float, offset: tuple[int, int], sigma: float) -> Pixels:
    """The shadow of `alpha` as a layer, moved by `offset` = (right, down) pixels and blurred by `sigma` pixels."""
    import cv2

    right, down = offset
    move = np.array([[1, 0, right], [0, 1, down]], dtype=np.float32)
    moved = cv2.warpAffine(alpha, move, alpha.shape[::-1])
    return stained(as_bytes(cv2.convertScaleAbs(cv2.GaussianBlur(moved, (0, 0), sigma), alpha=opacity)), colour)


def die_cut(sticker: Pixels, *, border: str, radius: int, shadow: str = "#463250", opacity: float = 0.36) -> Pixels:
    """Lay `sticker` on paper of colour `border` that reaches `radius` pixels beyond it and casts a soft shadow."""
    paper = widened(sticker[..., 3], radius)
    ground = drop_shadow(paper, shadow, opacity=opacity, offset=(0, 4), sigma=4.5)
    return over(sticker, over(stained(paper, border), ground))


def reduced(pixels: Pixels, side: int = SIDE) -> Pixels:
    """Resize a square layer to `side` pixels: averaging to reduce, nearest pixels to enlarge."""
    import cv2

    if pixels.shape[0] == side:
        return pixels
    method = cv2.INTER_AREA if pixels.shape[0] > side else cv2.INTER_NEAREST
    return as_bytes(cv2.resize(pixels, (side, side), interpolation=method))


def straight(pixels: Pixels) -> Pixels:
    """Convert premultiplied alpha to straight alpha, as image files hold it."""
    alpha = pixels[..., 3:].astype(np.float32)
    colour = np.divide(
        pixels[..., :3] * 255.0, alpha, out=np.zeros((*pixels.shape[:2], 3), np.float32), where=alpha > 0
    )
    return np.dstack([np.clip(colour + 0.5, 0, 255).astype(np.uint8), pixels[..., 3]])


@lru_cache(maxsize=32)
def noise(side: int, cell: int, seed: int) -> NDArray[np.float32]:
    """Smooth noise, (side, side) float32 in about [-1, 1]; `cell` is the size of its bumps in pixels."""
    import cv2

    coarse = np.random.default_rng(seed).uniform(-1, 1, (side // cell + 3,) * 2).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)


def displaced(pixels: Pixels, *, amount: float, cell: int, seed: int) -> Pixels:
    """Wobble a layer: take every pixel from up to `amount` pixels away, smoothly over bumps of `cell` pixels."""
    import cv2

    side = pixels.shape[0]
    rows, columns = np.indices((side, side), dtype=np.float32)
    x = columns + amount * noise(side, cell, 2 * seed)
    y = rows + amount * noise(side, cell, 2 * seed + 1)
    return as_bytes(cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT))
