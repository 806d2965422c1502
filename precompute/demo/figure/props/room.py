"""The sky and the room around a figure: sun, moon, window, clocks, balloons, lanterns, flowers."""

from __future__ import annotations

import math

from precompute.demo.figure.props.moods import spark
from precompute.demo.figure.props.scene import DEEP_RED, GOLD, GREY, LEAF, NAVY, RED, ROSE, WOOD, YELLOW, Scene
from precompute.demo.paths import arc, box, ellipse, polygon, smooth, turned, union


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
        spark(s, x, y, size * (1 + 0.25 * s.wave))


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
    spark(s, x, 184, 12 * (1 + 0.4 * s.wave))


def bubbles(s: Scene) -> None:
    for k, (x, y, r) in enumerate(((38, 68, 8), (54, 50, 5), (176, 92, 6), (196, 70, 9), (206, 96, 4))):
        s.prop(ellipse(x, y - 6 * s.drift(0.2 * k), r, r), "#cdeeff")


def melon_seeds(s: Scene) -> None:
    for k, (x, y) in enumerate(((196, 96.0), (208, 116), (190, 78))):
        y += 6 * s.drift(0.3 * k)
        s.flat(turned(ellipse(x, y, 3, 5), 30 + 20 * k, x, y), "#4a3a34")


def flower(s: Scene) -> None:
    blossom(s, 38, 160, 15, "#ffb13a")
    s.stroke([(38, 174), (40, 192)], 4, LEAF)


def blossom(s: Scene, x: float, y: float, r: float, colour: str) -> None:
    petals = [
        ellipse(x + 0.62 * r * math.cos(a), y + 0.62 * r * math.sin(a), 0.46 * r, 0.46 * r)
        for a in (2 * math.pi * i / 5 - math.pi / 2 for i in range(5))
    ]
    s.prop(union(*petals), colour)
    s.flat(ellipse(x, y, 0.34 * r, 0.34 * r), "#fff2a8")
