"""Props and effects: the things in a figure's hands, around it and on its head, and the signs of its mood.

Every prop is one function of the Scene, listed in PROPS with the layer it is drawn in. No prop shows letters or digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.figure.characters import Build, Palette
from precompute.demo.figure.poses import Rig, hand_at
from precompute.demo.paths import (
    Point,
    arc,
    box,
    drop,
    ellipse,
    heart,
    limb,
    mirrored,
    polygon,
    smooth,
    star,
    turned,
    union,
)

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
    """What a prop needs to know to find its place."""

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
        """One swing per loop, 0 at the still image."""
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


# -- signs of mood ---------------------------------------------------------------------------------------------------


def joy_tears(s: Scene) -> None:
    for side in (-1, 1):
        x, y = s.rig.on_head((side * 62, -18))
        fly = 6 * abs(s.wave)
        s.prop(turned(drop(x + side * (8 + fly), y - fly, 7.5), side * 52, x + side * 8, y), SKY)
        s.prop(turned(drop(x + side * (19 + fly), y + 14, 5.5), side * 66, x + side * 19, y + 14), SKY)


def joy_strokes(s: Scene) -> None:
    for side in (-1, 1):
        for angle in (-62, -42, -22):
            a = math.radians(angle)
            near, far = 92, 105 + 3 * s.wave
            s.stroke(
                [
                    (120 + side * near * math.cos(a), 100 + near * math.sin(a)),
                    (120 + side * far * math.cos(a), 100 + far * math.sin(a)),
                ],
                4.2,
                GOLD,
            )


def puddle(s: Scene) -> None:
    s.flat(smooth([(34, 189), (70, 181), (170, 181), (206, 189), (170, 197), (70, 197)]), "#8fd3ff", 0.95)


def sob_drops(s: Scene) -> None:
    for side in (-1, 1):
        for k, (dx, dy) in enumerate(((72, -22), (84, 4))):
            x, y = s.rig.head.x + side * dx, s.rig.head.y + dy + 12 * s.drift(0.4 * k) - 5
            s.prop(turned(drop(x, y, 6.5 - k), side * -38, x, y), SKY)


def rain_cloud(s: Scene) -> None:
    x, y = 194.0, 42.0
    for k, dx in enumerate((-16, 0, 16)):
        fall = 16 * s.drift(0.33 * k)
        s.stroke([(x + dx, y + 17 + fall), (x + dx - 3, y + 26 + fall)], 3.6, BLUE)
    s.prop(
        union(
            ellipse(x - 15, y + 3, 13, 11),
            ellipse(x, y - 5, 15, 14),
            ellipse(x + 15, y + 3, 12, 11),
            box(x - 22, y + 1, 44, 13, 6),
        ),
        "#a9b2c8",
    )


def flames(s: Scene) -> None:
    for side in (-1, 1):
        for x, high in ((48, 56), (74, 78)):
            tip = high + 7 * s.wave * (1 if x > 50 else -1)
            flame = smooth(
                [
                    (120 + side * (x + 17), 188),
                    (120 + side * (x + 20), 164),
                    (120 + side * (x + 8), 190 - tip),
                    (120 + side * (x - 6), 168),
                    (120 + side * (x - 12), 188),
                ]
            )
            s.prop(flame, "#ff7a3c")
            s.flat(
                smooth(
                    [
                        (120 + side * (x + 9), 189),
                        (120 + side * (x + 10), 174),
                        (120 + side * (x + 4), 190 - tip * 0.55),
                        (120 + side * (x - 4), 188),
                    ]
                ),
                YELLOW,
            )


def vein(s: Scene) -> None:
    x, y = s.rig.on_head((52, -46))
    size = 1 + 0.12 * s.wave
    for quarter in range(4):
        bend = smooth([(x + 4, y - 15 * size), (x + 5, y - 6), (x + 15 * size, y - 4)], close=False)
        s.line(turned(bend, 90 * quarter, x, y), 5, "#e5322d")


def steam(s: Scene) -> None:
    for side in (-1, 1):
        x, y = s.rig.on_head((70, 0)) if side > 0 else s.rig.on_head((-70, 0))
        puff = 5 * s.drift(0.0)
        s.prop(
            union(
                ellipse(x + side * (8 + puff), y - 8, 9, 8),
                ellipse(x + side * (20 + puff), y - 14, 10, 9),
                ellipse(x + side * (13 + puff), y - 20, 8, 8),
            ),
            "#eef0f6",
        )


def burst(s: Scene) -> None:
    """A jagged flash behind the head."""
    grow = 1 + 0.05 * s.wave
    points = []
    for i in range(28):
        reach = (100 if i % 2 else 82) * grow
        angle = 2 * math.pi * (i + 0.5) / 28
        points.append((120 + reach * math.cos(angle), 102 + reach * 0.9 * math.sin(angle)))
    s.prop(polygon(points), "#ffe27a")


def bolts(s: Scene) -> None:
    for side, x, y in ((-1, 36, 24), (1, 204, 24)):
        lift = 3 * s.wave
        bolt = [
            (x - 4, y - 12),
            (x + 9, y - 12),
            (x + 3, y + 2),
            (x + 11, y + 2),
            (x - 7, y + 26),
            (x - 2, y + 9),
            (x - 10, y + 9),
        ]
        s.prop(turned(polygon([(px, py + lift) for px, py in bolt]), side * -16, x, y), "#ff5a4a")


def gloom(s: Scene) -> None:
    for i in range(5):
        s.stroke([(30 + 9 * i, 20), (30 + 9 * i, 44 + (i % 3) * 12 + 2 * s.wave)], 3, "#5a6a9c")


def gloom_right(s: Scene) -> None:
    for i in range(5):
        s.stroke([(34 + 10 * i, 50), (34 + 10 * i, 70 + (i % 3) * 10 + 3 * s.wave)], 3.2, "#5a6a9c")


def blank_lines(s: Scene) -> None:
    for i in range(4):
        x, y = s.rig.on_head((-46 + 9 * i, -34))
        s.stroke([(x, y), (x, y + 13 + (i % 2) * 7 + s.wave)], 2.8, "#6a78ac")


def sweat(s: Scene) -> None:
    x, y = s.rig.on_head((60, -26))
    s.prop(drop(x, y + 8 * s.drift(), 8), SKY)


def big_sweat(s: Scene) -> None:
    x, y = s.rig.on_head((-60, -10))
    s.prop(drop(x, y + 9 * s.drift(), 13), SKY)
    s.flat(ellipse(x - 4, y + 4 + 9 * s.drift(), 3, 4), "#ffffff", 0.9)


def hearts(s: Scene) -> None:
    for x, y, size, turn in (
        (40, 58, 14, -18),
        (202, 48, 16, 16),
        (26, 104, 9, -10),
        (214, 100, 10, 14),
        (66, 24, 9, 8),
        (178, 20, 8, -8),
    ):
        s.prop(turned(heart(x, y - 5 * s.wave, size * (1 + 0.1 * s.wave)), turn, x, y), ROSE)


def small_hearts(s: Scene) -> None:
    for x, y, size, turn in ((34, 50, 11, -16), (206, 44, 12, 16), (212, 82, 8, 10)):
        s.prop(turned(heart(x, y - 5 * s.wave, size), turn, x, y), ROSE)


def small_heart(s: Scene) -> None:
    s.prop(turned(heart(206, 44 - 5 * s.wave, 12), 14, 206, 44), ROSE)


def flying_hearts(s: Scene) -> None:
    """Hearts that leave the mouth, growing."""
    x, y = s.rig.head.place((s.build.mouth[0] + 10, s.build.mouth[1] + 4))
    for share, size in ((0.28, 8.0), (0.62, 12.0), (1.0, 17.0)):
        t = share + 0.12 * s.wave
        px, py = x + (202 - x) * t, y + (44 - y) * t**1.5
        s.prop(turned(heart(px, py, size), 16, px, py), ROSE)


def big_heart(s: Scene) -> None:
    x, y = s.hands()
    s.prop(heart(x, y - 3, 25 * (1 + 0.06 * s.wave)), ROSE)
    s.flat(turned(ellipse(x - 12, y - 15, 6, 4), -34, x - 12, y - 15), "#ffffff", 0.75)


def hug_strokes(s: Scene) -> None:
    for side in (-1, 1):
        for k in (0, 9):
            x = 120 + side * (92 + k)
            s.stroke([(x, 136 + k * 0.3), (x + side * 5, 148), (x, 160 - k * 0.3)], 3.2)


def blush_steam(s: Scene) -> None:
    for x in (38, 56, 200):
        y = 58 - 5 * s.drift()
        s.stroke([(x, y), (x - 7, y - 9), (x + 5, y - 18), (x, y - 28)], 3.4, PINK)


def _bubble(s: Scene, x: float, y: float, rx: float, ry: float, tail: list[tuple[float, float, float]]) -> None:
    for px, py, size in tail:
        s.prop(ellipse(px, py, size, size), "#ffffff")
    s.prop(
        union(
            ellipse(x, y, rx, ry * 0.86),
            ellipse(x - rx * 0.52, y + 2, rx * 0.5, ry * 0.72),
            ellipse(x + rx * 0.5, y + 2, rx * 0.5, ry * 0.74),
            ellipse(x, y - ry * 0.3, rx * 0.5, ry * 0.7),
        ),
        "#ffffff",
    )


def dots_balloon(s: Scene) -> None:
    _bubble(s, 192, 36, 27, 20, [(172, 62, 4)])
    for i in range(3):
        rise = 3 * s.wave if i == 1 else 0.0
        s.flat(ellipse(180 + 12 * i, 37 - rise, 3.8, 3.8), "#5a5a6a")


def think_bubble(s: Scene) -> None:
    """A thought with a light bulb that is about to come on."""
    _bubble(s, 188, 38, 32, 25, [(163, 66, 3.5), (170, 58, 5)])
    s.prop(ellipse(188, 33 - s.wave, 10, 10.5), YELLOW)
    s.prop(box(183.5, 43 - s.wave, 9, 7, 2.5), GREY)


def dream_heart(s: Scene) -> None:
    _bubble(s, 190, 42, 32, 25, [(166, 72, 3.5), (172, 63, 5)])
    s.prop(heart(190, 42, 13 * (1 + 0.1 * s.wave)), ROSE)


def photo(s: Scene) -> None:
    """A framed picture of a heart-shaped landscape, held tight."""
    x, y = s.hands()
    s.prop(box(x - 20, y - 20, 40, 34, 4), WOOD)
    s.flat(box(x - 15, y - 15, 30, 24, 2), "#cfeaff")
    s.flat(ellipse(x, y + 1, 8, 8), PINK)
    for side in (-1, 1):
        s.flat(ellipse(x + side * 7, y - 6, 3.5, 3.5), PINK)


def question(s: Scene) -> None:
    """Two hooks over dots."""
    for x, y, size, turn in ((198, 54, 1.25, 14), (34, 54, 0.85, -16)):
        hook = smooth(
            [
                (x - 10 * size, y - 14 * size),
                (x - 5 * size, y - 25 * size),
                (x + 8 * size, y - 24 * size),
                (x + 10 * size, y - 12 * size),
                (x + 1 * size, y - 4 * size),
                (x, y + 5 * size),
            ],
            close=False,
        )
        lean = turn + 10 * s.wave
        s.line(turned(hook, lean, x, y), 7 * size, BLUE)
        s.flat(turned(ellipse(x, y + 17 * size, 4.4 * size, 4.4 * size), lean, x, y), BLUE)


def _sparkle(s: Scene, x: float, y: float, size: float) -> None:
    s.prop(star(x, y, size, 4, 0.34), GOLD)


def sparkles(s: Scene) -> None:
    for k, (x, y, size) in enumerate(((38, 52, 15), (60, 26, 9), (206, 46, 13), (32, 92, 8), (188, 22, 8))):
        _sparkle(s, x, y, size * (1 + (0.22 if k % 2 else -0.18) * s.wave))


def sparkle_small(s: Scene) -> None:
    _sparkle(s, 202, 42, 15 * (1 + 0.2 * s.wave))
    _sparkle(s, 216, 70, 8 * (1 - 0.2 * s.wave))


def plead_glow(s: Scene) -> None:
    for k, (x, y, size) in enumerate(((34, 70, 10), (206, 62, 12), (46, 34, 7), (198, 28, 7), (210, 104, 7))):
        _sparkle(s, x, y, size * (1 + (0.25 if k % 2 else -0.2) * s.wave))


def glow(s: Scene) -> None:
    """Rays of self-esteem behind the head."""
    for i in range(12):
        angle = math.pi * (i + 0.5) / 12 + 0.05 * s.wave
        near, far = 78.0, 97.0 if i % 2 else 88.0
        start = 120 - near * math.cos(angle), 104 - near * math.sin(angle)
        end = 120 - far * math.cos(angle), 104 - far * math.sin(angle)
        s.stroke([start, end], 5, YELLOW)


def glints(s: Scene) -> None:
    _sparkle(s, 190, 54, 14 * (1 + 0.3 * s.wave))
    _sparkle(s, 44, 40, 8 * (1 - 0.3 * s.wave))


def confetti(s: Scene) -> None:
    for i in range(18):
        side = -1 if i % 2 else 1
        x = 120 + side * (68 + (i * 37 % 30))
        y = 16 + (i * 53 % 116 + 116 * s.phase) % 116
        s.flat(turned(box(x - 5, y - 3, 10, 6, 1.5), i * 47 + 90 * s.phase, x, y), CONFETTI[i % 5])


def notes(s: Scene) -> None:
    for x, y, colour, lift in ((36, 58.0, BLUE, 1), (204, 50.0, ROSE, -1)):
        y += 5 * s.wave * lift
        s.prop(
            union(
                turned(ellipse(x - 8, y + 12, 7, 5), -18, x - 8, y + 12),
                box(x - 4.5, y - 16, 4, 28),
                polygon([(x - 4.5, y - 16), (x + 16, y - 21), (x + 16, y - 13), (x - 4.5, y - 8)]),
                box(x + 12, y - 20, 4, 28),
                turned(ellipse(x + 9, y + 8, 7, 5), -18, x + 9, y + 8),
            ),
            colour,
        )


def wave_strokes(s: Scene) -> None:
    x, y = s.hand(1)
    for k in (0, 8):
        s.stroke([(x + 13 + k * 0.6, y - 17 - k), (x + 18 + k, y - 6), (x + 16 + k, y + 6)], 3.4)


def hush_strokes(s: Scene) -> None:
    """Sound that is being stopped: small arcs beside the head."""
    for side in (-1, 1):
        for k in (0, 11):
            x = 120 + side * (82 + k)
            s.stroke([(x, 62 - k * 0.5), (x + side * (5 + 2 * s.wave), 80), (x, 98 + k * 0.5)], 4, VIOLET)


def bow_strokes(s: Scene) -> None:
    for side in (-1, 1):
        for k in (0, 12):
            x = 120 + side * (84 + k * 0.8)
            s.stroke([(x, 96 + k), (x + side * 2, 112 + k + 4 * s.wave)], 3.6, "#6a78ac")


def sorry_drops(s: Scene) -> None:
    for side in (-1, 1):
        x, y = s.rig.on_head((side * 66, -18))
        s.prop(turned(drop(x, y + 7 * s.drift(), 7.5), side * 24, x, y), SKY)


def speed(s: Scene) -> None:
    for k, y in enumerate((58, 84, 112, 140)):
        shift = 14 * s.drift(0.3 * k)
        s.stroke([(20 + shift, y), (44 + (k % 2) * 8 + shift * 0.4, y)], 4.2, "#8fb4e8")


def dust(s: Scene) -> None:
    puff = 6 * s.drift()
    s.prop(
        union(ellipse(46 - puff, 184, 12, 9), ellipse(32 - puff, 180, 8, 7), ellipse(60 - puff, 188, 9, 6)), "#e8e0d4"
    )


def soul(s: Scene) -> None:
    """The soul leaves its worn-out body."""
    x, y = 170.0, 82.0 - 5 * s.wave
    body = smooth(
        [
            (x - 30, y + 36),
            (x - 22, y + 14),
            (x - 18, y - 12),
            (x, y - 24),
            (x + 18, y - 12),
            (x + 17, y + 12),
            (x + 2, y + 24),
            (x - 16, y + 30),
        ]
    )
    s.prop(body, "#e6edff")
    for side in (-1, 1):
        s.flat(ellipse(x + side * 7, y - 4, 2.8, 4), "#4a4f6a")
    s.flat(ellipse(x, y + 7, 4, 5), "#4a4f6a")
    s.line(ellipse(x + 2, y - 34, 13, 4), 3, GOLD)


def sleep_bubbles(s: Scene) -> None:
    """A bubble at the nose, and crescents of sleep that rise."""
    nose = s.rig.head.place((s.build.mouth[0] + 14, s.build.mouth[1] - 6))
    size = 11 + 4 * s.wave
    s.prop(ellipse(nose[0] + size * 0.8, nose[1] - size * 0.3, size, size), "#cfeaff")
    s.flat(ellipse(nose[0] + size * 0.5, nose[1] - size * 0.7, size * 0.25, size * 0.2), "#ffffff")
    for k, (x, y, r) in enumerate(((196, 70, 5), (206, 50, 7.5), (198, 26, 10))):
        s.prop(ellipse(x + (3 if k % 2 else -3) * s.wave, y, r, r), "#d6dcff")


def tick(s: Scene) -> None:
    x, y = 204.0, 52.0
    s.prop(ellipse(x, y, 17, 17), GREEN)
    s.line(polygon([(x - 8, y + 0), (x - 2, y + 7), (x + 9, y - 7)], close=False), 5 + s.wave, "#ffffff")


def ok_glow(s: Scene) -> None:
    for k, (x, y) in enumerate(((30, 76), (210, 76), (36, 116), (204, 116))):
        _sparkle(s, x, y, 10 * (1 + (0.25 if k % 2 else -0.2) * s.wave))


def ban_sign(s: Scene) -> None:
    x, y, r = 202.0, 42.0, 20.0 + s.wave
    s.flat(ellipse(x, y, r, r), "#ffffff")
    s.line(ellipse(x, y, r, r), 6, "#e5322d")
    s.line(polygon([(x - r * 0.66, y - r * 0.66), (x + r * 0.66, y + r * 0.66)], close=False), 6, "#e5322d")


def snow(s: Scene) -> None:
    for k, (x, y, size) in enumerate(
        ((32, 40.0, 11), (208, 56, 12), (28, 106, 8), (212, 118, 9), (198, 20, 7), (58, 18, 7))
    ):
        y += 8 * s.drift(0.17 * k) - 4
        for turn in (0, 60, 120):
            arm = polygon([(x, y - size), (x, y + size)], close=False)
            s.line(turned(arm, turn, x, y), 3, "#7fbdf5")


def icicle(s: Scene) -> None:
    """Frozen: a drop under the nose."""
    x, y = s.rig.head.place((s.build.mouth[0] + 6, s.build.mouth[1] - 5))
    s.prop(smooth([(x - 3, y), (x + 3, y), (x, y + 12 + s.wave)]), SKY)


def fever(s: Scene) -> None:
    for k, x in enumerate((40, 58)):
        y = 60 - 6 * s.drift(0.5 * k)
        s.stroke([(x, y), (x - 6, y - 10), (x + 5, y - 20), (x, y - 30)], 3.4, "#e88a7a")


def food_steam(s: Scene) -> None:
    for k, x in enumerate((34, 50)):
        y = 116 - 6 * s.drift(0.5 * k)
        s.stroke([(x, y), (x - 6, y - 10), (x + 6, y - 22), (x, y - 34)], 4, "#b8b4c0")


# -- the sky and the room --------------------------------------------------------------------------------------------


def sun(s: Scene) -> None:
    x, y = 46.0, 50.0
    for i in range(10):
        angle = 2 * math.pi * (i / 10) + 0.2 * s.wave
        s.stroke(
            [
                (x + 25 * math.cos(angle), y + 25 * math.sin(angle)),
                (x + 32 * math.cos(angle), y + 32 * math.sin(angle)),
            ],
            5,
            "#ffa53a",
        )
    s.prop(ellipse(x, y, 19, 19), "#ffcf45")


def birds(s: Scene) -> None:
    for x, y in ((196, 28), (210, 108)):
        for side in (-1, 1):
            s.line(arc(x + side * 7, y + 2 * s.wave, 7, 6), 3.4, "#5a86c8")


def moon(s: Scene) -> None:
    s.prop(smooth([(200, 18), (180, 34), (184, 62), (212, 66), (198, 52), (192, 38)]), "#ffd95a")
    for x, y, size in ((40, 34, 8), (60, 18, 5), (206, 92, 6)):
        _sparkle(s, x, y, size * (1 + 0.25 * s.wave))


def night_window(s: Scene) -> None:
    s.prop(box(20, 20, 46, 52, 4), NAVY)
    s.flat(smooth([(48, 28), (38, 35), (40, 48), (52, 50), (46, 44), (44, 36)]), YELLOW)
    s.line(polygon([(43, 21), (43, 71)], close=False), 2.4, GREY)
    s.line(polygon([(21, 52), (65, 52)], close=False), 2.4, GREY)


def _clock(s: Scene, x: float, y: float, r: float, hour: float, minute: float) -> None:
    """A clock face without digits; hands in degrees from the top."""
    s.prop(ellipse(x, y, r, r), RED)
    s.flat(ellipse(x, y, r * 0.8, r * 0.8), "#ffffff")
    for i in range(4):
        a = math.pi * i / 2
        s.flat(ellipse(x + r * 0.64 * math.cos(a), y + r * 0.64 * math.sin(a), r * 0.07, r * 0.07), "#5a5a6a")
    for angle, reach, width in ((hour, 0.4, 3.6), (minute, 0.58, 2.8)):
        a = math.radians(angle - 90)
        s.line(polygon([(x, y), (x + r * reach * math.cos(a), y + r * reach * math.sin(a))], close=False), width)


def wall_clock(s: Scene) -> None:
    _clock(s, 200, 42, 23, 300, 360 * s.phase)


def clock(s: Scene) -> None:
    for side in (-1, 1):
        s.prop(turned(ellipse(198 + side * 16, 28, 9, 6), side * 40, 198 + side * 16, 28), GOLD)
    _clock(s, 198, 50, 27, 80, 360 * s.phase + 20)


def hourglass(s: Scene) -> None:
    x, y = 36.0, 168.0
    s.prop(
        union(
            polygon([(x - 13, y - 20), (x + 13, y - 20), (x, y)]), polygon([(x - 13, y + 20), (x + 13, y + 20), (x, y)])
        ),
        "#d8efff",
    )
    s.flat(polygon([(x - 11, y + 19), (x + 11, y + 19), (x, y + 8)]), GOLD)
    s.flat(polygon([(x - 7, y - 11), (x + 7, y - 11), (x, y - 1)]), GOLD)
    for dy in (-22, 22):
        s.prop(box(x - 16, y + dy - 3, 32, 6, 3), WOOD)


def balloons(s: Scene) -> None:
    for x, y, colour in ((36, 50.0, ROSE), (204, 44, "#56b6f0"), (212, 92, GOLD)):
        y += 4 * s.wave * (1 if x < 100 else -1)
        s.stroke([(x, y + 20), (x + 4, y + 38), (x - 2, y + 58)], 2.2, GREY)
        s.prop(union(ellipse(x, y, 16, 19), polygon([(x, y + 17), (x + 5, y + 24), (x - 5, y + 24)])), colour)
        s.flat(ellipse(x - 6, y - 7, 3.5, 5), "#ffffff", 0.7)


def lanterns(s: Scene) -> None:
    for x in (38, 202):
        swing = 4 * s.wave
        s.stroke([(x, 12), (x, 26)], 2.6, DEEP_RED)
        s.stroke([(x + swing, 74), (x + swing, 94)], 4, GOLD)
        s.prop(box(x - 9 + swing * 0.3, 24, 18, 7, 2), GOLD)
        s.prop(ellipse(x + swing * 0.5, 50, 24, 21), RED)
        s.line(ellipse(x + swing * 0.5, 50, 10, 20), 2.2, GOLD)
        s.prop(box(x - 9 + swing * 0.7, 69, 18, 7, 2), GOLD)


def firecrackers(s: Scene) -> None:
    x = 206.0
    s.stroke([(x, 108), (x, 178)], 2.4, GOLD)
    for k in range(5):
        y = 118 + 13 * k
        for side in (-1, 1):
            s.prop(turned(box(x + side * 7 - 4, y - 6, 8, 13, 3), side * -30, x + side * 7, y), RED)
    _sparkle(s, x, 184, 12 * (1 + 0.4 * s.wave))


def bubbles(s: Scene) -> None:
    for k, (x, y, r) in enumerate(((38, 68, 8), (54, 50, 5), (176, 92, 6), (196, 70, 9), (206, 96, 4))):
        s.prop(ellipse(x, y - 6 * s.drift(0.2 * k), r, r), "#cdeeff")


def melon_seeds(s: Scene) -> None:
    for k, (x, y) in enumerate(((196, 96.0), (208, 116), (190, 78))):
        y += 6 * s.drift(0.3 * k)
        s.flat(turned(ellipse(x, y, 3, 5), 30 + 20 * k, x, y), "#4a3a34")


def flower(s: Scene) -> None:
    _flower(s, 38, 160, 15, "#ffb13a")
    s.stroke([(38, 174), (40, 192)], 4, LEAF)


def _flower(s: Scene, x: float, y: float, r: float, colour: str) -> None:
    petals = [
        ellipse(x + 0.62 * r * math.cos(a), y + 0.62 * r * math.sin(a), 0.46 * r, 0.46 * r)
        for a in (2 * math.pi * i / 5 - math.pi / 2 for i in range(5))
    ]
    s.prop(union(*petals), colour)
    s.flat(ellipse(x, y, 0.34 * r, 0.34 * r), "#fff2a8")


# -- worn ------------------------------------------------------------------------------------------------------------


def cape(s: Scene) -> None:
    left, right = s.rig.shoulder(-1), s.rig.shoulder(1)
    if s.build.blob:
        left = left[0] + 32, left[1] - 14
    flap = 6 * s.wave
    s.prop(
        smooth(
            [
                (right[0], right[1] - 4),
                (left[0] - 6, left[1] - 4),
                (left[0] - 40, left[1] + 2 + flap),
                (left[0] - 58, left[1] + 26 - flap),
                (left[0] - 38, left[1] + 44 + flap),
                (left[0] + 2, left[1] + 36),
            ]
        ),
        RED,
    )


def gold_chain(s: Scene) -> None:
    x, y = s.rig.on_chest((0, -18))
    s.line(arc(x, y - 6, 24, -16), 5, GOLD)
    s.prop(ellipse(x, y + 13, 8, 8), GOLD)


def tie(s: Scene) -> None:
    x, y = s.rig.on_chest((0, -16))
    fly = 5 * s.wave
    s.prop(
        polygon(
            [
                (x - 5, y - 3),
                (x + 5, y - 3),
                (x + 3, y + 5),
                (x + 7 - fly, y + 26),
                (x - fly, y + 33),
                (x - 7 - fly, y + 26),
                (x - 3, y + 5),
            ]
        ),
        BLUE,
    )


def _hat_base(s: Scene) -> float:
    """The height of the head's crown in the head's own coordinates; brows stay free below it."""
    return -s.build.high


def party_hat(s: Scene) -> None:
    y = _hat_base(s) + 8
    if s.character == "slime":
        y += 14
    cone = smooth_cone(0, y, 22, 40)
    s.prop(cone, "#56b6f0")
    with s.style.clipped(cone):
        for k in (8, 22, 36):
            s.line(polygon([(-26, y - k + 6), (26, y - k - 8)], close=False), 5, YELLOW)
    s.prop(ellipse(0, y - 41, 7, 7), ROSE)


def smooth_cone(x: float, y: float, half: float, high: float) -> skia.Path:
    return union(polygon([(x - half, y), (x, y - high), (x + half, y)]), ellipse(x, y, half, 5))


def fu_hat(s: Scene) -> None:
    """A round red cap with a golden knob."""
    y = _hat_base(s) + 10
    s.prop(smooth(mirrored([(0, y - 26), (20, y - 20), (31, y - 2), (24, y + 3), (0, y + 5)])), RED)
    s.prop(smooth(mirrored([(0, y - 3), (33, y - 7), (35, y + 3), (0, y + 9)])), DEEP_RED)
    s.prop(ellipse(0, y - 28, 6, 6), GOLD)


def helmet(s: Scene) -> None:
    """A cap with a visor and a star, for salutes."""
    y = _hat_base(s) + 10
    s.prop(smooth(mirrored([(0, y - 26), (26, y - 21), (40, y - 4), (32, y + 2), (0, y + 3)])), "#5b8a54")
    s.prop(smooth(mirrored([(0, y - 1), (30, y - 3), (46, y + 5), (24, y + 10), (0, y + 10)])), "#3f6a3e")
    s.prop(star(0, y - 11, 9), RED)


def nightcap(s: Scene) -> None:
    y = _hat_base(s) + 10
    s.prop(
        smooth(
            [
                (-36, y + 2),
                (-28, y - 22),
                (0, y - 34),
                (34, y - 28),
                (56, y - 4 + s.wave),
                (50, y + 10),
                (34, y - 6),
                (36, y + 2),
                (0, y + 6),
            ]
        ),
        "#7f9cf0",
    )
    s.prop(smooth(mirrored([(0, y - 6), (36, y - 6), (40, y + 3), (0, y + 9)])), CREAM)
    s.prop(ellipse(54, y + 10 + s.wave, 8, 8), CREAM)


def beanie(s: Scene) -> None:
    y = _hat_base(s) + 10
    s.prop(smooth(mirrored([(0, y - 30), (26, y - 24), (40, y - 2), (0, y + 4)])), "#e0605a")
    s.prop(smooth(mirrored([(0, y - 8), (38, y - 9), (44, y), (38, y + 6), (0, y + 7)])), CREAM)
    s.prop(ellipse(0, y - 33, 9, 9), CREAM)


def headband(s: Scene) -> None:
    """A band of resolve around the head, knotted at the side."""
    y = _hat_base(s) + 16
    rx = s.build.head[0] * 0.82
    s.prop(polygon([(rx - 4, y), (rx + 20, y - 12 + 3 * s.wave), (rx + 17, y + 2)]), "#ffffff")
    s.prop(polygon([(rx - 4, y + 2), (rx + 18, y + 14 - 3 * s.wave), (rx + 9, y + 18)]), "#ffffff")
    s.prop(
        smooth(mirrored([(0, y - 10), (rx * 0.6, y - 7), (rx, y - 1), (rx, y + 8), (rx * 0.6, y + 4), (0, y + 1)])),
        "#ffffff",
    )
    s.flat(ellipse(0, y - 4.5, 4.2, 4.2), RED)


def glasses(s: Scene) -> None:
    dx, y = s.build.eyes
    r = min(18.0, dx - 4)
    for side in (-1, 1):
        s.line(ellipse(side * dx, y + 1, r, r), 3.6, "#3d4a78")
    s.stroke([(-dx + r, y), (0, y - 3), (dx - r, y)], 3.4, "#3d4a78")


def ice_bag(s: Scene) -> None:
    y = _hat_base(s) + 4
    s.prop(
        smooth(mirrored([(0, y - 24), (8, y - 20), (24, y - 10), (32, y + 4), (18, y + 11), (0, y + 12)])), "#8ec5ff"
    )
    s.prop(smooth(mirrored([(0, y - 30), (9, y - 27), (7, y - 20), (0, y - 18)])), "#f3f6ff")
    for x in (-11, 3, 15):
        s.flat(turned(box(x - 4, y - 6, 8, 8, 2), 20 + x * 3, x, y - 2), "#ffffff", 0.85)


def thermometer(s: Scene) -> None:
    x, y = s.build.mouth
    rod = limb((x + 4, y + 5), (x + 18, y + 1), (x + 36, y - 6 + s.wave), lambda _: 4.2)
    s.prop(rod, "#ffffff")
    s.stroke([(x + 4, y + 5), (x + 24, y - 1)], 3, RED)


def scarf(s: Scene) -> None:
    """Wound around the neck, one end hanging."""
    if s.build.blob:
        x, y = s.rig.head.place((0, s.build.mouth[1] + 20))
        half = s.build.head[0] * 0.9 * s.rig.head.sx
    else:
        x, y = s.rig.on_chest((0, -s.build.torso[1] + 17))
        half = 36.0
    end = 14 if s.build.blob else 34
    s.prop(box(x + 12, y + 2, 17, end, 5), "#e0605a")
    for k in (-4, 1, 6):
        s.stroke([(x + 20.5 + k, y + end - 4), (x + 20.5 + k, y + end + 5 + s.wave)], 2.6, CREAM)
    s.prop(_scarf_band(x, y, half), "#e0605a")
    s.stroke([(x - half * 0.5, y - 6), (x - half * 0.44, y + 8)], 3.4, CREAM)
    s.stroke([(x + half * 0.1, y - 4), (x + half * 0.1, y + 10)], 3.4, CREAM)


def _scarf_band(x: float, y: float, half: float) -> skia.Path:
    return smooth(
        [
            (x - half, y - 6),
            (x - half * 0.5, y - 9),
            (x, y - 7),
            (x + half * 0.5, y - 9),
            (x + half, y - 6),
            (x + half * 0.8, y + 8),
            (x, y + 12),
            (x - half * 0.8, y + 8),
        ]
    )


# -- held ------------------------------------------------------------------------------------------------------------


def pompoms(s: Scene) -> None:
    for side, colour in ((-1, ROSE), (1, GOLD)):
        x, y = s.hand(side)
        s.prop(star(x + side * 2, y - 7, 19, 12, 0.72, 14 * s.wave), colour)
        s.flat(ellipse(x + side * 2, y - 7, 5, 5), "#ffffff", 0.6)


def popper(s: Scene) -> None:
    x, y = s.hand(1)
    cone = polygon([(x - 9, y + 12), (x - 4, y - 26), (x + 19, y - 15)])
    s.prop(cone, "#8e7bea")
    with s.style.clipped(cone):
        s.line(polygon([(x - 12, y - 2), (x + 16, y + 6)], close=False), 5, YELLOW)
    for k, (dx, dy) in enumerate(((-4, -42), (10, -50), (24, -36), (14, -32))):
        reach = 1 + 0.12 * s.wave
        s.flat(star(x + dx * reach, y + dy * reach, 6, 5, 0.5), CONFETTI[k])
    s.stroke([(x + 4, y - 24), (x - 6, y - 36), (x + 2, y - 46)], 3.4, ROSE)


def bouquet(s: Scene) -> None:
    x, y = s.hands()
    for dx, dy, colour in ((-13, -21, ROSE), (13, -21, GOLD), (0, -29, "#ff86b4"), (0, -14, "#ff7a5c")):
        _flower(s, x + dx, y + dy + s.wave, 14, colour)
    s.prop(polygon([(x - 17, y - 8), (x + 17, y - 8), (x + 5, y + 19), (x - 5, y + 19)]), "#bfe3c8")
    s.prop(box(x - 10, y + 3, 20, 6, 3), ROSE)


def red_packet(s: Scene) -> None:
    x, y = s.hands()
    y -= 4 + 2 * s.wave
    s.prop(box(x - 19, y - 27, 38, 52, 5), RED)
    s.prop(polygon([(x - 19, y - 24), (x + 19, y - 24), (x, y - 4)]), "#d6362c")
    s.prop(ellipse(x, y - 4, 8, 8), GOLD)


def _coin(s: Scene, x: float, y: float, r: float) -> None:
    s.prop(ellipse(x, y, r, r), GOLD)
    s.flat(box(x - r * 0.3, y - r * 0.3, r * 0.6, r * 0.6, 1), "#c98a1e")


def coins(s: Scene) -> None:
    for k, (x, y, r) in enumerate(
        ((36, 60, 11), (204, 52, 12), (30, 112, 9), (212, 106, 10), (62, 24, 7), (184, 20, 7))
    ):
        _coin(s, x, y + 6 * s.wave * (1 if k % 2 else -1), r)


def hankie(s: Scene) -> None:
    x, y = s.hand(1)
    f = 6 * s.wave
    s.prop(
        smooth([(x - 2, y - 4), (x - 16, y - 18 + f), (x - 4, y - 32), (x + 12, y - 24 - f), (x + 4, y - 8)]), "#d9efff"
    )
    s.flat(ellipse(x - 3, y - 21, 3, 3), ROSE)


def _case(s: Scene, x: float, y: float, colour: str) -> None:
    s.line(arc(x, y + 2, 8, 9), 4, DARK_WOOD)
    s.prop(box(x - 22, y + 2, 44, 30, 5), colour)
    s.line(polygon([(x - 21, y + 14), (x + 21, y + 14)], close=False), 2.4, DARK_WOOD)
    s.prop(box(x - 5, y + 10, 10, 8, 2), GOLD)


def briefcase(s: Scene) -> None:
    x, y = s.hand(-1)
    _case(s, x - 2, y + 1, "#a8683c")


def suitcase(s: Scene) -> None:
    x, y = s.hand(-1)
    _case(s, x - 2, y + 1, "#58a8b8")


def hug_pillow(s: Scene) -> None:
    x, y = s.hands()
    s.prop(
        smooth(
            [
                (x - 32, y - 18),
                (x, y - 15),
                (x + 32, y - 18),
                (x + 30, y + 2),
                (x + 32, y + 24),
                (x, y + 21),
                (x - 32, y + 24),
                (x - 30, y + 2),
            ]
        ),
        "#aebcff",
    )
    for dx, dy in ((-18, -3), (18, -3), (0, 12)):
        s.flat(star(x + dx, y + dy, 5.5), "#fff3b0")


def bubble_tea(s: Scene) -> None:
    """A cup with pearls; the straw leads to the mouth."""
    x, y = s.rig.on_chest((14, 2))
    mouth = s.rig.head.place((s.build.mouth[0] + 2, s.build.mouth[1] + 5))
    s.line(polygon([(x + 1, y - 14), mouth], close=False), 6.5, ROSE)
    cup = polygon([(x - 18, y - 14), (x + 18, y - 14), (x + 13, y + 29), (x - 13, y + 29)])
    s.prop(cup, "#e8c095")
    with s.style.clipped(cup):
        for k, (dx, dy) in enumerate(((-9, 25), (-3, 20), (4, 25), (9, 19), (-8, 16), (2, 13))):
            s.flat(ellipse(x + dx, y + dy + (1.5 * s.wave if k % 2 else 0), 3.4, 3.4), "#4a2f26")
    s.prop(box(x - 21, y - 19, 42, 8, 4), "#fff6f0")


def melon(s: Scene) -> None:
    """A slice of watermelon, point up."""
    x, y = s.hands()
    y += 0 if s.build.blob else 4
    rind = smooth([(x - 40, y + 2), (x - 34, y + 18), (x, y + 28), (x + 34, y + 18), (x + 40, y + 2), (x, y + 6)])
    wedge = polygon(
        [(x - 37, y + 8), (x - 18, y + 16), (x, y + 19), (x + 18, y + 16), (x + 37, y + 8), (x + 2, y - 34)]
    )
    s.prop(rind, "#3fa35a")
    s.prop(wedge, "#ff5d5d")
    for dx, dy in ((-16, 6), (0, 8), (16, 6), (-7, -8), (8, -8)):
        s.flat(turned(ellipse(x + dx, y + dy, 2.4, 3.8), dx, x + dx, y + dy), "#3a2a2a")


def fish(s: Scene) -> None:
    x, y = s.hand(1)
    x, y = x + 4, y - 12 + 3 * s.wave
    s.prop(
        turned(
            union(ellipse(x, y, 22, 12), polygon([(x + 16, y), (x + 35, y - 13), (x + 35, y + 13)])),
            -24 + 8 * s.wave,
            x,
            y,
        ),
        "#ff9f4a",
    )
    s.flat(ellipse(x - 12, y + 2, 2.8, 2.8), "#33303a")
    s.line(turned(smooth([(x - 4, y - 8), (x, y), (x - 4, y + 8)], close=False), -24, x, y), 2.4, "#c9662a")


# -- furniture before the figure -------------------------------------------------------------------------------------


def carton(s: Scene) -> None:
    """A cardboard box to hide in."""
    s.prop(polygon([(48, 150), (36, 136), (88, 136), (96, 150)]), "#d8a46c")
    s.prop(polygon([(192, 150), (204, 136), (152, 136), (144, 150)]), "#d8a46c")
    s.prop(box(46, 148, 148, 48, 4), "#c98f56")
    s.flat(box(108, 149, 24, 46), "#e3bd8c")


def table(s: Scene) -> None:
    s.prop(box(26, 174, 188, 21, 6), WOOD)
    s.prop(box(20, 166, 200, 12, 6), "#dca870")


def cake(s: Scene) -> None:
    flicker = 2 * s.wave
    s.line(polygon([(120, 162), (120, 154)], close=False), 6, "#56b6f0")
    s.prop(drop(120 + flicker * 0.5, 147 - flicker * 0.5, 6), "#ff9a2e")
    s.prop(box(84, 170, 72, 20, 6), "#ffd9a8")
    s.prop(
        smooth(
            [
                (82, 168),
                (88, 160),
                (120, 158),
                (152, 160),
                (158, 168),
                (152, 179),
                (142, 173),
                (131, 182),
                (120, 174),
                (108, 182),
                (98, 173),
                (88, 179),
            ]
        ),
        "#fff3f6",
    )
    for x in (98, 142):
        s.prop(ellipse(x, 160, 5.5, 5.5), RED)
    s.prop(box(72, 187, 96, 8, 4), "#cfe4ff")


def laptop(s: Scene) -> None:
    """Seen from behind, its light on the table; a cup beside it."""
    s.prop(polygon([(84, 148), (156, 148), (162, 190), (78, 190)]), "#8f9bb0")
    s.flat(heart(120, 168, 6), "#e8eef8")
    s.prop(box(70, 187, 100, 8, 4), STEEL)
    s.prop(box(178, 162, 22, 26, 4), "#ffffff")
    s.line(smooth([(200, 168), (208, 174), (200, 181)], close=False), 3.4, STEEL)
    for k, x in enumerate((184, 194)):
        y = 158 - 4 * s.drift(0.5 * k)
        s.stroke([(x, y), (x - 3, y - 6), (x + 3, y - 12), (x, y - 18)], 2.6, GREY)


def rice(s: Scene) -> None:
    s.prop(smooth([(82, 160), (94, 140), (120, 131 - s.wave), (146, 140), (158, 160), (120, 166)]), "#ffffff")
    s.prop(smooth([(76, 158), (100, 161), (140, 161), (164, 158), (158, 180), (140, 194), (100, 194), (82, 180)]), RED)
    s.line(smooth([(84, 170), (120, 174), (156, 170)], close=False), 3.4, YELLOW)


def chopsticks(s: Scene) -> None:
    x, y = s.hand(1)
    lift = 3 * s.wave
    for k in (0, 7):
        s.line(polygon([(x + 20 - k, y - 40 + lift), (x - 22 + k * 0.4, y - 2 + k + lift)], close=False), 4, DARK_WOOD)


def open_book(s: Scene) -> None:
    for side in (-1, 1):
        s.prop(polygon([(120, 158), (120 + side * 58, 150), (120 + side * 64, 188), (120, 195)]), "#5f86d8")
        s.prop(
            smooth(
                [
                    (120, 156),
                    (120 + side * 28, 148),
                    (120 + side * 53, 150),
                    (120 + side * 58, 183),
                    (120 + side * 30, 182),
                    (120, 190),
                ]
            ),
            CREAM,
        )
        for k in range(3):
            s.stroke([(120 + side * 14, 161 + 8 * k), (120 + side * 44, 158 + 8 * k)], 2.4, GREY)


def book_pile(s: Scene) -> None:
    for k, (colour, shift) in enumerate(((RED, 0), (GOLD, 4), (GREEN, -2))):
        s.prop(box(20 + shift, 154 - 13 * k, 46, 13, 3), colour)
        s.flat(box(54 + shift, 157 - 13 * k, 10, 7, 1), CREAM)
    pencil = polygon([(206, 96), (214, 98), (202, 150), (195, 158), (194, 148)])
    s.prop(turned(pencil, 6 * s.wave, 200, 150), "#ffb93d")


def pillow(s: Scene) -> None:
    s.prop(
        smooth([(30, 76), (120, 66), (210, 76), (206, 112), (212, 150), (120, 160), (28, 150), (34, 112)]), "#f4f1ff"
    )


def _quilt(s: Scene, colour: str, trim: str) -> None:
    rise = 2 * s.wave
    quilt = smooth(
        [
            (24, 164),
            (56, 152 - rise),
            (120, 148 - rise),
            (184, 152 - rise),
            (216, 164),
            (218, 190),
            (120, 197),
            (22, 190),
        ]
    )
    s.prop(quilt, colour)
    with s.style.clipped(quilt):
        s.line(
            smooth([(22, 172), (56, 160 - rise), (120, 156 - rise), (184, 160 - rise), (218, 172)], close=False),
            9,
            trim,
        )


def blanket(s: Scene) -> None:
    _quilt(s, "#8ea6f5", CREAM)
    for x, y in ((64, 182), (100, 178), (140, 178), (176, 182)):
        s.flat(star(x, y, 6), "#fff0a0")


def sick_blanket(s: Scene) -> None:
    _quilt(s, "#9ccfae", CREAM)
    for x, y in ((70, 182), (120, 178), (170, 182)):
        s.flat(union(box(x - 6, y - 2, 12, 4), box(x - 2, y - 6, 4, 12)), "#ffffff")


@dataclass(frozen=True, slots=True)
class Prop:
    """When a prop is drawn: "back" behind everything, "worn" between torso and head, "head" on the head (in its
    coordinates), "held" before head and body but behind the front arms, "front" before everything."""

    layer: str
    draw: Callable[[Scene], None]


def _layer(layer: str, *draws: Callable[[Scene], None]) -> dict[str, Prop]:
    return {draw.__name__: Prop(layer, draw) for draw in draws}


PROPS: dict[str, Prop] = {
    **_layer("back", puddle, rain_cloud, flames, burst, bolts, gloom, gloom_right, hearts, small_hearts, small_heart),
    **_layer("back", hug_strokes, blush_steam, dots_balloon, think_bubble, dream_heart, question, sparkles, glow),
    **_layer("back", sparkle_small, plead_glow, notes, hush_strokes, bow_strokes, speed, dust, tick, ok_glow, snow),
    **_layer("back", ban_sign, fever, food_steam, sun, birds, moon, night_window, wall_clock, clock, hourglass),
    **_layer("back", balloons, lanterns, firecrackers, bubbles, flower, coins, cape, book_pile, pillow, confetti),
    **_layer("worn", tie, gold_chain),
    **_layer("head", party_hat, fu_hat, helmet, nightcap, beanie, headband, glasses, ice_bag, thermometer),
    **_layer("held", scarf, big_heart, photo, bouquet, red_packet, hug_pillow, bubble_tea, melon, carton, table),
    **_layer("held", suitcase, briefcase, blanket, chopsticks),
    **_layer("front", joy_tears, joy_strokes, sob_drops, vein, steam, blank_lines, sweat, big_sweat, flying_hearts),
    **_layer("front", wave_strokes, sorry_drops, soul, sleep_bubbles, icicle, glints, melon_seeds, pompoms, popper),
    **_layer("front", hankie, cake, laptop, rice, open_book, sick_blanket, fish),
}
