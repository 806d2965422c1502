"""Precision of situations on test queries, in the toy world with meanings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import meant
import pytest
import toy

from precompute.evaluation import understanding
from precompute.evaluation.world import World
from precompute.fit.understanding import Understanding
from precompute.runtime.progress import silent


class Meant(World):
    """The toy world with its fake encoder, which no name finds."""

    understanding = property(lambda self: Understanding(meant.FakeEncoder(), meant.understood()[0]))


def test_what_is_heard_is_found_and_what_is_unheard_only_by_meaning(tmp_path: Path) -> None:
    """The one test query is “night”: four stickers say it, so 4 of 5 places fit; unheard, none does."""
    opened = World.open(meant.write(tmp_path, settings=replace(meant.SETTINGS, floor=0.8)))
    found = understanding.compute(Meant(opened.bundle, opened.split), silent)
    rows = {row.name: row.figures for row in found.tables[0].rows}
    channels = ["w/o words", "w/o meaning", "w/o feedback", "w/o depiction"]
    assert list(rows) == ["PerSRV", "w/o floor", "w/o utility", *channels]
    for figures in rows.values():
        assert figures["nobody, heard"].value == pytest.approx(0.8)
        assert figures["people, heard"].value == pytest.approx(0.8)
        assert figures["nobody, unheard"].value == 0.0


def test_without_meanings_there_is_a_sentence(tmp_path: Path) -> None:
    found = understanding.compute(World.open(toy.write_toy(tmp_path)), silent)
    assert found.tables == ()
    assert found.notes == (understanding.NOTHING,)
