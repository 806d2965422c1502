"""Crayon (蜡笔): scribbled fills that leave paper white, a shaky double outline, waxy grain, torn paper."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from precompute.demo.art.base import ArtStyle, Pixels
from precompute.demo.art.colours import adjust, mix
from precompute.demo.art.finish import displaced, drop_shadow, noise, over, stained, widened
from precompute.demo.art.lettering import Lettering

if TYPE_CHECKING:
    import random

    import skia

    from precompute.demo.palettes import Palette

PAPER = "#fdfaf2"
HATCH_ANGLE = -1.05  # radians; one hand holds the crayon, so all parts are hatched alike


class CrayonStyle(ArtStyle):
    id = "crayon"
    zh = "蜡笔"
    en = "crayon"
    ink = "#4a3429"
    face_line = 3.8
    outline = 3.2
    lettering = Lettering(
        "wenkai",
        ("#cf4a32", "#2f68b8", "#2c8245", "#8440ab"),
        outline=PAPER,
        outline_width=8,
        embolden=True,
        inset=3,
        largest=38,
    )

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Strengthen pale colours, which a box of twelve crayons lacks; the paper lightens them again."""

        def waxy(colour: str) -> str:
            return adjust(colour, saturation=1.35, value=0.97)

        return replace(palette, body=waxy(palette.body), dark=waxy(palette.dark), accent=waxy(palette.accent))

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:
        self.flat(path, mix(PAPER, colour, 0.45))
        hand = self.hand()
        self._scribble(path, colour, HATCH_ANGLE, 3.9, 0.85, hand)
        if shade:
            self._scribble(path, adjust(colour, saturation=1.2, value=0.86), HATCH_ANGLE + 0.55, 8.5, 0.4, hand)
        edge = mix(self.ink, colour, 0.22)
        bounds = path.getBounds()
        # Small parts shake less, or a tear would turn into a hexagon.
        step = min(9.0, 2.0 + 0.12 * (bounds.width() + bounds.height()))
        for _ in range(2):
            self._shaky(path, edge, self.outline * weight * 0.72, step, step / 6, hand)

    def _scribble(
        self, path: skia.Path, colour: str, angle: float, gap: float, alpha: float, hand: random.Random
    ) -> None:
        """Fill `path` with one zigzag stroke at `angle`, its turns about `gap` apart."""
        import skia

        bounds = path.getBounds()
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        reach = 0.5 * math.hypot(bounds.width(), bounds.height()) + 3
        zigzag = skia.Path()
        for i in range(int(2 * reach / gap) + 1):
            side = -reach + i * gap + hand.uniform(-0.8, 0.8)
            end = (reach if i % 2 else -reach) + hand.uniform(-3, 1)
            x = bounds.centerX() + side * across[0] + end * along[0]
            y = bounds.centerY() + side * across[1] + end * along[1]
            zigzag.lineTo(x, y) if i else zigzag.moveTo(x, y)
        with self.clipped(path):
            self.canvas.drawPath(zigzag, self.stroke_paint(colour, 0.82 * gap, alpha))

    def _shaky(
        self, path: skia.Path, colour: str, width: float, step: float, amount: float, hand: random.Random
    ) -> None:
        import skia

        paint = self.stroke_paint(colour, width, 0.85)
        paint.setPathEffect(skia.DiscretePathEffect.Make(step, amount, hand.randrange(1 << 16)))
        self.canvas.drawPath(path, paint)

    def mark(self, path: skia.Path, colour: str) -> None:
        self.flat(path, mix(PAPER, colour, 0.5))
        self._scribble(path, colour, HATCH_ANGLE - 0.4, 3.9, 0.85, self.hand())

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        hand = self.hand()
        for _ in range(2):
            self._shaky(path, colour or self.ink, 0.85 * width, 8.0, 0.7, hand)

    def finish_figure(self, pixels: Pixels) -> Pixels:
        """Let the paper's tooth show through the wax, and wobble the whole drawing a little."""
        side = pixels.shape[0]
        seed = self._grain % 6
        wobbly = displaced(pixels, amount=2.0 * self.scale, cell=round(22 * self.scale), seed=seed)
        tooth = np.clip(0.25 + noise(side, 3, 100 + seed) + 0.5 * noise(side, 5, 200 + seed), 0, 1)[..., None]
        share = (0.30 * tooth).astype(np.float32)
        paper = stained(wobbly[..., 3], PAPER)
        return (wobbly * (1 - share) + paper * share + 0.5).astype(np.uint8)

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        """Drawing paper, roughly torn around the picture."""
        torn = displaced(
            stained(widened(pixels[..., 3], round(5 * self.scale)), PAPER),
            amount=2.6 * self.scale,
            cell=round(5 * self.scale),
            seed=self._grain % 6,
        )
        shade = drop_shadow(torn[..., 3], "#5b5146", opacity=0.4, offset=(2, 2), sigma=1.6 * self.scale)
        return over(pixels, over(torn, shade))
