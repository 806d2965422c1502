"""Taste in context on sends: places of what was sent, what may be fitted on, and what validation chooses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sends_world import catalogue, sent, vectors

from persrv.errors import DataError
from persrv.ranking.context import ContextSettings, in_context
from persrv.ranking.styles import preference
from precompute.demo.sends import NULL, REAL, simulate_sends
from precompute.fit import contexts
from precompute.fit.contexts import Questions, SendCatalogue, choose, fit_styles, grid, reciprocal_ranks
from precompute.fit.split import Split, TestInteractions, TrainInteractions, ValidationInteractions, by_time

STICKERS = catalogue()
GROUND = SendCatalogue.of(
    [each.id for each in STICKERS], vectors(STICKERS), [each.labels["situation"] for each in STICKERS]
)


def split() -> Split:
    return by_time(simulate_sends(STICKERS, 3, replace(REAL, people=4, sends=60)), 0.2, 0.2)


def test_places_by_hand() -> None:
    ground = SendCatalogue.of(["a", "b", "c", "d"], np.eye(4, dtype=np.float32), ["hi", "hi", "hi", "bye"])
    asked = Questions.of(TestInteractions((sent("u", "b", 1), sent("u", "c", 1), sent("v", "d", 1))), ground)
    scores = {"u": np.array([0.5, 0.5, 0.9, 1.0], np.float32), "v": np.zeros(4, np.float32)}
    found = reciprocal_ranks(asked, lambda user, _: scores[user], ground.tie)
    # c is before a, and a before b by id; c is first; d is the only one that says "bye"
    assert found.tolist() == pytest.approx([1 / 3, 1, 1])


def test_the_slow_twin_finds_the_same_places() -> None:
    part = split().test
    rng = np.random.default_rng(0)
    asked = sorted({(each.user, contexts.domain_of(each)) for each in part})
    scores = {key: rng.integers(0, 3, len(STICKERS)).astype(np.float32) for key in asked}
    expected = []
    for each in part:
        own = scores[each.user, contexts.domain_of(each)]
        situation = next(s.labels["situation"] for s in STICKERS if s.id == each.sticker)
        same = [row for row, s in enumerate(STICKERS) if s.labels["situation"] == situation]
        ranked = sorted(same, key=lambda row: (-own[row], STICKERS[row].id))
        expected.append(1 / (1 + [STICKERS[row].id for row in ranked].index(each.sticker)))
    found = reciprocal_ranks(Questions.of(part, GROUND), lambda user, domain: scores[user, domain], GROUND.tie)
    assert found.tolist() == pytest.approx(expected)


def test_nothing_is_fitted_on_validation_or_test_sends() -> None:
    for part in (split().validation, split().test):
        with pytest.raises(DataError, match="TrainInteractions"):
            fit_styles(part, GROUND, 3, 1)  # type: ignore[arg-type]


def test_a_taste_is_the_preference_of_the_style_in_its_context() -> None:
    fitted, settings = fit_styles(split().fitting, GROUND, 4, 1), ContextSettings()
    user = sorted(fitted.styles)[0]
    weighed = in_context(fitted.styles[user], fitted.histories[user], "work", settings)
    expected = preference(weighed, GROUND.vectors)[0]
    assert fitted.taste(settings)(user, "work") == pytest.approx(expected)
    assert fitted.taste(None)(user, "work") == pytest.approx(preference(fitted.styles[user], GROUND.vectors)[0])
    assert not fitted.taste(settings)("nobody", "work").any()


def test_the_grid_begins_without_a_context_and_repeats_nothing() -> None:
    tried = grid(3)
    assert tried[0].weights == (1.0, 0.0, 0.0)
    assert len(tried) == len(set(tried)) == 1 + 4 * 3 + 4 * 3 + 6 * 9
    assert all(sum(each.weights) == 1 for each in tried)


def test_choosing_ignores_the_test_sends_and_keeps_to_its_kinds() -> None:
    parts = split()
    kinds = (contexts.without_context, contexts.any_weights, contexts.without_time, contexts.without_domains)
    chosen = choose(parts.fitting, parts.validation, GROUND, kinds, 1)
    assert [kind(each.weights) for kind, each in zip(kinds, chosen, strict=True)] == [True] * 4
    again = choose(parts.fitting, parts.validation, GROUND, kinds, 1)
    assert chosen == again


def test_ties_go_to_no_context() -> None:
    """Where everybody sends one sticker, every setting is as good."""
    sends = [sent(user, "s000", day, "work") for day in range(6) for user in "ab"]
    fitting, validation = TrainInteractions(tuple(sends[:8])), ValidationInteractions(tuple(sends[8:]))
    (chosen,) = choose(fitting, validation, GROUND, [contexts.any_weights], 1)
    assert chosen == grid(contexts.CLUSTERS[0])[0]


def test_domains_are_chosen_where_tastes_differ_by_domain() -> None:
    apart = replace(NULL, people=4, sends=120, domain=6.0)
    parts = by_time(simulate_sends(STICKERS, 1, apart), 0.2, 0.2)
    (chosen,) = choose(parts.fitting, parts.validation, GROUND, [contexts.any_weights], 1)
    assert chosen.weights[1] > 0
