"""Every section copes with the clicks of a small import: one pair of person and query, people without new questions."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import clicked_world
import pytest
from evaluated import sections_of

from persrv.bundle import Bundle, verify
from persrv.records import Interaction
from precompute.evaluation.methods import baselines
from precompute.evaluation.run import Evaluation
from precompute.evaluation.world import Options
from precompute.runtime.cache import Cache


def few(clicks: int, people: int, words: int, stickers: int, timed: bool) -> tuple[Interaction, ...]:
    rng = random.Random(clicks)
    return tuple(
        Interaction(
            rng.choice(clicked_world.PEOPLE[:people]).id,
            rng.choice(clicked_world.WORDS[:words]),
            rng.choice(clicked_world.IDS[:stickers]),
            clicked_world.DAY * number if timed else None,
        )
        for number in range(clicks)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (few(20, 1, 1, 3, timed=True), "there is nothing to choose or to measure by"),
        (few(40, 1, 2, 48, timed=False), "Left out: pair, because there are too few clicks for it."),
        (few(21, 5, 8, 48, timed=True), "Every choice is made on validation clicks"),
        (few(30, 5, 2, 48, timed=True), "Every choice is made on validation clicks"),
    ],
    ids=["one pair", "no times", "silent people", "two words"],
)
def test_every_section_copes(
    rows: tuple[Interaction, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clicked_world, "clicks", lambda: rows)
    monkeypatch.setattr("precompute.evaluation.methods.roster.FACTORIES", (baselines.factory,))  # without training SRS
    path = clicked_world.write(tmp_path).path
    done = Evaluation(Cache(tmp_path / "cache"), io.StringIO()).run(path, Options(resamples=20))
    assert verify(path) == []
    found = sections_of(Bundle.open(path))
    assert len(found) == len(done)
    assert any(told in note.en for each in found.values() for note in each.notes)
    assert "nan" not in json.dumps([[note.to_json() for note in each.notes] for each in found.values()])
