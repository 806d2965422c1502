"""Faces: eyes, brows, mouths, muzzles, blush; drawn around the middle of the head."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precompute.demo.figure.characters import Build
from precompute.demo.palettes import Palette
from precompute.demo.paths import (
    arc,
    box,
    drop,
    ellipse,
    heart,
    mirrored,
    polygon,
    smooth,
    spiral,
    star,
    turned,
)

if TYPE_CHECKING:
    from precompute.demo.art.base import ArtStyle

TEAR, TEAR_LIGHT = "#6fc3ff", "#d3efff"
MOUTH, TONGUE = "#7a2438", "#ff7f94"
HEART, GOLD = "#ff3f68", "#ffd84a"


@dataclass(frozen=True, slots=True)
class Face:
    """The context of a facial feature: the pen, the character, and the moment of the animation."""

    style: ArtStyle
    character: str
    build: Build
    palette: Palette
    phase: float

    @property
    def line(self) -> float:
        return self.style.face_line

    @property
    def lid(self) -> str:
        """The colour of eyes that are only lines; white on the panda's patches."""
        return "#ffffff" if self.character == "panda" else self.style.ink

    def eye_at(self, side: int) -> tuple[float, float]:
        return side * self.build.eyes[0], self.build.eyes[1]


# -- eyes ------------------------------------------------------------------------------------------------------------


def _ball(face: Face, x: float, y: float, rx: float, ry: float, *, look: tuple[float, float] = (0, 0)) -> None:
    """An open, shining eye; `look` shifts the gaze. The panda's has a white rim, so that it shows on its patch."""
    style, size = face.style, face.build.eye
    rx, ry = rx * size, ry * size
    if face.character == "panda":
        style.flat(ellipse(x, y, rx + 3.2, ry + 2.8), "#ffffff")
    x, y = x + look[0], y + look[1]
    style.flat(ellipse(x, y, rx, ry), style.ink)
    style.flat(ellipse(x - rx * 0.28, y - ry * 0.38, rx * 0.42, ry * 0.36), "#ffffff")
    style.flat(ellipse(x + rx * 0.36, y + ry * 0.38, rx * 0.22, ry * 0.18), "#ffffff")


def _dot(face: Face, x: float, y: float, side: int) -> None:
    if face.character == "capybara":
        _ball(face, x, y + 1, 8, 9)
        face.style.flat(box(x - 12, y - 12, 24, 9), face.palette.body)
        face.style.line(polygon([(x - 11, y - 3), (x + 11, y - 3)], close=False), face.line)
    else:
        _ball(face, x, y, 8.5, 11)
    del side


def _happy(face: Face, x: float, y: float, side: int) -> None:
    face.style.line(arc(x, y + 5, 11, 12), face.line * 1.1, face.lid)
    del side


def _wink(face: Face, x: float, y: float, side: int) -> None:
    if side > 0:
        _happy(face, x, y, side)
    else:
        _ball(face, x, y, 9, 11.5)


def _squint(face: Face, x: float, y: float, side: int) -> None:
    bow = polygon([(x + side * 10, y - 8), (x - side * 8, y), (x + side * 10, y + 8)], close=False)
    face.style.line(bow, face.line * 1.15, face.lid)


def _closed(face: Face, x: float, y: float, side: int) -> None:
    face.style.line(arc(x, y + 1, 11, -8), face.line * 1.1, face.lid)
    del side


def _lashes(face: Face, x: float, y: float, side: int) -> None:
    """Lowered lids with lashes: bashful."""
    _closed(face, x, y, side)
    for k in (-7, 0, 7):
        y0 = y + 7 - abs(k) * 0.35
        face.style.line(polygon([(x + k, y0), (x + 1.4 * k, y0 + 6)], close=False), face.line * 0.7, face.lid)


