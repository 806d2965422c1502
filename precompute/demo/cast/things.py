"""Things: what a figure holds, sits under, or has around its head. Nothing here looks like a letter or digit.

A thing is drawn by a function of the stage. Colours that carry meaning (tears, hearts) go through the style's tint.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from precompute.demo.cast.faces import GOLD, HEART, TEAR, TEAR_LIGHT
from precompute.demo.cast.paths import arc, box, drop, ellipse, heart, polygon, smooth, spiral, star, turned
from precompute.demo.cast.stage import GROUND, Stage

if TYPE_CHECKING:
    import skia

RED, ORANGE, GREEN, BLUE, PURPLE, PINK = "#e8483f", "#ff9a3c", "#5fb85a", "#5b8def", "#9a78e0", "#ff8fb0"
BROWN, CREAM, GREY, NIGHT, WHITE = "#9a6a42", "#fff4dc", "#aab2c0", "#4a4f78", "#ffffff"
CONFETTI = (RED, GOLD, BLUE, GREEN, PURPLE)


def _prop(stage: Stage, path: skia.Path, colour: str) -> None:
    stage.style.prop(path, stage.style.tint(colour))


def _flat(stage: Stage, path: skia.Path, colour: str, alpha: float = 1.0) -> None:
    stage.style.flat(path, stage.style.tint(colour), alpha)


def _line(stage: Stage, path: skia.Path, width: float, colour: str | None = None) -> None:
    stage.style.line(path, width, stage.style.tint(colour) if colour else None)


def _float(stage: Stage, distance: float = 6.0, shift: float = 0.0) -> float:
    """A gentle rise and fall over the loop, 0 in the still image."""
    return distance * math.sin(2 * math.pi * (stage.phase + shift)) if stage.phase else 0.0


# -- held in front of the body ---------------------------------------------------------------------------------------


def rice_bowl(stage: Stage) -> None:
    x, y = stage.chest
    _prop(stage, smooth([(x - 30, y + 4), (x - 22, y - 20), (x, y - 28), (x + 22, y - 20), (x + 30, y + 4)]), "#fffdf6")
    for dx, dy in ((-13, -12), (0, -19), (12, -11), (-3, -7)):
        stage.style.mark(ellipse(x + dx, y + dy, 2.6, 1.6), "#e2d8c2")
    _prop(stage, smooth([(x - 36, y), (x + 36, y), (x + 25, y + 27), (x, y + 32), (x - 25, y + 27)]), RED)
    for offset in (0, 9):
        _line(stage, polygon([(x + 14 + offset, y - 8), (x + 42 + offset, y - 48)], close=False), 3.6, BROWN)


def milk_tea(stage: Stage) -> None:
    x, y = stage.chest
    mouth = stage.mouth
    y += 4
    _line(stage, polygon([(x + 2, y - 18), (mouth[0] + 3, mouth[1] + 4)], close=False), 6, PINK)
    _prop(stage, polygon([(x - 21, y - 20), (x + 21, y - 20), (x + 16, y + 30), (x - 16, y + 30)]), "#d9a878")
    stage.style.mark(polygon([(x - 20, y - 18), (x + 20, y - 18), (x + 19, y - 4), (x - 19, y - 4)]), CREAM)
    for dx, dy in ((-9, 24), (0, 26), (9, 24), (-5, 17), (5, 17)):
        stage.style.mark(ellipse(x + dx, y + dy, 3.8, 3.8), "#4a2f24")
    _prop(stage, box(x - 24, y - 25, 48, 8, 4), WHITE)


def melon_slice(stage: Stage) -> None:
    x, y = stage.chest
    y -= 8
    _prop(stage, smooth([(x - 42, y - 6), (x + 42, y - 6), (x + 30, y + 24), (x, y + 36), (x - 30, y + 24)]), "#4fa35a")
    stage.style.mark(
        smooth([(x - 35, y - 5), (x + 35, y - 5), (x + 24, y + 18), (x, y + 27), (x - 24, y + 18)]), "#ff5a5f"
    )
    for dx, dy in ((-18, 4), (0, 4), (18, 4), (-9, 14), (9, 14)):
        stage.style.mark(drop(x + dx, y + dy, 2.8), "#3a2a2a")
    _flat(stage, ellipse(x - 18, y - 7, 10, 7), CREAM)


def cake(stage: Stage) -> None:
    x, y = stage.chest
    y += 4
    flame = 1 + 0.2 * math.sin(2 * math.pi * stage.phase)
    _line(stage, polygon([(x, y - 12), (x, y - 30)], close=False), 5, BLUE)
    _prop(stage, drop(x, y - 38, 6 * flame), ORANGE)
    _prop(stage, box(x - 34, y - 12, 68, 38, 7), "#ffd9a8")
    _prop(
        stage,
        smooth(
            [
                (x - 36, y - 14),
                (x + 36, y - 14),
                (x + 35, y + 2),
                (x + 22, y - 3),
                (x + 12, y + 8),
                (x, y - 2),
                (x - 12, y + 8),
                (x - 24, y - 3),
                (x - 35, y + 2),
            ]
        ),
        PINK,
    )
    for dx in (-22, 0, 22):
        _prop(stage, ellipse(x + dx, y - 16, 5.5, 5.5), RED)


def red_packet(stage: Stage) -> None:
    x, y = stage.chest
    y -= 2
    _prop(stage, box(x - 26, y - 24, 52, 56, 6), RED)
    stage.style.mark(arc(x, y - 22, 25, -18), "#c5302c")
    _line(stage, arc(x, y - 22, 25, -18), 2.4, GOLD)
    _prop(stage, ellipse(x, y - 8, 9, 9), GOLD)
    for sign, dx, dy in ((1, 48, -20), (-1, -48, 2)):
        _prop(stage, ellipse(x + dx, y + dy + _float(stage, 5, 0.3 * sign), 9, 9), GOLD)


def heart_big(stage: Stage) -> None:
    x, y = stage.chest
    beat = 1 + 0.08 * math.sin(2 * math.pi * stage.phase)
    _prop(stage, heart(x, y - 2, 24 * beat), HEART)
    _flat(stage, ellipse(x - 11, y - 12, 5, 4), "#ffd3dc")


def bouquet(stage: Stage) -> None:
    x, y = stage.chest
    _prop(stage, polygon([(x - 28, y - 6), (x + 28, y - 6), (x + 6, y + 36), (x - 6, y + 36)]), "#bfe3c8")
    for dx, dy, colour in ((-18, -14, PINK), (0, -22, RED), (18, -14, GOLD), (-8, -6, PURPLE), (9, -5, WHITE)):
        _prop(stage, star(x + dx, y + dy, 12, 6, 0.66), colour)
        _flat(stage, ellipse(x + dx, y + dy, 3.5, 3.5), CREAM)


def laptop(stage: Stage) -> None:
    x = stage.torso.x
    y = GROUND - 4
    _prop(stage, polygon([(x - 46, y - 42), (x + 46, y - 42), (x + 50, y), (x - 50, y)]), GREY)
    stage.style.mark(ellipse(x, y - 22, 7, 7), WHITE)
    _prop(stage, box(x - 58, y - 3, 116, 7, 3.5), "#8891a3")


def book(stage: Stage) -> None:
    x, y = stage.chest
    y += 6
    for side in (-1, 1):
        _prop(
            stage,
            smooth(
                [
                    (x, y - 16),
                    (x + side * 22, y - 23),
                    (x + side * 44, y - 17),
                    (x + side * 42, y + 22),
                    (x + side * 22, y + 16),
                    (x, y + 24),
                ]
            ),
            BLUE if side < 0 else "#4a7de0",
        )
        stage.style.mark(
            polygon([(x + side * 3, y - 15), (x + side * 40, y - 19), (x + side * 40, y - 13), (x + side * 3, y - 8)]),
            CREAM,
        )


def fish(stage: Stage) -> None:
    x, y = stage.chest
    y -= 2
    flap = 8 * math.sin(2 * math.pi * stage.phase)
    _prop(stage, polygon([(x + 22, y), (x + 44, y - 16 + flap), (x + 44, y + 16 + flap)]), BLUE)
    _prop(stage, ellipse(x, y, 32, 17), "#7fb0f5")
    stage.style.mark(ellipse(x - 2, y + 6, 22, 8), "#d5e6ff")
    _flat(stage, ellipse(x - 18, y - 4, 3.4, 3.8), "#2a2f3a")
    _line(stage, polygon([(x - 8, y - 11), (x - 5, y), (x - 8, y + 10)], close=False), 2.4, BLUE)


def clock(stage: Stage) -> None:
    x, y = stage.chest
    y -= 2
    _prop(stage, ellipse(x, y, 25, 25), GOLD)
    stage.style.flat(ellipse(x, y, 18, 18), WHITE)
    turn = 360 * stage.phase
    _line(stage, turned(polygon([(x, y), (x, y - 13)], close=False), turn, x, y), 3.2)
    _line(stage, polygon([(x, y), (x + 9, y + 5)], close=False), 3.2)


def sign_heart(stage: Stage) -> None:
    """A bowing person's little card with a cracked heart."""
    x, y = stage.chest
    x -= 10
    y += 12
    _prop(stage, box(x - 26, y - 20, 52, 36, 5), CREAM)
    _flat(stage, heart(x, y - 3, 11), HEART)


