"""Signs of a figure's mood: tears, flames, hearts, bubbles of thought, sweat, sparkles."""

from __future__ import annotations

import math

from precompute.demo.figure.props.scene import (
    BLUE,
    CONFETTI,
    GOLD,
    GREEN,
    GREY,
    PINK,
    ROSE,
    SKY,
    VIOLET,
    WOOD,
    YELLOW,
    Scene,
)
from precompute.demo.paths import box, drop, ellipse, heart, polygon, smooth, star, turned, union


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


def spark(s: Scene, x: float, y: float, size: float) -> None:
    s.prop(star(x, y, size, 4, 0.34), GOLD)


def sparkles(s: Scene) -> None:
    for k, (x, y, size) in enumerate(((38, 52, 15), (60, 26, 9), (206, 46, 13), (32, 92, 8), (188, 22, 8))):
        spark(s, x, y, size * (1 + (0.22 if k % 2 else -0.18) * s.wave))


def sparkle_small(s: Scene) -> None:
    spark(s, 202, 42, 15 * (1 + 0.2 * s.wave))
    spark(s, 216, 70, 8 * (1 - 0.2 * s.wave))


def plead_glow(s: Scene) -> None:
    for k, (x, y, size) in enumerate(((34, 70, 10), (206, 62, 12), (46, 34, 7), (198, 28, 7), (210, 104, 7))):
        spark(s, x, y, size * (1 + (0.25 if k % 2 else -0.2) * s.wave))


def glow(s: Scene) -> None:
    """Rays of self-esteem behind the head."""
    for i in range(12):
        angle = math.pi * (i + 0.5) / 12 + 0.05 * s.wave
        near, far = 78.0, 97.0 if i % 2 else 88.0
        start = 120 - near * math.cos(angle), 104 - near * math.sin(angle)
        end = 120 - far * math.cos(angle), 104 - far * math.sin(angle)
        s.stroke([start, end], 5, YELLOW)


def glints(s: Scene) -> None:
    spark(s, 190, 54, 14 * (1 + 0.3 * s.wave))
    spark(s, 44, 40, 8 * (1 - 0.3 * s.wave))


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
    """A soul that leaves its worn-out body."""
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
        spark(s, x, y, 10 * (1 + (0.25 if k % 2 else -0.2) * s.wave))


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
    """Ice of a frozen figure: a drop under the nose."""
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
