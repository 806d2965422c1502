"""Figures: everybody plays every situation, inside the sticker, the same way for the same seed, and moves."""

from __future__ import annotations

import random

import numpy as np
import pytest

from precompute.demo.art.base import SIDE, ArtStyle
from precompute.demo.figure import draw_figure
from precompute.demo.figure.acting import ACTING
from precompute.demo.figure.characters import BUILDS
from precompute.demo.figure.faces import EYES, MOUTHS
from precompute.demo.figure.poses import GESTURES, STANCES
from precompute.demo.figure.props import PROPS
from precompute.demo.palettes import PALETTES
from precompute.demo.paths import Frame, bend, mirrored
from precompute.demo.situations import SITUATIONS

MARGIN = 6


def drawn(character: str, situation: str, *, seed: int = 1, phase: float = 0.0, captioned: bool = False) -> np.ndarray:
    """(240, 240, 4) uint8: a figure under the plain pen, one pixel per unit."""
    import skia

    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    surface = skia.Surface(pixels, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    style = ArtStyle(surface.getCanvas(), random.Random(seed), PALETTES[character])
    draw_figure(style, character, situation, random.Random(seed), phase, captioned=captioned)
    return pixels


def bounds(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Bounds (left, top, right, bottom, exclusive) of the visible pixels."""
    rows, columns = np.nonzero(pixels[..., 3] > 8)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_every_situation_is_acted_and_every_word_of_the_acting_is_known() -> None:
    assert ACTING.keys() == SITUATIONS.keys()
    assert PALETTES.keys() == BUILDS.keys()
    for acting in ACTING.values():
        assert acting.eyes in EYES
        assert acting.mouth in MOUTHS
        assert acting.stance in STANCES
        assert acting.gesture in GESTURES
        assert set(acting.props) <= PROPS.keys()


def test_no_prop_stance_or_gesture_lies_unused() -> None:
    assert {name for acting in ACTING.values() for name in acting.props} == PROPS.keys()
    assert {acting.stance for acting in ACTING.values()} == STANCES.keys()
    assert {acting.gesture for acting in ACTING.values()} == GESTURES.keys()


def test_no_two_situations_are_acted_alike() -> None:
    assert len({(a.eyes, a.brows, a.mouth, a.stance, a.gesture, a.props) for a in ACTING.values()}) == len(ACTING)


@pytest.mark.parametrize("character", PALETTES)
def test_figures_keep_their_margins_and_leave_the_caption_its_strip(character: str) -> None:
    for situation in ACTING:
        left, top, right, bottom = bounds(drawn(character, situation))
        assert min(left, top, SIDE - right, SIDE - bottom) >= MARGIN, situation
        left, top, right, bottom = bounds(drawn(character, situation, captioned=True))
        assert min(left, top, SIDE - right) >= MARGIN, situation
        assert bottom <= 198, situation
        assert right - left > 60, situation


@pytest.mark.parametrize("situation", ACTING)
def test_a_seed_decides_the_figure_and_the_phase_moves_it(situation: str) -> None:
    still = drawn("cat", situation)
    assert np.array_equal(still, drawn("cat", situation))
    assert not np.array_equal(still, drawn("cat", situation, seed=2))
    moved = np.abs(still.astype(int) - drawn("cat", situation, phase=0.3)).max(axis=2) > 40
    assert moved.sum() > 60


def test_a_frame_turns_a_part_clockwise_then_moves_it() -> None:
    assert Frame(10, 20, 90, 2, 1).place((3, 0)) == pytest.approx((10, 26))


def test_a_bent_limb_starts_and_ends_where_it_should() -> None:
    assert bend((0, 0), (5, 9), (10, 0), 0.0) == (0, 0)
    assert bend((0, 0), (5, 9), (10, 0), 0.5) == pytest.approx((5, 4.5))
    assert bend((0, 0), (5, 9), (10, 0), 1.0) == (10, 0)


def test_mirroring_keeps_the_points_on_the_axis_single() -> None:
    assert mirrored([(0, -1), (2, 0), (0, 1)]) == [(0, -1), (2, 0), (0, 1), (-2, 0)]
