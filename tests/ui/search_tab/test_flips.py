"""Flips of two neighbours, against numbers computed by hand and against the scores themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
import toy
from flips_oracle import (
    SETTINGS,
    Flip,
    Ingredients,
    crossing,
    flips,
    moved,
    preference_needed,
    score,
    value_of,
)
from hypothesis import given
from hypothesis import strategies as st

from persrv.records import FIELDS, SearchSettings

MOST = dict.fromkeys(SETTINGS, 4.0)

#: relevance = OCR + 2 x queries; utility = clicks alone; Eq. 10 with alpha 1.
PLAIN = SearchSettings(
    field_weights={"ocr": 1.0, "queries": 2.0}, lambda_=1.0, alpha=1.0, utility_weights=(1.0, 0.0, 0.0)
)
UPPER = Ingredients({"ocr": 3.0}, (1.0, 0.5, 0.5), 0.0)  # (3 + 1) x 1 = 4
LOWER = Ingredients({"queries": 1.0}, (0.0, 0.5, 1.0), 0.5)  # (2 + 0) x 1.5 = 3


def test_a_score_is_the_papers() -> None:
    assert score(UPPER, PLAIN) == 4
    assert score(LOWER, PLAIN) == 3
    assert score(LOWER, replace(PLAIN, use_personalization=False)) == 2
    assert score(UPPER, replace(PLAIN, use_utility=False)) == 3


def test_every_way_by_hand_the_shortest_first() -> None:
    """alpha: 2(1 + a/2) = 4 at 2. lambda: 3 + l = 3 at 0, the end. ocr: 3 o + 1 = 3 at 2/3. queries: 1.5 q = 4 at 8/3.

    w1: 3 + w = 3 at 0, the end; w2: (2 + .5 w) 1.5 = 4 + .5 w at 4, the end; w3: (2 + w) 1.5 = 4 + .5 w at 1.
    """
    assert flips(UPPER, LOWER, PLAIN, MOST) == (
        Flip("ocr", 1.0, pytest.approx(2 / 3)),
        Flip("queries", 2.0, pytest.approx(8 / 3)),
        Flip("alpha", 1.0, 2.0),
        Flip("w3", 0.0, 1.0),
    )


def test_a_range_that_ends_too_soon_leaves_a_way_out() -> None:
    found = flips(UPPER, LOWER, PLAIN, {**MOST, "alpha": 2.0, "queries": 2.5})
    assert [flip.setting for flip in found] == ["ocr", "w3"]


def test_the_preference_it_would_take_by_hand() -> None:
    """2 (1 + p) = 4 at 1, the end; with an upper one at 3.5: p = .75."""
    assert preference_needed(UPPER, LOWER, PLAIN) is None
    assert preference_needed(replace(UPPER, fields={"ocr": 2.5}), LOWER, PLAIN) == pytest.approx(0.75)
    assert preference_needed(UPPER, LOWER, replace(PLAIN, alpha=0.0)) is None


def test_what_is_not_below_needs_nothing() -> None:
    assert flips(LOWER, UPPER, PLAIN, MOST) == ()
    assert flips(UPPER, UPPER, PLAIN, MOST) == ()
    assert preference_needed(LOWER, UPPER, PLAIN) is None


def test_a_level_line_never_crosses() -> None:
    assert crossing(lambda _: 2.0) is None
    assert crossing(lambda x: 2 - 4 * x) == 0.5


def test_settings_are_found_and_moved_by_name() -> None:
    for place, name in enumerate(SETTINGS):
        assert value_of(moved(PLAIN, name, 0.25 + place), name) == 0.25 + place
    assert value_of(PLAIN, "emotion") == 0


def weights(most: float = 4.0) -> st.SearchStrategy[float]:
    return st.floats(0, most, allow_subnormal=False).map(lambda value: round(value, 3))


ingredients = st.builds(
    Ingredients,
    st.dictionaries(st.sampled_from(FIELDS), weights(10)),
    st.tuples(weights(1), weights(1), weights(1)),
    weights(1),
)
chance_settings = st.builds(
    SearchSettings,
    field_weights=st.fixed_dictionaries({name: weights() for name in FIELDS}),
    lambda_=weights(),
    alpha=weights(),
    utility_weights=st.tuples(weights(), weights(), weights()),
    use_utility=st.booleans(),
    use_personalization=st.booleans(),
)


@given(first=ingredients, second=ingredients, settings=chance_settings)
def test_beyond_the_level_the_two_swap_and_before_it_they_do_not(
    first: Ingredients, second: Ingredients, settings: SearchSettings
) -> None:
    lower, upper = sorted((first, second), key=lambda of: score(of, settings))
    for flip in flips(upper, lower, settings, MOST):
        reach = flip.level - flip.now
        step = (1 if reach > 0 else -1) * 1e-6
        for value, passes in ((flip.level + step, True), (flip.level - step, False)):
            changed = moved(settings, flip.setting, value)
            ahead = score(lower, changed) - score(upper, changed)
            if abs(ahead) > 1e-12:  # nearly parallel scores: a step of a millionth is below rounding
                assert (ahead > 0) is passes


@given(first=ingredients, second=ingredients, settings=chance_settings)
def test_a_preference_beyond_the_level_swaps_too(
    first: Ingredients, second: Ingredients, settings: SearchSettings
) -> None:
    lower, upper = sorted((first, second), key=lambda of: score(of, settings))
    level = preference_needed(upper, lower, settings)
    if level is not None:
        for value, passes in ((level + 1e-6, True), (level - 1e-6, False)):
            ahead = score(replace(lower, preference=value), settings) - score(upper, settings)
            if abs(ahead) > 1e-12:
                assert (ahead > 0) is passes


@given(first=ingredients, second=ingredients, settings=chance_settings)
def test_a_setting_that_is_not_named_does_not_flip_them_anywhere_in_its_range(
    first: Ingredients, second: Ingredients, settings: SearchSettings
) -> None:
    lower, upper = sorted((first, second), key=lambda of: score(of, settings))
    if score(lower, settings) == score(upper, settings):
        return
    named = {flip.setting for flip in flips(upper, lower, settings, MOST)}
    for name in SETTINGS.keys() - named:
        for share in (0.001, 0.25, 0.5, 0.75, 0.999):
            changed = moved(settings, name, share * MOST[name])
            assert score(lower, changed) - score(upper, changed) < 1e-9


def test_the_toy_world_in_which_alpha_swaps_cleos_first_two() -> None:
    """s02 leads s03 by utility 1 against .2; s03's preference is .8: (r + u) (1 + .8 a) = r + 1."""
    word, low = toy.WORD_BM25, toy.NO_DATA
    upper = Ingredients({"ocr": word}, (1.0, 1.0, 1.0), 0.0)
    part = (toy.NO_DATA, toy.NO_DATA, toy.NO_DATA)
    lower = Ingredients({"ocr": word}, part, 0.8)
    settings = replace(toy.OCR_ONLY, alpha=0.5)
    (alpha,) = (flip for flip in flips(upper, lower, settings, MOST) if flip.setting == "alpha")
    assert alpha.level == pytest.approx(((word + 1) / (word + low) - 1) / 0.8)
