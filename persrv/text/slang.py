"""Slang and abbreviations of chats, by plain words: dnd is quiet, 芭比Q了 is 完蛋, "omw, wait" is "on my way, wait".

Dictionaries lack them, and a sentence encoder reads their letters. slang.tsv has forms apart by bars, and plain words
for them in both languages; it is written for this project.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from persrv.text.folding import has_han
from persrv.text.spelling import WORD, english_words

_TABLE = Path(__file__).with_name("slang.tsv")

#: Fillers before and after slang.
_BEFORE = re.compile("(?:我|我们|今天|真的|真是|真|太|好|又|已经|彻底|直接|这|这也|就|都|大家|一整个|完全|有点)+")
_AFTER = re.compile("[了啦啊呀吧呢嘛哦哈~～!！。.?？… ]+$")

#: Fillers within a sentence; alone each is slang of its own.
_FILLERS = frozenset(
    [
        "rn",
        "fr",
        "frfr",
        "ngl",
        "tbh",
        "lowkey",
        "highkey",
        "imo",
        "imho",
        "bro",
        "bruh",
        "dude",
        "fam",
        "bestie",
        "istg",
        "lol",
        "lmao",
        "ong",
    ]
)

#: Characters of a Han form that is looked for within a text: shorter ones are parts of words (舒服了 is not 服了).
_SHORTEST_WITHIN = 3

#: Rank from which on an English word is so rare that it may be slang within a sentence.
_COMMON = 5_000


class PlainWords(NamedTuple):
    """Plain words for slang, in Chinese and in English; words of the same meaning are apart by blanks in Chinese."""

    chinese: str
    english: str


def plain_words(plain: str) -> PlainWords | None:
    """The plain words of a lower-case, simplified text that is slang and nothing else; None for any other.

    >>> plain_words("dnd").english, plain_words("真的绷不住了!").chinese, plain_words("cat")
    ('quiet do not disturb', '笑死 哈哈哈', None)
    """
    bare = _AFTER.sub("", plain)
    unled = _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare
    return next((_table()[form] for form in (plain, bare, unled) if form in _table()), None)


def without_slang(plain: str) -> str:
    """A lower-case, simplified text with the slang in it in plain words of its language, and without fillers; the text
    where it has none.

    >>> without_slang("hbd my friend"), without_slang("老板说绷不住了"), without_slang("rn im dead bro")
    ('happy birthday my friend', '老板说笑死了', 'laugh haha')
    """

    def told(found: re.Match[str]) -> str:
        word = found.group()
        said = _table().get(word)
        if said is None or english_words().get(word, _COMMON) < _COMMON:
            return word
        return said.chinese.split()[0] if has_han(plain) else said.english

    bare = " ".join(word for word in plain.split() if word not in _FILLERS)
    if not bare:
        return plain
    if bare != plain and (said := plain_words(bare)):
        return said.chinese.split()[0] if has_han(plain) else said.english
    phrased = _phrases().sub(lambda found: _table()[found.group()].english, bare)
    return _within().sub(lambda found: _table()[found.group()].chinese.split()[0], WORD.sub(told, phrased))


def forms() -> tuple[str, ...]:
    """Forms of slang, in the order of slang.tsv."""
    return tuple(_table())


@cache
def _table() -> dict[str, PlainWords]:
    """Form -> its plain words."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {form: PlainWords(row["zh"], row["en"]) for row in rows for form in row["forms"].split("|")}


@cache
def _phrases() -> re.Pattern[str]:
    """English forms of several words, which are found within a text, the longest first."""
    phrases = sorted((form for form in _table() if " " in form and form.isascii()), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, phrases))})(?![\w'])")


@cache
def _within() -> re.Pattern[str]:
    """Han forms that are found within a text, the longest first."""
    forms = [form for form in _table() if has_han(form) and len(form) >= _SHORTEST_WITHIN]
    return re.compile("|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form)))))