def _stream(face: Face, x: float, y: float, side: int) -> None:
    """Eyes pressed shut above two rivers of tears."""
    low = face.build.low if not face.build.blob else 48.0
    wave = 2.5 * math.sin(2 * math.pi * face.phase)
    river = smooth(
        [
            (x - 7, y + 5),
            (x - 8 + wave, y + 20),
            (x - 10, low - 4),
            (x, low),
            (x + 10, low - 4),
            (x + 8 + wave, y + 20),
            (x + 7, y + 5),
        ]
    )
    face.style.flat(river, face.style.tint(TEAR), 0.95)
    face.style.line(
        smooth([(x, y + 12), (x - 1 + wave, y + 24), (x, low - 8)], close=False), 2.6, face.style.tint(TEAR_LIGHT)
    )
    face.style.line(arc(x, y - 1, 12, -7), face.line * 1.15, face.lid)
    del side


def _teary(face: Face, x: float, y: float, side: int) -> None:
    """Big, swimming puppy eyes."""
    style, shake = face.style, math.sin(2 * math.pi * face.phase)
    _ball(face, x, y, 12, 14.5)
    style.flat(
        smooth(
            [(x - 9.5, y + 6), (x - 3, y + 4.5), (x + 3, y + 7), (x + 9.5, y + 5), (x + 6, y + 12), (x - 6, y + 12)]
        ),
        style.tint(TEAR),
        0.9,
    )
    style.flat(ellipse(x - 3 + shake, y - 5, 4.4, 4.6), "#ffffff")
    style.flat(ellipse(x + 5 + shake, y + 1, 2.2, 2.2), "#ffffff")
    style.flat(drop(x + side * 9, y + 15 + 2 * shake, 4), style.tint(TEAR))


def _angry(face: Face, x: float, y: float, side: int) -> None:
    """Round eyes cut off by slanting lids."""
    import skia

    ball = ellipse(x, y + 1, 10, 11)
    cut = polygon([(x - side * 14, y - 2), (x + side * 14, y - 11), (x + side * 14, y + 16), (x - side * 14, y + 16)])
    if face.character == "panda":
        face.style.flat(skia.Op(ellipse(x, y + 1, 13, 14), cut, skia.PathOp.kIntersect_PathOp), "#ffffff")
    face.style.flat(skia.Op(ball, cut, skia.PathOp.kIntersect_PathOp), face.style.ink)
    face.style.flat(ellipse(x - side * 2, y + 3, 2.8, 2.8), "#ffffff")
    face.style.line(polygon([(x - side * 12, y - 1), (x + side * 13, y - 11)], close=False), face.line * 1.2, face.lid)


def _wide(face: Face, x: float, y: float, side: int) -> None:
    face.style.flat(ellipse(x, y - 1, 15, 16.5), "#ffffff")
    face.style.line(ellipse(x, y - 1, 15, 16.5), face.line * 0.8)
    face.style.flat(ellipse(x, y - 1, 4.2, 4.6), face.style.ink)
    del side


def _heart(face: Face, x: float, y: float, side: int) -> None:
    size = 14 + 1.6 * math.sin(2 * math.pi * face.phase)
    if face.character == "panda":
        face.style.flat(heart(x, y + 1, size + 3), "#ffffff")
    face.style.flat(heart(x, y + 1, size), face.style.tint(HEART))
    face.style.flat(ellipse(x - 5, y - 5, 2.8, 2.4), "#ffffff", 0.85)
    del side


def _star(face: Face, x: float, y: float, side: int) -> None:
    """Eyes that sparkle with determination."""
    _ball(face, x, y, 12, 14)
    face.style.flat(ellipse(x, y, 11 * face.build.eye, 13 * face.build.eye), face.style.ink)
    face.style.flat(star(x, y + 0.5, 10, 5, 0.45, 18 * math.sin(2 * math.pi * face.phase)), face.style.tint(GOLD))
    del side


