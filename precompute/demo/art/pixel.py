"""Pixel art (像素): an 80 x 80 grid without antialiasing, hard two-tone shading, dark outlines, a text box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from precompute.demo.art.base import SIDE, ArtStyle, Pixels, moved
from precompute.demo.art.colours import adjust, lighten, luminance, mix, saturation
from precompute.demo.art.finish import as_bytes, over, reduced, stained
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import ellipse

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette

GRID = 80


class PixelStyle(ArtStyle):
    id = "pixel"
    zh = "像素"
    en = "pixel art"
    ink = "#2b1d3a"
    face_line = 3.6
    antialias = False
    scale = 1.0
    figure_scale = GRID / SIDE
    outline = 3.2
    lettering = Lettering(
        "unifont",
        ("#ffffff", "#fff3a0"),
        outline="#20264f",
        outline_width=0,
        plate="#20264f",
        frame="#f4f4ff",
        antialias=False,
        largest=32,
        smallest=32,
        step=16,
        plate_radius=0,
    )

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Reduce to few, strong colours, as an old console had them."""

        def strong(colour: str) -> str:
            return colour if saturation(colour) < 0.08 else adjust(colour, saturation=1.45, value=0.97)

        return replace(
            palette,
            body=strong(palette.body),
            body2=palette.body2,
            dark=strong(palette.dark),
            accent=strong(palette.accent),
            blush=strong(palette.blush),
        )

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:
        edge = self.ink if weight >= 1 else mix(colour, self.ink, 0.8)
        self.canvas.drawPath(path, self.stroke_paint(edge, 2 * self.outline if weight >= 1 else 1.7 * self.outline))
        self.flat(path, colour)
        if shade:
            self._shade(path, colour)

    def _shade(self, path: skia.Path, colour: str) -> None:
        """Shade with one darker tone along the lower right rim, one light spot: never a gradient."""
        import skia

        cool = mix(adjust(colour, turn=0.04), "#3b2a6a", 0.28 if luminance(colour) > 0.35 else 0.4)
        with self.clipped(path) as bounds:
            outside = moved(path, -5, -6)
            outside.setFillType(skia.PathFillType.kInverseWinding)
            self.flat(outside, cool)
            if bounds.width() > 36:
                x, y = bounds.left() + 0.28 * bounds.width(), bounds.top() + 0.2 * bounds.height()
                self.flat(ellipse(x, y, 0.1 * bounds.width(), 0.06 * bounds.height()), lighten(colour, 0.65))

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        """Draw a stroke at least one cell wide; a thinner one would break up."""
        super().line(path, max(3.0, width), colour)

    def flat(self, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
        """Fill whole cells: translucent fills become solid, faint ones vanish."""
        if alpha >= 0.3:
            super().flat(path, colour)

    def finish_figure(self, pixels: Pixels) -> Pixels:
        """Put a light rim of one cell around the figure, whose dark outline then shows on a dark page; enlarge."""
        import cv2

        hard = np.where(pixels[..., 3:] >= 128, 255, 0).astype(np.uint8)
        rim = cv2.dilate(hard[..., 0], cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
        return reduced(over(pixels, stained(as_bytes(rim), "#f7f5ff")), SIDE)
