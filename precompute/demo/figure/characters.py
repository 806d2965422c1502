"""Characters: the ten animals' proportions, torsos, tails and heads (without their faces)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.art.colours import mix
from precompute.demo.paths import (
    Point,
    box,
    ellipse,
    limb,
    mirrored,
    polygon,
    smooth,
    turned,
)

if TYPE_CHECKING:
    import skia

    from precompute.demo.art.base import ArtStyle
    from precompute.demo.palettes import Palette


@dataclass(frozen=True, slots=True)
class Build:
    """The proportions of a character in drawing units, around the middle of its head and of its torso.

    blob: whether head and torso are one piece, whose frame is the head's; low, high: distances from the head's middle
    down to its chin (blob: to the ground) and up to the bare top of the head.
    """

    head: Point
    low: float
    high: float
    torso: Point = (33.0, 36.0)
    shoulder: Point = (24.0, -18.0)
    arm: float = 8.0
    hand: float = 10.0
    hip: float = 16.0
    legs: str = "paws"
    eyes: Point = (25.0, 2.0)
    eye: float = 1.0
    mouth: Point = (0.0, 22.0)
    mouth_width: float = 1.0
    blush: Point = (42.0, 17.0)
    blob: bool = False
    scale: float = 1.0
    lower: float = 0.0


BUILDS: dict[str, Build] = {
    "cat": Build((59, 47), 47, 46, legs="paws"),
    "dog": Build((56, 49), 49, 48, eyes=(24, 0), mouth=(0, 23), torso=(34, 36)),
    "slime": Build(
        (64, 62), 62, 76, blob=True, shoulder=(56, 26), arm=9, hand=10.5, legs="none", eyes=(23, 4), mouth=(0, 24)
    ),
    "panda": Build((60, 50), 50, 49, torso=(40, 37), arm=9.5, hand=11, hip=20, eyes=(25, 3), mouth=(0, 26)),
    "rabbit": Build(
        (54, 46), 46, 45, torso=(31, 35), eyes=(23, 3), mouth=(0, 22), blush=(39, 18), scale=0.92, lower=11
    ),
    "chick": Build(
        (56, 58),
        60,
        58,
        blob=True,
        shoulder=(50, 18),
        arm=11,
        hand=9.5,
        legs="claws",
        eyes=(23, -6),
        mouth=(0, 15),
        blush=(39, 12),
        lower=-2,
    ),
    "frog": Build(
        (64, 43),
        43,
        55,
        torso=(36, 34),
        legs="webs",
        eyes=(31, -31),
        mouth=(0, 7),
        mouth_width=1.35,
        blush=(47, 6),
        lower=5,
    ),
    "seal": Build(
        (56, 62),
        64,
        60,
        blob=True,
        shoulder=(50, 30),
        arm=9.5,
        hand=11,
        legs="none",
        eyes=(25, -10),
        mouth=(0, 15),
        blush=(40, 11),
    ),
    "capybara": Build(
        (61, 45),
        45,
        42,
        torso=(43, 37),
        shoulder=(33, -16),
        arm=9,
        hand=10.5,
        hip=23,
        eyes=(38, -12),
        mouth=(0, 27),
        mouth_width=0.95,
        blush=(49, 9),
        lower=8,
    ),
    "dino": Build(
        (57, 47),
        47,
        46,
        torso=(37, 37),
        arm=8.5,
        hand=10,
        hip=18,
        eyes=(26, -2),
        mouth=(0, 20),
        mouth_width=1.1,
        blush=(42, 15),
        lower=5,
    ),
}

LIMB_DARK = frozenset({"panda", "seal", "chick", "capybara"})


def limb_colour(character: str, palette: Palette) -> str:
    return palette.dark if character in LIMB_DARK else palette.body


def foot_colour(character: str, palette: Palette) -> str:
    if character == "chick":
        return palette.accent
    return palette.dark if character in ("panda", "capybara", "frog") else palette.body


# -- torsos and tails: drawn around the torso's middle --------------------------------------------------------------


def draw_tail(style: ArtStyle, character: str, sway: float, palette: Palette) -> None:
    """Draw the tail, behind the torso, to its right; `sway` in degrees."""
    if character == "cat":
        width = 7.0
        curl = limb((22, 24), (74, 34), (58 + sway * 0.6, -18), lambda t: width - 1.0 * t)
        style.shape(curl, palette.dark, shade=False)
    elif character == "dog":
        style.shape(limb((24, 22), (52, 22), (52 + sway * 0.8, -6), lambda t: 8 - 3.5 * t), palette.dark, shade=False)
    elif character == "rabbit":
        style.shape(ellipse(35 + sway * 0.2, 20, 13, 12), palette.body2, shade=False)
    elif character == "panda":
        style.shape(ellipse(38, 22, 9, 8), palette.dark, shade=False)
    elif character == "dino":
        tip = (70 + sway * 0.3, 14 - sway * 0.3)
        for x, y in ((46, 14), (58, 15)):
            style.shape(polygon([(x - 7, y + 6), (x + 2, y - 9), (x + 8, y + 5)]), palette.accent, shade=False)
        style.shape(limb((18, 22), (52, 40), tip, lambda t: 14 - 11 * t), palette.body, shade=False)


def torso_path(build: Build) -> skia.Path:
    rx, ry = build.torso
    return smooth(
        mirrored(
            [(0, -ry), (rx * 0.62, -ry * 0.86), (rx * 0.92, -ry * 0.1), (rx, ry * 0.5), (rx * 0.7, ry * 0.94), (0, ry)]
        )
    )


def draw_torso(style: ArtStyle, character: str, build: Build, palette: Palette) -> None:
    """Draw the torso of a character whose head is a separate piece, with belly, scarf or collar."""
    rx, ry = build.torso
    whole = torso_path(build)
    style.shape(whole, palette.body)
    with style.clipped(whole):
        if character == "panda":
            style.mark(
                smooth(
                    [(-rx - 4, -ry - 4), (rx + 4, -ry - 4), (rx + 4, -ry * 0.3), (0, -ry * 0.12), (-rx - 4, -ry * 0.3)]
                ),
                palette.dark,
            )
        elif character == "capybara":
            style.mark(ellipse(0, ry * 0.5, rx * 0.62, ry * 0.6), palette.body2)
        else:
            style.mark(ellipse(0, ry * 0.32, rx * 0.62, ry * 0.62), palette.body2)
    if character == "dino":
        for k in (0.1, 0.38, 0.66):
            half = rx * (0.5 if k < 0.5 else 0.4)
            style.line(
                smooth([(-half, ry * k - 1), (0, ry * k + 2), (half, ry * k - 1)], close=False), 2.2, palette.dark
            )


def draw_collar(style: ArtStyle, character: str, build: Build, palette: Palette) -> None:
    """Draw collar and bell at the top of the torso, in front of it and below the head."""
    y = -build.torso[1] + 17
    if character == "dog":
        style.prop(box(-24, y - 4.5, 48, 9, 4.5), palette.accent)
        style.prop(ellipse(0, y + 7, 6, 6), "#ffcf40")
    elif character == "cat":
        style.prop(ellipse(0, y + 3, 6, 6), "#ffcf40")
        style.line(smooth([(-2.5, y + 4), (0, y + 5), (2.5, y + 4)], close=False), 1.6)


# -- heads: drawn around the head's middle ---------------------------------------------------------------------------


def head_path(character: str, build: Build) -> skia.Path:
    rx, ry = build.head
    if character == "slime":
        right: list[Point] = [
            (0, -76),
            (9, -68),
            (20, -56),
            (42, -40),
            (57, -12),
            (65, 26),
            (66, 46),
            (54, 60),
            (28, 62),
            (0, 62),
        ]
    elif character == "chick":
        right = [(0, -58), (32, -50), (51, -24), (57, 10), (50, 40), (29, 57), (0, 60)]
    elif character == "seal":
        right = [(0, -60), (30, -54), (49, -32), (54, -4), (58, 26), (64, 48), (52, 62), (26, 64), (0, 64)]
    elif character == "capybara":
        right = [(0, -42), (34, -42), (53, -33), (59, -8), (62, 18), (57, 38), (36, 45), (0, 46)]
    elif character == "frog":
        right = [(0, -36), (34, -35), (58, -18), (65, 8), (54, 32), (28, 42), (0, 43)]
    elif character == "dino":
        right = [(0, -46), (33, -40), (52, -18), (56, 6), (59, 22), (46, 42), (20, 47), (0, 47)]
    else:
        right = [
            (0, -ry),
            (rx * 0.56, -ry * 0.9),
            (rx * 0.92, -ry * 0.42),
            (rx, ry * 0.2),
            (rx * 0.82, ry * 0.72),
            (rx * 0.4, ry * 0.97),
            (0, ry),
        ]
    return smooth(mirrored(right))


def draw_behind_head(style: ArtStyle, character: str, ear: float, palette: Palette) -> None:
    """Draw ears, horns, spikes and fins that the head overlaps; `ear` turns them by a few degrees."""
    if character == "rabbit":
        upright = turned(smooth(mirrored([(0, -92), (11, -82), (13, -58), (9, -30), (0, -26)])), -10 - ear, -20, -34)
        upright.offset(-20, 0)
        style.shape(upright, palette.body, shade=False)
        inner = turned(smooth(mirrored([(0, -84), (5, -76), (6.5, -58), (4, -38), (0, -34)])), -10 - ear, -20, -34)
        inner.offset(-20, 0)
        style.mark(inner, palette.dark)
        bent = limb((22, -36), (30 + ear * 0.3, -96), (62, -60 + ear), lambda t: 11 + 2.5 * t)
        style.shape(bent, palette.body, shade=False)
        style.mark(limb((24, -46), (33 + ear * 0.3, -86), (60, -60 + ear), lambda t: 4.5 + 2 * t), palette.dark)
    elif character == "cat":
        for side in (-1, 1):
            outer = smooth(
                [
                    (side * 57, -8),
                    (side * 57, -42),
                    (side * 51, -66),
                    (side * 36, -58),
                    (side * 14, -42),
                    (side * 20, -8),
                ]
            )
            style.shape(turned(outer, side * ear * 0.5, side * 38, -30), palette.body, shade=False)
            inner = smooth(
                [
                    (side * 50, -26),
                    (side * 50, -44),
                    (side * 47, -55),
                    (side * 39, -50),
                    (side * 28, -40),
                    (side * 34, -26),
                ]
            )
            style.mark(turned(inner, side * ear * 0.5, side * 38, -30), palette.accent)
    elif character == "panda":
        for side in (-1, 1):
            style.shape(ellipse(side * 45, -40 + ear * 0.2, 20, 19), palette.dark, shade=False)
    elif character == "capybara":
        for side in (-1, 1):
            style.shape(
                turned(ellipse(side * 46, -41, 12, 11), side * (20 + ear), side * 46, -41), palette.body, shade=False
            )
            style.mark(ellipse(side * 46, -41, 6, 6), palette.dark)
    elif character == "frog":
        for side in (-1, 1):
            style.shape(ellipse(side * 31, -31, 23, 22), palette.body, shade=False)
    elif character == "dino":
        for x, y, turn, size in (
            (-26, -42, -26, 12),
            (0, -48, 0, 15),
            (26, -42, 26, 14),
            (46, -25, 52, 13),
            (56, -2, 82, 10),
        ):
            spike = polygon([(x - size * 0.85, y + 6), (x, y - size), (x + size * 0.85, y + 6)])
            style.shape(turned(spike, turn, x, y), palette.accent, shade=False)
    elif character == "chick":
        for x, turn in ((-7, -26), (7, 24), (0, 0)):
            style.shape(turned(ellipse(x, -65, 5.5, 12), turn + ear * 0.5, x, -54), palette.dark, shade=False)
    elif character == "seal":
        for turn in (-14, 26):
            fin = smooth([(44, 56), (58, 42), (78, 36), (86, 46), (76, 58), (56, 66)])
            style.shape(turned(fin, turn - ear * 0.5, 48, 58), palette.dark, shade=False)


def draw_head(style: ArtStyle, character: str, build: Build, palette: Palette) -> None:
    """Draw the head (or the whole blob) with its markings."""
    import skia

    whole = head_path(character, build)
    if character == "frog":
        # The bulges and the skull share their fill, so the seam between them has to go.
        style.shape(whole, palette.body, shade=False)
        for side in (-1, 1):
            bulge = ellipse(side * 31, -31, 23, 22)
            style.flat(skia.Op(bulge, ellipse(side * 30, -20, 40, 26), skia.PathOp.kIntersect_PathOp), palette.body)
    else:
        style.shape(whole, palette.body)
    with style.clipped(whole):
        _mark_head(style, character, palette)
    if character == "dog":
        for side in (-1, 1):
            flap = smooth(
                [
                    (side * 24, -46),
                    (side * 48, -50),
                    (side * 66, -26),
                    (side * 69, 6),
                    (side * 58, 18),
                    (side * 47, 4),
                    (side * 43, -20),
                ]
            )
            style.shape(flap, palette.dark)


def _mark_head(style: ArtStyle, character: str, palette: Palette) -> None:
    if character == "cat":
        for x, depth in ((-15, 15), (0, 20), (15, 15)):
            style.mark(polygon([(x - 4.5, -50), (x + 4.5, -50), (x, -46 + depth)]), palette.dark)
        for side in (-1, 1):
            style.mark(polygon([(side * 62, -6), (side * 62, 4), (side * 46, -2)]), palette.dark)
    elif character == "dog":
        style.mark(ellipse(27, -2, 21, 25), palette.dark)
    elif character == "panda":
        for side in (-1, 1):
            style.mark(turned(ellipse(side * 28, 5, 17, 21), side * 26, side * 28, 5), palette.dark)
    elif character == "slime":
        style.mark(ellipse(0, 58, 52, 9), palette.body2)
        style.mark(turned(ellipse(-34, -26, 4.5, 12), 32, -34, -26), palette.body2)
    elif character == "chick":
        style.mark(ellipse(0, 46, 31, 23), palette.body2)
    elif character == "seal":
        style.mark(ellipse(0, 52, 36, 25), palette.body2)
    elif character == "frog":
        style.mark(ellipse(0, 42, 44, 14), palette.body2)
    elif character == "dino":
        style.mark(ellipse(0, 30, 43, 24), palette.body2)
    elif character == "capybara":
        style.mark(box(-35, -4, 70, 60, 22), mix(palette.body, palette.dark, 0.42))


def draw_crown(style: ArtStyle, character: str, palette: Palette) -> None:
    """Draw what a character always wears on its head: the slime its crown, the capybara its orange."""
    if character == "slime":
        points: list[Point] = [(-21, -52), (-25, -79), (-11, -67), (0, -86), (11, -67), (25, -79), (21, -52)]
        style.prop(smooth_crown(points), palette.accent)
        style.flat(ellipse(0, -62, 4.5, 4.5), style.tint("#ff4f78"))
    elif character == "capybara":
        style.prop(ellipse(3, -54, 16, 15), palette.accent)
        style.prop(turned(smooth([(3, -68), (12, -77), (22, -74), (14, -66)]), -6, 3, -68), "#58b04a")
        style.line(polygon([(3, -67), (2, -72)], close=False), 2.6, style.tint("#6a4a2a"))


def smooth_crown(points: list[Point]) -> skia.Path:
    """A crown: straight spikes with balls, over a slightly bent rim."""
    path = polygon(points)
    rim = ellipse(0, points[0][1], abs(points[0][0]), 4)
    import skia

    return skia.Op(path, rim, skia.PathOp.kUnion_PathOp)
