"""The stage: where head, torso, arms and legs are in each body pose, and how they are drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.cast.characters import (
    Build,
    Palette,
    draw_behind_head,
    draw_collar,
    draw_crown,
    draw_head,
    draw_tail,
    draw_torso,
    foot_colour,
    limb_colour,
)
from precompute.demo.cast.faces import Face, draw_face
from precompute.demo.cast.paths import Frame, Point, ellipse, limb, turned

if TYPE_CHECKING:
    from precompute.demo.art.base import ArtStyle

#: The ground a standing figure's feet touch, in drawing units; a caption begins below.
GROUND = 192.0


@dataclass(frozen=True, slots=True)
class Pose:
    """A body pose. head: offset of the head; lift: how far all of it leaves the ground; legs: how they are drawn."""

    head: Point = (0.0, 0.0)
    head_tilt: float = 0.0
    body_tilt: float = 0.0
    squash: float = 1.0
    lift: float = 0.0
    legs: str = "stand"
    shift: float = 0.0


POSES: dict[str, Pose] = {
    "stand": Pose(),
    "lean": Pose(head=(4, 2), head_tilt=9, body_tilt=4),
    "jump": Pose(head_tilt=-4, lift=12, legs="jump"),
    "sit": Pose(head=(0, 10), squash=0.88, legs="sit"),
    "slump": Pose(head=(3, 17), head_tilt=8, squash=0.8, legs="sit"),
    "knees": Pose(head=(0, 16), squash=0.84, legs="knees"),
    "bow": Pose(head=(-10, 26), head_tilt=-10, squash=0.86, body_tilt=-8, legs="kneel", shift=6),
    "run": Pose(head=(12, 2), head_tilt=7, body_tilt=13, lift=5, legs="run", shift=-6),
    "lie": Pose(head=(-34, 40), head_tilt=-12, legs="lie", shift=2),
    "bed": Pose(head=(0, 30), head_tilt=9, legs="hidden"),
    "peek": Pose(head=(0, 22), head_tilt=-6, legs="hidden"),
    "dance": Pose(head=(-5, 0), head_tilt=-12, body_tilt=10, lift=4, legs="dance"),
    "stretch": Pose(head=(0, -2), head_tilt=-5, squash=1.05, legs="stand"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One figure in one pose at one moment: the pen, the frames of its parts, and points things are held at."""

    style: ArtStyle
    character: str
    build: Build
    palette: Palette
    pose: Pose
    head: Frame
    torso: Frame
    phase: float
    rng: random.Random

    def cheek(self, side: int) -> Point:
        return self.head.place((side * (self.build.blush[0] + 6), self.build.blush[1] + 3))

    def eye(self, side: int) -> Point:
        return self.head.place((side * self.build.eyes[0], self.build.eyes[1]))

    @property
    def mouth(self) -> Point:
        return self.head.place(self.build.mouth)

    @property
    def chin(self) -> Point:
        return self.head.place((0, min(self.build.low, self.build.mouth[1] + 26)))

    @property
    def crown(self) -> Point:
        return self.head.place((0, -self.build.high))

    @property
    def chest(self) -> Point:
        return self.head.place((0, 44)) if self.build.blob else self.torso.place((0, -2))

    def shoulder(self, side: int) -> Point:
        x, y = self.build.shoulder
        frame = self.head if self.build.blob else self.torso
        return frame.place((side * x, y))

    def beside(self, side: int, out: float, down: float) -> Point:
        """A point `out` units outside and `down` units below the shoulder."""
        x, y = self.shoulder(side)
        return x + side * out, y + down


def set_stage(
    style: ArtStyle, character: str, build: Build, palette: Palette, pose: Pose, phase: float, rng: random.Random
) -> Stage:
    """Place the parts of a character in a pose."""
    middle = 120 + pose.shift
    if build.blob:
        stretch = 1 / max(pose.squash, 0.9)
        head = Frame(
            middle + pose.head[0] * 0.5,
            GROUND - build.low * build.scale * pose.squash - pose.lift,
            pose.head_tilt,
            build.scale * stretch,
            build.scale * pose.squash,
        )
        if pose.legs in ("hidden", "lie"):
            head = Frame(head.x, head.y + (-4 if pose.legs == "hidden" else 6), head.angle, head.sx, head.sy)
        return Stage(style, character, build, palette, pose, head, head, phase, rng)
    height = build.torso[1] * pose.squash
    torso = Frame(middle, GROUND - 4 - height - pose.lift, pose.body_tilt, 1.0, pose.squash)
    if pose.legs == "lie":
        torso = Frame(middle + 28, GROUND - 4 - build.torso[0], 82, 1.0, 1.25)
    low = build.low * build.scale
    head = Frame(
        middle + pose.head[0],
        GROUND - 62 - low + build.lower * 0.3 + pose.head[1] - pose.lift,
        pose.head_tilt,
        build.scale,
        build.scale,
    )
    return Stage(style, character, build, palette, pose, head, torso, phase, rng)


