"""Comic (漫画): thick black outlines, white fills with a halftone screen, burst balloons behind loud moods."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from precompute.demo.art.base import SIDE, ArtStyle, Pixels, moved
from precompute.demo.art.colours import adjust, lighten, mix, saturation
from precompute.demo.art.finish import over, stained, widened
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import polygon

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette

#: Situations loud enough for a burst, and those that get falling tone lines instead; all others stand alone.
LOUD = frozenset(("laugh", "angry", "shocked", "cheer", "letsgo", "praise", "congrats", "birthday", "newyear")) | {
    "love",
    "kiss",
    "no",
    "received",
    "cool",
    "smug",
    "hungry",
}
HEAVY = frozenset(("cry", "wronged", "scared", "sick", "tired", "overtime", "awkward", "cold", "miss"))

BURST_COLOURS = ("#ffe14d", "#ffc9d2", "#c9e4ff", "#e4e4e4")


class MangaStyle(ArtStyle):
    id = "manga"
    zh = "漫画"
    en = "manga"
    ink = "#111111"
    face_line = 5.0
    outline = 5.0
    # No black rim around the white one: OCR then takes short Latin words ("OK", "Yes") for drawing.
    lettering = Lettering("smiley", ("#111111", "#d81e16"), outline="#ffffff", outline_width=8, largest=38)

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Turn pale bodies white, keep a flat wash of coloured ones, and darken dark parts: ink on white paper."""
        body = "#ffffff" if saturation(palette.body) < 0.3 else lighten(adjust(palette.body, saturation=1.15), 0.45)
        dark = mix(palette.dark, "#222222", 0.25)
        return replace(palette, body=body, body2="#ffffff", dark=dark, accent=adjust(palette.accent, saturation=1.3))

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:
        self.flat(path, colour)
        if shade:
            self._screen(path, mix(colour, "#222222", 0.42))
        self.canvas.drawPath(path, self.stroke_paint(self.ink, self.outline * weight))
        # A second, shifted pass makes the line heavier below and to the right, as a G-pen does.
        self.canvas.drawPath(moved(path, 0.9, 1.3), self.stroke_paint(self.ink, self.outline * weight * 0.7))

    def _screen(self, path: skia.Path, colour: str) -> None:
        """Halftone dots on one grid for the whole page, growing towards the lower right of the part."""
        dot = self.fill_paint(colour)
        with self.clipped(path) as bounds:
            width, height = max(1.0, bounds.width()), max(1.0, bounds.height())
            for row in range(math.floor(bounds.top() / 4.5), math.ceil(bounds.bottom() / 4.5) + 1):
                for column in range(math.floor(bounds.left() / 4.5), math.ceil(bounds.right() / 4.5) + 1):
                    x, y = 4.5 * column + 2.25 * (row % 2), 4.5 * row
                    darkness = 0.6 * (x - bounds.left()) / width + 0.9 * (y - bounds.top()) / height - 0.82
                    if darkness > 0:
                        self.canvas.drawCircle(x, y, min(2.1, 0.5 + 3.2 * darkness), dot)

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        super().line(path, width * 1.1, colour)

    def backdrop(self, mood: str) -> None:
        if mood in LOUD:
            self._burst()
        elif mood in HEAVY:
            self._gloom()

    def _burst(self) -> None:
        hand = self.hand()
        spikes, centre = hand.choice((13, 15, 17)), (SIDE / 2, 102.0)
        points = []
        for i in range(2 * spikes):
            angle = math.pi * i / spikes + 0.1
            reach = hand.uniform(108, 117) if i % 2 else hand.uniform(82, 88)
            points.append((centre[0] + reach * math.cos(angle), centre[1] + 0.86 * reach * math.sin(angle)))
        balloon = polygon(points)
        self.flat(balloon, hand.choice(BURST_COLOURS))
        self.canvas.drawPath(balloon, self.stroke_paint(self.ink, 2.6))
        rays = self.stroke_paint(self.ink, 1.5)
        with self.clipped(balloon):
            for i in range(60):
                angle, start = 2 * math.pi * i / 60, hand.uniform(80, 96)
                near = (centre[0] + start * math.cos(angle), centre[1] + 0.86 * start * math.sin(angle))
                far = (centre[0] + 118 * math.cos(angle), centre[1] + 102 * math.sin(angle))
                self.canvas.drawLine(*near, *far, rays)

    def _gloom(self) -> None:
        """Falling tone lines, the comic's sign for a heavy heart."""
        hand = self.hand()
        for i in range(27):
            x = 16 + 8 * i
            length = (hand.uniform(60, 110) if i % 2 else hand.uniform(30, 60)) * (0.55 + abs(i - 13) / 18)
            self.canvas.drawLine(x, 6, x, 6 + length, self.stroke_paint("#7c8297", 2.4))

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        """Add a narrow white edge, without shadow: black lines must stay visible on a dark page."""
        return over(pixels, stained(widened(pixels[..., 3], round(2.2 * self.scale)), "#ffffff"))