# -- over and around the body ----------------------------------------------------------------------------------------


def blanket(stage: Stage) -> None:
    top = min(stage.chin[1] - 6, GROUND - 42)
    hem = [
        (32.0, GROUND + 2),
        (40, top + 12),
        (78, top - 1),
        (120, top + 5),
        (162, top - 1),
        (200, top + 12),
        (208, GROUND + 2),
    ]
    _prop(stage, smooth([*hem, (120, GROUND + 5)]), "#8fa6f2")
    for x, y in ((66, top + 22), (112, top + 28), (158, top + 20), (182, top + 34)):
        stage.style.mark(star(x, min(y, GROUND - 6), 6), "#fff0b0")
    _prop(
        stage,
        smooth(
            [
                (44, top + 12),
                (80, top - 2),
                (120, top + 4),
                (160, top - 2),
                (196, top + 12),
                (160, top + 9),
                (120, top + 15),
                (80, top + 9),
            ]
        ),
        WHITE,
    )


def pillow(stage: Stage) -> None:
    x, y = stage.head.x, stage.head.y
    _prop(
        stage,
        smooth([(x - 84, y - 26), (x, y - 34), (x + 84, y - 26), (x + 78, y + 44), (x, y + 52), (x - 78, y + 44)]),
        "#eef1ff",
    )