def _flat(face: Face, x: float, y: float, side: int) -> None:
    """Half shut and unimpressed."""
    face.style.flat(box(x - 6.5, y, 13, 9.5, 5), face.lid)
    face.style.line(polygon([(x - 12, y), (x + 12, y)], close=False), face.line * 1.25, face.lid)
    del side


def _sideways(face: Face, x: float, y: float, side: int) -> None:
    """Half shut, the gaze to the right."""
    if face.character == "panda":
        face.style.flat(box(x - 12, y - 4, 24, 15, 7), "#ffffff")
    face.style.flat(box(x + 0.5, y - 4, 11.5, 14, 5.5), face.style.ink)
    face.style.flat(ellipse(x + 4.5, y + 1, 2, 2.2), "#ffffff")
    face.style.line(polygon([(x - 12, y - 4), (x + 12, y - 4)], close=False), face.line * 1.2, face.lid)
    del side


def _uneven(face: Face, x: float, y: float, side: int) -> None:
    """Draw a puzzled eye: one wide, the other narrowed."""
    if side < 0:
        _ball(face, x, y - 1, 10.5, 13.5)
    else:
        _ball(face, x, y + 2, 7, 7)


def _up(face: Face, x: float, y: float, side: int) -> None:
    """Looking up and to the right, the white of the eye showing below."""
    face.style.flat(ellipse(x, y, 12, 13.5), "#ffffff")
    face.style.line(ellipse(x, y, 12, 13.5), face.line * 0.7)
    face.style.flat(ellipse(x + 3.5, y - 5, 6.5, 7), face.style.ink)
    face.style.flat(ellipse(x + 1.5, y - 8, 2.2, 2.2), "#ffffff")
    del side


def _swirl(face: Face, x: float, y: float, side: int) -> None:
    curl = spiral(x, y, 13, 2.3, start=side * 2 * math.pi * face.phase)
    face.style.line(curl, face.line * 0.75, face.lid)


def _drowsy(face: Face, x: float, y: float, side: int) -> None:
    """Heavy lids and bags under them."""
    if face.character == "panda":
        face.style.flat(box(x - 11, y, 22, 12, 8), "#ffffff")
    face.style.flat(arc(x, y + 1, 8.5, -11), face.style.ink)
    face.style.line(polygon([(x - 12, y), (x + 12, y)], close=False), face.line * 1.15, face.lid)
    face.style.line(
        arc(x, y + 15, 8, -3.5), face.line * 0.6, face.style.tint("#7a6aa8") if face.character != "panda" else "#ffffff"
    )
    del side


def _dazed(face: Face, x: float, y: float, side: int) -> None:
    """Feverish: lids drooping outwards, pupils faint."""
    _ball(face, x, y + 2, 8, 8.5)
    lid = polygon([(x - side * 11, y - 7), (x + side * 13, y + 0)], close=False)
    if face.character != "panda":
        face.style.flat(
            polygon([(x - side * 12, y - 7), (x + side * 14, y + 0), (x + side * 13, y - 10), (x - side * 10, y - 14)]),
            face.palette.body,
        )
    face.style.line(lid, face.line * 1.1, face.lid)


def _shades(face: Face, x: float, y: float, side: int) -> None:
    """Sunglasses; the bridge is drawn with the left glass."""
    style = face.style
    reach = min(face.build.eyes[0] - 3, 22.0)
    if side < 0:
        style.line(polygon([(x, y - 6), (-x, y - 6)], close=False), 6.0, "#2b2b33")
    glass = smooth(
        [
            (x - reach, y - 10),
            (x, y - 12),
            (x + reach, y - 10),
            (x + reach * 0.8, y + 9),
            (x, y + 14),
            (x - reach * 0.8, y + 9),
        ]
    )
    style.prop(glass, "#2b2b33")
    shift = 5 * math.sin(2 * math.pi * face.phase)
    style.line(polygon([(x - 9 + shift, y + 5), (x - 2 + shift, y - 6)], close=False), 3.2, style.tint("#bfe6ff"))
    style.line(polygon([(x - 1 + shift, y + 5), (x + 4 + shift, y - 3)], close=False), 2.4, style.tint("#bfe6ff"))


