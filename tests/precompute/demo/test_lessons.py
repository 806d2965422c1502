"""Lessons of the small LLaVA beside the variants, and what they never show."""

from __future__ import annotations

from precompute.demo.catalogue import plan_catalogue
from precompute.demo.lessons import plan_lessons
from precompute.demo.situations import SITUATIONS
from precompute.demo.variants import plan_variants

CATALOGUE = plan_catalogue(1)
VARIANTS = plan_variants(CATALOGUE, SITUATIONS, 1)
LESSONS = plan_lessons(VARIANTS, SITUATIONS, 1)


def triples(specs: tuple) -> set[tuple[str, str, str]]:
    return {(spec.character, spec.style, spec.situation) for spec in specs}


def test_nothing_held_out_is_ever_shown() -> None:
    shown = triples(VARIANTS.training) | triples(LESSONS.extra)
    assert not shown & LESSONS.held_out


def test_what_is_held_out_of_the_llava_was_held_out_of_its_vision_tower_too() -> None:
    for character, style, situation in LESSONS.held_out:
        in_series = f"{character}-{style}" in VARIANTS.held_out_series
        assert in_series or (character, style, situation) in VARIANTS.held_out_triples


def test_a_third_of_every_held_out_series_stays_hidden() -> None:
    for series in VARIANTS.held_out_series:
        hidden = [t for t in LESSONS.held_out if f"{t[0]}-{t[1]}" == series]
        assert len(hidden) == 16


def test_only_held_out_series_are_drawn_and_every_shown_triple_of_them() -> None:
    assert {spec.series for spec in LESSONS.extra} == VARIANTS.held_out_series
    assert len(triples(LESSONS.extra)) == len(VARIANTS.held_out_series) * 32


def test_no_drawing_is_one_of_the_catalogue_or_of_the_variants() -> None:
    seeds = [spec.seed for spec in (*CATALOGUE, *VARIANTS.training, *LESSONS.extra)]
    assert len(seeds) == len(set(seeds))


def test_the_catalogue_has_stickers_to_be_judged_on() -> None:
    assert sum(LESSONS.unseen(spec) for spec in CATALOGUE) > 300


def test_the_same_seed_plans_the_same() -> None:
    assert plan_lessons(VARIANTS, SITUATIONS, 1) == LESSONS
    assert plan_lessons(VARIANTS, SITUATIONS, 2) != LESSONS