def board(stage: Stage) -> None:
    """A wall to peek over, with two paws on its edge."""
    top = _edge(stage)
    _prop(stage, box(26, top, 188, GROUND + 4 - top, 8), "#c8a27a")
    for x in (70, 118, 166):
        _line(stage, polygon([(x, top + 8), (x, GROUND - 4)], close=False), 2, BROWN)


def _edge(stage: Stage) -> float:
    """Upper edge of the board: below the mouth, and high enough to be one."""
    return min(stage.mouth[1] + 14, GROUND - 38)


def paws_on_edge(stage: Stage) -> None:
    top = _edge(stage)
    from precompute.demo.cast.characters import limb_colour

    for side in (-1, 1):
        stage.style.shape(
            ellipse(stage.head.x + side * 40, top + 3, 12, 10), limb_colour(stage.character, stage.palette), shade=False
        )


def knees(stage: Stage) -> None:
    from precompute.demo.cast.characters import foot_colour

    for side in (-1, 1):
        path = ellipse(stage.torso.x + side * 17, GROUND - 20, 15, 20)
        stage.style.shape(path, foot_colour(stage.character, stage.palette), shade=False)


def scarf(stage: Stage) -> None:
    x, y = stage.chin
    y -= 2
    _prop(stage, turned(box(x + 14, y, 15, 40, 6), -8, x + 20, y), "#d8443c")
    _prop(
        stage,
        smooth([(x - 46, y - 10), (x, y - 2), (x + 46, y - 10), (x + 44, y + 10), (x, y + 17), (x - 44, y + 10)]),
        RED,
    )
    for dx in (-26, 0, 26):
        stage.style.mark(box(x + dx - 3, y - 3 - abs(dx) * 0.16, 6, 15, 2), CREAM)


