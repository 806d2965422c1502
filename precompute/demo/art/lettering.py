"""Captions: breaking a text into lines that fit the bottom of a sticker, and painting them in a style's letters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.art.colours import adjust, lighten, to_argb
from precompute.demo.art.fonts import typeface_for

if TYPE_CHECKING:
    import skia

#: The strip a caption stands in, in drawing units; a second line grows it upwards.
LEFT, RIGHT, BOTTOM = 8.0, 232.0, 236.0

Measure = Callable[[str], float]  # width of a text at size 1


@dataclass(frozen=True, slots=True)
class Lettering:
    """The way a style writes. Lengths in drawing units.

    colours: the letters' colours, one of which is drawn for each sticker; outline: colour around every letter; plate,
    frame: colours of a panel behind the text and of its frame, None for no panel; gradient: whether letters are lighter
    at the top; glow: blur of a halo in the letters' colour, 0 for none; step: sizes are multiples of it (bitmap fonts),
    0 for any size; inset: distance from the strip's lower edge and its ends.
    """

    font: str
    colours: tuple[str, ...]
    outline: str
    outline_width: float = 8.0
    plate: str | None = None
    frame: str | None = None
    gradient: bool = False
    glow: float = 0.0
    embolden: bool = False
    antialias: bool = True
    largest: float = 36.0
    smallest: float = 22.0
    step: float = 0.0
    plate_radius: float = 4.0
    inset: float = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A caption ready for painting: its lines, top to bottom, and their size in drawing units."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


LEADING = 1.1


def fitting_size(width_at_one: float, room: float, lettering: Lettering) -> float:
    """The largest size at which a line of width `width_at_one` at size 1 fits into `room`."""
    size = min(lettering.largest, room / max(width_at_one, 1e-6))
    return max(lettering.step, size - size % lettering.step) if lettering.step else size


def breaks(text: str) -> list[tuple[str, str]]:
    """List the ways to split `text` in two: at its spaces if it has any, else between any two characters."""
    if " " in text.strip():
        words = text.split()
        return [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return [(text[:i], text[i:]) for i in range(1, len(text))]


def set_caption(text: str, lettering: Lettering, measure: Measure) -> Setting:
    """Set a caption on one line, shrunk to fit, or on two evenly broken lines if one line would be smaller than
    `smallest`.
    """
    room = RIGHT - LEFT - 2 * lettering.inset - lettering.outline_width - (8 if lettering.plate else 0)
    text = " ".join(text.split())
    single = fitting_size(measure(text), room, lettering)
    fits = single * measure(text) <= room + 1e-6
    if (fits and single >= lettering.smallest) or len(text) < 2:
        return Setting((text,), single)
    first, second = min(breaks(text), key=lambda pair: (max(measure(pair[0]), measure(pair[1])), len(pair[0])))
    widest = max(measure(first), measure(second))
    return Setting((first, second), min(fitting_size(widest, room, lettering), max(lettering.smallest, 30.0)))


def compose_caption(text: str, lettering: Lettering) -> Setting:
    """Set a caption as `set_caption` does, measured with the style's own font."""
    return set_caption(text, lettering, lambda part: _font(lettering, text, 100.0).measureText(part) / 100.0)


def _font(lettering: Lettering, text: str, size: float) -> skia.Font:
    import skia

    font = skia.Font(typeface_for(lettering.font, text), size)
    font.setSubpixel(lettering.antialias)
    font.setEmbolden(lettering.embolden)
    font.setEdging(skia.Font.Edging.kAntiAlias if lettering.antialias else skia.Font.Edging.kAlias)
    if not lettering.antialias:
        font.setHinting(skia.FontHinting.kNone)
    return font


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a caption: its left end and baseline in drawing units, and its width."""

    text: str
    x: float
    y: float
    width: float


def place(setting: Setting, lettering: Lettering, measure: Measure) -> list[PlacedLine]:
    """Centre the lines, the last one just above BOTTOM. Han glyphs reach about 0.12 em below the baseline."""
    margin = lettering.inset + lettering.outline_width / 2 + (3 if lettering.plate else 0)
    baseline = BOTTOM - margin - 0.12 * setting.size
    placed = []
    for above, text in enumerate(reversed(setting.lines)):
        width = measure(text) * setting.size
        placed.append(PlacedLine(text, (LEFT + RIGHT - width) / 2, baseline - above * setting.size * LEADING, width))
    return placed


def draw_caption(canvas: skia.Canvas, text: str, lettering: Lettering, rng: random.Random) -> None:
    """Paint `text` centred in the strip at the bottom of a canvas scaled to 240 x 240 units."""
    colour = rng.choice(lettering.colours)
    setting = compose_caption(text, lettering)
    font = _font(lettering, text, setting.size)
    lines = place(setting, lettering, lambda part: font.measureText(part) / setting.size)
    if lettering.plate:
        _draw_plate(canvas, lettering, lines, setting.size)
    for edge, width, blur in _edges(lettering, colour):
        paint = _edge_paint(lettering, edge, width, blur)
        for line in lines:
            canvas.drawString(line.text, line.x, line.y, font, paint)
    for line in lines:
        canvas.drawString(line.text, line.x, line.y, font, _letter_paint(lettering, colour, line.y, setting.size))


def _edges(lettering: Lettering, colour: str) -> list[tuple[str, float, float]]:
    """Edges around the letters, from the outside in: (colour, stroke width, blur)."""
    edges = []
    if lettering.glow:
        edges.append((colour, 2.0, lettering.glow))
    if lettering.outline_width:
        edges.append((lettering.outline, lettering.outline_width, 0.0))
    return edges


def _edge_paint(lettering: Lettering, colour: str, width: float, blur: float) -> skia.Paint:
    import skia

    paint = skia.Paint(AntiAlias=lettering.antialias, Color=to_argb(colour))
    paint.setStyle(skia.Paint.kStrokeAndFill_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def _letter_paint(lettering: Lettering, colour: str, baseline: float, size: float) -> skia.Paint:
    import skia

    paint = skia.Paint(AntiAlias=lettering.antialias, Color=to_argb(colour))
    if lettering.gradient:
        ends = [skia.Point(0, baseline - 0.85 * size), skia.Point(0, baseline + 0.1 * size)]
        shades = [to_argb(lighten(colour, 0.3)), to_argb(adjust(colour, saturation=1.1, value=0.82))]
        paint.setShader(skia.GradientShader.MakeLinear(ends, shades))
    return paint


def _draw_plate(canvas: skia.Canvas, lettering: Lettering, lines: list[PlacedLine], size: float) -> None:
    """A panel that holds all lines, framed in the rim colour."""
    import skia

    assert lettering.plate is not None
    half = max(line.width for line in lines) / 2 + 8
    middle = (LEFT + RIGHT) / 2
    top = lines[-1].y - 0.88 * size - 4
    box = skia.Rect.MakeLTRB(max(2.0, middle - half), top, min(238.0, middle + half), lines[0].y + 0.12 * size + 5)
    radius = lettering.plate_radius
    if lettering.frame:
        frame = box.makeOutset(3, 3) if box.left() > 3 else box
        canvas.drawRoundRect(
            frame, radius, radius, skia.Paint(AntiAlias=lettering.antialias, Color=to_argb(lettering.frame))
        )
        box = frame.makeInset(3, 3)
    canvas.drawRoundRect(box, radius, radius, skia.Paint(AntiAlias=lettering.antialias, Color=to_argb(lettering.plate)))
