"""Queries that name what is seen: "sleepy panda", 像素风, "cat".

A sentence encoder hears a sentence as a whole, so "sleepy panda" is near to all who sleep, and a panda among them is
chance. Where a word of a short query is what descriptions say, and nobody's own words, each word must be met: a
sticker's depiction is the least of its likenesses to the words, each in units of the best sticker's. A word that names
what is seen is looked for in descriptions only; where they hold the word itself, or another name of the same style of
drawing, that says more than a likeness does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray

#: Words of a query at most, and the least likeness of a description to a word that names what is seen.
MOST_WORDS = 3
_LEAST = 0.45

#: How much a description shows that is like a word, but does not hold it, where others hold it.
_LIKE = 0.8

#: Words of which it is remembered what texts hold them.
_REMEMBERED = 256

_SEPARATOR = "\n"

_DESCRIPTION = FIELDS.index("description")
_NONE = 0.01


class Depictions:
    """What the descriptions of a catalogue show. Make it once for a catalogue, by `of`."""

    def __init__(self, index: MeaningIndex, shown: NDArray[np.intp], said: NDArray[np.intp]) -> None:
        """shown, said: the numbers of the texts that descriptions alone say, and of all others."""
        self._index, self._shown, self._said = index, shown, said
        self._all_shown, self._all_said = (_SEPARATOR.join(index.texts[each] for each in of) for of in (shown, said))
        self._holds = lru_cache(_REMEMBERED)(self._find)

    @classmethod
    def of(cls, index: MeaningIndex) -> Depictions:
        """The depictions of a catalogue, from the meanings of its texts."""
        said = np.unique(index.text[index.field != _DESCRIPTION])
        return cls(index, np.setdiff1d(index.text[index.field == _DESCRIPTION], said), said)

    def depicted(self, cosines: FloatArray, words: Sequence[tuple[str, ...]]) -> FloatArray | None:
        """How surely each sticker shows all words, float32 (N,) in [0, 1]; None where no word names what is seen.

        cosines (n, texts): of the words with every text; words: the names of each of them.
        """
        if not 0 < len(cosines) <= MOST_WORDS or not len(self._shown):
            return None
        held = [self._holds(names) for names in words]
        names_seen = np.array([holds is not None for holds in held])
        shown = cosines.take(self._shown, axis=1).max(axis=1, initial=0.0)
        if not ((shown >= _LEAST) | names_seen).any():
            return None
        said = cosines.take(self._said, axis=1).max(axis=1, initial=0.0)
        seen = ((shown >= _LEAST) & (shown >= said)) | names_seen
        if not seen.any():
            return None
        likeness = map(self._likeness, np.maximum(cosines, 0), seen.tolist(), held)
        return np.asarray(np.min(list(likeness), axis=0), np.float32)

    def _likeness(self, of_text: FloatArray, seen: bool, holds: NDArray[np.bool_] | None) -> FloatArray:
        """How surely each sticker shows one word, in units of the best sticker's. holds: what `_find` found."""
        fields: Sequence[str] = ("description",) if seen else FIELDS
        likeness = self._index.of_stickers(of_text, fields)
        likeness /= max(float(likeness.max(initial=0.0)), _NONE)
        return likeness if holds is None else np.maximum(_LIKE * likeness, holds)

    def _find(self, names: tuple[str, ...]) -> NDArray[np.bool_] | None:
        """Which stickers' descriptions hold one of some names (N,). None where none does; and for a word without other
        names where anything else says it: then it is what stickers say, not only what they show.
        """
        if not any(_says(self._all_shown, name) for name in names):
            return None
        if len(names) == 1 and _says(self._all_said, *names):
            return None
        of_text = np.zeros(len(self._index.texts), np.float32)
        of_text[[each for each in self._shown if any(_says(self._index.texts[each], name) for name in names)]] = 1
        return self._index.of_stickers(of_text, ("description",)) > 0


def _says(text: str, name: str) -> bool:
    """Whether a text holds a name: an English one as a whole word."""
    if name not in text:
        return False
    return not name.isascii() or re.search(rf"\b{re.escape(name)}\b", text) is not None