def party_hat(stage: Stage) -> None:
    x, y = stage.crown
    y += 9
    _prop(stage, polygon([(x - 22, y), (x + 22, y), (x + 4, y - 42)]), BLUE)
    for dx, dy, colour in ((-8, -8, GOLD), (7, -12, PINK), (1, -24, GREEN)):
        stage.style.mark(ellipse(x + dx, y + dy, 4, 4), colour)
    _prop(stage, star(x + 4, y - 42, 9, 6, 0.5), GOLD)


def ice_bag(stage: Stage) -> None:
    x, y = stage.crown
    y += 8
    _prop(
        stage,
        smooth([(x - 26, y + 6), (x - 18, y - 14), (x, y - 20), (x + 18, y - 14), (x + 26, y + 6), (x, y + 11)]),
        "#a9d8f5",
    )
    _prop(stage, box(x - 8, y - 27, 16, 9, 4), RED)
    stage.style.mark(ellipse(x - 9, y - 4, 4, 5), WHITE)


def thermometer(stage: Stage) -> None:
    x, y = stage.mouth
    y += 4
    _prop(stage, turned(box(x, y - 4, 40, 8, 4), -24, x, y), WHITE)
    _line(stage, turned(polygon([(x + 12, y), (x + 32, y)], close=False), -24, x, y), 2.6, RED)


def glasses(stage: Stage) -> None:
    (lx, ly), (rx, ry) = stage.eye(-1), stage.eye(1)
    for x, y in ((lx, ly), (rx, ry)):
        _line(stage, ellipse(x, y, 18, 17), 3.4, "#3a3f52")
    _line(stage, polygon([(lx + 18, ly), (rx - 18, ry)], close=False), 3.4, "#3a3f52")


def nightcap(stage: Stage) -> None:
    x, y = stage.crown
    y += 10
    _prop(
        stage,
        smooth(
            [(x - 34, y + 2), (x - 14, y - 24), (x + 22, y - 30), (x + 60, y - 6), (x + 34, y - 10), (x + 34, y + 2)]
        ),
        PURPLE,
    )
    _prop(
        stage,
        smooth([(x - 38, y - 2), (x, y - 9), (x + 38, y - 2), (x + 37, y + 9), (x, y + 3), (x - 37, y + 9)]),
        WHITE,
    )
    _prop(stage, ellipse(x + 61, y - 3, 9, 9), WHITE)


def headband(stage: Stage) -> None:
    x, y = stage.crown
    y += 17
    _prop(
        stage,
        smooth([(x - 47, y + 8), (x, y - 6), (x + 47, y + 8), (x + 48, y + 18), (x, y + 5), (x - 48, y + 18)]),
        RED,
    )
    _flat(stage, ellipse(x, y - 0.5, 5.5, 5.5), WHITE)
    flutter = _float(stage, 6)
    for dy in (-6, 10):
        _prop(stage, polygon([(x + 46, y + 10), (x + 70, y + dy + flutter), (x + 64, y + 8 + dy + flutter)]), RED)


# -- in a hand -------------------------------------------------------------------------------------------------------


def thumb(stage: Stage) -> None:
    """A fist with its thumb up, as big as it needs to be to read."""
    from precompute.demo.cast.characters import limb_colour

    x, y = _hand(stage, "raise")
    colour = limb_colour(stage.character, stage.palette)
    stage.style.shape(turned(box(x - 8, y - 36, 15, 34, 7), 4, x, y), colour)
    stage.style.shape(box(x - 17, y - 11, 35, 28, 10), colour)
    for dy in (-2, 6):
        stage.style.line(polygon([(x + 3, y + dy), (x + 14, y + dy)], close=False), 2.2)


def flag(stage: Stage) -> None:
    x, y = _hand(stage, "raise")
    wave = _float(stage, 5)
    _line(stage, polygon([(x - 3, y + 16), (x + 8, y - 54)], close=False), 4, BROWN)
    cloth = [
        (x + 7, y - 54),
        (x + 20, y - 60 + wave),
        (x + 36, y - 53),
        (x + 34, y - 28),
        (x + 20, y - 34 + wave),
        (x + 5, y - 28),
    ]
    _prop(stage, smooth(cloth), RED)


