"""The fast path of the experiments: what it ranks is what the Retriever and the Judge rank; means and intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import clicked_world
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from persrv.records import FIELDS, Text
from precompute import metrics
from precompute.evaluation.experiments import trials
from precompute.evaluation.experiments.batch_ranking import Shortlist, m_mrr, recall_at
from precompute.evaluation.experiments.bench import Bench
from precompute.evaluation.experiments.intervals import People
from precompute.evaluation.world import World
from precompute.fit.objective import ClickObjective
from precompute.fit.questions import by_user

weights = st.sampled_from([0.0, 0.5, 1.0, 2.0])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.of(World.open(clicked_world.write(tmp_path_factory.mktemp("bench"))))


@given(
    alpha=weights,
    lambda_=weights,
    fields=st.tuples(weights, weights, weights, weights, weights),
    size=st.integers(1, 30),
    utility=st.booleans(),
)
@hypothesis_settings(max_examples=25, deadline=None)
def test_the_panel_ranks_as_the_retriever(
    bench: Bench,
    alpha: float,
    lambda_: float,
    fields: tuple[float, float, float, float, float],
    size: int,
    utility: bool,
) -> None:
    """Question by question, under the paper's protocol; a fallback counts as an empty ranking."""
    chosen = replace(
        clicked_world.SETTINGS,
        field_weights=dict(zip(FIELDS, (1.0, *fields), strict=True)),
        alpha=alpha,
        lambda_=lambda_,
        recall_size=size,
        use_utility=utility,
    )
    stage = bench.paper
    fast = stage.values(stage.panel.shortlist(chosen), stage.preferences, [alpha])[0]
    for question, value in zip(stage.panel.asked, fast, strict=True):
        found = bench.world.retriever.search(question.query, question.user, chosen, 10)
        ids = () if found.fallback else tuple(hit.sticker for hit in found.hits)
        slow = metrics.m_mrr(np.array([name in question.clicked for name in ids], bool), 10)
        assert value == pytest.approx(slow), question


def test_new_to_the_question_is_what_the_judge_means(bench: Bench) -> None:
    for alpha in (0.0, 1.0, 3.0):
        settings = replace(clicked_world.SETTINGS, alpha=alpha)
        for stage, rows, known in (
            (bench.validation, bench.world.split.validation.rows, bench.world.split.fitting.rows),
            (bench.test, bench.world.split.test.rows, bench.world.split.training.rows),
        ):
            judge = ClickObjective(stage.features, rows, 10, known)
            fast = stage.values(stage.panel.shortlist(settings), stage.preferences, [alpha])[0]
            assert len(fast) == judge.questions
            assert float(stage.panel.people.mean(fast)) == pytest.approx(judge(settings))


def test_all_alphas_at_once_are_each_alpha_alone(bench: Bench) -> None:
    stage = bench.test
    short, liked = stage.panel.shortlist(bench.settings), stage.preferences
    together = stage.values(short, liked, (0.0, 0.5, 2.0))
    assert [stage.values(short, liked, [alpha])[0].tolist() for alpha in (0.0, 0.5, 2.0)] == together.tolist()
    assert (together[0] != together[2]).any(), "taste changes something"
    assert stage.values(short, None, [2.0])[0].tolist() == together[0].tolist(), "no taste is alpha 0"


def shortlist() -> Shortlist:
    """Two questions: the first recalls a, b, c at 2, 1, 2 and clicked b, c; the second recalls nothing it clicked."""
    return Shortlist(
        rows=np.array([[0, 1, 2], [0, 0, 0]]),
        recall=np.array([[2, 1, 2], [1, -np.inf, -np.inf]], np.float32),
        clicked=np.array([[False, True, True], [False, False, False]]),
        relevant=np.array([2, 1]),
        person=np.array([0, 1]),
    )


