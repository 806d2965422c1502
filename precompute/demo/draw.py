"""Drawing a sticker: from a StickerSpec to one frame or a short loop, and to the file that holds it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from persrv.errors import DataError
from precompute.demo.art import STYLES, ArtStyle
from precompute.demo.art.base import SIDE, Pixels
from precompute.demo.art.finish import over, reduced, straight
from precompute.demo.art.lettering import compose_caption, draw_caption
from precompute.demo.spec import StickerSpec

if TYPE_CHECKING:
    import skia
    from PIL import Image

FRAMES = 6
FRAME_MS = 110


def draw(spec: StickerSpec) -> list[Image.Image]:
    """Draw a sticker: 240 x 240 RGBA, one frame, or FRAMES frames of a loop if `spec.animated`.

    The pixels depend on `spec` alone. DataError for an unknown character, style or situation.
    """
    from PIL import Image

    _check(spec)
    phases = [i / FRAMES for i in range(FRAMES)] if spec.animated else [0.0]
    return [Image.fromarray(straight(_frame(spec, phase))) for phase in phases]


def _check(spec: StickerSpec) -> None:
    from precompute.demo.palettes import PALETTES
    from precompute.demo.situations import SITUATIONS

    for what, value, known in (
        ("character", spec.character, PALETTES),
        ("style", spec.style, STYLES),
        ("situation", spec.situation, SITUATIONS),
    ):
        if value not in known:
            raise DataError(f"Sticker {spec.id} has the {what} {value!r}", f"one of {', '.join(known)}", "Correct it.")


def _frame(spec: StickerSpec, phase: float) -> Pixels:
    """Draw one finished frame, premultiplied. Every frame starts from the same seed, so only the motion differs."""
    from precompute.demo.figure import draw_figure
    from precompute.demo.palettes import PALETTES

    kind = STYLES[spec.style]
    sheet, canvas = _layer(kind.scale)
    style = kind(canvas, random.Random(spec.seed), kind.adapt_palette(PALETTES[spec.character]))
    style.backdrop(spec.situation)

    figure, style.canvas = _layer(kind.figure_scale)
    _make_room(style, spec.caption)
    captioned = bool(spec.caption)
    draw_figure(style, spec.character, spec.situation, random.Random(spec.seed), phase=phase, captioned=captioned)
    sheet = over(style.finish_figure(figure), sheet)

    front, style.canvas = _layer(kind.scale)
    style.foreground()
    if spec.caption:
        draw_caption(style.canvas, spec.caption, kind.lettering, random.Random(spec.seed))
    return reduced(style.finish_sticker(over(front, sheet)))


def _layer(scale: float) -> tuple[Pixels, skia.Canvas]:
    """An empty layer and a canvas that paints on it, scaled to drawing units."""
    import skia

    side = round(SIDE * scale)
    pixels = np.zeros((side, side, 4), np.uint8)
    surface = skia.Surface(pixels, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    canvas = surface.getCanvas()
    canvas.scale(scale, scale)
    return pixels, canvas


def _make_room(style: ArtStyle, caption: str) -> None:
    """Shrink the figure towards the top when its caption needs a second line."""
    if caption and len(compose_caption(caption, style.lettering).lines) > 1:
        style.canvas.translate(SIDE / 2, 6)
        style.canvas.scale(0.86, 0.86)
        style.canvas.translate(-SIDE / 2, -6)


def save_webp(frames: Sequence[Image.Image], path: Path) -> None:
    """Write one frame, or a loop of them (FRAME_MS each), as lossy WebP with alpha. Same frames, same bytes."""
    first, *others = frames
    if others:
        first.save(path, "WEBP", quality=75, method=4, save_all=True, append_images=others, duration=FRAME_MS, loop=0)
    else:
        first.save(path, "WEBP", quality=75, method=4)
