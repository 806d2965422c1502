"""Props before a figure, or over a figure that lies: a table, a cake, a laptop, books, a blanket."""

from __future__ import annotations

from precompute.demo.figure.props.scene import CREAM, DARK_WOOD, GOLD, GREEN, GREY, RED, STEEL, WOOD, YELLOW, Scene
from precompute.demo.paths import box, drop, ellipse, heart, polygon, smooth, star, turned, union


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
    """A laptop seen from behind, its light on the table, and a cup beside it."""
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
