"""Paths: the outlines that figures are made of, and the frame that carries a part to its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import skia

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The place of a part: its origin (x, y) on the sticker, turned by `angle` degrees and stretched by (sx, sy)."""

    x: float
    y: float
    angle: float = 0.0
    sx: float = 1.0
    sy: float = 1.0

    def place(self, point: Point) -> Point:
        """The position on the sticker of a point given in the part's coordinates."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        x, y = point[0] * self.sx, point[1] * self.sy
        return self.x + x * cos - y * sin, self.y + x * sin + y * cos

    @contextmanager
    def on(self, canvas: skia.Canvas) -> Iterator[None]:
        """Draw in the part's own coordinates within the context."""
        canvas.save()
        canvas.translate(self.x, self.y)
        canvas.rotate(self.angle)
        canvas.scale(self.sx, self.sy)
        try:
            yield
        finally:
            canvas.restore()


def ellipse(cx: float, cy: float, rx: float, ry: float) -> skia.Path:
    import skia

    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(cx - rx, cy - ry, cx + rx, cy + ry))
    return path


def polygon(points: Sequence[Point], *, close: bool = True) -> skia.Path:
    import skia

    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], close)
    return path


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> skia.Path:
    """A rectangle given by its left upper corner, with round corners."""
    import skia

    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeXYWH(x, y, width, height), radius, radius)
    return path


def smooth(points: Sequence[Point], *, close: bool = True) -> skia.Path:
    """A soft curve through all points: a Catmull-Rom spline, written as cubic Bezier pieces."""
    import skia

    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if close else points[min(max(i, 0), count - 1)]

    path = skia.Path()
    path.moveTo(*points[0])
    for i in range(count if close else count - 1):
        before, start, end, after = at(i - 1), at(i), at(i + 1), at(i + 2)
        path.cubicTo(
            start[0] + (end[0] - before[0]) / 6,
            start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6,
            end[1] - (after[1] - start[1]) / 6,
            *end,
        )
    if close:
        path.close()
    return path


def mirrored(right: Sequence[Point]) -> list[Point]:
    """A symmetric outline from its right half, given from the top (x = 0) to the bottom (x = 0)."""
    return [*right, *((-x, y) for x, y in reversed(right) if x > 0.01)]


def arc(x: float, y: float, half: float, rise: float) -> skia.Path:
    """A bow from (x - half, y) to (x + half, y) whose middle lies `rise` above its ends (negative: below)."""
    import skia

    path = skia.Path()
    path.moveTo(x - half, y)
    path.cubicTo(x - half * 0.55, y - rise * 4 / 3, x + half * 0.55, y - rise * 4 / 3, x + half, y)
    return path


def heart(cx: float, cy: float, size: float) -> skia.Path:
    import skia

    path = skia.Path()
    path.moveTo(cx, cy + size)
    path.cubicTo(cx - 1.6 * size, cy - 0.1 * size, cx - 0.9 * size, cy - 1.25 * size, cx, cy - 0.4 * size)
    path.cubicTo(cx + 0.9 * size, cy - 1.25 * size, cx + 1.6 * size, cy - 0.1 * size, cx, cy + size)
    path.close()
    return path


def star(cx: float, cy: float, size: float, rays: int = 5, waist: float = 0.45, turn: float = 0.0) -> skia.Path:
    """A star with its first ray upwards; `waist` is the inner radius as a share of `size`."""
    points = []
    for i in range(2 * rays):
        reach, angle = size * (waist if i % 2 else 1.0), math.radians(turn - 90) + i * math.pi / rays
        points.append((cx + reach * math.cos(angle), cy + reach * math.sin(angle)))
    return polygon(points)


def drop(cx: float, cy: float, size: float) -> skia.Path:
    """A drop of water, tip up."""
    import skia

    path = skia.Path()
    path.moveTo(cx, cy - 1.5 * size)
    path.cubicTo(cx + 0.3 * size, cy - 0.7 * size, cx + size, cy - 0.2 * size, cx + size, cy + 0.35 * size)
    path.cubicTo(cx + size, cy + 1.25 * size, cx - size, cy + 1.25 * size, cx - size, cy + 0.35 * size)
    path.cubicTo(cx - size, cy - 0.2 * size, cx - 0.3 * size, cy - 0.7 * size, cx, cy - 1.5 * size)
    path.close()
    return path


def spiral(cx: float, cy: float, radius: float, turns: float = 2.4, start: float = 0.0) -> skia.Path:
    steps = 30
    points = []
    for i in range(steps + 1):
        angle, reach = start + 2 * math.pi * turns * i / steps, radius * i / steps
        points.append((cx + reach * math.cos(angle), cy + reach * math.sin(angle)))
    return smooth(points, close=False)


def turned(path: skia.Path, degrees: float, cx: float, cy: float) -> skia.Path:
    """A copy of `path`, turned around (cx, cy)."""
    import skia

    copy = skia.Path(path)
    matrix = skia.Matrix()
    matrix.setRotate(degrees, cx, cy)
    copy.transform(matrix)
    return copy


def union(*paths: skia.Path) -> skia.Path:
    """Join all `paths` to one outline."""
    import skia

    whole = paths[0]
    for path in paths[1:]:
        whole = skia.Op(whole, path, skia.PathOp.kUnion_PathOp)
    return whole


def bend(start: Point, elbow: Point, end: Point, t: float) -> Point:
    """The point at `t` in [0, 1] of the quadratic Bezier curve start-elbow-end."""
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * start[0] + b * elbow[0] + c * end[0], a * start[1] + b * elbow[1] + c * end[1]


def limb(start: Point, elbow: Point, end: Point, half_width: Callable[[float], float]) -> skia.Path:
    """A limb along the curve start-elbow-end with a round end; `half_width(t)` for t from 0 (body) to 1 (end)."""
    steps = 14
    left: list[Point] = []
    right: list[Point] = []
    for i in range(steps + 1):
        t = i / steps
        x, y = bend(start, elbow, end, t)
        x0, y0 = bend(start, elbow, end, max(0.0, t - 0.02))
        x1, y1 = bend(start, elbow, end, min(1.0, t + 0.02))
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        half = half_width(t)
        dx, dy = -(y1 - y0) / length * half, (x1 - x0) / length * half
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    half = half_width(1.0)
    heading = math.atan2(right[-1][1] - left[-1][1], right[-1][0] - left[-1][0])
    cap = [
        (end[0] - half * math.cos(heading - math.pi * k / 6), end[1] - half * math.sin(heading - math.pi * k / 6))
        for k in range(1, 6)
    ]
    outline = polygon([*left, *cap, *reversed(right)])
    return union(outline, ellipse(start[0], start[1], half_width(0.0), half_width(0.0)))
