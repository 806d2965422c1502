"""A phrasebook: ways of saying what stickers say, in Chinese and English, each under plain words for it.

No sticker says "you've got this", and who tells that he was promoted does not say what a sticker would. Each line of
phrasebook.tsv has plain words in both languages, and ways of saying them, or occasions for them, apart by bars.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("phrasebook.tsv")


class Entry(NamedTuple):
    """Plain words for something in Chinese and in English, and the ways of saying it; the plain words are ways, too."""

    chinese: str
    english: str
    ways: tuple[str, ...]


@cache
def phrasebook() -> tuple[Entry, ...]:
    """The entries of phrasebook.tsv, in its order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_entry(row) for row in csv.DictReader(file, delimiter="\t"))


def _entry(row: dict[str, str]) -> Entry:
    own = (row["zh"], *row["zh"].split(), row["en"])
    return Entry(row["zh"], row["en"], tuple(dict.fromkeys((*own, *row["ways"].split("|")))))