def briefcase(stage: Stage) -> None:
    x, y = _hand(stage, "out")
    _line(stage, arc(x, y + 6, 9, 10), 4, "#5a3a2a")
    _prop(stage, turned(box(x - 22, y + 5, 44, 30, 5), -10, x, y + 16), BROWN)
    stage.style.mark(box(x - 4, y + 14, 8, 8, 2), GOLD)


def handkerchief(stage: Stage) -> None:
    x, y = _hand(stage, "greet")
    wave = _float(stage, 7)
    _prop(
        stage,
        smooth([(x, y), (x + 16, y - 26 + wave), (x + 34, y - 22), (x + 28, y + 2 - wave), (x + 10, y + 12)]),
        WHITE,
    )


def phone(stage: Stage) -> None:
    x, y = stage.chest
    _prop(stage, turned(box(x - 15, y - 30, 30, 50, 6), -6, x, y), "#3a3f52")
    stage.style.mark(turned(box(x - 11, y - 25, 22, 38, 3), -6, x, y), "#9fd8ff")


def ok_ring(stage: Stage) -> None:
    """Thumb and finger closed to a ring, three fingers up."""
    import skia

    from precompute.demo.cast.characters import limb_colour

    x, y = _hand(stage, "raise")
    colour = limb_colour(stage.character, stage.palette)
    for dx, turn in ((4, 4), (12, 18), (19, 34)):
        stage.style.shape(turned(box(x + dx - 4, y - 36, 10, 34, 5), turn, x + dx, y), colour)
    ring = skia.Op(ellipse(x - 9, y - 9, 16, 16), ellipse(x - 9, y - 9, 7.5, 7.5), skia.PathOp.kDifference_PathOp)
    stage.style.shape(ring, colour)


def popper(stage: Stage) -> None:
    x, y = _hand(stage, "raise")
    _prop(
        stage, turned(polygon([(x - 5, y + 14), (x + 5, y + 14), (x + 14, y - 20), (x - 14, y - 20)]), 18, x, y), PURPLE
    )
    for dx, dy, colour in ((8, -42, GOLD), (-10, -36, RED), (24, -34, BLUE), (2, -28, GREEN)):
        _prop(stage, star(x + dx, min(y + dy, 226), 6, 4, 0.5), colour)


def _hand(stage: Stage, reach: str) -> tuple[float, float]:
    from precompute.demo.cast.stage import REACHES

    return REACHES[reach](stage, 1)[1]


# -- around the head -------------------------------------------------------------------------------------------------


def laugh_tears(stage: Stage) -> None:
    for side in (-1, 1):
        x, y = stage.eye(side)
        x = x + side * 42
        fly = 8 * stage.phase
        _prop(stage, turned(drop(x + side * fly, y - 8, 8), side * 62, x, y - 8), TEAR)
        _prop(stage, turned(drop(x + side * (6 + fly), y - 26, 5.5), side * 40, x, y - 26), TEAR)


def puddle(stage: Stage) -> None:
    _flat(stage, ellipse(120, GROUND + 1, 84, 8), TEAR, 0.85)
    _flat(stage, ellipse(96, GROUND, 26, 3), TEAR_LIGHT, 0.9)


def anger(stage: Stage) -> None:
    x, y = stage.crown
    x, y, beat = x + 52, y + 12, 1 + 0.12 * math.sin(2 * math.pi * stage.phase)
    for quarter in range(4):
        corner = smooth([(x + 4, y - 17 * beat), (x + 5, y - 5), (x + 17 * beat, y - 4)], close=False)
        _line(stage, turned(corner, quarter * 90, x, y), 5, RED)


def steam(stage: Stage) -> None:
    rise = 8 * stage.phase
    for side in (-1, 1):
        x, y = stage.head.place((side * (stage.build.head[0] + 14), -18))
        y -= rise
        cloud = smooth(
            [(x - 13, y + 7), (x - 12, y - 5), (x - 2, y - 12), (x + 11, y - 7), (x + 13, y + 5), (x, y + 10)]
        )
        _prop(stage, cloud, "#eef0f6")


