"""Drawing one figure: from the acting of a situation to strokes on a style's canvas, layer by layer."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from precompute.demo.art.colours import adjust
from precompute.demo.figure.acting import ACTING, Acting
from precompute.demo.figure.characters import (
    draw_behind_head,
    draw_collar,
    draw_crown,
    draw_head,
    draw_tail,
    draw_torso,
)
from precompute.demo.figure.faces import Face, draw_face
from precompute.demo.figure.poses import Rig, draw_arms, draw_legs, draw_lying_legs, pose
from precompute.demo.figure.props import PROPS, Scene
from precompute.demo.palettes import Palette

if TYPE_CHECKING:
    from precompute.demo.art.base import ArtStyle

#: Size of the figure with and without a caption below it, and where its middle (120, 104) goes.
CAPTIONED, ALONE = (0.92, 100.5), (1.03, 121.0)


def draw_figure(
    style: ArtStyle,
    character: str,
    situation: str,
    rng: random.Random,
    phase: float = 0.0,
    *,
    captioned: bool = False,
) -> None:
    """Draw `character` acting `situation` on `style.canvas` (240 x 240 units, y down).

    `phase` in [0, 1) is the moment of a loop, 0 its still image; the same rng state draws the same figure.
    `captioned` leaves the strip below y = 198 free.
    """
    acting = ACTING[situation]
    palette = _jittered(style.palette, rng)
    tilt, ear = acting.tilt + rng.uniform(-3, 3), rng.uniform(-7, 7)
    dx, size = rng.uniform(-2, 2), rng.uniform(0.97, 1.0)
    scale, middle = CAPTIONED if captioned else ALONE
    bounce, sway, turn, shake = _motion(acting.motion, phase)
    canvas = style.canvas
    canvas.save()
    canvas.translate(120 + dx + shake, middle)
    canvas.rotate(turn)
    canvas.scale(scale * size, scale * size)
    canvas.translate(-120, -104)
    own = 0.96 if character != "rabbit" else 0.92
    rig = _sized(pose(character, acting.stance, tilt=tilt, bounce=bounce, sway=sway), own)
    scene = Scene(style, character, rig, acting.gesture, palette, phase)
    swing = math.sin(2 * math.pi * phase)
    _props(scene, acting, "back")
    _body(scene, acting, swing)
    _head(scene, acting, ear + 4 * swing)
    _props(scene, acting, "held")
    draw_arms(style, character, rig, acting.gesture, phase, palette, front=True)
    _props(scene, acting, "front")
    canvas.restore()


def _sized(rig: Rig, head: float) -> Rig:
    """The rig with a smaller head, where head and torso are two pieces."""
    if rig.build.blob:
        return rig
    return replace(rig, head=replace(rig.head, sx=head, sy=head))


def _jittered(palette: Palette, rng: random.Random) -> Palette:
    """Hues turned by up to 1 % of the circle, all of them together."""
    turn, saturation = rng.uniform(-0.01, 0.01), rng.uniform(0.95, 1.05)
    return Palette(
        adjust(palette.body, turn=turn, saturation=saturation),
        adjust(palette.body2, turn=turn, saturation=saturation),
        adjust(palette.dark, turn=turn, saturation=saturation),
        adjust(palette.accent, turn=turn),
        palette.blush,
    )


def _motion(kind: str, phase: float) -> tuple[float, float, float, float]:
    """(bounce up, sway of the head, turn of the figure in degrees, shake sideways); all 0 at phase 0."""
    once, twice = math.sin(2 * math.pi * phase), math.sin(4 * math.pi * phase)
    hop = abs(math.sin(math.pi * phase))
    return {
        "bounce": (4.5 * hop, 0.0, 0.0, 0.0),
        "shake": (1.5 * hop, 0.0, 0.0, 2.5 * twice),
        "tremble": (0.0, 0.8 * twice, 0.0, 1.6 * twice),
        "breathe": (2.2 * once, 0.0, 0.0, 0.0),
        "sway": (0.0, 2.5 * once, 1.8 * once, 0.0),
        "nod": (-3.0 * hop, 0.0, 0.0, 0.0),
        "wave": (1.5 * hop, 0.0, 1.2 * once, 0.0),
        "run": (4.0 * abs(twice), 0.0, 0.0, 1.5 * once),
        "kick": (1.0 * once, 0.0, 0.0, 0.0),
        "refuse": (0.0, 4.0 * once, 0.0, 0.0),
    }[kind]


def _props(scene: Scene, acting: Acting, layer: str) -> None:
    for name in acting.props:
        if PROPS[name].layer == layer:
            PROPS[name].draw(scene)


def _body(scene: Scene, acting: Acting, swing: float) -> None:
    """Draw the parts that the head overlaps: tail, back arms, legs, torso."""
    style, character, rig = scene.style, scene.character, scene.rig
    lying = acting.stance in ("lie", "sprawl")
    if lying:
        draw_lying_legs(style, character, rig, scene.palette, kick=5 * swing, up=acting.stance == "lie")
    elif not rig.build.blob and acting.stance not in ("bed", "peek", "behind", "bow"):
        with rig.torso.on(style.canvas):
            draw_tail(style, character, 9 * swing, scene.palette)
    draw_arms(style, character, rig, acting.gesture, scene.phase, scene.palette, front=False)
    if not rig.knees or rig.build.blob:
        draw_legs(style, character, rig, scene.palette)
    if not rig.build.blob:
        with rig.torso.on(style.canvas):
            draw_torso(style, character, rig.build, scene.palette)
            if not lying and acting.stance != "bow":
                draw_collar(style, character, rig.build, scene.palette)
        if rig.knees:
            draw_legs(style, character, rig, scene.palette)
        _props(scene, acting, "worn")


def _head(scene: Scene, acting: Acting, ear: float) -> None:
    style, character, rig = scene.style, scene.character, scene.rig
    with rig.head.on(style.canvas):
        draw_behind_head(style, character, ear, scene.palette)
        draw_head(style, character, rig.build, scene.palette)
        if not acting.hat:
            draw_crown(style, character, scene.palette)
        face = Face(style, character, rig.build, scene.palette, scene.phase)
        draw_face(face, acting.eyes, acting.brows, acting.mouth, acting.blush)
        _props(scene, acting, "head")
    if rig.build.blob:
        _props(scene, acting, "worn")
