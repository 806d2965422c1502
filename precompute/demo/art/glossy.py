"""Toy (立体): round, lit from the upper left, with specular highlights and bounced light, on a die-cut border."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from precompute.demo.art.base import ArtStyle, Pixels, moved, scaled
from precompute.demo.art.colours import adjust, lighten, luminance, mix, saturation, to_argb
from precompute.demo.art.finish import die_cut
from precompute.demo.art.lettering import Lettering
from precompute.demo.paths import ellipse, polygon

if TYPE_CHECKING:
    import skia

    from precompute.demo.palettes import Palette


class GlossyStyle(ArtStyle):
    id = "glossy"
    zh = "立体"
    en = "3-D toy"
    ink = "#341a2a"
    face_line = 4.4
    lettering = Lettering(
        "noto-sans",
        ("#f0307c", "#e8590c", "#2a62ee", "#0a9159", "#8a2be2"),
        outline="#ffffff",
        outline_width=8,
        inset=3,
        gradient=True,
        embolden=True,
        largest=38,
    )

    @classmethod
    def adapt_palette(cls, palette: Palette) -> Palette:
        """Saturate the colours, as moulded plastic has them."""

        def plastic(colour: str) -> str:
            return colour if saturation(colour) < 0.06 else adjust(colour, saturation=1.55)

        return replace(palette, body=plastic(palette.body), dark=plastic(palette.dark), accent=plastic(palette.accent))

    def shape(self, path: skia.Path, colour: str, *, shade: bool = True, weight: float = 1.0) -> None:  # noqa: ARG002
        self._contact_shadow(path)
        self.canvas.drawPath(path, self._ball_paint(path.getBounds(), colour))
        with self.clipped(path) as bounds:
            if shade:
                self._bounced_light(path, bounds, colour)
            if bounds.width() > 18:
                self._highlight(bounds, strong=shade)

    def _contact_shadow(self, path: skia.Path) -> None:
        """Darken what is already there just below the part, never the transparent surroundings."""
        import skia

        shadow = self.fill_paint("#30102c", 0.34, blur=4)
        shadow.setBlendMode(skia.BlendMode.kSrcATop)
        self.canvas.drawPath(moved(path, 1.5, 4), shadow)

    def _ball_paint(self, bounds: skia.Rect, colour: str) -> skia.Paint:
        import skia

        centre = skia.Point(bounds.left() + 0.36 * bounds.width(), bounds.top() + 0.26 * bounds.height())
        reach = 0.9 * max(bounds.width(), bounds.height())
        if luminance(colour) < 0.25:
            tones = [lighten(colour, 0.42), lighten(colour, 0.06), mix(colour, "#000000", 0.25), "#06060a"]
        else:
            tones = [
                lighten(colour, 0.6),
                adjust(colour, saturation=1.1),
                adjust(colour, turn=-0.025, saturation=1.3, value=0.84),
                mix(adjust(colour, turn=-0.05, saturation=1.4, value=0.6), "#5a3a70", 0.25),
            ]
        paint = skia.Paint(AntiAlias=True)
        paint.setShader(
            skia.GradientShader.MakeRadial(centre, reach, [to_argb(tone) for tone in tones], [0.0, 0.4, 0.78, 1.0])
        )
        return paint

    def _bounced_light(self, path: skia.Path, bounds: skia.Rect, colour: str) -> None:
        """A bright crescent just inside the lower rim."""
        left, right, bottom = bounds.left() - 9, bounds.right() + 9, bounds.bottom() + 9
        lower = polygon(
            [
                (left, bounds.centerY()),
                (right, bounds.bottom() - 0.1 * bounds.height()),
                (right, bottom),
                (left, bottom),
            ]
        )
        inner = scaled(path, 0.93, 0.92, bounds.centerX(), bounds.centerY())
        with self.clipped(lower):
            self.canvas.drawPath(inner, self.stroke_paint(lighten(colour, 0.75), 4, 0.7, blur=2.2))

    def _highlight(self, bounds: skia.Rect, *, strong: bool) -> None:
        """The lamp's reflection: a soft window above, a hard spot beside it."""
        width, height = bounds.width(), bounds.height()
        x, y = bounds.left() + 0.42 * width, bounds.top() + 0.19 * height
        fade = [to_argb("#ffffff", 0.9 if strong else 0.55), to_argb("#ffffff", 0.04)]
        window = self.gradient_paint((0, bounds.top() + 0.04 * height), (0, bounds.top() + 0.36 * height), fade)
        self.canvas.drawPath(ellipse(x, y, 0.28 * width, 0.13 * height), window)
        if strong and width > 50:
            spot = ellipse(bounds.left() + 0.19 * width, bounds.top() + 0.36 * height, 0.035 * width, 0.05 * height)
            self.canvas.drawPath(spot, self.fill_paint("#ffffff", 0.85, blur=0.6))

    def finish_sticker(self, pixels: Pixels) -> Pixels:
        return die_cut(pixels, border="#ffffff", radius=round(4.5 * self.scale), shadow="#1d1030", opacity=0.5)
