"""Odd queries are answered or refused, soon, and never fail; `make fuzz` asks ten times as many."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import queries

from persrv.retriever import Retriever

DEMO = Path(__file__).resolve().parents[1] / "assets" / "demo"


@pytest.mark.slow(seconds=70)
def test_odd_queries_are_answered_or_refused_and_none_is_slow() -> None:
    report = queries.fuzz(lambda: Retriever.open(DEMO), 2000, seed=7)
    assert (report.failed, report.slow) == ([], []), str(report)
    assert report.answered > report.refused > 100, "both kinds are among them"


def test_a_query_that_fails_or_is_slow_is_reported(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SECONDS", 0.0)
    monkeypatch.setattr(queries, "warm", lambda retriever: retriever)
    report = queries.fuzz(lambda: toy_retriever, 20, seed=3)
    assert len(report.slow) == 20
    monkeypatch.setattr(toy_retriever, "compare", lambda *_: 1 / 0)
    failed = queries.fuzz(lambda: toy_retriever, 20, seed=3).failed
    assert [what for _, what in failed] == ["ZeroDivisionError('division by zero')"] * 20
    assert "20 failed" in str(queries.fuzz(lambda: toy_retriever, 20, seed=3))


def test_a_seed_gives_the_same_queries() -> None:
    assert [*queries.odd_queries(50, 1)] == [*queries.odd_queries(50, 1)] != [*queries.odd_queries(50, 2)]
