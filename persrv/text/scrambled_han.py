"""Scrambled Han: a row of Chinese characters that nobody writes side by side says nothing (了样有开).

A sentence encoder finds some meaning in any row of common characters. What people type has two neighbours, at least,
that stand so in a phrase which others say, or is made of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from persrv.text.analyser import is_word
from persrv.text.typed_phrases import TABLE

#: Texts that are looked at, without particles that may end anything: shorter texts have one pair, perhaps a name or
#: new; longer ones have some known pair by chance.
_ROW = re.compile("[\u3400-\u9fff]{3,12}")
_PARTICLES = "啊啦吧呢吗嘛呀哦了的中着去来"

#: The share of pairs that are words from which on a row is made of words.
_OF_WORDS = 1 / 3


def is_scrambled(text: str, known: Callable[[str], bool]) -> bool:
    """Return whether a simplified text is nothing but Chinese characters that nobody writes side by side: no two
    neighbours stand so in a phrase of chats or of the catalogue, and few are a word of the dictionary. False for any
    other text.

    known: whether a text of the catalogue has two characters side by side.

    >>> is_scrambled("了样有开", lambda pair: False), is_scrambled("我好饿", lambda pair: False)
    (True, False)
    """
    row = text.rstrip(_PARTICLES)
    if not _ROW.fullmatch(row):
        return False
    pairs = _pairs(row)
    if any(pair in _said() or known(pair) for pair in pairs) or any(map(is_word, _longer(row))):
        return False
    return sum(map(is_word, pairs)) < _OF_WORDS * len(pairs)


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _longer(text: str) -> list[str]:
    """The rows of three and of four characters in a text."""
    return [text[at : at + size] for size in (3, 4) for at in range(len(text) - size + 1)]


@cache
def _said() -> frozenset[str]:
    """The pairs of characters that stand side by side in phrases of chats."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return frozenset(pair for line in lines for pair in _pairs(line.partition("\t")[0]))