def exclamations(stage: Stage) -> None:
    """Two red wedges with a dot: surprise."""
    x, y = stage.crown
    for dx, turn in ((46, 16), (66, 28)):
        a, b = x + dx, y + 4 + dx * 0.22
        _prop(
            stage,
            turned(polygon([(a - 6, b - 18), (a + 6, b - 18), (a + 2.6, b + 10), (a - 2.6, b + 10)]), turn, a, b),
            RED,
        )
        _prop(stage, turned(ellipse(a, b + 20, 4.8, 4.8), turn, a, b), RED)


def gloom(stage: Stage) -> None:
    x, y = stage.crown
    for k in range(5):
        top = y - 10 + abs(k - 2) * 3
        _line(
            stage,
            polygon([(x - 58 + k * 9, top), (x - 58 + k * 9, top + 24 + (k % 2) * 10)], close=False),
            3,
            "#6a74a8",
        )


def hearts(stage: Stage) -> None:
    for x, y, size, turn, shift in (
        (34, 54.0, 14, -18, 0.0),
        (206, 46, 16, 16, 0.3),
        (24, 96, 9, -10, 0.6),
        (216, 92, 10, 14, 0.8),
    ):
        y += _float(stage, 6, shift)
        _prop(stage, turned(heart(x, y, size), turn, x, y), HEART)


def kiss_heart(stage: Stage) -> None:
    x, y = stage.mouth
    fly = 22 * stage.phase
    for dx, dy, size in ((40, -2, 8), (58, -14, 12), (78, -32, 16)):
        _prop(stage, turned(heart(min(x + dx + fly * 0.3, 206), y + dy - fly * 0.4, size), 14, x + dx, y + dy), HEART)


def small_hearts(stage: Stage) -> None:
    for x, y, size in ((198.0, 50.0, 10), (212, 74, 7)):
        _prop(stage, heart(x, y + _float(stage, 5), size), PINK)


def dots(stage: Stage) -> None:
    x, y = stage.crown
    shown = 3 if not stage.phase else 1 + int(stage.phase * 3)
    for k in range(shown):
        stage.style.flat(ellipse(x + 44 + 17 * k, y + 2, 6, 6), stage.style.ink)


def sweat(stage: Stage) -> None:
    x, y = stage.head.place((stage.build.head[0] * 0.8, -stage.build.high * 0.55))
    _prop(stage, drop(x + 8, y + 10 * stage.phase, 9), TEAR)


def many_sweat(stage: Stage) -> None:
    for side, up in ((-1, 0.4), (1, 0.4), (1, 0.85), (-1, 0.85)):
        x, y = stage.head.place((side * (stage.build.head[0] + 9), -stage.build.high * up))
        _prop(stage, turned(drop(x, y + 6 * stage.phase, 6), side * 32, x, y), TEAR)


def question(stage: Stage) -> None:
    """Two little clouds of confusion: spirals, which no reader takes for a letter."""
    x, y = stage.crown
    for dx, dy, radius in ((50, 6, 15), (76, 32, 9)):
        _line(stage, spiral(x + dx, y + dy, radius, 1.9, 2 * math.pi * stage.phase), 4.4, BLUE)


def sparkles(stage: Stage) -> None:
    glint = 1 + 0.2 * math.sin(2 * math.pi * stage.phase)
    for x, y, size in ((32.0, 56.0, 15), (52, 30, 9), (206, 52, 14), (218, 84, 8)):
        _prop(stage, star(x, y, size * glint, 4, 0.34), GOLD)


def confetti(stage: Stage) -> None:
    for k in range(14):
        side = -1 if k % 2 else 1
        x = 120 + side * stage.rng.uniform(66, 104)
        y = stage.rng.uniform(16, 120) + 26 * stage.phase
        piece = turned(box(x - 5, y - 3, 10, 6, 1.5), stage.rng.uniform(0, 180), x, y)
        _flat(stage, piece, CONFETTI[k % len(CONFETTI)])


