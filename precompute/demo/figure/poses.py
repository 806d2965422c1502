"""Poses: how a body stands, sits, lies or runs (stances), and what its arms do (gestures)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.art.colours import mix
from precompute.demo.figure.characters import BUILDS, Build, foot_colour, limb_colour
from precompute.demo.palettes import Palette
from precompute.demo.paths import Frame, Point, ellipse, limb, polygon, turned, union

if TYPE_CHECKING:
    from precompute.demo.art.base import ArtStyle

#: The line feet stand on.
GROUND = 193.0

Feet = tuple[tuple[Point, Point], tuple[Point, Point]]


@dataclass(frozen=True, slots=True)
class Rig:
    """A body in one stance: the places of head and torso, and the two legs as (hip, foot) on the sticker.

    soles: whether the feet show their soles to the viewer; knees: whether the knees are drawn up in front of the torso.
    """

    build: Build
    head: Frame
    torso: Frame
    legs: Feet | None
    soles: bool = False
    knees: bool = False

    def shoulder(self, side: int) -> Point:
        dx, dy = self.build.shoulder
        frame = self.head if self.build.blob else self.torso
        return frame.place((side * dx, dy))

    def on_head(self, point: Point) -> Point:
        """The position on the sticker of a point given for a head of half width 58."""
        rx, _ = self.build.head
        stretch = max(1.0, self.head.sx)
        return self.head.place((point[0] * rx / 58 / stretch, point[1]))

    def on_chest(self, point: Point) -> Point:
        """The position on the sticker of a point around the middle of the torso; below the face for blobs."""
        if self.build.blob:
            reach = 1.35 if abs(point[0]) > 20 else 1.0
            return self.head.place((point[0] * reach, 46 + point[1] * 0.5))
        return self.torso.place(point)


@dataclass(frozen=True, slots=True)
class Stance:
    """Offsets of head and torso from standing, and the feet; blobs squash (`squash` < 1) or stretch instead."""

    head: Point = (0.0, 0.0)
    head_angle: float = 0.0
    torso: Point = (0.0, 0.0)
    torso_angle: float = 0.0
    torso_size: Point = (1.0, 1.0)
    feet: tuple[Point, Point] | None = ((-18.0, 0.0), (18.0, 0.0))
    soles: bool = False
    knees: bool = False
    squash: float = 1.0
    lift: float = 0.0
    lean: float = 0.0
    blob_shift: float = 0.0


STANCES: dict[str, Stance] = {
    "stand": Stance(),
    "sit": Stance(
        head=(0, 9), torso=(0, 9), torso_size=(1.05, 0.95), feet=((-38, -8), (38, -8)), soles=True, squash=0.92
    ),
    "jump": Stance(head=(0, -4), torso=(0, -12), feet=((-32, -14), (32, -14)), squash=1.06, lift=12),
    "dance": Stance(
        head=(4, 0), head_angle=8, torso=(-3, -3), torso_angle=-9, feet=((-16, 0), (42, -22)), lean=9, squash=1.03
    ),
    "run": Stance(
        head=(6, 0), head_angle=6, torso=(-8, -5), torso_angle=16, feet=((-50, -14), (30, -1)), lean=13, lift=5
    ),
    "knees": Stance(
        head=(0, 15), torso=(0, 9), torso_size=(1.08, 0.95), feet=((-17, -3), (17, -3)), knees=True, squash=0.84
    ),
    "bow": Stance(head=(0, 50), torso=(0, -38), torso_size=(1.4, 1.0), feet=None, squash=0.72),
    "lie": Stance(
        head=(-34, 38),
        head_angle=-5,
        torso=(28, 16),
        torso_angle=-76,
        torso_size=(0.8, 1.35),
        feet=None,
        squash=0.66,
        blob_shift=-4,
    ),
    "sprawl": Stance(
        head=(-36, 54),
        head_angle=-16,
        torso=(26, 23),
        torso_angle=-84,
        torso_size=(0.72, 1.45),
        feet=None,
        squash=0.58,
        blob_shift=-14,
    ),
    "bed": Stance(head=(0, 10), torso=(0, -2), feet=None, squash=0.95, lift=24),
    "behind": Stance(head=(0, 6), torso=(0, 2), feet=None, squash=0.97, lift=28),
    "peek": Stance(head=(0, 10), torso=(0, -2), feet=None, squash=0.95, lift=24),
}


def pose(character: str, stance: str, *, tilt: float = 0.0, bounce: float = 0.0, sway: float = 0.0) -> Rig:
    """The rig of a character in a stance; `bounce` lifts all but the feet, `sway` shifts the head sideways."""
    build, plan = BUILDS[character], STANCES[stance]
    if build.blob:
        sy = plan.squash * (1 + bounce * 0.004)
        sx = 1 / math.sqrt(plan.squash) * (1 - bounce * 0.002)
        rise = 7 if build.legs == "claws" and plan.feet is not None else 0
        foot = GROUND - plan.lift - rise
        head = Frame(120 + plan.blob_shift + sway, foot - build.low * sy, plan.lean + tilt * 0.6, sx, sy)
        legs: Feet | None = None
        if build.legs == "claws" and plan.feet is not None:
            base = head.place((0, build.low - 8))
            (lx, ly), (rx, ry) = plan.feet
            legs = (
                ((base[0] - 17, base[1]), (120 + lx, GROUND + ly - 1)),
                ((base[0] + 17, base[1]), (120 + rx, GROUND + ry - 1)),
            )
        return Rig(build, head, head, legs, plan.soles, plan.knees)
    lower = build.lower if abs(plan.torso_angle) < 45 else 0.0
    head = Frame(120 + plan.head[0] + sway, 86 + lower + plan.head[1] - bounce, plan.head_angle + tilt)
    torso = Frame(
        120 + plan.torso[0] + sway * 0.4,
        155 + lower * 0.3 + plan.torso[1] - bounce * 0.7,
        plan.torso_angle,
        *plan.torso_size,
    )
    if plan.feet is None:
        return Rig(build, head, torso, None)
    widen = (build.hip - 16) * 0.8
    (lx, ly), (rx, ry) = plan.feet
    hips = torso.place((-build.hip, build.torso[1] * 0.6)), torso.place((build.hip, build.torso[1] * 0.6))
    feet = (120 + lx - widen, GROUND - 7 + ly), (120 + rx + widen, GROUND - 7 + ry)
    return Rig(build, head, torso, ((hips[0], feet[0]), (hips[1], feet[1])), plan.soles, plan.knees)


# -- legs ------------------------------------------------------------------------------------------------------------


def draw_legs(style: ArtStyle, character: str, rig: Rig, palette: Palette) -> None:
    if rig.legs is None:
        return
    for side, (hip, foot) in zip((-1, 1), rig.legs, strict=True):
        if rig.build.legs == "claws":
            _claw(style, hip, foot, side, palette)
        elif rig.soles:
            _sole(style, character, hip, foot, side, palette)
        elif rig.knees:
            _knee(style, character, foot, side, palette)
        else:
            _leg(style, character, rig, hip, foot, side, palette)


def _claw(style: ArtStyle, hip: Point, foot: Point, side: int, palette: Palette) -> None:
    colour = palette.accent
    style.line(polygon([hip, foot], close=False), 5.5, colour)
    for toe in (-9, 1, 9):
        style.line(polygon([foot, (foot[0] + toe + side * 2, foot[1] + 3)], close=False), 5, colour)


def _sole(style: ArtStyle, character: str, hip: Point, foot: Point, side: int, palette: Palette) -> None:
    style.shape(
        limb(hip, ((hip[0] + foot[0]) / 2, foot[1]), foot, lambda t: 12 - t),
        limb_colour(character, palette),
        shade=False,
    )
    style.shape(turned(ellipse(*foot, 14, 16), side * 16, *foot), foot_colour(character, palette), shade=False)
    pad = palette.accent if character in ("cat", "frog") else palette.body2 if character != "panda" else "#8a8a94"
    if character in ("rabbit", "dog"):
        pad = palette.dark
    style.mark(ellipse(foot[0], foot[1] + 4, 6.5, 5.5), pad)
    for toe in (-7, 0, 7):
        style.mark(ellipse(foot[0] + toe + side, foot[1] - 6 + abs(toe) * 0.25, 2.4, 2.6), pad)


def _knee(style: ArtStyle, character: str, foot: Point, side: int, palette: Palette) -> None:
    """A shin that stands before the torso, knee on top."""
    knee = foot[0] + side * 3, foot[1] - 33
    style.shape(
        limb(knee, (foot[0] + side * 5, foot[1] - 16), foot, lambda t: 13 - 2 * t),
        limb_colour(character, palette),
        shade=False,
    )
    style.shape(ellipse(foot[0] + side * 4, foot[1] + 1, 15, 8.5), foot_colour(character, palette), shade=False)


def _leg(style: ArtStyle, character: str, rig: Rig, hip: Point, foot: Point, side: int, palette: Palette) -> None:
    bend = (hip[0] + foot[0]) / 2 + side * 3, (hip[1] + foot[1]) / 2
    width = rig.build.arm + 2.5
    style.shape(limb(hip, bend, foot, lambda _: width), limb_colour(character, palette), shade=False)
    long, high = (19, 7.5) if rig.build.legs == "webs" else (15, 9)
    angle = 0.0
    if foot[1] < GROUND - 15:
        angle = side * -38.0
    style.shape(
        turned(ellipse(foot[0] + side * 4, foot[1], long, high), angle, *foot),
        foot_colour(character, palette),
        shade=False,
    )


# -- arms ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """The place of one hand. part: "head" or "chest"; to: a point there (x counted outwards); elbow: bends the arm
    outwards (> 0) or inwards; front: whether it is drawn in front of the head; swing: how far it moves in an animation.
    """

    part: str
    to: Point
    elbow: float = 8.0
    front: bool = False
    swing: Point = (0.0, 0.0)
    thumb: bool = False
    finger: Point | None = None


@dataclass(frozen=True, slots=True)
class Gesture:
    """Pose of the left (x < 0) and the right arm."""

    left: Reach
    right: Reach


def both(reach: Reach) -> Gesture:
    return Gesture(reach, reach)


DOWN = Reach("chest", (43, 16), 4)
HIP = Reach("chest", (29, 12), 30, front=True)
HOLD = Reach("chest", (17, 4), 16, front=True, swing=(0, 2))

GESTURES: dict[str, Gesture] = {
    "down": both(DOWN),
    "out": both(Reach("chest", (52, 4), 2, swing=(2, 4))),
    "up": both(Reach("head", (74, -30), 12, swing=(4, 7))),
    "stretch": Gesture(Reach("head", (66, -46), 18, swing=(2, 4)), Reach("head", (74, -30), 16, swing=(2, 4))),
    "belly": both(Reach("chest", (11, 4), 22, front=True, swing=(2, 2))),
    "hips": both(HIP),
    "cheeks": both(Reach("head", (46, 24), 14, front=True, swing=(1, 2))),
    "hugging": both(Reach("chest", (60, -16), 4, front=True, swing=(6, 5))),
    "hold": both(HOLD),
    "pray": both(Reach("chest", (5, -12), 26, front=True, swing=(0, 4))),
    "crossed": both(Reach("chest", (-19, -1), 16, front=True)),
    "barred": both(Reach("chest", (-27, -30), 34, front=True, swing=(2, 0))),
    "ring": both(Reach("head", (7, -58), 124, front=True, swing=(0, 2))),
    "shivering": both(Reach("chest", (-14, -6), 22, front=True, swing=(2, 2))),
    "shrug": both(Reach("chest", (57, -14), -8, swing=(0, 4))),
    "knees": both(Reach("chest", (7, 12), 30, front=True)),
    "floor": both(Reach("head", (64, 36), 16)),
    "edge": both(Reach("head", (42, 42), 6, front=True)),
    "desk": both(Reach("chest", (35, 12), 16, front=True, swing=(0, 3))),
    "wave": Gesture(DOWN, Reach("head", (70, -14), 16, swing=(9, 5))),
    "thumb": Gesture(HIP, Reach("chest", (60, -12), 10, front=True, swing=(0, 5), thumb=True)),
    "chin": Gesture(Reach("chest", (13, 8), 18, front=True), Reach("head", (22, 44), 22, front=True)),
    "scratch": Gesture(DOWN, Reach("head", (42, -34), 34, front=True, swing=(4, 3))),
    "salute": Gesture(DOWN, Reach("head", (47, -20), 34, front=True, swing=(0, 1), finger=(-13, -7))),
    "hush": Gesture(HIP, Reach("head", (6, 44), 26, front=True, finger=(0, -23))),
    "fist": Gesture(HIP, Reach("head", (72, -34), 10, swing=(3, 6))),
    "carry": Gesture(
        Reach("chest", (48, 22), 10, front=True, swing=(2, 2)), Reach("head", (70, -14), 14, swing=(6, 6))
    ),
    "raise": Gesture(DOWN, Reach("head", (70, 10), 14, swing=(3, 5))),
    "sip": Gesture(Reach("chest", (8, 10), 20, front=True), Reach("chest", (24, 2), 14, front=True)),
    "limp": Gesture(Reach("head", (56, 36), 10), Reach("head", (60, 40), 6, front=True)),
    "phone": Gesture(Reach("head", (46, 36), 6, front=True), Reach("head", (66, 22), 4, front=True, swing=(0, 2))),
    "none": both(Reach("none", (0, 0))),
}


def hand_at(rig: Rig, gesture: str, side: int, phase: float = 0.0) -> Point:
    """The position of the hand of the left (-1) or right (1) arm on the sticker."""
    reach = GESTURES[gesture].left if side < 0 else GESTURES[gesture].right
    swing = math.sin(2 * math.pi * phase)
    point = side * (reach.to[0] + reach.swing[0] * swing), reach.to[1] - reach.swing[1] * swing
    return rig.on_head(point) if reach.part == "head" else rig.on_chest(point)


def arm_colour(character: str, palette: Palette) -> str:
    """A colour slightly darker than the body, so that an arm stands out from belly and face."""
    colour = limb_colour(character, palette)
    return colour if colour == palette.dark else mix(colour, palette.dark, 0.22)


def draw_arms(
    style: ArtStyle, character: str, rig: Rig, gesture: str, phase: float, palette: Palette, *, front: bool
) -> None:
    """Draw the arms behind the head (front=False) or in front of it."""
    for side in (-1, 1):
        reach = GESTURES[gesture].left if side < 0 else GESTURES[gesture].right
        if reach.part != "none" and reach.front == front:
            _arm(style, character, rig, reach, side, hand_at(rig, gesture, side, phase), palette)


def _arm(style: ArtStyle, character: str, rig: Rig, reach: Reach, side: int, hand: Point, palette: Palette) -> None:
    build = rig.build
    shoulder = rig.shoulder(side)
    middle = (shoulder[0] + hand[0]) / 2 + side * reach.elbow, (shoulder[1] + hand[1]) / 2 + abs(reach.elbow) * 0.35
    width: Callable[[float], float] = lambda t: build.arm + (build.hand - build.arm) * max(0.0, t - 0.6)  # noqa: E731
    parts = [limb(shoulder, middle, hand, width), ellipse(*hand, build.hand, build.hand)]
    if reach.thumb:
        thumb_end = hand[0] - side * 1, hand[1] - build.hand - 13
        parts.append(
            limb((hand[0] - side * 2, hand[1] - 3), (hand[0] - side * 4, hand[1] - 12), thumb_end, lambda _: 6.2)
        )
        parts.append(ellipse(hand[0] + side * 3, hand[1], build.hand + 2, build.hand))
    if reach.finger is not None:
        tip = hand[0] + side * reach.finger[0], hand[1] + reach.finger[1]
        parts.append(limb(hand, ((hand[0] + tip[0]) / 2, (hand[1] + tip[1]) / 2), tip, lambda _: 5.2))
    style.shape(union(*parts), arm_colour(character, palette), shade=False)
    if reach.thumb:
        fold = style.ink if limb_colour(character, palette) != palette.dark else palette.body2
        for k in (-2.0, 3.0):
            knuckle = polygon([(hand[0] + side * 1, hand[1] + k), (hand[0] + side * 8, hand[1] + k)], close=False)
            style.line(knuckle, 1.8, fold)


# -- the rest of a lying body ----------------------------------------------------------------------------------------


def draw_lying_legs(style: ArtStyle, character: str, rig: Rig, palette: Palette, *, kick: float, up: bool) -> None:
    """Draw the feet of a character that lies on its belly, head to the left: in the air, or stretched out."""
    if rig.build.blob:
        if rig.build.legs == "claws":
            for k, dx in ((1, 0.0), (-1, 10.0)):
                base = rig.head.place((48 + dx, 34))
                tip = base[0] + 16, base[1] - (20 if up else -8) + k * kick
                _claw(style, base, tip, 1, palette)
        return
    for k, dx in ((1, 0.0), (-1, 13.0)):
        hip = 172 + dx, 172.0
        foot = (188 + dx * 0.9, 138 + k * kick) if up else (206.0 - dx * 0.2, 187 - dx * 0.6)
        bend = (206 + dx * 0.4, 166.0) if up else (190.0, 184.0)
        style.shape(limb(hip, bend, foot, lambda _: 9.5), limb_colour(character, palette), shade=False)
        style.shape(
            ellipse(*foot, 10, 12) if up else ellipse(*foot, 12, 9), foot_colour(character, palette), shade=False
        )
