"""The scene of a prop: the figure that it belongs to, and the colours of things."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.figure.characters import Build
from precompute.demo.figure.poses import Rig, hand_at
from precompute.demo.palettes import Palette
from precompute.demo.paths import Point, smooth

if TYPE_CHECKING:
    import skia

    from precompute.demo.art.base import ArtStyle

RED, DEEP_RED, GOLD, YELLOW = "#ee4b3e", "#b92a24", "#ffc83d", "#ffe07a"
BLUE, SKY, NAVY, VIOLET = "#4f8ff0", "#9fd4ff", "#3a4670", "#9a86e8"
GREEN, LEAF, PINK, ROSE = "#4fb96a", "#79c95c", "#ff9db5", "#ff5f86"
WOOD, DARK_WOOD, CREAM, GREY, STEEL = "#c98f56", "#8a5a34", "#fff6e4", "#b8bcc8", "#6f7889"
CONFETTI = (ROSE, GOLD, "#49c3f2", "#72d08a", "#b08cf0")


@dataclass(frozen=True, slots=True)
class Scene:
    """Scene in which a prop finds its place."""

    style: ArtStyle
    character: str
    rig: Rig
    gesture: str
    palette: Palette
    phase: float

    @property
    def build(self) -> Build:
        return self.rig.build

    @property
    def wave(self) -> float:
        """Swing in [-1, 1], once per loop, 0 at the still image."""
        return math.sin(2 * math.pi * self.phase)

    def prop(self, path: skia.Path, colour: str) -> None:
        self.style.prop(path, colour)

    def flat(self, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
        self.style.flat(path, colour if colour == "#ffffff" else self.style.tint(colour), alpha)

    def line(self, path: skia.Path, width: float, colour: str | None = None) -> None:
        self.style.line(path, width, None if colour is None else self.style.tint(colour))

    def stroke(self, points: list[Point], width: float, colour: str | None = None) -> None:
        self.line(smooth(points, close=False), width, colour)

    def hand(self, side: int) -> Point:
        return hand_at(self.rig, self.gesture, side, self.phase)

    def hands(self) -> Point:
        """The middle between both hands."""
        (x0, y0), (x1, y1) = self.hand(-1), self.hand(1)
        return (x0 + x1) / 2, (y0 + y1) / 2

    def drift(self, offset: float = 0.0) -> float:
        """A share in [0, 1) that runs through once per loop, from `offset` at the still image."""
        return (self.phase + offset) % 1.0
