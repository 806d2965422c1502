"""Figures: a character acting out a situation, painted with any art style's pen."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from precompute.demo.cast.acting import ACTING, Acting
from precompute.demo.cast.characters import BUILDS
from precompute.demo.cast.stage import (
    BEHIND,
    POSES,
    Stage,
    draw_arm,
    draw_body,
    draw_head_and_face,
    set_stage,
)

if TYPE_CHECKING:
    from precompute.demo.art.base import ArtStyle

#: How a figure is placed when a caption takes the strip below it, and when it has the sticker to itself.
CAPTIONED, ALONE = (0.94, 4.0), (1.06, 12.0)


def draw_figure(
    style: ArtStyle, character: str, situation: str, rng: random.Random, phase: float = 0.0, *, captioned: bool = True
) -> None:
    """Paint a character in a situation onto the style's canvas.

    phase: moment of the loop in [0, 1), 0 is the still image; captioned: leave y 198..236 free for the text.
    """
    acting = ACTING[situation]
    scale, lower = CAPTIONED if captioned else ALONE
    scale *= rng.uniform(0.96, 1.0)
    drift, tilt = rng.uniform(-4, 4), rng.uniform(-2.5, 2.5)
    dx, dy, turn = _motion(acting.motion, phase)
    canvas = style.canvas
    canvas.save()
    canvas.translate(120 + drift + dx, 108 + lower + dy)
    canvas.rotate(tilt + turn)
    canvas.scale(scale, scale)
    canvas.translate(-120, -108)
    try:
        stage = set_stage(style, character, BUILDS[character], style.palette, POSES[acting.pose], phase, rng)
        _perform(stage, acting)
    finally:
        canvas.restore()


def _perform(stage: Stage, acting: Acting) -> None:
    """Everything, back to front."""
    arms = [(reach, side) for reach, side in ((acting.left, -1), (acting.right, 1)) if reach]
    for thing in acting.behind:
        thing(stage)
    for reach, side in arms:
        if reach in BEHIND:
            draw_arm(stage, reach, side)
    draw_body(stage)
    draw_head_and_face(stage, acting.eyes, acting.brows, acting.mouth, acting.blush)
    for thing in acting.held:
        thing(stage)
    for reach, side in arms:
        if reach not in BEHIND:
            draw_arm(stage, reach, side)
    for thing in acting.around:
        thing(stage)


def _motion(kind: str, phase: float) -> tuple[float, float, float]:
    """(dx, dy, turn in degrees) of the whole figure at a moment of the loop."""
    wave = math.sin(2 * math.pi * phase)
    if kind == "bounce":
        return 0.0, -9 * abs(math.sin(math.pi * phase)), 0.0
    if kind == "shake":
        return 3 * math.sin(4 * math.pi * phase), -2 * abs(wave), 1.5 * wave
    if kind == "tremble":
        return 2.4 * math.sin(4 * math.pi * phase + 0.5), 0.0, 0.0
    if kind == "sway":
        return 3 * wave, 0.0, 5 * wave
    if kind == "nod":
        return 0.0, 4 * abs(wave), 2 * wave
    return 0.0, -2.5 * wave, 0.0
