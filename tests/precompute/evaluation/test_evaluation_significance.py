"""Tests of significance: by hand, and against slow, obvious twins."""

from __future__ import annotations

import itertools
import math
import random
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precompute.evaluation.significance import (
    clustered_interval,
    holm,
    mark,
    paired_t_test,
    randomization_test,
    spearman,
    spearman_interval,
)

gains = st.lists(st.sampled_from([-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=9)


def test_t_test_by_hand() -> None:
    """Gains 1, 2, 3: mean 2, standard error 1 / sqrt(3), t = 2 sqrt(3) = 3.4641, 2 degrees of freedom.

    With two degrees of freedom the tail is known: P(|T| > t) = 1 - t / sqrt(t^2 + 2).
    """
    t = 2 * math.sqrt(3)
    assert paired_t_test([1, 2, 3]) == pytest.approx(1 - t / math.sqrt(t * t + 2))


def test_t_test_of_nothing_to_tell() -> None:
    assert paired_t_test([0, 0, 0]) == 1.0
    assert paired_t_test([0.5]) == 1.0
    assert paired_t_test([]) == 1.0
    assert paired_t_test([0.5, 0.5]) == 0.0


def test_randomization_by_hand() -> None:
    """Of the 8 ways to flip 1, 1, 1 two reach |3|: p = 1/4. Of 1, 2, 4 also two; of 1, -1 all four reach 0."""
    assert randomization_test([1, 1, 1], 100, 1) == pytest.approx(2 / 8)
    assert randomization_test([1, 2, 4], 100, 1) == pytest.approx(2 / 8)
    assert randomization_test([1, -1], 100, 1) == 1.0
    assert randomization_test([0, 0], 100, 1) == 1.0
    assert randomization_test([], 100, 1) == 1.0


@given(gains)
def test_randomization_equals_trying_every_toss(values: list[float]) -> None:
    seen = abs(mean(values))
    tosses = [mean(s * v for s, v in zip(signs, values, strict=True)) for signs in _signs(len(values))]
    expected = mean(abs(toss) >= seen - 1e-9 for toss in tosses)
    assert randomization_test(values, 10, 1) == pytest.approx(expected)


def _signs(size: int) -> list[tuple[int, ...]]:
    return list(itertools.product((-1, 1), repeat=size))


def test_many_questions_are_tossed_at_random_and_agree_with_the_t_test() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(0.1, 1.0, 300)
    p = randomization_test(values, 4000, 1)
    assert p == pytest.approx(paired_t_test(values), abs=0.03)
    assert p == randomization_test(values, 4000, 1)
    assert randomization_test([1.0] * 300, 99, 1) == pytest.approx(1 / 100)


def test_holm_by_hand() -> None:
    """Smallest times 3, next times 2 but no smaller than the one before, last times 1 likewise."""
    assert holm({"a": 0.04, "b": 0.01, "c": 0.03}) == pytest.approx({"b": 0.03, "c": 0.06, "a": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_rejects_what_stepping_down_rejects(p_values: list[float]) -> None:
    """The adjusted p is below a level exactly where Holm's own step-down procedure rejects at it."""
    named = {str(place): p for place, p in enumerate(p_values)}
    adjusted = holm(named)
    for level in (0.01, 0.05, 0.5):
        rejected = set()
        for place, name in enumerate(sorted(named, key=lambda n: (named[n], n))):
            if (len(named) - place) * named[name] > level:
                break
            rejected.add(name)
        assert {name for name, p in adjusted.items() if p <= level} == rejected


def test_marks_as_in_the_paper() -> None:
    assert [mark(p) for p in (0.001, 0.0099, 0.01, 0.049, 0.05, 1.0)] == ["**", "**", "*", "*", "", ""]


def test_people_are_drawn_whole() -> None:
    """Two people with means 0 and 1: a draw of two has mean 0, .5 or 1, a quarter of them 0 and a quarter 1."""
    values = {"ann": [0.0, 0.0, 0.0], "bob": [1.0]}
    assert clustered_interval(values, 2000, 1) == (0.0, 1.0)
    assert clustered_interval({"ann": [0.25, 0.75]}, 100, 1) == (0.5, 0.5)
    assert all(map(math.isnan, clustered_interval({}, 10, 1)))


def test_clustered_interval_agrees_with_a_slow_twin() -> None:
    rng = random.Random(2)
    values = {f"u{n}": [rng.random() for _ in range(rng.randrange(1, 6))] for n in range(12)}
    draws = []
    for _ in range(4000):
        people = rng.choices(sorted(values), k=len(values))
        draws.append(mean(mean(values[who]) for who in people))
    draws.sort()
    expected = draws[int(0.025 * len(draws))], draws[int(0.975 * len(draws))]
    assert clustered_interval(values, 4000, 1) == pytest.approx(expected, abs=0.02)


def test_spearman_by_hand() -> None:
    """Ranks 1 2 3 against 1 3 2: 1 - 6 (0 + 1 + 1) / (3 x 8) = .5. Ties share their mean rank."""
    assert spearman([10, 20, 30], [1, 9, 4]) == pytest.approx(0.5)
    assert spearman([1, 2, 3], [5, 6, 70]) == pytest.approx(1.0)
    assert spearman([1, 1, 2, 2], [1, 1, 2, 2]) == pytest.approx(1.0)
    assert math.isnan(spearman([1, 1, 1], [1, 2, 3]))


def test_spearman_interval_agrees_with_a_slow_twin() -> None:
    rng = np.random.default_rng(3)
    first = rng.integers(0, 4, 60)
    second = first + rng.integers(0, 4, 60)
    draws = []
    for _ in range(1500):
        picks = rng.integers(60, size=60)
        draws.append(spearman(first[picks], second[picks]))
    expected = tuple(np.percentile(draws, [2.5, 97.5]))
    low, high = spearman_interval(first, second, 1500, 1)
    assert (low, high) == pytest.approx(expected, abs=0.03)
    assert low < spearman(first, second) < high
    assert all(map(math.isnan, spearman_interval([1, 1], [1, 2], 50, 1)))
