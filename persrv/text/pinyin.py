"""Pinyin without tones: from letters to the likeliest Chinese text, and from Chinese text to letters.

Letters are cut into syllables and words at the same time: of all ways to read them as words of the catalogue or of
jieba's dictionary, the most probable is found word by word (Viterbi over a unigram model, as input methods do).
`pinyin_words.tsv` holds the dictionary's words by their pinyin; scripts/pinyin_words.py makes it and notes its sources.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from math import log
from pathlib import Path
from typing import NamedTuple, Protocol

from persrv.text.folding import without_accents

_TABLE = Path(__file__).with_name("pinyin_words.tsv")

#: Letters of the longest text that is read as pinyin, and of the longest syllable (zhuang).
MOST_LETTERS = 40
_LONGEST_SYLLABLE = 6

#: Texts that are held for each beginning of the letters, and words that are tried for each group of syllables.
_BEAM = 4
_MOST_WORDS = 8

#: Groups of syllables whose words are remembered.
_REMEMBERED = 1 << 13

#: Share of the catalogue in a word's probability, where the catalogue has any Chinese text.
_OWN_SHARE = 0.7

_NUMBERED = re.compile("(?:[a-z]+[1-5] ?)+")

#: Spellings that people type for a syllable which the table writes otherwise.
_WRITTEN = {"lue": "lve", "nue": "nve"}


class Conversion(NamedTuple):
    """text: Chinese; words: what it is made of; score: ln of its probability."""

    text: str
    words: tuple[str, ...]
    score: float


class Source(Protocol):
    """Words by pinyin: syllables with one space between, e.g. "wan an"."""

    def begins(self, pinyin: str) -> bool:
        """Return whether a word's pinyin begins with these whole syllables, or is them."""
        ...

    def shares(self, pinyin: str) -> Iterator[tuple[str, float]]:
        """Words that are read exactly so, with the probability of each, the most probable first."""
        ...


class PinyinWords:
    """jieba's words by pinyin. lines: sorted, each a pinyin, a tab, and word, frequency, word, frequency, ..."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def begins(self, pinyin: str) -> bool:
        """Return whether a word's pinyin begins with these whole syllables, or is them."""
        at = bisect_left(self._lines, pinyin + "\t")
        return at < len(self._lines) and self._lines[at].startswith((pinyin + "\t", pinyin + " "))

    def shares(self, pinyin: str) -> Iterator[tuple[str, float]]:
        """Yield the words that are read exactly so, with the probability of each, the most probable first."""
        at = bisect_left(self._lines, pinyin + "\t")
        if at < len(self._lines) and self._lines[at].startswith(pinyin + "\t"):
            cells = self._lines[at].partition("\t")[2].split(" ")
            for word, frequency in zip(cells[::2], cells[1::2], strict=True):
                yield word, int(frequency) / self._total

    @cached_property
    def _total(self) -> int:
        """The sum of all frequencies, at least 1."""
        return max(1, sum(int(number) for line in self._lines for number in line.partition("\t")[2].split(" ")[1::2]))

    @cached_property
    def syllables(self) -> frozenset[str]:
        """All syllables that characters are read as, and spellings of some of them that people use."""
        keys = (line.partition("\t")[0] for line in self._lines)
        return frozenset(key for key in keys if " " not in key) | frozenset(_WRITTEN)

    def by_text(self, longest: int = 4) -> Mapping[str, str]:
        """Word of at most `longest` characters -> its usual pinyin."""
        best: dict[str, tuple[int, str]] = {}
        for line in self._lines:
            key, _, rest = line.partition("\t")
            if key.count(" ") < longest:
                cells = rest.split(" ")
                for word, frequency in zip(cells[::2], cells[1::2], strict=True):
                    if best.get(word, (0, ""))[0] < int(frequency):
                        best[word] = int(frequency), key
        return {word: key for word, (_, key) in best.items()}


