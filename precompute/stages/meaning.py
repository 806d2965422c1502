"""The stage that makes meanings: a vector of each distinct text of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.bundle import layout
from persrv.bundle.understanding import read_meaning, write_understanding
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FloatArray, Sticker

if TYPE_CHECKING:
    from precompute.runtime.progress import Report

#: Texts that are encoded between two reports.
_BATCH = 1024


def write_meanings(
    stickers: Sequence[Sticker], encoder: SentenceEncoder, folder: Path, report: Report
) -> dict[str, Any]:
    """Encode all texts of the stickers, write their meanings into the stage's folder, and report what was done."""
    index = meanings(stickers, encoder, encoder.name, report)
    write_understanding(folder, index, None, sketched=False)
    return {"model": encoder.name, "texts": len(index.texts), "entries": len(index.text)}


def read_meanings(folder: Path, encoder: str, stickers: int) -> MeaningIndex:
    """The meanings that `write_meanings` wrote, of so many stickers, memory-mapped."""
    index = read_meaning(folder, {"files": {layout.MEANING_VECTORS: {}}, "meaning": {"encoder": encoder}}, stickers)
    assert index is not None
    return replace(index, problem=None)  # a build looks at all texts


def meanings(
    stickers: Iterable[Sticker], encode: Callable[[Sequence[str]], FloatArray], encoder: str, report: Report
) -> MeaningIndex:
    """The meanings of all texts of the stickers, float16 vectors by `encode`; encoder: its name."""
    index = MeaningIndex.gather(stickers, encoder)
    parts = []
    for first in range(0, len(index.texts), _BATCH):
        report(first, len(index.texts))
        parts.append(encode(index.texts[first : first + _BATCH]).astype(np.float16))
    report(len(index.texts), len(index.texts))
    return replace(index, vectors=np.concatenate(parts) if parts else encode([]).astype(np.float16))
