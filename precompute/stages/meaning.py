"""Sentence vectors of all texts, and the lexicon of what the catalogue can say, by which queries are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from persrv.ranking.meaning import MeaningIndex
from persrv.records import FloatArray, Sticker
from persrv.text.lexicon import Lexicon
from precompute.runtime.progress import Report

#: Texts that are encoded between two reports.
_BATCH = 1024


def meanings(
    stickers: Iterable[Sticker], encode: Callable[[Sequence[str]], FloatArray], encoder: str, report: Report
) -> MeaningIndex:
    """The index of all texts of the stickers, with float16 vectors by `encode`. encoder: its name, for the bundle."""
    index = MeaningIndex.gather(stickers, encoder)
    parts = []
    for first in range(0, len(index.texts), _BATCH):
        report(first, len(index.texts))
        parts.append(encode(index.texts[first : first + _BATCH]).astype(np.float16))
    report(len(index.texts), len(index.texts))
    return replace(index, vectors=np.concatenate(parts) if parts else encode([]).astype(np.float16))


def lexicon(stickers: Iterable[Sticker]) -> Lexicon:
    """The lexicon of the stickers' texts: words on the picture, keywords, queries."""
    return Lexicon.build((sticker.ocr, sticker.keywords, *sticker.queries) for sticker in stickers)
