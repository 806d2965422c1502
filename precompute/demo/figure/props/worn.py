"""Props that a figure wears: capes, ties, hats, glasses, a scarf, what a sick one has on its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precompute.demo.figure.props.scene import BLUE, CREAM, DEEP_RED, GOLD, RED, ROSE, YELLOW, Scene
from precompute.demo.paths import arc, box, ellipse, limb, mirrored, polygon, smooth, star, turned, union

if TYPE_CHECKING:
    import skia


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
    """A scarf wound around the neck, one end hanging."""
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
