"""The toy world with meanings: a sentence encoder of a dozen texts, whose likenesses can be computed by hand.

"laugh", "night" and "thanks" lie on axes 0, 1 and 2; "haha" is .8 on the axis of "laugh" and .6 on one of its own, so
that it means "laugh" by .8 and nothing else. Any text that is not listed means nothing that is here (axis 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import toy

from persrv.bundle import Bundle
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FloatArray, SearchSettings, Sticker
from persrv.retriever import Retriever
from persrv.text.lexicon import Lexicon
from precompute.fit.understanding import lexicon
from precompute.stages.meaning import meanings

WIDTH = 8

VECTORS = {
    "laugh": {0: 1.0},
    "night": {1: 1.0},
    "thanks": {2: 1.0},
    "haha": {0: 0.8, 3: 0.6},
    "笑死": {4: 1.0},
    "晚安": {5: 1.0},
}

#: Words and meaning weigh the same; what has less than .6 of the best relevance is not lifted by taste.
SETTINGS = SearchSettings(meaning=0.5, floor=0.6, threshold=0.6, lambda_=0.1)


class FakeEncoder:
    """The sentence encoder of VECTORS."""

    name, width = "fake==1", WIDTH

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for axis, value in VECTORS.get(text, {7: 1.0}).items():
                row[axis] = value
        return rows


def understood(told: Sequence[Sticker] | None = None) -> tuple[MeaningIndex, Lexicon]:
    """Meanings and lexicon of some stickers, None for those of the toy world."""
    encoder, said = FakeEncoder(), toy.stickers() if told is None else told
    return meanings(said, encoder, encoder.name, lambda done, all_: None), lexicon(said)


def write(folder: Path, **changes: Any) -> Bundle:
    """The toy bundle with meanings at folder/toy, open."""
    meaning, words = understood()
    return toy.write_toy(folder, **{"settings": SETTINGS, "meaning": meaning, "lexicon": words, **changes})


def retriever(bundle: Bundle) -> Retriever:
    """The door to it, with its encoder."""
    return Retriever(bundle, sentence_encoder=FakeEncoder())
