"""Ink painting (水墨): brush strokes that swell and thin, diluted washes, a blot of rice paper, a red seal."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from precompute.demo.art.base import SIDE, ArtStyle, Pixels, scaled
from precompute.demo.art.colours import adjust, luminance, mix, saturation
from precompute.demo.art.finish import displaced, noise, over
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import ellipse, polygon

if TYPE_CHECKING:
    import random

    import skia

    from precompute.demo.palettes import Palette

PAPER = "#f3ead6"
CINNABAR = "#c2321f"
DARK = 0.35  # luminance below which a part is painted in full ink


class InkStyle(ArtStyle):
    id = "ink"
    zh = "水墨"
    en = "ink painting"
    ink = "#1a1a1c"
    face_line = 4.0
    monochrome = True
    outline = 7.0
    lettering = Lettering("wenkai", ("#17171a",), outline=PAPER, outline_width=6, inset=2, embolden=True, largest=37)

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Replace colours by five shades of ink with a trace of the hue."""

        def diluted(colour: str) -> str:
            return colour if saturation(colour) < 0.06 else mix(adjust(colour, saturation=0.35), "#d8d4c8", 0.25)

        return replace(
            palette,
            body=diluted(palette.body),
            body2="#fbf8f0",
            dark=mix(adjust(palette.dark, saturation=0.3), "#3a3a40", 0.2),
            accent=CINNABAR,
            blush=CINNABAR,
        )

    def tint(self, colour: str) -> str:
        """Cinnabar for warm accents, a blue-grey wash for cool ones."""
        red, blue = int(colour[1:3], 16), int(colour[5:7], 16)
        if saturation(colour) < 0.12:
            return mix(colour, "#8a8a8c", 0.35)
        return mix(colour, CINNABAR, 0.75) if red >= blue else mix(colour, "#5f7078", 0.7)

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:
        if luminance(colour) < DARK:
            self.flat(path, "#242428", 0.95)
        else:
            self.flat(path, "#fbf8f0")
            self._wash(path, mix(colour, "#77777c", 0.35), 0.25 + 0.6 * (1 - luminance(colour)), low=shade)
        self._brush(path, self.outline * weight, self.ink)

    def _wash(self, path: skia.Path, colour: str, alpha: float, *, low: bool) -> None:
        """Diluted ink that gathers at the lower right of the part."""
        with self.clipped(path) as bounds:
            x, y = bounds.centerX() + 0.12 * bounds.width(), bounds.centerY() + (0.22 if low else 0.1) * bounds.height()
            self.canvas.drawPath(scaled(path, 0.86, 0.86, x, y), self.fill_paint(colour, alpha, blur=7))

    def _brush(self, path: skia.Path, width: float, colour: str, *, even: bool = False) -> None:
        """Follow every contour of `path` with a brush that presses, lifts and trembles."""
        import skia

        hand = self.hand()
        measure = skia.PathMeasure(path, False)
        ribbon = skia.Path()
        while True:
            length = measure.getLength()
            if length > 0.5:
                ribbon.addPath(polygon(_ribbon(measure, length, width, hand, even)))
            if not measure.nextContour():
                break
        self.canvas.drawPath(ribbon, self.fill_paint(colour))

    def mark(self, path: skia.Path, colour: str) -> None:
        if luminance(colour) < DARK:
            self.canvas.drawPath(path, self.fill_paint("#2a2a2e", 0.88, blur=1.2))
        else:
            self.canvas.drawPath(path, self.fill_paint(mix(colour, "#b0aca8", 0.3), 0.6, blur=1.6))

    def flat(self, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
        """Fill lids and seams in the washed paper colour of `shape` rather than the palette's."""
        same = colour == self.palette.body and luminance(colour) >= DARK
        super().flat(path, "#f1eee7" if same else colour, alpha)

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        self._brush(path, 1.45 * width, colour or self.ink, even=width < 3)

    def prop(self, path: skia.Path, colour: str) -> None:
        self.flat(path, "#fbf8f0")
        self.flat(path, self.tint(colour), 0.88)
        self._brush(path, 2.8, mix(self.ink, colour, 0.2), even=True)

    def backdrop(self, mood: str) -> None:  # noqa: ARG002
        """Paint a puddle of shade under the feet; `finish_sticker` adds the paper."""
        self.canvas.drawPath(ellipse(120, 193, 74, 7), self.fill_paint("#7f8a88", 0.35, blur=5))
        hand = self.hand()
        for _ in range(8):
            x = hand.choice((hand.uniform(22, 52), hand.uniform(190, 220)))
            spot = ellipse(x, hand.uniform(110, 186), *(2 * [hand.uniform(0.6, 2.4)]))
            self.flat(spot, self.ink, hand.uniform(0.3, 0.85))

    def foreground(self) -> None:
        """Paint an unreadable seal: bars and a dot cut out of cinnabar."""
        x, y, size = 34.0, 166.0, 19.0
        hand = self.hand()
        block = polygon(
            [
                (x + dx * size / 2 + hand.uniform(-0.8, 0.8), y + dy * size / 2 + hand.uniform(-0.8, 0.8))
                for dx, dy in ((-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0))
            ]
        )
        self.flat(block, CINNABAR, 0.93)
        cut = self.stroke_paint(PAPER, 1.7)
        for height in (-4.5, 4.5):
            self.canvas.drawArc(_square(x, y + height, 5), 200, 140, False, cut)
        self.flat(ellipse(x, y, 2.0, 2.0), PAPER)

    def finish_figure(self, pixels: Pixels) -> Pixels:
        """Let the ink spread along the fibres of the paper."""
        return displaced(pixels, amount=1.1 * self.scale, cell=round(8 * self.scale), seed=self._grain % 6)

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        return over(pixels, rice_paper(pixels.shape[0], self._grain % 6))


def _square(x: float, y: float, half: float) -> skia.Rect:
    import skia

    return skia.Rect.MakeLTRB(x - half, y - half, x + half, y + half)


def _ribbon(
    measure: skia.PathMeasure, length: float, width: float, hand: random.Random, even: bool
) -> list[tuple[float, float]]:
    """The outline of one brush stroke along the current contour: out on its left side, back on its right."""
    count = max(8, int(length / 2.6))
    start = hand.random() * length if measure.isClosed() else 0.0
    phase = 6 * hand.random()
    left, right = [], []
    for i in range(count + 1):
        t = i / count
        point, tangent = measure.getPosTan(
            min((start + t * length) % length if i < count else start, length - 1e-3)
            if measure.isClosed()
            else min(t * length, length - 1e-3)
        )
        half = 0.5 * width * pressure(t, phase, even)
        left.append((point.x() - tangent.y() * half, point.y() + tangent.x() * half))
        right.append((point.x() + tangent.y() * half, point.y() - tangent.x() * half))
    return left + right[::-1]


def pressure(t: float, phase: float, even: bool) -> float:
    """The width of a stroke relative to the brush at the share `t` of its length: thin ends, full middle, a tremble."""
    swell = 0.75 if even else 0.25 + 0.8 * math.sin(math.pi * t) ** 0.6
    return swell * (1 + 0.32 * math.sin(phase + 7 * t) + 0.1 * math.sin(2 * phase + 19 * t))


@lru_cache(maxsize=12)
def rice_paper(side: int, seed: int) -> Pixels:
    """An irregular, fibrous blot of paper with soft edges that nearly fills a sticker of `side` pixels."""
    unit = side / SIDE
    rows, columns = np.indices((side, side), dtype=np.float32) / unit
    # A superellipse keeps the caption's corners on the paper; noise frays its edge.
    distance = (np.abs((columns - 120) / 116) ** 3.2 + np.abs((rows - 119) / 117) ** 3.2) ** (1 / 3.2)
    ragged = (
        distance + 0.035 * noise(side, round(14 * unit), 400 + seed) + 0.02 * noise(side, round(4 * unit), 500 + seed)
    )
    alpha = np.clip((0.985 - ragged) / 0.06, 0, 1)
    fibre = 1 + 0.018 * noise(side, round(2 * unit), 600 + seed) + 0.025 * noise(side, round(30 * unit), 700 + seed)
    colour: NDArray[np.float32] = np.array([int(PAPER[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
    tone = np.clip(colour * fibre[..., None] - 14 * np.clip(distance - 0.8, 0, 1)[..., None], 0, 255)
    sheet = np.dstack([tone * alpha[..., None], 255 * alpha])
    return (sheet + 0.5).astype(np.uint8)
