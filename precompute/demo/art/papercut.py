"""Paper cut (剪纸): every part a sheet of red, cream or gold paper with a shadow, before a scalloped window flower."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from precompute.demo.art.base import ArtStyle, Pixels, moved
from precompute.demo.art.colours import darken, hue, lighten, luminance, saturation
from precompute.demo.art.finish import drop_shadow, noise, over
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import polygon

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette

RED, DEEP_RED, CREAM, GOLD, CORAL, WHITE = "#dc4030", "#8f1414", "#fdf0d5", "#f0b94c", "#ff9e8a", "#fffaf0"


def paper_for(colour: str) -> str:
    """The sheet (cream, gold, red or deep red) that suits `colour` best."""
    if luminance(colour) < 0.3:
        return DEEP_RED
    if saturation(colour) < 0.18 or luminance(colour) > 0.88:
        return CREAM
    return GOLD if 0.06 <= hue(colour) < 0.20 else RED


class PapercutStyle(ArtStyle):
    id = "papercut"
    zh = "剪纸"
    en = "paper cut"
    ink = "#4a0c0c"
    face_line = 4.2
    lettering = Lettering(
        "noto-serif", ("#ffe9b0",), outline="#8f1414", outline_width=5, plate="#b01c16", frame="#eeb345", largest=33
    )

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        body = paper_for(palette.body)
        dark = paper_for(palette.dark) if body == CREAM else DEEP_RED
        if dark in (RED, CREAM):  # would vanish before the red disc or on the cream body
            dark = CORAL
        return replace(
            palette, body=body, body2=lighten(CREAM, 0.3), dark=dark, accent=RED if body == GOLD else GOLD, blush=RED
        )

    def tint(self, colour: str) -> str:
        """A red for warm accents; for cool ones a white or gold that stands out from the disc behind."""
        if luminance(colour) > 0.93 or luminance(colour) < 0.2:
            return colour
        before_red = self.palette.body != RED
        if saturation(colour) < 0.12 or 0.22 <= hue(colour) <= 0.8:
            return WHITE if before_red else GOLD
        if 0.06 <= hue(colour) < 0.22:
            return GOLD
        return CORAL if before_red else DEEP_RED

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:  # noqa: ARG002
        self._sheet(path, colour, lift=1.0 if shade else 0.8)
        if shade:
            self._saw_teeth(path, colour)

    def _sheet(self, path: skia.Path, colour: str, *, lift: float) -> None:
        """Draw a layer of paper: its shadow below, a bright cut edge above left."""
        self.canvas.drawPath(moved(path, 1.6 * lift, 3 * lift), self.fill_paint("#3a0608", 0.5, blur=2.2 * lift))
        self.canvas.drawPath(path, self.fill_paint(darken(colour, 0.18)))
        with self.clipped(path):
            self.canvas.drawPath(moved(path, -0.9, -1.2), self.fill_paint(colour))
            self.canvas.drawPath(path, self.stroke_paint(lighten(colour, 0.35), 1.6, 0.8))

    def _saw_teeth(self, path: skia.Path, colour: str) -> None:
        """The craft's saw-tooth cuts (锯齿纹), along the lower rim of a body; wider parts carry the face."""
        bounds = path.getBounds()
        if not (50 < bounds.width() < 95 and bounds.height() > 40):
            return
        hole = self.fill_paint(darken(colour, 0.42) if luminance(colour) > 0.4 else lighten(colour, 0.25), 0.8)
        with self.clipped(path):
            for i in range(-4, 5):
                angle = math.pi / 2 + 0.17 * i
                x = bounds.centerX() + 0.43 * bounds.width() * math.cos(angle)
                y = bounds.centerY() + 0.43 * bounds.height() * math.sin(angle)
                tooth = polygon([(x - 2.3, y + 2), (x + 2.3, y + 2), (x, y - 6)])
                self.canvas.drawPath(tooth, hole)

    def mark(self, path: skia.Path, colour: str) -> None:
        """Draw a marking as a hole in the sheet, backed with another paper; the shadow falls inside the hole."""
        self.flat(path, colour)
        with self.clipped(path):
            self.canvas.drawPath(path, self.stroke_paint("#3a0608", 3.4, 0.35, blur=1.2))

    def prop(self, path: skia.Path, colour: str) -> None:
        pile = (RED, DEEP_RED, CREAM, GOLD, CORAL, WHITE)
        self._sheet(path, colour if colour in pile else self.tint(colour), lift=0.7)

    def backdrop(self, mood: str) -> None:  # noqa: ARG002
        """Paint a window flower (窗花): a scalloped disc with a ring of punched petals and teeth."""
        on_red = self.palette.body != RED
        disc = RED if on_red else CREAM
        flower, (cx, cy) = _scalloped(120, 103, 97, 20), (120.0, 103.0)
        self._sheet(flower, disc, lift=1.2)
        cut = self.fill_paint(CREAM if on_red else RED, 0.95)
        for i in range(40):
            angle = 2 * math.pi * (i + 0.5) / 40
            x, y = cx + 90 * math.cos(angle), cy + 90 * math.sin(angle)
            if i % 2:
                self.canvas.drawCircle(x, y, 2.6, cut)
            else:
                self.canvas.drawPath(_petal(cx, cy, 82, 96, angle), cut)
        ring = self.stroke_paint(GOLD, 2)
        self.canvas.drawCircle(cx, cy, 77, ring)

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        """Add paper grain to everything, and the shadow of the whole work."""
        side = pixels.shape[0]
        grain = 1 + 0.035 * noise(side, 2, 300) + 0.02 * noise(side, 9, 301)
        paper = pixels.copy()
        paper[..., :3] = np.minimum(pixels[..., :3] * grain[..., None] + 0.5, pixels[..., 3:])
        return over(paper, drop_shadow(pixels[..., 3], "#2a0a0a", opacity=0.4, offset=(2, 6), sigma=3.5))


def _scalloped(cx: float, cy: float, radius: float, scallops: int) -> skia.Path:
    """A disc whose rim is a wreath of small half discs."""
    points = []
    for i in range(scallops * 10):
        angle = 2 * math.pi * i / (scallops * 10)
        reach = radius + 6 * abs(math.sin(scallops * angle / 2)) ** 0.6
        points.append((cx + reach * math.cos(angle), cy + reach * math.sin(angle)))
    return polygon(points)


def _petal(cx: float, cy: float, inner: float, outer: float, angle: float) -> skia.Path:
    """A pointed leaf on the ray at `angle`, from radius `inner` to `outer`."""
    import skia

    def at(radius: float, turn: float) -> tuple[float, float]:
        return cx + radius * math.cos(angle + turn), cy + radius * math.sin(angle + turn)

    path = skia.Path()
    middle = (inner + outer) / 2
    path.moveTo(*at(inner, 0))
    path.quadTo(*at(middle, 0.06), *at(outer, 0))
    path.quadTo(*at(middle, -0.06), *at(inner, 0))
    path.close()
    return path