EYES: dict[str, Callable[[Face, float, float, int], None]] = {
    "dot": _dot,
    "happy": _happy,
    "wink": _wink,
    "squint": _squint,
    "closed": _closed,
    "lashes": _lashes,
    "stream": _stream,
    "teary": _teary,
    "angry": _angry,
    "wide": _wide,
    "heart": _heart,
    "star": _star,
    "flat": _flat,
    "sideways": _sideways,
    "uneven": _uneven,
    "up": _up,
    "swirl": _swirl,
    "drowsy": _drowsy,
    "dazed": _dazed,
    "shades": _shades,
}

BROW_GAP = 21.0


def draw_brow(face: Face, kind: str, side: int) -> None:
    """Draw one brow: sad, angry, up, flat or uneven."""
    x, y = face.eye_at(side)
    y -= BROW_GAP
    if kind == "none":
        return
    lines = {
        "sad": [(x + side * 11, y + 5), (x, y + 1), (x - side * 8, y - 5)],
        "angry": [(x + side * 13, y - 5), (x, y + 1), (x - side * 10, y + 9)],
        "up": [(x - 9, y), (x, y - 5), (x + 9, y)],
        "flat": [(x - 10, y + 5), (x + 10, y + 5)],
        "uneven": [(x - 10, y - 3), (x, y - 8), (x + 10, y - 3)] if side < 0 else [(x - 9, y + 8), (x + 9, y + 4)],
    }
    face.style.line(smooth(lines[kind], close=False), face.line * (1.35 if kind == "angry" else 0.95))


# -- muzzle and mouth ------------------------------------------------------------------------------------------------


def draw_muzzle(face: Face) -> None:
    """Draw nose, snout, whiskers: everything around the mouth that does not depend on its expression."""
    style, (x, y) = face.style, face.build.mouth
    if face.character in ("dog", "seal", "panda"):
        if face.character != "panda":
            style.mark(ellipse(x, y - 1, 25, 17), face.palette.body2)
        style.flat(ellipse(x, y - 10, 7.5, 5.5), style.ink)
        style.flat(ellipse(x - 2.5, y - 12, 2.2, 1.5), "#ffffff")
    elif face.character in ("cat", "rabbit"):
        style.flat(smooth([(x - 5, y - 11), (x, y - 12), (x + 5, y - 11), (x, y - 6)]), style.tint("#f0708a"))
    elif face.character == "capybara":
        for side in (-1, 1):
            style.flat(turned(ellipse(x + side * 12, y - 19, 3.2, 5), side * 24, x + side * 12, y - 19), style.ink)
    elif face.character == "dino":
        for side in (-1, 1):
            style.flat(ellipse(x + side * 6, y - 11, 2, 2.6), style.ink)
    elif face.character == "frog":
        for side in (-1, 1):
            style.flat(ellipse(x + side * 5, y - 9, 1.7, 2), style.ink)
    if face.character in ("cat", "seal"):
        reach = face.build.blush[0]
        for side in (-1, 1):
            for k in (0, 1):
                start, end = (side * (reach + 6), y - 4 + 9 * k), (side * (reach + 24), y - 8 + 12 * k)
                if face.character == "seal":
                    start, end = (side * 28, y + 7 * k), (side * 46, y - 3 + 10 * k)
                style.line(polygon([start, end], close=False), 2.2)


