"""Sayings: as many different ones as wanted, the same for the same seed; a world of them has meanings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import meaning
import numpy as np
import pytest
import sayings
import world

from persrv.records import FloatArray

WORDS = ("我们", "快乐", "ok ", "猫", "今天", "睡觉", "😂")


class Encoder:
    """A vector a text, by its characters."""

    name, width = "letters==1", 16

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        rows = np.zeros((len(texts), self.width), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for character in text:
                row[ord(character) % self.width] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("make", [sayings.said, sayings.shown])
def test_as_many_different_sayings_as_wanted_the_same_for_the_same_seed(make: object) -> None:
    assert callable(make)
    found = make(3000, WORDS, 1)
    assert len(set(found)) == len(found) == 3000
    assert found == make(3000, WORDS, 1)
    assert found != make(3000, WORDS, 2)
    assert all(text == text.strip() and "，" not in text for text in found)


@pytest.mark.slow
def test_a_world_of_sayings_shares_its_texts_and_has_their_meanings(tmp_path: Path) -> None:
    bundle = world.write_world(tmp_path / "world", 400, encoder=Encoder())
    index = bundle.meaning
    assert index is not None
    assert index.encoder == Encoder.name
    assert len(index.texts) < len(index.text) / 2, "most texts are shared"
    assert bundle.settings.meaning == world.MEANT.meaning
    assert bundle.lexicon is not None
    queries = meaning.sample_queries(bundle, 20)
    assert len(set(queries)) == 20
    assert {query in set(index.texts) for query in queries} == {True, False}


def test_equal_scores_count_as_found() -> None:
    true = np.array([0.9, 0.5, 0.5, 0.1])
    assert meaning._share(true, np.array([0, 2]), 2) == 1
    assert meaning._share(true, np.array([0, 3]), 2) == 0.5
    assert meaning._share(true, np.array([3]), 0) == 1
