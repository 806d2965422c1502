"""Depiction: how much a picture shows of a query that names what can be seen ("sleepy panda", 像素风, "cat").

A sentence encoder encodes a sentence as a whole, so that "sleepy panda" is near to all stickers of sleepers, and a
panda among them is chance. Where a query describes a drawing (persrv.text.drawn_names), or where a word of the query
stands in descriptions only, a sticker has to show everything that the query names. A style, a character or a thing is
shown or not shown. An action, a feeling or a word without a known name is shown as far as the sticker's texts are like
the word, in units of the best sticker. A sticker's depiction is the cube of the share that the sticker shows of a
described drawing, so that half a match counts little, and the best partial match comes first where no sticker shows
all. For words without a known name, the depiction is the smallest of the words' likenesses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.meaning import MeaningIndex
from persrv.records import FIELDS, FloatArray
from persrv.text.drawn_names import SEEN, Drawn, Kind, Named, shows

#: Words of a query at most, and the least likeness of a description to a word that names what is seen.
MOST_WORDS = 3
_LEAST = 0.45

#: Share that a description shows if it is like a word but does not hold it, where others hold it.
_LIKE = 0.8

#: Words of which it is remembered what texts hold them.
_REMEMBERED = 256

#: Fields that say what a drawing shows, and what the drawn figure feels or does.
_SHOWN: Sequence[str] = ("description", "names")
_FELT: Sequence[str] = ("description", "emotion", "names")

#: Weights of other names against a character, an action or a feeling, where not all is shown.
_WEIGHTS: Mapping[Kind, float] = {"style": 0.6, "colour": 0.4}

#: Power of the share that a drawing shows of what was asked.
_SHARPNESS = 3

#: A drawing that shows this share of what the best one shows, shows as much.
_AS_MUCH = 0.75

#: Texts that name a thing without showing it, as a share of the drawings that show it, up to which it is asked for as
#: what is seen: a word misread on one picture changes nothing.
_MENTIONED = 0.1

_SEPARATOR = "\n"

_DESCRIPTION = FIELDS.index("description")
_NONE = 0.01


class Depictions:
    """Names in the descriptions of a catalogue. Make them once for a catalogue, by `of`."""

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

    def tells(self, names: Sequence[Named]) -> bool:
        """Return whether names describe a drawing: a style or character that the catalogue shows or is known to lack,
        or a thing that the catalogue shows and that hardly any other text names.
        """
        who = [name for name in names if name.drawn.kind in ("style", "who")]
        if who:
            understood = all(name.drawn.kind != "word" for name in names)
            return any(self.showing(name.drawn).any() for name in who) or (understood and bool(self.lacking(who)))
        things = [name.drawn for name in names if name.drawn.kind == "thing"]
        shown = [np.count_nonzero(self.showing(thing)) for thing in things]
        return all(shown) and all(
            self._said_of(thing) <= _MENTIONED * of for thing, of in zip(things, shown, strict=True)
        )

    def _said_of(self, drawn: Drawn) -> int:
        """Number of texts that name a subject and are no descriptions."""
        return int(np.isin(self._index.text, np.intersect1d(self._texts.get(drawn, []), self._said)).sum())

    def only_shown(self, text: int) -> bool:
        """Return whether descriptions alone say a text, by its number."""
        return bool(np.isin(text, self._shown))

    def lacking(self, names: Sequence[Named]) -> tuple[Named, ...]:
        """Return the styles and characters among some names that no sticker shows and no text names; names of a kind
        that no description mentions are left out.
        """
        return tuple(
            name
            for name in names
            if name.drawn.kind in ("style", "who") and name.drawn.kind in self._told and name.drawn not in self._texts
        )

    def depicted(
        self, cosines: FloatArray, words: Sequence[str], names: Sequence[Drawn | None] = (), seen: Sequence[Drawn] = ()
    ) -> FloatArray | None:
        """Compute how surely each sticker shows all that a query names, float32 (N,) in [0, 1]; None if descriptions
        alone tell of nothing that the query names.

        cosines (n, texts): of the words with every text; words (n,); names (n,): what each of them names, None for a
        word of no known name, left out where none has one; seen: what the query names besides, and some sticker shows.
        """
        if not len(self._shown) or not (seen or 0 < len(words) <= MOST_WORDS):
            return None
        likeness = self._likenesses(cosines, words, names or [None] * len(words), bool(seen)) if words else []
        if likeness is None:
            return None
        shares = np.array([*map(self.showing, seen), *likeness], np.float32)
        if not seen:
            return np.asarray(shares.min(axis=0))
        weights = np.array([_WEIGHTS.get(drawn.kind, 1.0) for drawn in seen] + [1.0] * len(words), np.float32)
        return np.asarray((weights @ shares / weights.sum()) ** _SHARPNESS, np.float32)

    @staticmethod
    def whole(depicted: FloatArray) -> NDArray[np.bool_]:
        """Return which stickers (N,) show at least the share _AS_MUCH of what the best sticker shows."""
        return depicted >= _AS_MUCH * depicted.max(initial=0.0)

    def _likenesses(
        self, cosines: FloatArray, words: Sequence[str], names: Sequence[Drawn | None], seen_besides: bool
    ) -> list[FloatArray] | None:
        """Likeness (N,) of each sticker to each word; None if descriptions alone tell of no word, and the query names
        nothing else that is shown.
        """
        held = [
            self._holds(word) if name is None else self.showing(name) for word, name in zip(words, names, strict=True)
        ]
        shown, said = (cosines.take(of, axis=1).max(axis=1, initial=0.0) for of in (self._shown, self._said))
        unnamed = np.array([name is None for name in names])
        seen = unnamed & (((shown >= _LEAST) & (shown >= said)) | [holds is not None for holds in held])
        if not seen_besides and not seen.any():
            return None
        return list(map(self._likeness, np.maximum(cosines, 0), seen.tolist(), held))

    def _likeness(self, of_text: FloatArray, seen: bool, holds: NDArray[np.bool_] | None) -> FloatArray:
        """Likeness (N,) of each sticker to one word, in units of the best sticker. holds (N,): which stickers'
        descriptions hold the word, None where none may.
        """
        fields: Sequence[str] = ("description",) if seen else FIELDS
        likeness = self._index.of_stickers(of_text, fields)
        likeness /= max(float(likeness.max(initial=0.0)), _NONE)
        return likeness if holds is None or not holds.any() else np.maximum(_LIKE * likeness, holds)

    def _find_showing(self, drawn: Drawn) -> NDArray[np.bool_]:
        """Return which stickers (N,) show something, by their descriptions or names."""
        of_text = np.zeros(len(self._index.texts), np.float32)
        of_text[self._texts.get(drawn, [])] = 1
        return self._index.of_stickers(of_text, _SHOWN if drawn.kind in SEEN else _FELT) > 0

    @cached_property
    def _texts(self) -> dict[Drawn, list[int]]:
        """The numbers of the texts that name something, or show it."""
        found: dict[Drawn, list[int]] = {}
        for number, text in enumerate(self._index.texts):
            for drawn in shows(text):
                found.setdefault(drawn, []).append(number)
        return found

    @cached_property
    def _told(self) -> frozenset[Kind]:
        """The kinds of which descriptions tell."""
        described = set(self._index.text[np.isin(self._index.field, [FIELDS.index(each) for each in _SHOWN])].tolist())
        return frozenset(drawn.kind for drawn, texts in self._texts.items() if not described.isdisjoint(texts))

    def _find(self, name: str) -> NDArray[np.bool_] | None:
        """Return which stickers' descriptions (N,) hold a word; None if no description does, or if another text does:
        the word is then something that stickers say, and does not only name what they show.
        """
        if not _says(self._all_shown, name) or _says(self._all_said, name):
            return None
        of_text = np.zeros(len(self._index.texts), np.float32)
        of_text[[each for each in self._shown if _says(self._index.texts[each], name)]] = 1
        return self._index.of_stickers(of_text, ("description",)) > 0


def _says(text: str, name: str) -> bool:
    """Return whether a text holds a name: an English one as a whole word."""
    if name not in text:
        return False
    return not name.isascii() or re.search(rf"\b{re.escape(name)}\b", text) is not None