def notes(stage: Stage) -> None:
    """Musical notes."""
    for x, y, shift in ((38.0, 58.0, 0.0), (204, 44, 0.4), (214, 98, 0.7)):
        y += _float(stage, 6, shift)
        _flat(stage, turned(ellipse(x, y, 8, 6), -18, x, y), PURPLE)
        _line(stage, polygon([(x + 6.5, y - 1), (x + 6.5, y - 25)], close=False), 3.4, PURPLE)
        _line(stage, smooth([(x + 6.5, y - 25), (x + 15, y - 18), (x + 15, y - 10)], close=False), 3.4, PURPLE)


def moon(stage: Stage) -> None:
    _prop(
        stage, smooth([(40, 16), (24, 28), (20, 46), (32, 62), (52, 64), (62, 56), (46, 50), (38, 38), (38, 26)]), GOLD
    )
    glint = 1 + 0.3 * math.sin(2 * math.pi * stage.phase)
    for x, y, size in ((74.0, 24.0, 7), (200, 30, 9), (216, 62, 6)):
        _prop(stage, star(x, y, size * glint, 5), "#ffe9a0")


def bubbles(stage: Stage) -> None:
    """Sleep as rising bubbles."""
    for k, (dx, dy, radius) in enumerate(((46, 2, 7), (62, -14, 10), (84, -32, 13))):
        x, y = stage.crown
        swell = 1 + (0.12 * math.sin(2 * math.pi * (stage.phase + k / 3)) if stage.phase else 0)
        center = (min(x + dx, 218.0), max(y + dy + 24, 24.0))
        _flat(stage, ellipse(*center, radius * swell, radius * swell), "#cfe6ff", 0.9)
        _line(stage, ellipse(*center, radius * swell, radius * swell), 2.6, BLUE)


def nose_bubble(stage: Stage) -> None:
    x, y = stage.mouth
    size = 13 + 4 * math.sin(2 * math.pi * stage.phase)
    _flat(stage, ellipse(x + 17, y - 3, size, size), "#d6ecff", 0.92)
    _line(stage, ellipse(x + 17, y - 3, size, size), 2.4, BLUE)


def sun(stage: Stage) -> None:
    x, y = 190, 46 - _float(stage, 3)
    for k in range(10):
        _line(
            stage,
            turned(polygon([(x, y - 27), (x, y - 37)], close=False), 36 * k + 36 * stage.phase, x, y),
            4.4,
            ORANGE,
        )
    _prop(stage, ellipse(x, y, 21, 21), GOLD)


def soul(stage: Stage) -> None:
    x, y = stage.crown
    x, y = x + 54, y + 8 - 6 * stage.phase
    ghost = smooth(
        [
            (x - 12, y + 26),
            (x - 16, y + 2),
            (x - 8, y - 16),
            (x + 9, y - 16),
            (x + 17, y + 2),
            (x + 10, y + 20),
            (x + 2, y + 15),
        ]
    )
    _prop(stage, ghost, "#eaf0ff")
    for dx in (-5, 6):
        stage.style.flat(ellipse(x + dx, y - 3, 2.4, 3.4), stage.style.ink)


def snow(stage: Stage) -> None:
    for x, y, size in ((34.0, 46.0, 11), (58, 22, 8), (204, 40, 12), (214, 92, 8), (26, 104, 8)):
        y += 14 * stage.phase
        for k in range(3):
            _line(stage, turned(polygon([(x - size, y), (x + size, y)], close=False), 60 * k + 15, x, y), 3, "#6fb6ee")


def shiver(stage: Stage) -> None:
    for side in (-1, 1):
        x, y = stage.head.place((side * (stage.build.head[0] + 13), 14))
        for k in range(2):
            a = x + side * 8 * k
            zig = [(a, y - 14), (a + 4, y - 7), (a - 3, y), (a + 4, y + 7), (a, y + 14)]
            _line(stage, smooth(zig, close=False), 3)


def thought(stage: Stage) -> None:
    x, y = stage.crown
    _prop(stage, ellipse(x + 38, y + 16, 4.5, 4.5), WHITE)
    _prop(stage, ellipse(x + 49, y + 6, 6.5, 6.5), WHITE)
    cloud = [(50, -14), (54, -34), (70, -38), (88, -40), (100, -26), (98, -10), (82, -2), (62, -4)]
    lift = max(0.0, 46 - y)
    shift = min(0.0, 226 - (x + 100))
    _prop(stage, smooth([(x + a + shift, y + b + lift) for a, b in cloud]), WHITE)