@lru_cache(maxsize=1)
def pinyin_words() -> PinyinWords:
    """The dictionary's table, read once."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return PinyinWords([line for line in lines if not line.startswith("#")])


@lru_cache(maxsize=1)
def _characters() -> Mapping[str, str]:
    return pinyin_words().by_text(longest=1)


def spell_characters(text: str) -> str | None:
    """The usual pinyin of each character by itself, or None where one has none.

    >>> spell_characters("晚安")
    'wan an'
    """
    known = _characters()
    syllables = [known.get(character) for character in text]
    return None if None in syllables else " ".join(filter(None, syllables))


def speller(longest: int = 4) -> Mapping[str, str]:
    """Map every word of the dictionary to its pinyin, for `spell`. The map takes a moment and 20 MB; drop it
    afterwards.
    """
    return pinyin_words().by_text(longest)


def spell(text: str, known: Mapping[str, str]) -> str:
    """The pinyin of a Han text, cut greedily into the longest known words; an unknown character stands for itself.

    >>> spell("音乐快乐", speller())
    'yin yue kuai le'
    """
    syllables, at = [], 0
    while at < len(text):
        size = next((size for size in (4, 3, 2) if text[at : at + size] in known and at + size <= len(text)), 1)
        syllables.append(known.get(text[at : at + size], text[at]))
        at += size
    return " ".join(syllables)


def without_tones(text: str) -> str:
    """A lower-case text without tones, as marks or as numbers behind syllables; ü as v.

    >>> without_tones("xiǎo sǐ"), without_tones("xiao3si3"), without_tones("lǜ"), without_tones("u1s1")
    ('xiao si', 'xiao si', 'lv', 'u1s1')
    """
    if _NUMBERED.fullmatch(text) and all(each in pinyin_words().syllables for each in re.findall("[a-z]+", text)):
        return " ".join(re.findall("[a-z]+", text))
    return text if text.isascii() else without_accents(unicodedata.normalize("NFD", text).replace("u\u0308", "v"))


class PinyinReader:
    """Reads letters as Chinese for one catalogue. Thread-safe: only caches change."""

    def __init__(self, own: Source) -> None:
        """own: what the catalogue says."""
        self._own = own
        self._words = lru_cache(_REMEMBERED)(self._mixed)
        self._begins = lru_cache(_REMEMBERED)(lambda pinyin: pinyin_words().begins(pinyin) or own.begins(pinyin))

    def convert(self, letters: str, most: int = 3) -> list[Conversion]:
        """The likeliest Chinese texts of letters a to z, the likeliest first; [] where they are no pinyin.

        letters: spaces and apostrophes end a syllable, e.g. "wan an", "xi'an".
        """
        typed, ends = _boundaries(letters)
        if not 0 < len(typed) <= MOST_LETTERS:
            return []
        beams: list[dict[str, Conversion]] = [{} for _ in range(len(typed) + 1)]
        beams[0][""] = Conversion("", (), 0.0)
        for start in range(len(typed)):
            so_far = heapq.nlargest(_BEAM, beams[start].values(), key=_by_score)
            if so_far:
                for end, pinyin in self._groups(typed, ends, start):
                    for word, log_share in self._words(pinyin):
                        for before in so_far:
                            _keep(beams[end], before, word, log_share)
        return heapq.nlargest(most, beams[-1].values(), key=_by_score)

    def _groups(self, typed: str, ends: frozenset[int], start: int) -> Iterator[tuple[int, str]]:
        """(where it ends, its pinyin) of every group of syllables from a place on that begins a word."""
        syllables = pinyin_words().syllables
        waiting = [(start, "")]
        while waiting:
            at, pinyin = waiting.pop()
            for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(typed)) + 1):
                syllable = typed[at:end]
                if syllable in syllables:
                    longer = f"{pinyin} {_WRITTEN.get(syllable, syllable)}".lstrip()
                    if self._begins(longer):
                        yield end, longer
                        waiting.append((end, longer))
                if end in ends:
                    break

    def _mixed(self, pinyin: str) -> tuple[tuple[str, float], ...]:
        """The likeliest words that are read so, by catalogue and dictionary together, with the ln of their share."""
        mixed: dict[str, float] = {}
        for weight, source in ((1 - _OWN_SHARE, pinyin_words()), (_OWN_SHARE, self._own)):
            for word, share in islice(source.shares(pinyin), _MOST_WORDS):
                mixed[word] = mixed.get(word, 0.0) + weight * share
        best = heapq.nlargest(_MOST_WORDS, mixed.items(), key=lambda item: (item[1], item[0]))
        return tuple((word, log(share)) for word, share in best)


def _by_score(conversion: Conversion) -> tuple[float, str]:
    return conversion.score, conversion.text


def _keep(beam: dict[str, Conversion], before: Conversion, word: str, log_share: float) -> None:
    """Add a longer conversion to those that end where it does, unless its text is there with a better score."""
    text, score = before.text + word, before.score + log_share
    if text not in beam or beam[text].score < score:
        beam[text] = Conversion(text, (*before.words, word), score)


def _boundaries(letters: str) -> tuple[str, frozenset[int]]:
    """The letters alone, and the places among them where a syllable has to end."""
    parts = re.findall("[a-z]+", letters)
    ends, at = set(), 0
    for part in parts:
        at += len(part)
        ends.add(at)
    return "".join(parts), frozenset(ends)
