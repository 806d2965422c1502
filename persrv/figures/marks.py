"""Marks: what a drawing is made of, in points (1/72 inch) from its upper left corner, in the order of painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

POINTS_A_MILLIMETRE = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Letters:
    """A line of text. x: where it begins, or its middle; y: its baseline; ink: a colour as "#rrggbb"."""

    text: str
    x: float
    y: float
    size: float
    ink: str
    anchor: Literal["start", "middle"] = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners, filled, outlined or both; dash: lengths of a stroke and of a gap, 0 for solid."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    fill: str | None = None
    stroke: str | None = None
    weight: float = 0.0
    dash: float = 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from (x, y) to (to_x, to_y) that leaves and arrives vertically where `bent`, else straight."""

    x: float
    y: float
    to_x: float
    to_y: float
    stroke: str
    weight: float
    dash: float = 0.0
    bent: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A sticker's picture, whole, in the middle of a square."""

    sticker: str
    x: float
    y: float
    side: float


Mark = Letters | Box | Curve | Picture


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet of a size in points; description: for who cannot see it; language: "zh" or "en"."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str
    description: str
    language: str

    @property
    def text(self) -> str:
        """The texts of the drawing, joined."""
        return "".join(mark.text for mark in self.marks if isinstance(mark, Letters))
