"""ArtStyle: the pen a figure is drawn with. Figures say what a part is; the style decides how it looks.

One ArtStyle object draws one frame. Its canvas is already scaled so that a sticker is 240 x 240 units, y down.
A sticker is put together from three layers, bottom to top: what `backdrop` paints, the figure after
`finish_figure`, and the caption; `finish_sticker` then treats the sum (die-cut border, shadow).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from precompute.demo.art.colours import to_argb
from precompute.demo.art.lettering import Lettering

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette

#: Width and height of a sticker, in drawing units and in pixels of the finished image.
SIDE = 240

#: A layer in pixels: (height, width, 4) uint8, RGBA with premultiplied alpha.
Pixels = NDArray[np.uint8]


class ArtStyle:
    """Base of all art styles: plain fills, round-capped strokes, no finish. Subclasses override the looks."""

    id: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    ink: str = "#5a4a52"
    face_line: float = 4.0
    antialias: ClassVar[bool] = True
    monochrome: ClassVar[bool] = False
    #: Pixels of the assembled sticker per drawing unit: 2 = put together at 480 and reduced.
    scale: ClassVar[float] = 2.0
    #: Pixels of the figure's layer per drawing unit; `finish_figure` brings the layer to `scale`.
    figure_scale: ClassVar[float] = 2.0
    lettering: ClassVar[Lettering]

    def __init__(self, canvas: skia.Canvas, rng: random.Random, palette: Palette) -> None:
        self.canvas = canvas
        self.rng = rng
        self.palette = palette
        self._grain = rng.randrange(1 << 30)
        self._strokes = 0

    # -- the figure's colours ------------------------------------------------------------------------------------

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """The character's colours as this style mixes them."""
        return palette

    def tint(self, colour: str) -> str:
        """An accent colour (tears, hearts, blush) as this style mixes it."""
        return colour

    # -- the pen -------------------------------------------------------------------------------------------------

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:  # noqa: ARG002
        """Draw a body part: fill, shading if `shade`, and an outline of `weight` times the usual width."""
        self.flat(path, colour)

    def mark(self, path: skia.Path, colour: str) -> None:
        """Draw a marking inside a body part (belly, stripe), without outline."""
        self.flat(path, colour)

    def flat(self, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
        """Fill `path` with one colour of opacity `alpha` in [0, 1]."""
        self.canvas.drawPath(path, self.fill_paint(colour, alpha))

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        """Draw a stroke of `width` drawing units in a colour; None for the style's ink."""
        self.canvas.drawPath(path, self.stroke_paint(colour or self.ink, width))

    def prop(self, path: skia.Path, colour: str) -> None:
        """Draw a thing beside the figure or in its hands: fill and a thinner outline."""
        self.shape(path, colour, weight=0.75)

    # -- composition ---------------------------------------------------------------------------------------------

    def backdrop(self, mood: str) -> None:
        """Paint the layer behind the figure. mood: the situation's id."""

    def finish_figure(self, pixels: Pixels) -> Pixels:
        """Treat the figure's layer alone (displacement, bloom, ...): `figure_scale` in, `scale` out."""
        return pixels

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        """Treat the assembled sticker (die-cut border, shadow)."""
        return pixels

    def foreground(self) -> None:
        """Paint the layer in front of the figure and behind the caption."""

    # -- brushes for the subclasses ------------------------------------------------------------------------------

    def fill_paint(self, colour: str, alpha: float = 1.0, *, blur: float = 0.0) -> skia.Paint:
        """A filling paint; `blur` is the sigma of a soft edge in drawing units."""
        import skia

        paint = skia.Paint(AntiAlias=self.antialias, Color=to_argb(colour, alpha))
        if blur > 0:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        return paint

    def stroke_paint(self, colour: str, width: float, alpha: float = 1.0, *, blur: float = 0.0) -> skia.Paint:
        """A stroking paint with round caps and joins."""
        import skia

        paint = self.fill_paint(colour, alpha, blur=blur)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        return paint

    def gradient_paint(self, start: tuple[float, float], end: tuple[float, float], colours: list[int]) -> skia.Paint:
        """A linear gradient from `start` to `end` (points in drawing units) through evenly spaced ARGB colours."""
        import skia

        shader: Any = skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colours)
        paint = skia.Paint(AntiAlias=self.antialias)
        paint.setShader(shader)
        return paint

    def hand(self) -> random.Random:
        """A fresh random source for the next stroke.

        Two frames of an animation get the same sequence of sources, however many numbers each stroke takes, so that a
        hand-drawn line does not flicker when the part it outlines moves a little.
        """
        self._strokes += 1
        return random.Random(self._grain + 7919 * self._strokes)

    @contextmanager
    def clipped(self, path: skia.Path) -> Iterator[skia.Rect]:
        """Paint only inside `path` within the context; yields the path's bounds."""
        self.canvas.save()
        self.canvas.clipPath(path, doAntiAlias=self.antialias)
        try:
            yield path.getBounds()
        finally:
            self.canvas.restore()


def moved(path: skia.Path, dx: float, dy: float) -> skia.Path:
    """A copy of `path`, shifted by (dx, dy)."""
    import skia

    copy = skia.Path(path)
    copy.offset(dx, dy)
    return copy


def scaled(path: skia.Path, sx: float, sy: float, cx: float, cy: float) -> skia.Path:
    """A copy of `path`, scaled around (cx, cy)."""
    import skia

    copy = skia.Path(path)
    copy.transform(skia.Matrix.Translate(cx, cy).preScale(sx, sy).preTranslate(-cx, -cy))
    return copy