def _open(face: Face, half: float, height: float, *, tongue: bool = True) -> None:
    """A wide open mouth, flat above and round below."""
    style, (x, y) = face.style, face.build.mouth
    half *= face.build.mouth_width
    path = smooth(
        [
            (x, y - 1),
            (x + half * 0.7, y - 3),
            (x + half, y),
            (x + half * 0.7, y + height * 0.72),
            (x, y + height),
            (x - half * 0.7, y + height * 0.72),
            (x - half, y),
            (x - half * 0.7, y - 3),
        ]
    )
    style.flat(path, style.tint(MOUTH) if not style.monochrome else style.ink)
    if tongue:
        with style.clipped(path):
            style.flat(ellipse(x, y + height, half * 0.62, height * 0.45), style.tint(TONGUE))
    style.line(path, face.line * 0.7)


def _big(face: Face) -> None:
    _open(face, 20, 22 + 2 * math.sin(2 * math.pi * face.phase))


def _smile_open(face: Face) -> None:
    _open(face, 13, 14)


def _wail(face: Face) -> None:
    style, (x, y) = face.style, face.build.mouth
    w, gape = face.build.mouth_width, 2 * math.sin(2 * math.pi * face.phase)
    path = smooth(
        [
            (x, y - 5),
            (x + 13 * w, y + 1),
            (x + 19 * w, y + 17 + gape),
            (x, y + 14 + gape),
            (x - 19 * w, y + 17 + gape),
            (x - 13 * w, y + 1),
        ]
    )
    style.flat(path, style.tint(MOUTH) if not style.monochrome else style.ink)
    with style.clipped(path):
        style.flat(ellipse(x, y + 15, 9 * w, 5), style.tint(TONGUE))
    style.line(path, face.line * 0.8)


def _oval(face: Face, rx: float, ry: float) -> None:
    style, (x, y) = face.style, face.build.mouth
    path = ellipse(x, y + ry * 0.55, rx * face.build.mouth_width, ry)
    style.flat(path, style.tint(MOUTH) if not style.monochrome else style.ink)
    with style.clipped(path):
        style.flat(ellipse(x, y + ry * 1.4, rx * 0.8, ry * 0.45), style.tint(TONGUE))
    style.line(path, face.line * 0.7)


def _gasp(face: Face) -> None:
    _oval(face, 11, 14)


def _yawn(face: Face) -> None:
    _oval(face, 13, 13 + 3 * math.sin(2 * math.pi * face.phase))


def _small_o(face: Face) -> None:
    _oval(face, 5, 6)


def _teeth(face: Face) -> None:
    style, (x, y) = face.style, face.build.mouth
    half = 18 * face.build.mouth_width
    path = smooth(
        [
            (x - half, y + 12),
            (x - half * 0.85, y - 1),
            (x, y - 3),
            (x + half * 0.85, y - 1),
            (x + half, y + 12),
            (x, y + 11),
        ]
    )
    style.flat(path, "#ffffff")
    style.line(path, face.line * 0.85)
    style.line(smooth([(x - half * 0.9, y + 5), (x, y + 3.5), (x + half * 0.9, y + 5)], close=False), face.line * 0.55)
    for k in (-0.5, 0, 0.5):
        style.line(polygon([(x + half * k, y - 1), (x + half * k, y + 10)], close=False), face.line * 0.55)


def _grimace(face: Face) -> None:
    """Teeth shown sideways: a smile that would rather be elsewhere."""
    style, (x, y) = face.style, face.build.mouth
    half = 17 * face.build.mouth_width
    path = box(x - half, y, 2 * half, 11, 5.5)
    style.flat(path, "#ffffff")
    style.line(path, face.line * 0.8)
    zigzag = [(x - half + 2 * half * i / 8, y + 5.5 + (2.2 if i % 2 else -2.2)) for i in range(9)]
    style.line(polygon(zigzag, close=False), face.line * 0.6)


def _bow(face: Face, half: float, rise: float) -> None:
    x, y = face.build.mouth
    face.style.line(arc(x, y + 2, half * face.build.mouth_width, rise), face.line)


def _smile(face: Face) -> None:
    _bow(face, 13, -9)


def _frown(face: Face) -> None:
    x, y = face.build.mouth
    face.style.line(arc(x, y + 10, 13 * face.build.mouth_width, 9), face.line * 1.05)


