"""Props that a figure holds: pompoms, bouquets, packets, coins, cases, food and drink."""

from __future__ import annotations

from precompute.demo.figure.props.room import blossom
from precompute.demo.figure.props.scene import CONFETTI, DARK_WOOD, GOLD, RED, ROSE, YELLOW, Scene
from precompute.demo.paths import arc, box, ellipse, polygon, smooth, star, turned, union


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
        blossom(s, x + dx, y + dy + s.wave, 14, colour)
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
