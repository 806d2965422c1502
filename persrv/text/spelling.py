"""Slips of the finger: the known word that an unknown one is a letter or two away from, and blanks left out or put in.

`english_words.txt` holds common English words; scripts/english_words.py makes it and notes its source. A word that the
catalogue or this list has is known, and is never corrected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.text.phrasebook import entry_of

_TABLE = Path(__file__).with_name("english_words.txt")

#: Letters from which on a word is corrected at all, and from which on it may have two slips.
SHORTEST, SHORTEST_OF_TWO = 4, 7

#: Letters from which on a word is corrected to one that the catalogue does not say, by the number of slips.
_SHORTEST_UNSAID = {1: 7, 2: 9}

#: The same for words that say something by themselves (jealous): one slip is all they may have.
_SHORTEST_PHRASE = 5

#: Letters of the longest word that is corrected, and of the shortest part that a word is split into.
_LONGEST, _SHORTEST_PART = 30, 3

#: Certainty of a correction, by its number of slips, and of a blank.
_SURE = {1: 0.9, 2: 0.75}
_SURE_OF_BLANK = 0.85

#: Rank from which on an English word is so rare that the same letters may as well be pinyin (lei, kun).
_COMMON = 5_000

#: A Latin word of a normalised text: ASCII letters beside which no other letter or digit stands but Han characters.
WORD = re.compile("(?<![^\\W_\u3400-\u9fff])[a-z']+(?![^\\W_\u3400-\u9fff])")


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, int]:
    """Common English words -> how many are more frequent."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    words = (line for line in lines if not line.startswith("#"))
    return {word: number for number, word in enumerate(words)}


@cache
def _english_letters() -> NDArray[np.uint32]:
    """The letters of each common English word, in their order."""
    return _letters(english_words())


class Speller:
    """Knows the Latin words of a catalogue and common English ones.

    said: word of the catalogue -> how many stickers say it; knows: whether the catalogue says a word in any form.
    """

    def __init__(self, said: Mapping[str, int], knows: Callable[[str], bool]) -> None:
        self._said, self.says = said, knows
        self._words = [*said, *english_words()]
        self._letters = np.concatenate([_letters(said), _english_letters()])
        self._lengths = np.fromiter(map(len, self._words), np.int32)

    def knows(self, word: str) -> bool:
        """Return whether a word is one of the catalogue's, in any form, or a common English one."""
        return word in english_words() or self.says(word)

    def is_common(self, word: str) -> bool:
        """Return whether a word is one of the catalogue's, in any form, or one that everybody knows."""
        return english_words().get(word, _COMMON) < _COMMON or self.says(word)

    def corrected(self, text: str) -> tuple[str, float]:
        """A lower-case text with its unknown words corrected, each by itself, and how sure that is (0 to 1)."""
        sure = 1.0

        def correct(match: re.Match[str]) -> str:
            nonlocal sure
            found = None if self.knows(match.group()) else self.closest(match.group())
            if found is None:
                return match.group()
            sure = min(sure, found[1])
            return found[0]

        return WORD.sub(correct, text), sure

    def closest(self, word: str) -> tuple[str, float] | None:
        """The word nearest to an unknown one by Damerau-Levenshtein distance, and how sure it is meant; None for none.

        One slip in 4 letters and more, two in 7 and more; to a word that the catalogue does not say, in 7 and in 9. Of
        equally near words: one with the same first letter, one of the catalogue, an English one (what a model writes
        has slips of its own), one of the same letters, the most frequent, the first by the alphabet.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not SHORTEST <= len(word) <= _LONGEST:
            return None
        most = 2 if len(word) >= SHORTEST_OF_TWO else 1
        # a slip changes the length by one at most, and the set of letters by two
        near_length = np.abs(self._lengths - len(word)) <= most
        near = near_length & (np.bitwise_count(self._letters ^ _letters([word])) <= 2 * most)
        choices = [self._words[place] for place in np.flatnonzero(near).tolist()]
        matches = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
        found = [(other, slips) for other, slips, _ in matches if self._may_be(word, other, int(slips))]
        if not found:
            return None

        def order(match: tuple[str, float]) -> tuple[float | str | bool, ...]:
            other, slips = match
            frequency = (-self._said.get(other, 0), english_words().get(other, len(self._words)))
            is_word = other in english_words()
            likely = (other[0] != word[0], not self.says(other), not is_word, sorted(other) != sorted(word))
            return (slips, *likely, *frequency, other)

        best, slips = min(found, key=order)
        return best, _SURE[int(slips)]

    def _may_be(self, word: str, other: str, slips: int) -> bool:
        """Return whether a word is long enough to be another one with so many slips."""
        if self.says(other) or len(word) >= _SHORTEST_UNSAID[slips]:
            return True
        return slips == 1 and len(word) >= _SHORTEST_PHRASE and entry_of(other) is not None

    def with_blanks(self, text: str) -> tuple[str, float]:
        """A text with a blank in each word that the catalogue lacks and whose two parts it says (goodnight)."""

        def split(match: re.Match[str]) -> str:
            word = match.group()
            if self.says(word):
                return word
            places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
            parts = [(word[:at], word[at:]) for at in places if self.says(word[:at]) and self.says(word[at:])]
            return " ".join(max(parts, key=lambda pair: min(self._said.get(part, 0) for part in pair), default=(word,)))

        return WORD.sub(split, text), _SURE_OF_BLANK

    def without_blanks(self, text: str) -> tuple[str, float]:
        """A text with two words written as one where the catalogue says that one (good night)."""
        for first, second in pairwise(WORD.findall(text)):
            if first + second in self._said:
                text = text.replace(f"{first} {second}", first + second)
        return text, _SURE_OF_BLANK


def _letters(words: Collection[str]) -> NDArray[np.uint32]:
    """Bits (n,) of the letters a to z that each of some words has, one bit a letter; all other letters share one. No
    word is empty.
    """
    if not words:
        return np.zeros(0, np.uint32)
    lengths = np.fromiter(map(len, words), np.int64)
    letters = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32) - np.uint32(ord("a"))
    bits = np.uint32(1) << np.minimum(letters, np.uint32(26))  # what precedes "a" has become very large
    return np.asarray(np.bitwise_or.reduceat(bits, np.cumsum(lengths) - lengths))