def _line(face: Face) -> None:
    x, y = face.build.mouth
    half = 13 * face.build.mouth_width
    face.style.line(polygon([(x - half, y + 5), (x + half, y + 5)], close=False), face.line * 1.1)


def _cat(face: Face) -> None:
    x, y = face.build.mouth
    w = 8 * face.build.mouth_width
    for side in (-1, 1):
        face.style.line(arc(x + side * w, y, w, -8), face.line * 0.95)


def _wavy(face: Face) -> None:
    x, y = face.build.mouth
    w, shift = face.build.mouth_width, 2 * math.sin(2 * math.pi * face.phase)
    points = [
        (x - 16 * w, y + 6),
        (x - 8 * w, y + 1 + shift),
        (x, y + 8 - shift),
        (x + 8 * w, y + 1 + shift),
        (x + 16 * w, y + 6),
    ]
    face.style.line(smooth(points, close=False), face.line)


def _pout(face: Face) -> None:
    """A trembling lower lip."""
    x, y = face.build.mouth
    shake = 1.2 * math.sin(4 * math.pi * face.phase)
    face.style.line(arc(x + shake, y + 9, 11 * face.build.mouth_width, 9), face.line * 1.1)
    face.style.line(arc(x + shake, y + 14, 5, 2), face.line * 0.7)


def _smirk(face: Face) -> None:
    x, y = face.build.mouth
    w = face.build.mouth_width
    face.style.line(
        smooth([(x - 12 * w, y + 5), (x, y + 8), (x + 11 * w, y + 2), (x + 16 * w, y - 6)], close=False),
        face.line * 1.1,
    )


def _tongue(face: Face) -> None:
    """A grin that licks its lips."""
    style, (x, y) = face.style, face.build.mouth
    lick = smooth([(x + 2, y + 5), (x + 14, y + 2), (x + 15, y + 14), (x + 8, y + 18), (x + 3, y + 13)])
    _open(face, 15, 15, tongue=False)
    style.flat(lick, style.tint(TONGUE))
    style.line(lick, face.line * 0.5)


def _kiss(face: Face) -> None:
    """Puckered lips: two small bows and a rosy middle."""
    style, (x, y) = face.style, face.build.mouth
    style.flat(ellipse(x + 1, y + 5, 6.5, 8), style.tint("#ff5f7f"))
    style.line(
        smooth([(x - 3, y - 4), (x + 7, y - 1), (x, y + 5), (x + 7, y + 10), (x - 3, y + 14)], close=False),
        face.line * 0.95,
    )


def _chatter(face: Face) -> None:
    """Teeth that chatter: a zigzag."""
    x, y = face.build.mouth
    half, jolt = 17 * face.build.mouth_width, 2 if (2 * face.phase) % 1 >= 0.5 else 0
    points = [(x - half + 2 * half * i / 6, y + 4 + jolt + (4 if i % 2 else -4)) for i in range(7)]
    face.style.line(polygon(points, close=False), face.line * 1.05)


def _drool(face: Face) -> None:
    style, (x, y) = face.style, face.build.mouth
    _smile(face)
    style.prop(drop(x + 13 * face.build.mouth_width, y + 11 + 2 * math.sin(2 * math.pi * face.phase), 4.5), TEAR)


def _chew(face: Face) -> None:
    """Full cheeks and a small busy mouth."""
    x, y = face.build.mouth
    munch = 2 * math.sin(2 * math.pi * face.phase)
    for side in (-1, 1):
        face.style.line(arc(x + side * 5, y + munch * 0.5, 5, -6), face.line * 0.95)
        face.style.line(
            smooth([(x + side * 26, y - 5), (x + side * 31, y + 3 + munch), (x + side * 26, y + 11)], close=False),
            face.line * 0.7,
        )


