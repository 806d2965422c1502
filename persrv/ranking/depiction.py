"""Queries that name what is seen: "sleepy panda", 像素风, "cat".

A sentence encoder hears a sentence as a whole, so "sleepy panda" is near to all who sleep, and a panda among them is
chance. Where a word of a short query is what descriptions say, and nobody's own words, each word must be met: a
sticker's depiction is the least of its likenesses to the words, each in units of the best sticker's. A word that names
what is seen is looked for in descriptions only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray

#: Words of a query at most, and the least likeness of a description to a word that names what is seen.
MOST_WORDS = 3
_LEAST = 0.45

_DESCRIPTION = FIELDS.index("description")
_NONE = 0.01


class Depictions:
    """What the descriptions of a catalogue show. Make it once for a catalogue, by `of`."""

    def __init__(self, index: MeaningIndex, shown: NDArray[np.intp], said: NDArray[np.intp]) -> None:
        """shown, said: the numbers of the texts that descriptions alone say, and of all others."""
        self._index, self._shown, self._said = index, shown, said

    @classmethod
    def of(cls, index: MeaningIndex) -> Depictions:
        """The depictions of a catalogue, from the meanings of its texts."""
        said = np.unique(index.text[index.field != _DESCRIPTION])
        return cls(index, np.setdiff1d(index.text[index.field == _DESCRIPTION], said), said)

    def depicted(self, cosines: FloatArray) -> FloatArray | None:
        """How surely each sticker shows all words, float32 (N,) in [0, 1]; None where no word names what is seen.

        cosines (n, texts): of the words with every text.
        """
        if not 0 < len(cosines) <= MOST_WORDS or not len(self._shown):
            return None
        shown = cosines.take(self._shown, axis=1).max(axis=1, initial=0.0)
        if not (shown >= _LEAST).any():
            return None
        seen = (shown >= _LEAST) & (shown >= cosines.take(self._said, axis=1).max(axis=1, initial=0.0))
        if not seen.any():
            return None
        likeness = np.stack([self._likeness(*each) for each in zip(np.maximum(cosines, 0), seen, strict=True)])
        best = np.maximum(likeness.max(axis=1, keepdims=True), _NONE)
        return np.asarray((likeness / best).min(axis=0), np.float32)

    def _likeness(self, of_text: FloatArray, seen: bool) -> FloatArray:
        fields: Sequence[str] = ("description",) if seen else FIELDS
        return self._index.of_stickers(of_text, fields)
