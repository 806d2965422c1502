"""The lexicon of a catalogue: its short Chinese phrases with their pinyin, its Latin words, its emoji, with counts.

Built offline from the texts of every sticker, stored in the bundle as one Arrow table, and held online as sorted lists
and dicts. The most frequent entries are kept (MOST_PHRASES, MOST_PARTS, MOST_WORDS), so that a catalogue of half a
million stickers needs some 40 MB and a look-up stays a bisection.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from persrv.errors import BundleError
from persrv.records import Sticker
from persrv.text.emoji import EMOJI, forms
from persrv.text.english import english_stem
from persrv.text.folding import normalise
from persrv.text.pinyin import PinyinReader, spell, speller
from persrv.text.spelling import Speller

#: Phrases (whole runs of Han characters), parts of phrases, and Latin words that are kept, the most frequent first.
MOST_PHRASES = 50_000
MOST_PARTS = 50_000
MOST_WORDS = 50_000

#: Characters of the longest phrase and of the longest part of one.
LONGEST_PHRASE = 12
LONGEST_PART = 4

#: kind: "han", "word" or "emoji"; whole: stickers one of whose texts has it as a whole run; within: places where it
#: stands in a text, whole or as a part; pinyin: syllables without tones, one space between, "" but for "han".
_COLUMNS: Mapping[str, pa.DataType] = {
    "kind": pa.string(),
    "text": pa.string(),
    "whole": pa.int32(),
    "within": pa.int32(),
    "pinyin": pa.string(),
}
SCHEMA = pa.schema([pa.field(name, kind, nullable=False) for name, kind in _COLUMNS.items()])

#: Probability that a part of a phrase is a word.
_PART_SHARE = 0.2

_REBUILD = "Rebuild the bundle."

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_SYLLABLES = re.compile("[^\\W\\d_]+(?: [^\\W\\d_]+)*")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def texts_of(sticker: Sticker) -> tuple[str, ...]:
    """All texts of a sticker: the words on it, its keywords, the queries it was clicked for, and its names."""
    return (sticker.ocr, sticker.keywords, *sticker.queries, sticker.names)


class Lexicon:
    """The entries of a catalogue, searched by pinyin, by initials and as words.

    texts, whole, within, pinyin: one a Han phrase or part, sorted by pinyin, then most frequent first; words, emoji:
    Latin word or emoji -> stickers that say it.
    """

    def __init__(
        self,
        texts: Sequence[str],
        whole: Sequence[int],
        within: Sequence[int],
        pinyin: Sequence[str],
        words: Mapping[str, int],
        emoji: Mapping[str, int],
    ) -> None:
        self.texts, self.whole, self.within, self.pinyin = texts, whole, within, pinyin
        self.words, self.emoji = words, emoji
        pairs = sorted((initials_of(syllables), -whole[row], row) for row, syllables in enumerate(pinyin) if whole[row])
        self._initials = [initials for initials, _, _ in pairs]
        self._initials_row = [row for _, _, row in pairs]
        self._characters = max(1, sum(count for text, count in zip(texts, within, strict=True) if len(text) == 1))

    @classmethod
    def build(cls, texts: Iterable[Iterable[str]]) -> Lexicon:
        """Build from the texts of each sticker: what is on it, its keywords, its queries."""
        phrases, within, words, emoji = _counted(texts)
        kept = sorted(within)
        known = speller()
        spelled = {text: spell(text, known) for text in kept}
        kept.sort(key=lambda text: (spelled[text], -phrases.get(text, 0), -within[text], text))
        return cls(
            kept,
            [phrases.get(text, 0) for text in kept],
            [within[text] for text in kept],
            [spelled[text] for text in kept],
            words,
            emoji,
        )

    @classmethod
    def from_table(cls, table: pa.Table) -> Lexicon:
        """The lexicon of a table that `to_table` made. BundleError where a table is none."""
        if table.schema != SCHEMA:
            raise BundleError(
                f"A lexicon of columns {', '.join(table.schema.names)}", ", ".join(SCHEMA.names), _REBUILD
            )
        columns: list[list[Any]] = [table.column(name).to_pylist() for name in SCHEMA.names]
        kinds, texts, whole, within, pinyin = columns
        size = kinds.count("han")
        others = set(kinds[size:])
        if kinds[:size] != ["han"] * size or not others <= {"word", "emoji"} or pinyin[:size] != sorted(pinyin[:size]):
            raise BundleError("A lexicon whose rows are out of order", "phrases by their pinyin first", _REBUILD)
        if None in (*whole, *within) or min(whole, default=0) < 0 or min(within, default=1) < 1:
            raise BundleError("A lexicon with counts below 1", "how often each entry is said", _REBUILD)
        if not all(map(_spells, texts[:size], pinyin[:size])):
            raise BundleError("A lexicon whose pinyin is none", "a syllable of letters a character", _REBUILD)
        if len(set(zip(kinds, texts, strict=True))) < len(texts):
            raise BundleError("A lexicon with an entry twice", "each entry once", _REBUILD)
        counts: dict[str, dict[str, int]] = {"word": {}, "emoji": {}}
        for row in range(size, len(kinds)):
            counts[kinds[row]][texts[row]] = whole[row]
        return cls(texts[:size], whole[:size], within[:size], pinyin[:size], counts["word"], counts["emoji"])

    def to_table(self) -> pa.Table:
        """Return one table: Han entries as they lie here, then words, then emoji."""
        size, others = len(self.texts), [*self.words.items(), *self.emoji.items()]
        counts = [count for _, count in others]
        return pa.table(
            {
                "kind": ["han"] * size + ["word"] * len(self.words) + ["emoji"] * len(self.emoji),
                "text": [*self.texts, *(text for text, _ in others)],
                "whole": [*self.whole, *counts],
                "within": [*self.within, *counts],
                "pinyin": [*self.pinyin, *[""] * len(others)],
            },
            schema=SCHEMA,
        )

    def spelled(self, pinyin: str) -> range:
        """Rows of the entries that are read exactly so, e.g. "wan an"; phrases first, the most frequent first."""
        return range(bisect_left(self.pinyin, pinyin), bisect_right(self.pinyin, pinyin))

    def begins(self, pinyin: str) -> bool:
        """Return whether an entry's pinyin begins with these whole syllables, or is them."""
        row = bisect_left(self.pinyin, pinyin)
        return row < len(self.pinyin) and (self.pinyin[row] + " ").startswith(pinyin + " ")

    def shares(self, pinyin: str) -> Iterator[tuple[str, float]]:
        """The entries that are read exactly so, each with the share of the catalogue's characters that begin it.

        Parts of phrases, which may be no words, count for _PART_SHARE of theirs.
        """
        for row in self.spelled(pinyin):
            share = self.within[row] / self._characters
            yield self.texts[row], share if self.whole[row] else _PART_SHARE * share

    def abbreviated(self, initials: str) -> list[int]:
        """Rows of the phrases whose syllables begin with these letters, the most frequent first."""
        first, last = bisect_left(self._initials, initials), bisect_right(self._initials, initials)
        return self._initials_row[first:last]

    def agrees(self, texts: Iterable[Iterable[str]], whole: bool) -> bool:
        """Return whether the lexicon holds the texts of some stickers; pinyin is not compared.

        whole: whether these are all stickers, so that counts are compared, too. A lexicon that kept only its most
        frequent entries may lack the others.
        """
        phrases, within, words, emoji = _counted(texts)
        known = {text: count for text, count in zip(self.texts, self.whole, strict=True) if count}
        if whole:
            held = dict(zip(self.texts, self.within, strict=True))
            return (phrases, within, words, emoji) == (known, held, self.words, self.emoji)
        pairs = ((phrases, known, MOST_PHRASES), (words, self.words, MOST_WORDS), (emoji, self.emoji, MOST_WORDS))
        return all(len(ours) >= most or said.keys() <= ours.keys() for said, ours, most in pairs)

    def says(self, text: str) -> bool:
        """Return whether a sticker's text has this as a whole run of Han characters."""
        return text in self._phrases

    def knows(self, word: str) -> bool:
        """Return whether a text of the catalogue has a Latin word in any form (laughs, laughing)."""
        return word in self.words or english_stem(word) in self._stems

    @cached_property
    def pinyin_reader(self) -> PinyinReader:
        """The reader of letters as Chinese phrases of this catalogue."""
        return PinyinReader(self)

    @cached_property
    def speller(self) -> Speller:
        """The speller that knows the words of the catalogue and common English ones, and corrects others."""
        return Speller(self.words, self.knows)

    @cached_property
    def _phrases(self) -> frozenset[str]:
        return frozenset(text for text, stickers in zip(self.texts, self.whole, strict=True) if stickers)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(english_stem, self.words))


