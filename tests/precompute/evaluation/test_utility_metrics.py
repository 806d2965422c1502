"""RQ4: forms of utility by hand, the choice of lambda, correlations."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from both_languages import assert_told_in_both_languages

from persrv.ranking import utility
from precompute.evaluation import utility_metrics
from precompute.evaluation.utility_metrics import CHOICES, FORMS, utility_of
from precompute.evaluation.world import Options, World
from precompute.fit.objective import ClickObjective
from precompute.runtime.progress import silent

COUNTS = np.array([[4, 1, 0], [0, 0, 0], [1, 1, 2]], np.int32)


def test_forms_by_hand() -> None:
    pairs = (0.5, 0.0, 0.5)
    largest = 0.5 + math.sqrt(2) / 2
    assert utility_of(COUNTS, pairs, 0.0, False).tolist() == pytest.approx([1 / largest, 0.0, 1.0])
    assert utility_of(COUNTS, pairs, 0.0, True).tolist() == pytest.approx([0.5 / 0.75, 0.0, 1.0])
    with_base = utility_of(COUNTS, pairs, 0.25, True).tolist()
    assert with_base[1] == pytest.approx((0.5 * math.sqrt(0.25 / 4) + 0.5 * math.sqrt(0.25 / 2)) / 0.75)
    assert utility_of(COUNTS, (1, 0, 0), 0.25, False).tolist() == pytest.approx([1.0, 0.25, 0.5])
    np.testing.assert_array_equal(utility_of(COUNTS, (1, 0, 0), 0.25, False), utility_of(COUNTS, (1, 0, 0), 0.25, True))
    nothing = np.zeros((2, 3), np.int32)
    assert utility_of(nothing, (1, 0, 0), 0.0, True).tolist() == [0.0, 0.0]


def test_base_and_norm_are_the_searchs_own_utility() -> None:
    for weights in CHOICES.values():
        expected = utility.utility(COUNTS, weights, 0.2)[0]
        np.testing.assert_allclose(utility_of(COUNTS, weights, 0.2, True), expected / expected.max(), rtol=1e-6)


def test_a_judge_takes_another_utility(toy_bundle_path: Path) -> None:
    """With Eq. 5's own numbers handed in, nothing changes; with none at all, utility is as if switched off."""
    world = World.open(toy_bundle_path)
    judge = ClickObjective(world.features(world.split.fitting), world.split.test.rows, 10)
    settings = world.bundle.settings
    own = utility_of(np.asarray(world.fit(world.split.fitting).counts), settings.utility_weights, 0.1, True)
    assert settings.utility_base == 0.1
    assert own.max() == utility.utility(world.fit(world.split.fitting).counts, settings.utility_weights, 0.1)[0].max()
    assert judge.values(settings, own) == judge.values(settings)
    assert list(judge.values(settings)) == ["ann"]


def test_the_section(toy_bundle_path: Path) -> None:
    found = utility_metrics.compute(World.open(toy_bundle_path, Options(resamples=50)), silent)
    assert_told_in_both_languages(found)
    gains, correlations = found.tables
    assert len(gains.rows) == 1 + 3 * 2 + 4 * len(FORMS)
    assert gains.rows[0].name == "no utility"
    by_name = {row.name: row.figures for row in gains.rows}
    best = by_name["popularity, Base + Norm"]
    assert best["lambda"].value in found.parameters["lambdas"]
    assert best["gain"].value == pytest.approx(best["test"].value - by_name["no utility"]["test"].value)
    assert {row.name for row in correlations.rows} >= {"popularity", "cross_user", "query_adapt", "as served"}
    # the two stickers of the test clicks were never clicked in training: more clicks then, fewer later
    assert correlations.rows[0].figures["all stickers"].value < 0


def test_lambda_is_chosen_on_validation_alone(toy_bundle_path: Path) -> None:
    """Whatever the test clicks are, the same lambda is taken."""
    from dataclasses import replace

    from persrv.records import Interaction
    from precompute.fit.split import TestInteractions

    world = World.open(toy_bundle_path, Options(resamples=20))
    other = world.refit(replace(world.split, test=TestInteractions((Interaction("bob", "laugh", "s04"),))))
    chosen = [
        [row.figures["lambda"].value for row in utility_metrics.compute(each, silent).tables[0].rows[1:]]
        for each in (world.refit(world.split), other)
    ]
    assert chosen[0] == chosen[1]
