"""Pastel (粉彩): soft vertical gradients, a rosy inner shade, no outline, a white die-cut border."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from precompute.demo.art.base import ArtStyle, Pixels, moved
from precompute.demo.art.colours import hue, lighten, mix, pastel, saturation, to_argb
from precompute.demo.art.finish import die_cut
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import ellipse

if TYPE_CHECKING:
    import skia


class FlatStyle(ArtStyle):
    id = "flat"
    zh = "粉彩"
    en = "pastel"
    ink = "#6b4f55"
    face_line = 4.0
    lettering = Lettering(
        "noto-sans",
        ("#e8577e", "#5068cf", "#2f8a70", "#c9622a", "#8a55c4"),
        outline="#ffffff",
        outline_width=8,
        inset=3,
        largest=38,
    )

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:  # noqa: ARG002
        bounds = path.getBounds()
        low = mix(colour, mix(self.palette.body2, "#c06080", 0.35), 0.16)
        ramp = [to_argb(lighten(colour, 0.22)), to_argb(low)]
        self.canvas.drawPath(path, self.gradient_paint((0, bounds.top()), (0, bounds.bottom()), ramp))
        with self.clipped(path):
            rim = self.stroke_paint(mix(colour, "#a05070", 0.5), 7 if shade else 4, 0.38, blur=4 if shade else 2)
            self.canvas.drawPath(moved(path, -2, -3) if shade else path, rim)
            if shade:
                gleam = ellipse(
                    bounds.left() + bounds.width() * 0.36,
                    bounds.top() + bounds.height() * 0.18,
                    bounds.width() * 0.24,
                    bounds.height() * 0.12,
                )
                self.canvas.drawPath(gleam, self.fill_paint("#ffffff", 0.35, blur=5))

    def backdrop(self, mood: str) -> None:  # noqa: ARG002
        """A pastel cloud in the colour opposite the character's, with a few dots of milk in it."""
        hand = self.hand()
        cloud = pastel(hue(self.palette.body) + 0.45) if saturation(self.palette.body) > 0.08 else "#dce8fb"
        for degrees in range(0, 360, 40):
            x, y = 120 + 58 * math.cos(math.radians(degrees)), 106 + 52 * math.sin(math.radians(degrees))
            self.flat(ellipse(x, y, 38 + hand.uniform(-3, 3), 36), cloud)
        self.flat(ellipse(120, 106, 62, 58), cloud)
        for _ in range(9):
            angle, reach = hand.uniform(0, 2 * math.pi), hand.uniform(66, 84)
            size = hand.uniform(1.5, 3.4)
            self.flat(ellipse(120 + reach * math.cos(angle), 106 + reach * math.sin(angle), size, size), "#ffffff", 0.8)

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        return die_cut(pixels, border="#ffffff", radius=round(5.5 * self.scale))