def test_hits_by_hand() -> None:
    """As recalled a, c (by id), b; with preference 1 for b and alpha 2: b has 3. Places beyond the list are no hits."""
    liked = np.array([[0, 1, 0], [1, 0, 0]], np.float32)
    hits = shortlist().hits(liked, (0.0, 2.0), 4)
    assert hits[:, 0].tolist() == [[False, True, True, False], [True, False, True, False]]
    assert not hits[:, 1].any()
    assert m_mrr(hits).tolist() == [[pytest.approx(1 / 2 + 1 / 3), 0.0], [pytest.approx(1 + 1 / 3), 0.0]]
    assert recall_at(hits[..., :2], np.array([2, 0])).tolist()[0][0] == 0.5
    assert np.isnan(recall_at(hits, np.array([2, 0]))[0, 1]), "nothing relevant: no recall"


def test_separation_by_hand() -> None:
    """Clicked b at .5 and c at .2 against a at .2: one higher, one equal."""
    short = shortlist()
    values = short.separation(np.array([[0.2, 0.5, 0.2], [0, 0, 0]], np.float32))
    assert values[0] == pytest.approx(0.75)
    assert np.isnan(values[1]), "no candidate was clicked"
    assert short.preferences(np.array([[1, 2, 3], [4, 5, 6]], np.float32)).tolist() == [[1, 2, 3], [4, 4, 4]]


# ---- people --------------------------------------------------------------------------------------------------------


def test_means_are_over_people(bench: Bench) -> None:
    people = People(["b", "a", "a", "c"], 100, 1)
    values = np.array([[4.0, 1.0, 3.0, np.nan], [0.0, 1.0, 1.0, 5.0]])
    assert people.names.tolist() == ["a", "b", "c"]
    assert people.mean(values).tolist() == [3.0, 2.0]
    asked = bench.test.panel.asked
    some = np.random.default_rng(1).random(len(asked))
    assert bench.test.panel.people.mean(some) == pytest.approx(metrics.mean_over_users(by_user(asked, some)))


def test_an_interval_draws_people_whole() -> None:
    """Three people at 0, 1, 2: whatever is drawn lies between; two people say nothing of others."""
    people = People(["a", "a", "b", "c"], 500, 1)
    figure = people.figure(np.array([0.0, 0.0, 1.0, 2.0]))
    assert figure.value == 1.0
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low < 1 < figure.high <= 2
    assert figure == people.figure(np.array([0.0, 0.0, 1.0, 2.0]))
    same = people.figure(np.full(4, 0.25))
    assert (same.low, same.value, same.high) == (0.25, 0.25, 0.25)
    assert people.figure(np.array([1.0, 1.0, 2.0, np.nan])).low is None
    assert people.of_some(frozenset({"a", "c"})).tolist() == [True, True, False, True]


# ---- trials --------------------------------------------------------------------------------------------------------


def test_the_first_of_equals_is_chosen_whatever_rounding_says() -> None:
    assert trials.first_best(np.array([0.1, 0.3, 0.3 + 1e-12, np.nan])) == 1
    people = People(["a", "b", "c"], 50, 1)
    values = np.array([[0.0, 0.0, 0.3], [0.0, 0.3, 0.3], [0.3, 0.3, 0.0]])
    tried = [trials.trial(k, values * k, (0.0, 1.0, 2.0), people) for k in (1, 2, 0.5)]
    assert [each.alpha for each in tried] == [1.0, 1.0, 1.0]
    assert trials.best_of(tried).at == 2
    same = [replace(tried[1], at=at) for at in (1, 2, 3)]
    assert (trials.best_of(same).at, trials.best_of(same, shipped=3).at, trials.best_of(tried, shipped=1).at) == (
        1,
        3,
        2,
    )
    curve = trials.curve(Text.same("k"), Text.same("clusters"), tried, trials.best_of(tried))
    assert (curve.x, curve.chosen, curve.part) == ((1, 2, 0.5), 2, "validation")
    assert all(low <= value <= high for low, value, high in zip(curve.lower, curve.y, curve.upper, strict=True))


def test_a_bench_needs_nothing_but_the_bundle(tmp_path: Path) -> None:
    """The panels' features are the bundle's own: its index, counts and styles."""
    bench = Bench.of(World.open(clicked_world.write(tmp_path)))
    assert bench.test.features.counts.tolist() == bench.world.bundle.utility_counts.tolist()
    assert bench.test.features.styles == bench.world.bundle.styles
    assert bench.validation.features.counts.sum() < bench.test.features.counts.sum()