def _counted(texts: Iterable[Iterable[str]]) -> tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]:
    """Count the texts of each sticker: phrase -> stickers that say it whole; phrase or part -> places where it stands;
    Latin word and emoji -> stickers that say it; the most frequent of each.
    """
    runs: Counter[str] = Counter()
    words: Counter[str] = Counter()
    emoji: Counter[str] = Counter()
    for sticker in texts:
        plain = [normalise(text) for text in sticker]
        runs.update({run for text in plain for run in _HAN.findall(text)})
        words.update({word for text in plain for word in _WORD.findall(text)})
        emoji.update({each for text in plain for found in EMOJI.findall(text) for each in forms(found)})
    within: Counter[str] = Counter()
    for run, stickers in runs.items():
        for part in _parts(run):
            within[part] += stickers
    phrases = _most({run: count for run, count in runs.items() if len(run) <= LONGEST_PHRASE}, MOST_PHRASES)
    parts = _most({part: n for part, n in within.items() if n > 1 or len(part) == 1}, MOST_PARTS)
    places = {text: within[text] or runs[text] for text in {*phrases, *parts}}
    return phrases, places, _most(words, MOST_WORDS), _most(emoji, MOST_WORDS)


def initials_of(pinyin: str) -> str:
    """The first letter of each syllable.

    >>> initials_of("xiao si wo le")
    'xswl'
    """
    return "".join(syllable[0] for syllable in pinyin.split())


def _spells(text: str, pinyin: str) -> bool:
    """Return whether a text is Han, and its pinyin may be: as many syllables as characters."""
    return bool(_HAN.fullmatch(text) and _SYLLABLES.fullmatch(pinyin)) and pinyin.count(" ") + 1 == len(text)


def _parts(run: str) -> Iterable[str]:
    return (run[at : at + size] for size in range(1, LONGEST_PART + 1) for at in range(len(run) - size + 1))


def _most(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """The most frequent, ties by text."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most])
