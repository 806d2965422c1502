"""Settings of words and meaning: phrases that are masked, precision of situations by hand, and the threshold."""

from __future__ import annotations

from dataclasses import replace

import meant
import numpy as np
import pytest
import toy

from persrv.ranking.styles import StyleSpace
from persrv.records import Interaction, SearchSettings
from precompute.config import Profile, TuneConfig
from precompute.fit import masking, mixing
from precompute.fit.features import Fitted
from precompute.fit.objective import Features, Ranker
from precompute.fit.split import as_recorded
from precompute.fit.tune import Choice
from precompute.fit.understanding import Understanding

UNDERSTANDING = Understanding(meant.FakeEncoder(), meant.understood()[0])
FITTED = Fitted(
    {name: toy.queries_of(name) for name in toy.IDS if toy.queries_of(name)}, toy.utility_counts(), toy.user_styles()
)
SETTINGS = SearchSettings(lambda_=0.0, meaning=0.5)


def features() -> Features:
    return mixing.features_of(toy.stickers(), FITTED, StyleSpace(None).project(toy.embeddings()), UNDERSTANDING)


def test_a_masked_phrase_is_in_no_text_and_all_else_stays() -> None:
    sticker = replace(toy.stickers()[1], keywords="猫，Laugh，笑", description="laugh out loud", emotion="laugh")
    assert sticker.queries == ("laugh", "笑死")
    told = masking.masked([sticker], ["LAUGH"])[0]
    assert (told.ocr, told.keywords, told.description, told.emotion) == ("", "猫，笑", "laugh out loud", "")
    assert told.queries == ("笑死",)
    assert masking.masked([sticker], ["night"]) == (sticker,)


def test_every_phrase_is_in_one_fold() -> None:
    parts = masking.folds(["b", "a", "c", "a"], 2)
    assert parts == (("a", "c"), ("b",))
    assert masking.folds(["a"], 5) == (("a",),)
    assert masking.folds([]) == ()


def test_a_phrase_that_was_never_heard_is_found_by_what_it_means() -> None:
    """Four stickers say “laugh”, two of them were searched by it, and s01 by nothing else. Where it was never heard,
    no text means it, so nothing is found.
    """
    said = features()
    unheard = mixing.masked_rankers(toy.stickers(), said, ["laugh"], UNDERSTANDING)["laugh"]
    found = [toy.IDS[row] for row in Ranker(said).rank("laugh", None, SETTINGS)]
    assert found[:4] == ["s01", "s02", "s03", "s04"]
    assert list(unheard.rank("laugh", None, SETTINGS)) == []


def test_precision_by_hand() -> None:
    """Nobody asks “laugh”, and Cleo: 4 of 5 places hold stickers that laugh. The fifth is empty, so it counts as wrong.
    “笑死” was clicked on a sticker that laughs, and only that one says it: 1 of 5.
    """
    rankers = dict.fromkeys(("laugh", "笑死"), Ranker(features()))
    situations = [sticker.labels["situation"] for sticker in toy.stickers()]
    clicks = (Interaction("ann", "laugh", "s01"), Interaction("bob", "笑死", "s02"))
    asked = (Interaction("cleo", "laugh", "s04"), Interaction("ann", "unheard of", "s05"))
    precision = mixing.Precision(rankers, situations, asked, clicks)
    assert precision.impersonal(SETTINGS) == pytest.approx(0.8)
    assert precision.personal(SETTINGS) == pytest.approx(0.8)
    both = mixing.Precision(rankers, situations, (*asked, Interaction("bob", "笑死", "s02")), clicks)
    assert both.impersonal(SETTINGS) == pytest.approx((0.8 + 0.2) / 2)
    assert both(SETTINGS) == pytest.approx(0.5)


def test_the_threshold_claims_what_is_meant_and_refuses_nonsense() -> None:
    ranker = Ranker(features())
    settings, refused = mixing.with_threshold(SETTINGS, ranker, {"laugh": ranker, "haha": ranker}, seed=1)
    assert settings.threshold == 0.8, "“haha” means “laugh” by .8, so both are claimed up to there"
    assert refused == 1.0


