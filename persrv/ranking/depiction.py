"""Queries that name what is seen: "sleepy panda", 像素风, "cat".

A sentence encoder hears a sentence as a whole, so "sleepy panda" is near to all who sleep, and a panda among them is
chance. Where a query describes a drawing (persrv.text.drawn_names), or a word of it is what descriptions say and nobody's
own words, everything that it names must be met: a sticker's depiction is its share of what was asked. A style, a
character, a thing is shown or is not; what somebody does or feels, and a word of no known name, is shown as far as texts
are like it, in units of the best sticker's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray
from persrv.text.drawn_names import SEEN, Drawn, Kind, Named, shown

#: Words of a query at most, and the least likeness of a description to a word that names what is seen.
MOST_WORDS = 3
_LEAST = 0.45

#: How much a description shows that is like a word, but does not hold it, where others hold it.
_LIKE = 0.8

#: Words of which it is remembered what texts hold them.
_REMEMBERED = 256

#: Where it is written what a drawing shows, and what somebody feels or does there.
_SHOWN: Sequence[str] = ("description", "names")
_FELT: Sequence[str] = ("description", "emotion", "names")

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
        self.showing = lru_cache(_REMEMBERED)(self._find_showing)

    @classmethod
    def of(cls, index: MeaningIndex) -> Depictions:
        """The depictions of a catalogue, from the meanings of its texts."""
        said = np.unique(index.text[index.field != _DESCRIPTION])
        return cls(index, np.setdiff1d(index.text[index.field == _DESCRIPTION], said), said)

    def lacking(self, names: Sequence[Named]) -> tuple[Named, ...]:
        """The styles and characters among some names that no sticker of this catalogue shows, nor any text names; none
        of a kind of which descriptions tell nothing.
        """
        return tuple(
            name
            for name in names
            if name.drawn.kind in ("style", "who") and name.drawn.kind in self._told and name.drawn not in self._texts
        )

    def depicted(
        self, cosines: FloatArray, words: Sequence[str], names: Sequence[Drawn | None] = (), seen: Sequence[Drawn] = ()
    ) -> FloatArray | None:
        """How surely each sticker shows all that a query names, float32 (N,) in [0, 1]; None where nothing that it names
        is only seen.

        cosines (n, texts): of the words with every text; words (n,); names (n,): what each of them names, None for a word
        of no known name, all None where left out; seen: what the query names besides, and some sticker shows.
        """
        if not 0 < len(words) + len(seen) or (not seen and len(words) > MOST_WORDS) or not len(self._shown):
            return None
        shows = [self.showing(drawn) for drawn in seen]
        known = names or [None] * len(words)
        if words:
            likeness = self._of_words(cosines, words, known, only_seen=not seen)
            if likeness is None:
                return None
            shows += likeness
        return np.asarray(self.combine(shows), np.float32)

    @staticmethod
    def combine(shows):
        return np.min(shows, axis=0)

    def _of_words(
        self, cosines: FloatArray, words: Sequence[str], names: Sequence[Drawn | None], only_seen: bool
    ) -> list[FloatArray] | None:
        """How surely each sticker shows each word; None where only_seen is wanted, and no word is."""
        held = [self._holds(word) if drawn is None else None for word, drawn in zip(words, names, strict=True)]
        names_seen = np.array([holds is not None for holds in held])
        like_shown = cosines.take(self._shown, axis=1).max(axis=1, initial=0.0)
        like_said = cosines.take(self._said, axis=1).max(axis=1, initial=0.0)
        unnamed = np.array([drawn is None for drawn in names])
        seen = ((like_shown >= _LEAST) & (like_shown >= like_said) & unnamed) | names_seen
        if only_seen and not seen.any():
            return None
        held = [holds if drawn is None else self.showing(drawn) for holds, drawn in zip(held, names, strict=True)]
        return list(map(self._likeness, np.maximum(cosines, 0), seen.tolist(), held))

    def _likeness(self, of_text: FloatArray, seen: bool, holds: NDArray[np.bool_] | None) -> FloatArray:
        """How surely each sticker shows one word, in units of the best sticker's. holds: what `_find` found."""
        fields: Sequence[str] = ("description",) if seen else FIELDS
        likeness = self._index.of_stickers(of_text, fields)
        likeness /= max(float(likeness.max(initial=0.0)), _NONE)
        return likeness if holds is None else np.maximum(_LIKE * likeness, holds)

    def _find_showing(self, drawn: Drawn) -> NDArray[np.bool_]:
        """Which stickers show something (N,), as their descriptions or names tell."""
        of_text = np.zeros(len(self._index.texts), np.float32)
        of_text[self._texts.get(drawn, [])] = 1
        return self._index.of_stickers(of_text, _SHOWN if drawn.kind in SEEN else _FELT) > 0

    @cached_property
    def _texts(self) -> dict[Drawn, list[int]]:
        """The numbers of the texts that name something, or show it."""
        found: dict[Drawn, list[int]] = {}
        for number, text in enumerate(self._index.texts):
            for drawn in shown(text):
                found.setdefault(drawn, []).append(number)
        return found

    @cached_property
    def _told(self) -> frozenset[Kind]:
        """The kinds of which descriptions tell."""
        described = set(self._index.text[np.isin(self._index.field, [FIELDS.index(each) for each in _SHOWN])].tolist())
        return frozenset(drawn.kind for drawn, texts in self._texts.items() if not described.isdisjoint(texts))

    def _find(self, name: str) -> NDArray[np.bool_] | None:
        """Which stickers' descriptions hold a word (N,); None where none does, and where anything else says it: then it
        is what stickers say, not only what they show.
        """
        if not _says(self._all_shown, name) or _says(self._all_said, name):
            return None
        of_text = np.zeros(len(self._index.texts), np.float32)
        of_text[[each for each in self._shown if _says(self._index.texts[each], name)]] = 1
        return self._index.of_stickers(of_text, ("description",)) > 0


def _says(text: str, name: str) -> bool:
    """Whether a text holds a name: an English one as a whole word."""
    if name not in text:
        return False
    return not name.isascii() or re.search(rf"\b{re.escape(name)}\b", text) is not None