def thought_heart(stage: Stage) -> None:
    thought(stage)
    x, y = _thought_middle(stage)
    _flat(stage, heart(x, y, 11 + _float(stage, 1.5)), HEART)


def thought_bulb(stage: Stage) -> None:
    thought(stage)
    x, y = _thought_middle(stage)
    for k in range(3):
        _flat(stage, ellipse(x - 12 + 12 * k, y, 3.6, 3.6), "#6a7080")


def _thought_middle(stage: Stage) -> tuple[float, float]:
    x, y = stage.crown
    return x + 75 + min(0.0, 226 - (x + 100)), y - 20 + max(0.0, 46 - y)


def speed(stage: Stage) -> None:
    reach = 10 * stage.phase
    for y, x in ((96, 30), (126, 20), (156, 34)):
        _line(stage, polygon([(x - reach, y), (x + 30 - reach, y)], close=False), 4)
    cloud = smooth([(30, 190), (32, 178), (46, 174), (58, 180), (58, 191), (44, 194)])
    _prop(stage, cloud, "#e8e4dc")


def waving(stage: Stage) -> None:
    x, y = _hand(stage, "greet")
    for k in (0, 1):
        _line(
            stage, smooth([(x + 17 + 8 * k, y - 16), (x + 22 + 8 * k, y), (x + 17 + 8 * k, y + 16)], close=False), 3.4
        )


def lamp(stage: Stage) -> None:
    x = 196.0
    _line(stage, smooth([(x, GROUND), (x + 4, 120), (x - 6, 78)], close=False), 4.4, "#6a7080")
    _flat(stage, polygon([(x - 34, 92), (x + 8, 92), (x + 18, GROUND - 30), (x - 76, GROUND - 30)]), "#fff0a8", 0.45)
    _prop(stage, polygon([(x - 24, 66), (x + 2, 66), (x + 14, 92), (x - 38, 92)]), ORANGE)
    _prop(stage, box(x - 16, GROUND - 3, 34, 7, 3), "#6a7080")
    _prop(stage, smooth([(38, 22), (26, 32), (24, 46), (34, 58), (48, 58), (42, 48), (38, 36)]), GOLD)


def lantern(stage: Stage) -> None:
    for x, y in ((32.0, 58.0), (208.0, 58.0)):
        y += _float(stage, 3, x / 500)
        _line(stage, polygon([(x, y - 34), (x, y - 20)], close=False), 3, GOLD)
        _prop(stage, ellipse(x, y, 20, 18), RED)
        _line(stage, ellipse(x, y, 8, 17.5), 2, GOLD)
        _prop(stage, box(x - 9, y - 21, 18, 6, 2), GOLD)
        _prop(stage, box(x - 9, y + 15, 18, 6, 2), GOLD)
        for dx in (-5, 0, 5):
            _line(stage, polygon([(x + dx, y + 21), (x + dx, y + 35)], close=False), 2.4, RED)


def stop_cross(stage: Stage) -> None:
    x, y = stage.crown
    x, y = x + 62, y + 10
    for turn in (45, -45):
        _prop(stage, turned(box(x - 19, y - 5.5, 38, 11, 5), turn, x, y), RED)


def ring_ok(stage: Stage) -> None:
    x, y = stage.crown
    _line(stage, ellipse(x - 62, y + 14, 15, 15), 7, GREEN)


def burst(stage: Stage) -> None:
    x, y = stage.head.x, stage.head.y
    for angle in (-150, -125, -55, -30):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        _prop(stage, star(x + 84 * cos, max(y + 78 * sin, 18), 9, 4, 0.4, angle), GOLD)


def hush(stage: Stage) -> None:
    """A finger upright before the mouth."""
    from precompute.demo.cast.characters import limb_colour

    x, y = stage.mouth
    stage.style.shape(box(x - 6.5, y - 17, 13, 38, 6.5), limb_colour(stage.character, stage.palette))


Thing = Callable[[Stage], None]