def test_clicks_decide_only_among_settings_that_find_what_is_meant() -> None:
    """Utility pleases clicks at the cost of precision: .6 at lambda .2, which is not enough."""
    precise = {0.0: 0.8, 0.1: 0.75, 0.2: 0.6}
    objective = mixing.among_precise(lambda s: 1 + s.lambda_, lambda s: precise[s.lambda_], enough=0.7)
    found = [objective(replace(SETTINGS, lambda_=lambda_)) for lambda_ in precise]
    assert found == [1.0, 1.1, 0.0]


@pytest.mark.parametrize(
    ("without", "at_high_floor", "lambda_", "floor"), [(0.5, 0.9, 0.1, 0.5), (0.99, 0.99, 0.0, 0.9)]
)
def test_of_settings_that_hardly_differ_the_most_restrained_are_taken(
    without: float, at_high_floor: float, lambda_: float, floor: float
) -> None:
    """lambda 0.1 is within two per cent of the best; floor 0.5 makes no difference."""

    def objective(settings: SearchSettings) -> float:
        of_lambda = {0.0: without, 0.1: 0.985, 0.2: 1.0}[settings.lambda_]
        return min(of_lambda, at_high_floor if settings.floor == 0.9 else 1.0)

    best = Choice(replace(SETTINGS, lambda_=0.2), 0.0, 1.0, ())
    grid = {"lambda_": (0.2, 0.0, 0.1), "floor": (0.0, 0.5, 0.9)}
    assert mixing.restrained(best, grid, objective) == replace(SETTINGS, lambda_=lambda_, floor=floor)


@pytest.mark.parametrize(
    ("precision", "clicks", "chosen"),
    [
        ((0.74, 0.77, 0.775), (0.9, 0.2, 0.3), 0.4),  # without it precision is too low, however clicks rank
        ((0.76, 0.77, 0.765), (0.2, 0.5, 0.3), 0.2),
        ((0.0, 0.0, 0.0), (0.5, 0.5, 0.5), 0.0),  # no situations, no difference: the smallest
    ],
)
def test_feedback_is_weighed_by_clicks_among_precise_settings(
    precision: tuple[float, ...], clicks: tuple[float, ...], chosen: float
) -> None:
    weights = (0.0, 0.2, 0.4)
    found = mixing.with_feedback(
        SETTINGS,
        weights,
        lambda settings: clicks[weights.index(settings.feedback)],
        lambda settings: precision[weights.index(settings.feedback)],
    )
    assert found == replace(SETTINGS, feedback=chosen)


@pytest.mark.parametrize(("of_standing", "kept"), [(0.9, False), (1.0, True), (1.1, True)])
def test_standing_settings_stay_where_no_better_ones_are_found(of_standing: float, kept: bool) -> None:
    standing = replace(SETTINGS, alpha=0.7)
    found = mixing.better(SETTINGS, standing, lambda settings: of_standing if settings == standing else 1.0)
    assert found == (standing if kept else SETTINGS)
    assert mixing.better(SETTINGS, None, lambda settings: 1.0) == SETTINGS


def test_test_clicks_choose_nothing() -> None:
    tune = TuneConfig(rounds=1, alpha=(0.0, 1.0), meaning=(0.3, 0.7), floor=(0.0, 0.8), mixed_lambda=(0.0, 0.1))
    profile = Profile("toy", "toy", tune=tune)
    fitting, validation = toy.INTERACTIONS["train"], (Interaction("cleo", "laugh", "s03"),)

    def chosen(test: tuple[Interaction, ...]) -> mixing.Mixed:
        parts = as_recorded(fitting, validation, test)
        mean = np.zeros(toy.DIMENSIONS, np.float32)
        words = SearchSettings(alpha=4.0, lambda_=5.0, utility_base=0.01)
        told = (toy.stickers(), toy.embeddings(), mean, profile, UNDERSTANDING, words)
        return mixing.choose(parts, *told, lambda done, steps: None)

    mixed = chosen(toy.INTERACTIONS["test"])
    assert mixed == chosen(())
    assert mixed.settings.utility_base == 0.01, "utility stays as words alone chose it"
    assert mixed.settings.meaning in tune.meaning
    assert 0 <= mixed.precision <= 1
    assert set(mixed.to_json()) == {"objective", "before", "after", "m_mrr", "precision", "nonsense_refused", "trace"}
