"""Slips of the finger: the known word that an unknown one is a letter or two away from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

#: Letters from which on a word is corrected at all, and from which on it may have two slips.
SHORTEST, SHORTEST_OF_TWO = 4, 7

_WORD = re.compile("[a-z']+")


def corrected(text: str, words: Mapping[str, int], knows: Callable[[str], bool]) -> tuple[str, float]:
    """A lower-case text with its unknown words corrected, each by itself, and how sure that is (0 to 1).

    words: known word -> how many stickers say it; knows: whether a word is known in any form.
    """
    sure = 1.0

    def correct(match: re.Match[str]) -> str:
        nonlocal sure
        word = match.group()
        if knows(word):
            return word
        found = closest(word, words)
        if found is None:
            return word
        sure = min(sure, found[1])
        return found[0]

    return _WORD.sub(correct, text), sure


def closest(word: str, words: Mapping[str, int]) -> tuple[str, float] | None:
    """The known word nearest by Damerau-Levenshtein distance, and how sure it is meant; None where none is near.

    One slip in 4 letters and more, two in 7 and more; of equally near ones that with the same first letter, then the
    most frequent, then the first by the alphabet.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(word) < SHORTEST:
        return None
    most = 2 if len(word) >= SHORTEST_OF_TWO else 1
    near = process.extract(word, words.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    if not near:
        return None
    best, slips, _ = min(near, key=lambda found: (found[1], found[0][0] != word[0], -words[found[0]], found[0]))
    return best, 0.9 if slips == 1 else 0.75
