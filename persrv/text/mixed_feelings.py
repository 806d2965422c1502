"""Two feelings at once: 哭着笑, 又累又饿, "tired but happy", "happy tears".

A sentence encoder hears one of them. So where a query is nothing but two things that people say, joined, it is read as
both: each half is looked up in the phrasebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from persrv.text.english import english_stem
from persrv.text.phrasebook import entry_of, phrasebook

#: A query of more characters says more than two feelings.
_LONGEST = 40

_HALF = "([\u3400-\u9fff]{1,4}?)"
_AFTER = "[了的啊呀死]*[~～!！。.？?]*"
_CHINESE = tuple(
    re.compile(f"(?:我|现在|今天|真的|心情)*{joined}{_AFTER}")
    for joined in (
        f"又{_HALF}又{_HALF}",
        f"(?:一边|边){_HALF}(?:一边|边){_HALF}",
        f"既{_HALF}又{_HALF}",
        f"半{_HALF}半{_HALF}",
        f"一会儿?{_HALF}一会儿?{_HALF}",
        f"{_HALF}(?:着|并|中带|里带着|和|但|可是|但是|却){_HALF}",
        "([笑哭气怕爱恨累困饿冷羞慌])([笑哭气怕爱恨累困饿冷羞慌])",
    )
)
_BEFORE_HALF = re.compile("^(?:好|很|有点|想|要|着|快)(?=.)")

_ENGLISH = re.compile(
    r"(?:i'm|im|i am|feeling|so|both|half|a mix of)?\s*"
    r"(?P<one>[a-z']+)\s+(?:(?:and|but|yet|or|while|with|half|&|\+|,)\s+)?(?:so\s+|also\s+|still\s+)?(?P<other>[a-z']+)"
    r"(?:\s+at (?:the same time|once))?[.!~ ]*"
)

#: Set phrases for two feelings.
_SET = {
    "喜极而泣": ("开心", "大哭"),
    "悲喜交加": ("难过", "开心"),
    "哭笑不得": ("无语", "笑死"),
    "苦笑": ("无语", "笑死"),
}

#: Feelings beside another one, and the phrasebook's words for them.
_TABLE = """
笑 好笑 =笑死; 哭 泪 哭泣 =大哭; 气 好气 恨 =生气; 怕 慌 =害怕; 爱 =喜欢你; 羞 =害羞; 喜 快乐 =开心; 悲 =难过
吃 =饿; 睡 =困
laugh =haha laugh; cry tear sob sad =sad cry; smile joy =happy; mad =angry; scream =scared
"""
_FEELINGS = {
    name: said.strip()
    for names, said in (each.split("=") for each in _TABLE.strip().replace("\n", ";").split(";"))
    for name in names.split()
}


def said_by(plain: str) -> tuple[int, ...]:
    """The entries of the phrasebook that a lower-case, simplified query says word for word: one, or two at once; () for
    any other query.
    """
    whole = entry_of(plain)
    return (mixed_entries(plain) or ()) if whole is None else (whole,)


def mixed_entries(plain: str) -> tuple[int, int] | None:
    """The two entries of the phrasebook that a lower-case, simplified query says at once; None for any other query.

    >>> [phrasebook()[number].english for number in mixed_entries("哭着笑") or ()], mixed_entries("so happy today")
    (['sad cry', 'haha laugh'], None)
    """
    if len(plain) > _LONGEST:
        return None
    for one, other in _pairs(plain):
        first, second = _entry(one), _entry(other)
        if first is not None and second is not None and first != second:
            return first, second
    return None


def _pairs(plain: str) -> Iterator[tuple[str, str]]:
    if plain in _SET:
        yield _SET[plain]
    for pattern in _CHINESE:
        if match := pattern.fullmatch(plain):
            yield match[1], match[2]
    if match := _ENGLISH.fullmatch(plain):
        yield match["one"], match["other"]


def _entry(half: str) -> int | None:
    """The entry that one half says; None where it says none."""
    half = _BEFORE_HALF.sub("", half)
    stem = english_stem(half)
    said = _FEELINGS.get(half, _FEELINGS.get(stem, half))
    number = entry_of(said)
    return _stems().get(stem) if number is None and half.isascii() else number


@cache
def _stems() -> dict[str, int]:
    """Stem of an English word that says an entry by itself -> the number of the entry."""
    words = [(way, number) for number, entry in enumerate(phrasebook()) for way in entry.ways if way.isascii()]
    return {english_stem(way): number for way, number in reversed(words) if way.isalpha()}
