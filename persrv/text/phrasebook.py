"""A phrasebook: ways of saying what stickers say, in Chinese and English, each under plain words for it.

No sticker says "you've got this", and who tells that he was promoted does not say what a sticker would. Each line of
phrasebook.tsv has plain words in both languages, and ways of saying them, or occasions for them, apart by bars; "kin"
names the entry that stands in for one of which a catalogue says no word: who is jealous may send what is hurt.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

#: Characters by which a Chinese word is longer than its part, if it says something else.
_A_WORD = 2

#: Particles and marks that say no more.
_AFTER = re.compile("[啊呀啦呢吧哦喔哟哎呐~～!！。.…？? ]+$")

_TABLE = Path(__file__).with_name("phrasebook.tsv")


class Entry(NamedTuple):
    """Plain words for something in Chinese and in English, and the ways of saying it; the plain words are ways, too.

    kin: the Chinese plain words of the entry that stands in for this one where nobody says it; "" for none.
    """

    chinese: str
    english: str
    ways: tuple[str, ...]
    kin: str = ""


@cache
def phrasebook() -> tuple[Entry, ...]:
    """The entries of phrasebook.tsv, in its order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_entry(row) for row in csv.DictReader(file, delimiter="\t"))


def entry_of(text: str) -> int | None:
    """The number of the entry that a lower-case, simplified text is a way of, whatever particles and marks follow it;
    None for any other text.

    >>> phrasebook()[entry_of("好开心啊！")].english, entry_of("quantum")
    ('happy', None)
    """
    known = _numbers()
    return known.get(text, known.get(_AFTER.sub("", text)))


def is_part_of_another(text: str) -> bool:
    """Return whether a phrase of an entry is a part of another entry's name: "happy" is no "happy birthday".

    >>> is_part_of_another("快乐"), is_part_of_another("开心")
    (True, False)
    """
    own = entry_of(text)
    if own is None:
        return False
    others = [entry for number, entry in enumerate(phrasebook()) if number != own]
    chinese = {word for entry in others for word in entry.chinese.split()}
    in_chinese = any(text in word and len(word) - len(text) >= _A_WORD for word in chinese)
    return in_chinese or any(f" {text} " in f" {entry.english} " for entry in others)


@cache
def _numbers() -> dict[str, int]:
    """Way -> the number of its entry."""
    return {way: number for number, entry in enumerate(phrasebook()) for way in entry.ways}


def _entry(row: dict[str, str]) -> Entry:
    own = (row["zh"], *row["zh"].split(), row["en"])
    return Entry(row["zh"], row["en"], tuple(dict.fromkeys((*own, *row["ways"].split("|")))), row["kin"])
