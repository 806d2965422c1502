"""Folding: texts that differ in width, case, traditional characters, vowel marks or emoji variants become equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

HAN = "〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_HAN_CHARACTER = re.compile(f"[{HAN}]")

#: Characters that change the look of a text, and not its meaning: variation selectors, skin tones, keycaps, tags of
#: flags, soft hyphens, directions, and the dot that lower-casing leaves on a Turkish İ.
_DECORATION = re.compile(
    "[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]"
    "|(?<=i)\u0307"
    "|(?<=[\u0900-\u0dff])[\u200c\u200d]"  # joiners within Indic letters
)
#: Arabic and Hebrew vowel marks, and the stroke that only makes an Arabic word longer.
_VOWEL_MARK = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_SAME_LETTER = str.maketrans("أإآٱىیک", "ااااييك")
_SEMITIC = re.compile("[\u0590-\u06ff]")

#: Letters that are typed plainly and have no accent to take off.
_PLAIN = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})
_ACCENT = re.compile("[\u0300-\u036f]")


def has_han(text: str) -> bool:
    """Return whether a text has a Chinese character."""
    return bool(_HAN_CHARACTER.search(text))


@lru_cache(maxsize=1024)  # a query is normalised for each of its readings
def normalise(text: str) -> str:
    """NFKC (full-width to ASCII, ...), simplified Chinese, lower case; vowel marks of Arabic and Hebrew, decorations of
    emoji and lone surrogates dropped.

    >>> normalise("ＯＫ 開心"), normalise("İstanbul"), normalise("مَرْحَبًا")
    ('ok 开心', 'istanbul', 'مرحبا')
    """
    if text.isascii():
        return text.lower()
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    plain = _DECORATION.sub("", unicodedata.normalize("NFKC", whole).lower().replace("’", "'"))
    if _SEMITIC.search(plain):
        plain = _VOWEL_MARK.sub("", plain).translate(_SAME_LETTER)
    return simplified(plain) if _HAN_CHARACTER.search(plain) else plain


def simplified(text: str) -> str:
    """A text with its traditional Chinese characters as simplified ones, by OpenCC's phrases."""
    return str(_converter().convert(text))


def without_accents(word: str) -> str:
    """A lower-case word as it is typed without accents.

    >>> without_accents("café"), without_accents("đường"), without_accents("हिन्दी")
    ('cafe', 'duong', 'हिन्दी')
    """
    if word.isascii():
        return word
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", word.translate(_PLAIN)))
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
