"""The toy world with words in every field, and settings by chance: every weight of the score matters there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import toy

from persrv.records import FIELDS, SearchSettings
from persrv.retriever import Retriever


def wordy_world(folder: Path, **changes: object) -> Retriever:
    """The toy world with chance words in every field, so that every weight matters."""
    rng = Random(7)

    def words() -> str:
        return " ".join(rng.choices(("cat", "moon", "laugh", "night"), k=rng.randint(0, 4)))

    stickers = tuple(
        replace(s, keywords=words(), description=words(), emotion=words(), names=words()) for s in toy.stickers()
    )
    return Retriever(toy.write_toy(folder, stickers=stickers, **changes))


def chance_settings(rng: Random) -> SearchSettings:
    """Draw any weights, some of them 0."""

    def weight(most: float) -> float:
        return rng.choice((0.0, round(rng.uniform(0, most), 2), rng.uniform(0, most)))

    return SearchSettings(
        field_weights={name: weight(2) for name in FIELDS},
        lambda_=weight(5),
        alpha=weight(3),
        utility_weights=(weight(1), weight(1), weight(1)),
        recall_size=rng.choice((1, 3, 100)),
    )
