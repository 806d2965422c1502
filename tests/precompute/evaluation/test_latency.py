"""Table 6 with a clock of our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_languages import assert_told_in_both_languages

from persrv.sampling import evenly
from precompute.evaluation import latency
from precompute.evaluation.hardware import machine
from precompute.evaluation.methods import baselines
from precompute.evaluation.methods.contract import Method
from precompute.evaluation.world import World
from precompute.fit.questions import Question
from precompute.runtime.progress import silent

ASKED = tuple(Question("ann", str(n), frozenset({"s01"})) for n in range(10))


def test_seconds_by_hand() -> None:
    """Ten queries of 1, 2, .. 10 seconds; those to warm up come before and are on no clock."""
    asked: list[tuple[str, int]] = []
    ticks = iter([moment for n in range(1, 11) for moment in (100.0 * n, 100.0 * n + n)])

    def rank(_user: str, query: str, k: int) -> list[tuple[str, float]]:
        asked.append((query, k))
        return []

    row = latency.timed(Method("CLIP-cn", "general VLM", rank), ASKED, lambda: next(ticks))
    told = {name: figure.value for name, figure in row.figures.items()}
    assert told == pytest.approx({"mean": 5.5, "median": 5.5, "p95": 9.55})
    assert len(asked) == latency.WARM_UP + len(ASKED)
    assert {k for _, k in asked} == {latency.TOP}
    assert row.paper == {"mean": 0.0914}


def test_questions_are_spread_evenly() -> None:
    assert [q.query for q in evenly(ASKED, 3)] == ["0", "3", "6"]
    assert evenly(ASKED, 99) == list(ASKED)


def test_every_method_is_timed_and_the_machine_named(toy_bundle_path: Path) -> None:
    world = World.open(toy_bundle_path)
    methods = baselines.factory(world)
    found = latency.measure(world, methods, silent)
    assert_told_in_both_languages(found)
    assert [row.name for row in found.tables[0].rows] == [method.name for method in methods]
    assert found.parameters["machine"] == machine()
    assert machine()["name"]
    assert any(machine()["name"] in note.en for note in found.tables[0].notes)
    assert latency.SECTION.of_machine
