"""Neon (霓虹): glowing tubes on a dark night card; nothing is filled, everything shines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from precompute.demo.art.base import ArtStyle, Pixels
from precompute.demo.art.colours import adjust, hue, lighten, luminance, mix, saturation, to_argb
from precompute.demo.art.lettering import Lettering

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette

NIGHT = "#130d2e"
TUBES = {0.5: "#24e5ff", 0.88: "#ff3fb4", 0.14: "#ffe14a", 0.37: "#5dff9b", 0.74: "#b07bff", 0.05: "#ff7b4a"}
CYAN, MAGENTA = "#24e5ff", "#ff3fb4"


def tube(colour: str) -> str:
    """The neon gas nearest in hue to `colour`; cyan for greys and whites."""
    if saturation(colour) < 0.10:
        return CYAN
    own = hue(colour)
    return TUBES[min(TUBES, key=lambda gas: min(abs(gas - own), 1 - abs(gas - own)))]


def unlit(colour: str) -> str:
    """The colour inside a tube of this colour: nearly black, of the same hue, so that `tube` can recover the hue."""
    return adjust(tube(colour), value=0.16)


class NeonStyle(ArtStyle):
    id = "neon"
    zh = "霓虹"
    en = "neon sign"
    ink = "#f2fdff"
    face_line = 3.8
    outline = 4.6
    lettering = Lettering(
        "noto-sans",
        ("#ff8fd4", "#8ff3ff", "#fff08a"),
        outline="#0c0820",
        outline_width=4,
        glow=4.0,
        largest=32,
        inset=8,
    )

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Darken bodies but keep their hue, from which `shape` chooses the gas."""
        dark = palette.dark if tube(palette.dark) != tube(palette.body) else MAGENTA
        return replace(
            palette,
            body=unlit(palette.body),
            body2=unlit(palette.body),
            dark=unlit(dark),
            accent=tube(palette.accent),
            blush=MAGENTA,
        )

    def tint(self, colour: str) -> str:
        return tube(colour)

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:  # noqa: ARG002
        inside = colour if luminance(colour) < 0.25 else unlit(colour)
        self.canvas.drawPath(path, self.fill_paint(inside))
        self._tube(path, tube(colour), self.outline * weight)

    def _tube(self, path: skia.Path, colour: str, width: float) -> None:
        """A glass tube: coloured glow with a nearly white core."""
        self.canvas.drawPath(path, self.stroke_paint(colour, width))
        self.canvas.drawPath(path, self.stroke_paint(lighten(colour, 0.72), 0.42 * width))

    def flat(self, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
        """Fill by colour: ink shines, paper white is dark, everything coloured glows dimly inside a thin tube."""
        if colour in (self.ink, self.palette.body, self.palette.dark):
            super().flat(path, colour, alpha)
        elif luminance(colour) > 0.9:
            super().flat(path, NIGHT, alpha)
        elif luminance(colour) < 0.25:
            super().flat(path, mix(NIGHT, "#000000", 0.3), alpha)
        else:
            super().flat(path, mix(NIGHT, tube(colour), 0.55), 0.9 * alpha)
            self.canvas.drawPath(path, self.stroke_paint(tube(colour), 1.8, alpha))

    def mark(self, path: skia.Path, colour: str) -> None:
        self.canvas.drawPath(path, self.fill_paint(mix(NIGHT, tube(colour), 0.14)))
        self.canvas.drawPath(path, self.stroke_paint(tube(colour), 1.8, 0.8))

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        lit = self.ink if colour is None or colour == self.ink else tube(colour)
        self._tube(path, lit, max(2.4, width))

    def backdrop(self, mood: str) -> None:  # noqa: ARG002
        """Paint the night card: dark glass with a purple haze, framed by a tube."""
        import skia

        card = skia.Path()
        card.addRoundRect(skia.Rect.MakeLTRB(3, 3, 237, 237), 30, 30)
        paint = skia.Paint(AntiAlias=True)
        haze = [to_argb("#33206e"), to_argb("#1a1040"), to_argb("#0c0820")]
        paint.setShader(skia.GradientShader.MakeRadial(skia.Point(120, 96), 150, haze, [0.0, 0.55, 1.0]))
        self.canvas.drawPath(card, paint)
        frame = skia.Path()
        frame.addRoundRect(skia.Rect.MakeLTRB(9, 9, 231, 231), 25, 25)
        colour = self.hand().choice((CYAN, MAGENTA, "#b07bff"))
        with self.clipped(card):
            self.canvas.drawPath(frame, self.stroke_paint(colour, 7, 0.5, blur=4))
        self._tube(frame, colour, 2.6)

    def finish_figure(self, pixels: Pixels) -> Pixels:
        """Add bloom: light that spills around the tubes."""
        import cv2

        light = np.where(pixels[..., :3].max(axis=2, keepdims=True) > 110, pixels[..., :3], 0).astype(np.uint8)
        near = cv2.GaussianBlur(light, (0, 0), 2.2 * self.scale)
        small = cv2.resize(light, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        far = cv2.resize(cv2.GaussianBlur(small, (0, 0), 2 * self.scale), light.shape[1::-1])
        bloom = cv2.addWeighted(near, 0.6, far, 0.7, 0)
        colour = cv2.add(np.ascontiguousarray(pixels[..., :3]), bloom)
        alpha = np.maximum(pixels[..., 3], colour.max(axis=2))
        return np.dstack([colour, alpha])
