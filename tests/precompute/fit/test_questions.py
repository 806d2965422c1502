"""Held-back clicks as questions, and the interval of a gain over them."""

from __future__ import annotations

import numpy as np
import pytest

from persrv.records import Interaction
from precompute.fit.questions import Question, by_user, paired_gain, questions


def test_questions_are_pairs_with_distinct_clicks() -> None:
    rows = [("bob", "a", "s02"), ("ann", "b", "s01"), ("ann", "a", "s01"), ("ann", "a", "s02"), ("ann", "a", "s01")]
    assert questions(Interaction(*row) for row in rows) == (
        Question("ann", "a", frozenset({"s01", "s02"})),
        Question("ann", "b", frozenset({"s01"})),
        Question("bob", "a", frozenset({"s02"})),
    )


def asked(*users: str) -> list[Question]:
    return [Question(user, str(number), frozenset()) for number, user in enumerate(users)]


def test_people_weigh_the_same_however_much_they_ask() -> None:
    some = asked("ann", "ann", "bob")
    assert by_user(some, [1.0, 2.0, 3.0]) == {"ann": [1.0, 2.0], "bob": [3.0]}
    assert paired_gain(some, [1.0, 1.0, 0.0], 50, 1)["value"] == pytest.approx(1 / 2)


def test_the_interval_of_a_sure_gain_is_a_point() -> None:
    found = paired_gain(asked(*["ann"] * 5), [0.5] * 5, 100, 1)
    assert (found["low"], found["value"], found["high"]) == pytest.approx((0.5, 0.5, 0.5))


def test_the_interval_holds_the_value_and_follows_its_seed() -> None:
    some = asked(*(f"u{n % 4}" for n in range(80)))
    gains = np.random.default_rng(3).normal(size=80).tolist()
    first, again, other = (paired_gain(some, gains, 500, seed) for seed in (1, 1, 2))
    assert first == again
    assert first["low"] != other["low"]
    assert first["low"] < first["value"] < first["high"]
