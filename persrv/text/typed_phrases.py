"""Phrases of chats as they are typed in letters: by their pinyin, typed loosely or with a slip, and by their initials.

People leave out the h of zh and the g of ng, miss a key, and write a whole sentence by its first letters. Letters that
nearly spell a phrase which people say mean that phrase. phrase_pinyin.tsv has the Chinese ways of the phrasebook and
the slang with their pinyin; scripts/phrasebook.py makes it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from persrv.text.phrasebook import entry_of

TABLE = Path(__file__).with_name("phrase_pinyin.tsv")

#: Certainty of a phrase that is typed as it is spelled, loosely, or with a slip.
_SPELLED, _LOOSELY, _WITH_SLIP = 0.92, 0.87, 0.8

#: Letters from which on a slip is looked for, and two of them.
_ONE_SLIP, _TWO_SLIPS = 8, 14

#: Lengths of which it is remembered what is about as long.
_LENGTHS = 64

#: Letters of the shortest initials: any two may stand for anything.
_SHORTEST_INITIALS = 3

#: Sounds that are often typed the same: zh and z, ch and c, sh and s, ng and n, ü and u.
_LOOSE = re.compile("(?<=[zcs])h|(?<=n)g(?![aeiou])|v")


class TypedPhrases:
    """Finds phrases by letters."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """phrases: each with its pinyin, one space between syllables."""
        self._spelled: dict[str, str] = {}
        self._loosely: dict[str, str] = {}
        self._initials: dict[str, list[str]] = defaultdict(list)
        for phrase, pinyin in phrases:
            letters = pinyin.replace(" ", "")
            self._spelled.setdefault(letters, phrase)
            self._loosely.setdefault(_loose(letters), phrase)
            self._initials["".join(syllable[0] for syllable in pinyin.split())].append(phrase)
        self._about_as_long = lru_cache(_LENGTHS)(self._find_about_as_long)

    def spelled(self, letters: str) -> tuple[str, float] | None:
        """The phrase that letters a to z spell, and how sure that is; None for none."""
        loose = _loose(letters)
        if letters in self._spelled:
            return self._spelled[letters], _SPELLED
        if loose in self._loosely:
            return self._loosely[loose], _LOOSELY
        return self._with_slip(loose)

    def abbreviated(self, initials: str) -> list[str]:
        """The phrases whose syllables begin with these letters: first those that say what most of them say."""
        found = self._initials.get(initials, []) if len(initials) >= _SHORTEST_INITIALS else []
        entries = [entry_of(phrase) for phrase in found]
        return [found[place] for place in sorted(range(len(found)), key=lambda place: -entries.count(entries[place]))]

    def _with_slip(self, loose: str) -> tuple[str, float] | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(loose) < _ONE_SLIP:
            return None
        most = 2 if len(loose) >= _TWO_SLIPS else 1
        near = self._about_as_long(len(loose), most)
        found = process.extractOne(loose, near, scorer=OSA.distance, score_cutoff=most)
        return None if found is None else (self._loosely[found[0]], _WITH_SLIP)

    def _find_about_as_long(self, length: int, most: int) -> list[str]:
        """Loosely typed phrases whose length differs by `most` at most."""
        return [each for each in self._loosely if abs(len(each) - length) <= most]


def _loose(letters: str) -> str:
    return _LOOSE.sub(lambda found: "u" if found.group() == "v" else "", letters)


@cache
def chat_phrases() -> TypedPhrases:
    """The phrases of phrase_pinyin.tsv."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return TypedPhrases(tuple(line.split("\t")) for line in lines)  # type: ignore[misc]