def draw_body(stage: Stage) -> None:
    """Tail, legs, torso: what lies behind the head."""
    if stage.build.blob:
        _blob_feet(stage)
        return
    style, palette = stage.style, stage.palette
    sway = 14 * stage.phase
    if stage.pose.legs != "lie":
        with stage.torso.on(style.canvas):
            draw_tail(style, stage.character, sway, palette)
    _LEGS[stage.pose.legs](stage)
    with stage.torso.on(style.canvas):
        draw_torso(style, stage.character, stage.build, palette)
        draw_collar(style, stage.character, stage.build, palette)


def draw_head_and_face(stage: Stage, eyes: str, brows: str, mouth: str, blush: float) -> None:
    """Ears, head, face, and what the character wears on top."""
    style = stage.style
    ear = 6 * stage.phase
    with stage.head.on(style.canvas):
        draw_behind_head(style, stage.character, ear, stage.palette)
        draw_head(style, stage.character, stage.build, stage.palette)
        draw_crown(style, stage.character, stage.palette)
        draw_face(Face(style, stage.character, stage.build, stage.palette, stage.phase), eyes, brows, mouth, blush)


# -- legs --------------------------------------------------------------------------------------------------------------


def _foot(stage: Stage, x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> None:
    colour = foot_colour(stage.character, stage.palette)
    stage.style.shape(turned(ellipse(x, y, rx, ry), turn, x, y), colour, shade=False)


def _leg(stage: Stage, start: Point, knee: Point, end: Point, half: float = 9.0) -> None:
    colour = limb_colour(stage.character, stage.palette)
    stage.style.shape(limb(start, knee, end, lambda _: half), colour, shade=False)


def _stand(stage: Stage) -> None:
    for side in (-1, 1):
        _foot(stage, stage.torso.x + side * (stage.build.hip + 3), GROUND - stage.pose.lift - 2, 14, 8.5)


def _jump(stage: Stage) -> None:
    for side in (-1, 1):
        hip = stage.torso.place((side * stage.build.hip, 24))
        _leg(stage, hip, (hip[0] + side * 12, hip[1] + 4), (hip[0] + side * 17, hip[1] + 15), 8)
        _foot(stage, hip[0] + side * 22, hip[1] + 18, 11, 8, side * 30)


def _sit(stage: Stage) -> None:
    for side in (-1, 1):
        x = stage.torso.x + side * (stage.build.hip + 16)
        _foot(stage, x, GROUND - 4, 17, 10, side * -12)
        stage.style.mark(ellipse(x + side * 5, GROUND - 4, 5, 5.5), stage.palette.body2)


def _kneel(stage: Stage) -> None:
    for side in (-1, 1):
        _foot(stage, stage.torso.x + side * (stage.build.hip + 8) + 8, GROUND - 1, 19, 8)


def _knees(stage: Stage) -> None:
    _stand(stage)


def _run(stage: Stage) -> None:
    swing = 1 if stage.phase < 0.5 else -1
    for side in (-1, 1):
        hip = stage.torso.place((side * stage.build.hip * 0.7, 24))
        reach = side * swing
        end = (hip[0] + reach * 24, min(GROUND - 3, hip[1] + (17 if reach > 0 else 11)))
        _leg(stage, hip, (hip[0] + reach * 12, hip[1] + 12), end, 8.5)
        _foot(stage, end[0] + 4, end[1], 12, 8, -18 if reach > 0 else 38)


def _dance(stage: Stage) -> None:
    left, right = stage.torso.place((-stage.build.hip, 26)), stage.torso.place((stage.build.hip, 24))
    _leg(stage, left, (left[0] - 2, left[1] + 6), (left[0] - 4, GROUND - 6), 8.5)
    _foot(stage, left[0] - 6, GROUND - 2, 14, 8)
    _leg(stage, right, (right[0] + 14, right[1] + 2), (right[0] + 24, right[1] + 2), 8.5)
    _foot(stage, right[0] + 29, right[1] - 1, 9, 12, 24)


def _lie(stage: Stage) -> None:
    for side, y in ((-1, GROUND - 10), (1, GROUND - 26)):
        x = stage.torso.x + 46
        _leg(stage, (x - 22, y), (x - 8, y + side), (x + 4, y), 9)
        _foot(stage, x + 9, y - 3, 9, 12, 10)


def _hidden(_: Stage) -> None:
    """Under a blanket, behind a board: nothing to draw."""


def _blob_feet(stage: Stage) -> None:
    if stage.build.legs == "claws" and stage.pose.legs != "hidden":
        for side in (-1, 1):
            _foot(stage, stage.head.x + side * 20, stage.head.y + stage.build.low * stage.head.sy + 1, 13, 7)


_LEGS: dict[str, Callable[[Stage], None]] = {
    "stand": _stand,
    "jump": _jump,
    "sit": _sit,
    "kneel": _kneel,
    "knees": _knees,
    "run": _run,
    "dance": _dance,
    "lie": _lie,
    "hidden": _hidden,
}


# -- arms: a reach says where elbow and hand of one side are -------------------------------------------------------

Reach = Callable[[Stage, int], tuple[Point, Point]]


def _down(stage: Stage, side: int) -> tuple[Point, Point]:
    return stage.beside(side, 14, 12), stage.beside(side, 15, 34)


def _up(stage: Stage, side: int) -> tuple[Point, Point]:
    swing = 6 * _wave(stage.phase)
    return stage.beside(side, 34, -4), stage.beside(side, 36 + swing, -44)


def _high(stage: Stage, side: int) -> tuple[Point, Point]:
    top = stage.crown
    return stage.beside(side, 50, -34), (top[0] + side * 34, top[1] - 10)


def _out(stage: Stage, side: int) -> tuple[Point, Point]:
    swing = 5 * _wave(stage.phase)
    return stage.beside(side, 20, 6), stage.beside(side, 42, -10 - swing)


def _hip(stage: Stage, side: int) -> tuple[Point, Point]:
    return stage.beside(side, 36, 14), stage.beside(side, 6, 32)


def _cheek(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.cheek(side)
    return stage.beside(side, 22, 4), (x, y + 4)


def _mouth(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.mouth
    return stage.beside(side, 20, 12), (x + side * 9, y + 10)


def _chin(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chin
    return stage.beside(side, 20, 16), (x + side * 18, y - 4)


def _chest(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chest
    return stage.beside(side, 14, 20), (x + side * 10, y + 4)


def _hold(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chest
    return stage.beside(side, 16, 22), (x + side * 30, y + 6)


def _pray(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chest
    lift = 3 * _wave(stage.phase)
    return stage.beside(side, 18, 18), (x + side * 7, y - 10 - lift)


def _cross(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chest
    return (x + side * 34, y + 16), (x - side * 24, y - 14)


def _salute(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.eye(side)
    return stage.beside(side, 42, -8), (x + side * 20, y - 14)


def _greet(stage: Stage, side: int) -> tuple[Point, Point]:
    swing = 12 * _wave(stage.phase)
    return stage.beside(side, 34, 4), stage.beside(side, 40 + swing, -34)


def _raise(stage: Stage, side: int) -> tuple[Point, Point]:
    return stage.beside(side, 36, 10), stage.beside(side, 43, -22 - 4 * _wave(stage.phase))


def _tummy(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.chest
    return stage.beside(side, 22, 22), (x + side * 16, y + 16)


def _wide_open(stage: Stage, side: int) -> tuple[Point, Point]:
    reach = 4 * _wave(stage.phase)
    return stage.beside(side, 26, 16), stage.beside(side, 50 + reach, -6)


def _eyes(stage: Stage, side: int) -> tuple[Point, Point]:
    x, y = stage.eye(side)
    return stage.beside(side, 26, 4), (x + side * 10, y + 16)


REACHES: dict[str, Reach] = {
    "down": _down,
    "up": _up,
    "high": _high,
    "out": _out,
    "hip": _hip,
    "cheek": _cheek,
    "mouth": _mouth,
    "chin": _chin,
    "chest": _chest,
    "hold": _hold,
    "pray": _pray,
    "cross": _cross,
    "salute": _salute,
    "greet": _greet,
    "raise": _raise,
    "tummy": _tummy,
    "wide": _wide_open,
    "eyes": _eyes,
}

#: Reaches that pass behind the head; all others are drawn over everything.
BEHIND = frozenset({"down", "up", "high", "out", "hip", "wide"})


def draw_arm(stage: Stage, reach: str, side: int) -> Point:
    """One arm; returns where its hand is."""
    elbow, hand = REACHES[reach](stage, side)
    colour = limb_colour(stage.character, stage.palette)
    arm, grip = stage.build.arm, stage.build.hand
    path = limb(stage.shoulder(side), elbow, hand, lambda t: arm + (grip - arm) * max(0.0, t - 0.55) / 0.45)
    stage.style.shape(path, colour, shade=reach not in BEHIND)  # shading sets an arm off from the body it lies on
    return hand


def _wave(phase: float) -> float:
    """Up and down once a loop, 0 in the still image."""
    return 1 - abs(1 - 2 * phase) if phase else 0.0