MOUTHS: dict[str, Callable[[Face], None]] = {
    "big": _big,
    "open": _smile_open,
    "wail": _wail,
    "gasp": _gasp,
    "yawn": _yawn,
    "o": _small_o,
    "teeth": _teeth,
    "grimace": _grimace,
    "smile": _smile,
    "frown": _frown,
    "line": _line,
    "cat": _cat,
    "wavy": _wavy,
    "pout": _pout,
    "smirk": _smirk,
    "tongue": _tongue,
    "kiss": _kiss,
    "chatter": _chatter,
    "drool": _drool,
    "chew": _chew,
}

#: Opening of a beak for each mouth; shut for a mouth that is missing.
BEAK_GAPE = {"big": 15.0, "open": 9.0, "wail": 15.0, "gasp": 14.0, "yawn": 14.0, "o": 6.0, "teeth": 7.0, "tongue": 9.0}
#: Direction of a shut beak's corners: up for smiles, down for sorrow.
BEAK_CORNER = {
    "smile": -3.0,
    "cat": -3.0,
    "smirk": -4.0,
    "drool": -2.0,
    "frown": 4.5,
    "pout": 4.5,
    "wavy": 3.0,
    "chatter": 3.0,
}


def _beak(face: Face, mouth: str) -> None:
    """The chick speaks with its beak: open, or shut with telling corners."""
    style, (x, y) = face.style, face.build.mouth
    colour, gape = face.palette.accent, BEAK_GAPE.get(mouth, 0.0)
    if gape:
        gape += 1.5 * math.sin(2 * math.pi * face.phase)
        style.prop(smooth(mirrored([(0, y + 3 - 3), (12, y + 1), (9, y + gape * 0.8), (0, y + gape + 3)])), colour)
        style.flat(
            ellipse(x, y + gape * 0.42, 9, gape * 0.42 + 1), style.tint(MOUTH) if not style.monochrome else style.ink
        )
        style.flat(ellipse(x, y + gape * 0.68, 5.5, gape * 0.2 + 0.8), style.tint(TONGUE))
        style.prop(smooth(mirrored([(0, y - 10), (8, y - 6), (15, y + 1), (0, y + 1)])), colour)
        return
    corner = BEAK_CORNER.get(mouth, 0.0)
    style.prop(smooth(mirrored([(0, y - 8), (8, y - 5), (15, y + 1 + corner * 0.6), (8, y + 7), (0, y + 9)])), colour)
    seam = smooth([(x - 13, y + 1 + corner), (x, y + 1.5 - corner * 0.3), (x + 13, y + 1 + corner)], close=False)
    style.line(seam, face.line * 0.6)


def draw_mouth(face: Face, mouth: str) -> None:
    if face.character == "chick":
        _beak(face, mouth)
    else:
        MOUTHS[mouth](face)


def draw_blush(face: Face, strength: float) -> None:
    """Draw rosy cheeks: soft ovals, or three short strokes in styles without soft colours."""
    style, (dx, y) = face.style, face.build.blush
    if strength <= 0:
        return
    colour = style.tint(face.palette.blush)
    for side in (-1, 1):
        style.flat(ellipse(side * dx, y, 9.5 * strength, 6 * strength), colour, 0.62 if strength <= 1 else 0.85)
        if strength > 1:
            for k in (-6, 0, 6):
                style.line(
                    polygon([(side * dx + k + 2, y - 4), (side * dx + k - 2, y + 4)], close=False),
                    2.0,
                    style.tint("#e8495a"),
                )


def draw_face(face: Face, eyes: str, brows: str, mouth: str, blush: float) -> None:
    """Draw the whole face, from the cheeks up."""
    draw_blush(face, blush)
    draw_muzzle(face)
    draw_mouth(face, mouth)
    for side in (-1, 1):
        x, y = face.eye_at(side)
        EYES[eyes](face, x, y, side)
    for side in (-1, 1):
        if eyes != "shades":
            draw_brow(face, brows, side)
