"""Names of what drawings show: styles, characters, things, what somebody does and feels, in Chinese and in English.

Whoever describes a drawing names several of these ("a penguin that dances in pixel art", 吃瓜的水豚), in another
language and by other names than the catalogue's descriptions. A sentence encoder hears the whole, and takes an ink
painting for a crayon drawing; names are found by a table, drawn_names.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from persrv.text import analyser
from persrv.text.english import english_stem
from persrv.text.folding import has_han

_TABLE = Path(__file__).with_name("drawn_names.tsv")

#: "plain": what any drawing shows, such as "cute"; "other": what holds a name and means something else.
Kind = Literal["style", "who", "thing", "doing", "feeling", "colour", "plain", "other"]

#: Kinds that only a drawing can show. What somebody does and feels is also what stickers say.
SEEN: frozenset[Kind] = frozenset(("style", "who", "thing", "colour"))

#: Kinds of which a description names one at least.
_DESCRIBED = frozenset(("style", "who", "thing"))

#: Han characters, and words, of the longest text that is read as a description, and what it names at most.
_MOST_HAN, _MOST_WORDS, _MOST_NAMED = 14, 11, 5

#: What joins names and names nothing. A text with any other word that is no name is no description that is understood.
_JOINS = """
a an the of in on at with and is are being that which who while its his her their by for from to as it very so some
wearing wear wore holding hold held carrying carry having has have drawn draw drawing painted made done style styled
art look looks looking picture image illustration version shown showing doing beside next near under behind two one
的 地 得 着 了 在 正 是 有 和 与 跟 里 上 中 用 画 画风 风格 风 式 图 图片 绘画 作品 笔触 质感 戴 拿 抱 捧 穿 举 拎
带 看 一 只 个 张 幅 条 头 匹 那 这 很 好 太 真 非常 大 小 死 坏
"""

_UNIT = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[a-z0-9]+(?:[-'][a-z0-9]+)*")


class Drawn(NamedTuple):
    """Something that drawings show: its kind, its names in both languages, and what else descriptions of it say."""

    kind: Kind
    names: tuple[str, ...]
    also: tuple[str, ...] = ()


class Named(NamedTuple):
    """A name in a text: what it names, and the name as it was typed."""

    drawn: Drawn
    text: str


def described(plain: str) -> tuple[Named, ...]:
    """What a lower-case, simplified text describes, in its order; empty where it names no style, character or thing, or
    says anything beside names.

    >>> [name.text for name in described("水墨画风格的小狗")], [name.text for name in described("i miss my dog")]
    (['水墨画', '小狗'], [])
    """
    units = _UNIT.findall(plain)
    han = has_han(plain)
    if len(units) > (_MOST_HAN if han else _MOST_WORDS):
        return ()
    pieces = list(_pieces(units))
    if any(_is_single(text) for drawn, text in pieces if drawn is not None):  # 猫 is a name, and no name in 猫腻
        alone = set(analyser.words(plain))
        pieces = [(drawn if not _is_single(text) or text in alone else None, text) for drawn, text in pieces]
    names: dict[Drawn, str] = {}
    for drawn, text in pieces:
        if (drawn is None and text not in _joining()) or (drawn is not None and drawn.kind == "other"):
            return ()
        if drawn is not None and drawn.kind != "plain":
            names.setdefault(drawn, text)
    if len(names) > _MOST_NAMED or not {drawn.kind for drawn in names} & _DESCRIBED:
        return ()
    return tuple(Named(drawn, text) for drawn, text in names.items())


def shows(text: str) -> set[Drawn]:
    """What a text of a catalogue shows: names, and what else descriptions say where they show something. A name of one
    Han character counts at an end of the text: 一只猫, and no 猫 within a word.
    """
    pieces = list(_pieces(_UNIT.findall(text)))
    inside = range(1, len(pieces) - 1)
    named = {
        drawn
        for at, (drawn, name) in enumerate(pieces)
        if drawn is not None and not (at in inside and _is_single(name))
    }
    return named | {drawn for sign, drawn in _signs() if sign in text}


def _pieces(units: Sequence[str]) -> Iterator[tuple[Drawn | None, str]]:
    """The longest names in a text, from its begin, and single characters or words between them."""
    stems = list(map(_stem, units))
    table, longest = _table()
    at = 0
    while at < len(units):
        for size in range(min(longest, len(units) - at), 0, -1):
            drawn = table.get(tuple(stems[at : at + size]))
            if drawn is not None:
                break
        between = "" if has_han(units[at]) else " "
        yield drawn, between.join(units[at : at + size])
        at += size


def _stem(unit: str) -> str:
    return unit if has_han(unit) else english_stem(unit)


def _is_single(text: str) -> bool:
    return len(text) == 1 and has_han(text)


@cache
def _joining() -> frozenset[str]:
    """What joins names: words, and each Han character of them."""
    return frozenset(each for word in _JOINS.split() for each in (word if has_han(word) else [word]))


@cache
def everything() -> tuple[Drawn, ...]:
    """All that has a name, in the order of the table."""
    lines = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", ""))
    header = next(lines)
    assert header == ["kind", "zh", "en", "also"]
    return tuple(_drawn(*line) for line in lines)


def _drawn(kind: str, chinese: str, english: str, also: str = "") -> Drawn:
    split = [tuple(filter(None, each.split(","))) for each in (chinese, english, also)]
    return Drawn(kind, (*split[0], *split[1]), split[2])  # type: ignore[arg-type]


@cache
def _table() -> tuple[Mapping[tuple[str, ...], Drawn], int]:
    """What each name means, by its characters and stems, and how many the longest has. The first meaning counts."""
    table: dict[tuple[str, ...], Drawn] = {}
    for drawn in everything():
        for name in drawn.names:
            key = tuple(map(_stem, _UNIT.findall(name)))
            table.setdefault(key, drawn)
    return table, max(map(len, table))


@cache
def _signs() -> tuple[tuple[str, Drawn], ...]:
    return tuple((sign, drawn) for drawn in everything() for sign in drawn.also)
