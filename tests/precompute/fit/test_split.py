"""The split: shares, disjointness, determinism, and that nobody else makes the three types."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.config import SplitConfig
from precompute.fit.split import Split, TrainInteractions, by_interaction, by_pair, by_time, divided, training_rows

ROOT = Path(__file__).resolve().parents[3]

WORLD = tuple(Interaction(f"u{n % 3}", f"q{n % 10}", f"s{n}", 1000 + n) for n in range(100))


def parts(split: Split) -> tuple[tuple[Interaction, ...], ...]:
    return split.fitting.rows, split.validation.rows, split.test.rows


def test_shares_by_interaction() -> None:
    split = by_interaction(WORLD, test=0.2, validation=0.1, seed=1)
    assert [len(part) for part in parts(split)] == [72, 8, 20]
    assert len(split.training) == 80


@given(st.integers(10, 200), st.integers(0, 5), st.floats(0.1, 0.5), st.floats(0.1, 0.5))
def test_every_interaction_is_in_exactly_one_part(count: int, seed: int, test: float, validation: float) -> None:
    world = [Interaction("u", "q", f"s{n % 7}", n) for n in range(count)]  # stickers repeat: rows are what is split
    for split in (by_interaction(world, test, validation, seed), by_time(world, test, validation)):
        assert Counter(row for part in parts(split) for row in part) == Counter(world)
        for part in parts(split):
            assert sorted(part, key=lambda row: row.time or 0) == list(part)


def test_same_seed_same_split_other_seed_another() -> None:
    first, again, other = (by_interaction(WORLD, 0.2, 0.1, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_pair_never_falls_into_two_parts() -> None:
    split = by_pair(WORLD, test=0.2, validation=0.1, seed=1)
    fitting, validation, test = ({(row.user, row.query) for row in part} for part in parts(split))
    assert not fitting & validation
    assert not fitting & test
    assert not validation & test


def test_by_time_tests_on_the_last_clicks() -> None:
    split = by_time(WORLD[::-1], test=0.2, validation=0.1)
    assert {row.sticker for row in split.test} == {f"s{n}" for n in range(80, 100)}
    assert {row.sticker for row in split.validation} == {f"s{n}" for n in range(72, 80)}


def test_of_clicks_at_one_time_the_last_in_the_file_are_the_last() -> None:
    split = by_time([replace(row, time=1000) for row in WORLD], test=0.2, validation=0.1)
    assert [row.sticker for row in split.test] == [f"s{n}" for n in range(80, 100)]


def test_by_time_wants_times() -> None:
    with pytest.raises(DataError, match="without a time"):
        by_time([Interaction("u", "q", "s")] * 10, 0.2, 0.1)


@pytest.mark.parametrize(("test", "validation"), [(0.0, 0.1), (1.0, 0.1), (0.2, -0.1)])
def test_impossible_shares_are_refused(test: float, validation: float) -> None:
    with pytest.raises(DataError, match="Shares"):
        by_interaction(WORLD, test, validation, 1)


def test_too_little_to_split() -> None:
    with pytest.raises(DataError, match="2 units"):
        by_interaction(WORLD[:2], 0.2, 0.1, 1)


def test_test_interactions_are_refused_at_run_time() -> None:
    split = by_interaction(WORLD, 0.2, 0.1, 1)
    assert training_rows(split.training) == split.fitting.rows + split.validation.rows
    for wrong in (split.test, split.validation, split.test.rows):
        with pytest.raises(DataError, match="TrainInteractions"):
            training_rows(wrong)  # type: ignore[arg-type]
    assert not isinstance(split.test, TrainInteractions)


def test_only_the_split_makes_the_three_types() -> None:
    makes = re.compile(r"\b(Train|Validation|Test)Interactions\(")
    makers = [path for path in (ROOT / "precompute").rglob("*.py") if makes.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in makers] == ["split.py"]


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        ("interaction", by_interaction(WORLD, 0.2, 0.1, 7)),
        ("pair", by_pair(WORLD, 0.2, 0.1, 7)),
        ("time", by_time(WORLD, 0.2, 0.1)),
    ],
)
def test_a_profile_names_its_split(method: str, wanted: Split) -> None:
    assert divided(WORLD, SplitConfig(method, 0.2, 0.1, 7)) == wanted


def test_a_split_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DataError, match="interaction, pair or time"):
        divided(WORLD, SplitConfig("person"))
