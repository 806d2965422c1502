"""A gloss: what a Chinese caption says in English, word by word, where nobody has translated it.

It is no translation: grammar is left as it is, and a word that the small dictionary lacks stays in Chinese. Particles
that have no meaning of their own are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("gloss_words.tsv")

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

#: Words that join and colour others, and mean nothing alone.
_PARTICLES = frozenset("的了着地得啦呀啊吧呢吗嘛哒喽")

#: Chinese punctuation -> English.
_MARKS = str.maketrans("，。、；：！？“”（）", ',.,;:!?""()')


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def gloss(text: str) -> str:
    """The words of a text in English, the longest that the dictionary knows at each place; "" where it knows none.

    >>> gloss("一只像素风格的小狗，戴眼镜。")
    'a pixel style puppy, wearing glasses.'
    """
    pieces = list(_pieces(text))
    if not any(known for _, known in pieces):
        return ""
    joined = " ".join(piece for piece, _ in pieces)
    return re.sub(r"\s+([,.;:!?)])", r"\1", " ".join(joined.split()))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with whether it is a word of the dictionary in English."""
    words, at = _words(), 0
    longest = max(map(len, words))
    while at < len(text):
        word = next((text[at : at + size] for size in range(longest, 0, -1) if text[at : at + size] in words), "")
        if word:
            yield words[word], True
            at += len(word)
            continue
        end = at + 1
        if not _HAN.match(text[at]):  # numbers, English and punctuation stay in one piece
            while end < len(text) and not _HAN.match(text[end]):
                end += 1
        else:
            while end < len(text) and _HAN.match(text[end]) and not _known_at(text, end, words, longest):
                end += 1
        piece = "".join(each for each in text[at:end] if each not in _PARTICLES).translate(_MARKS)
        if piece.strip():
            yield piece.strip(), False
        at = end


def _known_at(text: str, at: int, words: dict[str, str], longest: int) -> bool:
    return any(text[at : at + size] in words for size in range(1, longest + 1))
