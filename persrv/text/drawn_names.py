"""Names of what drawings show: styles, characters, things, what somebody does and feels, in Chinese and in English.

Whoever describes a drawing names several of these ("a penguin that dances in pixel art", 吃瓜的水豚), in another
language and by other names than the catalogue's descriptions. A sentence encoder hears the whole, and takes an ink
painting for a crayon drawing; names are found by a table, drawn_names.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from persrv.text import analyser
from persrv.text.english import english_stem
from persrv.text.folding import has_han

_TABLE = Path(__file__).with_name("drawn_names.tsv")

#: "plain": what any drawing shows, such as "cute"; "other": what holds a name and means something else; "word": of no
#: known name.
Kind = Literal["style", "who", "thing", "doing", "feeling", "colour", "plain", "other", "word"]

#: Kinds that only a drawing can show. What somebody does and feels is also what stickers say.
SEEN: frozenset[Kind] = frozenset(("style", "who", "thing", "colour"))

#: Kinds of which a description names one at least.
_DESCRIBED = frozenset(("style", "who", "thing"))

#: Kinds beside which other words may stand, and how many.
_WHO, _MOST_UNKNOWN = frozenset(("style", "who")), 2

#: Han characters, and words, of the longest text that is read as a description, and what it names at most.
_MOST_HAN, _MOST_WORDS, _MOST_NAMED = 14, 11, 5

#: Words that join names and name nothing.
_JOINS = """
a an the of in on at with and is are being that which who while its his her their by for from to as it very so
some wearing wear wore holding hold held carrying carry having has have drawn draw drawing painted made done style
styled art look looks looking picture image illustration version shown showing doing beside next near under behind two
one say saying says or bunch group lot lots many several few
的 地 得 着 了 在 正 是 有 和 与 跟 里 上 中 用 画 画风 风格 风 式 图 图片 绘画 作品 笔触 质感 戴 拿 抱 捧 穿 举 拎
带 看 一 只 个 张 幅 条 头 匹 那 这 很 好 太 真 非常 大 小 死 坏 啦 呀 啊 哦 嘛 说 或 者 群 些 几
"""

#: Words of a speaker, who describes no drawing.
_SPEAKS = """
i i'm im me my mine you you're your yours u ur we us our they them this these those can't cannot don't didn't isn't not
no never please let what why how when where like than
我 你 您 咱 谁 别 不 没 吗 吧 呢 请 像 成 比 怎 哪 们
"""
_SPEAKING = frozenset(_SPEAKS.split())

_UNIT = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[a-z0-9]+(?:[-'][a-z0-9]+)*")
#: Endings of English nouns whose plural is "es".
_HISSES = re.compile("(?:s|x|z|ch|sh|o)$")


class Drawn(NamedTuple):
    """A subject of drawings: its kind, its names in both languages, and what else descriptions of it say."""

    kind: Kind
    names: tuple[str, ...]
    also: tuple[str, ...] = ()


class Named(NamedTuple):
    """A name in a text: what it names, and the name as it was typed."""

    drawn: Drawn
    text: str


def described(plain: str) -> tuple[Named, ...]:
    """Find what a lower-case, simplified text describes, in its order: names, and beside a style or a character at most
    _MOST_UNKNOWN other words ("word"). Empty if the text names no style, character or thing, or says more.

    >>> [name.text for name in described("水墨画风格的小狗")], [name.text for name in described("i miss my dog")]
    (['水墨画', '小狗'], [])
    """
    units = _UNIT.findall(plain)
    if len(units) > (_MOST_HAN if has_han(plain) else _MOST_WORDS):
        return ()
    pieces = list(_pieces(units))
    named = [drawn for drawn, _ in pieces if drawn is not None]
    if len(named) < len(pieces) and any(_is_single(text) for drawn, text in pieces if drawn is not None):
        alone = set(analyser.words(plain))  # 猫 is a name, and none in 猫砂
        pieces = [(drawn if not _is_single(text) or text in alone else None, text) for drawn, text in pieces]
        named = [drawn for drawn, _ in pieces if drawn is not None]
    if _DESCRIBED.isdisjoint(drawn.kind for drawn in named):
        return ()
    names: dict[Drawn, str] = {}
    for drawn, text in _with_words(pieces):
        if drawn.kind == "word" and not _SPEAKING.isdisjoint(text if has_han(text) else (text,)):
            return ()
        if drawn.kind != "plain":
            names.setdefault(drawn, text)
    kinds = [drawn.kind for drawn in names]
    unknown = kinds.count("word")
    if len(names) > _MOST_NAMED or unknown > (0 if _WHO.isdisjoint(kinds) else _MOST_UNKNOWN):
        return ()
    return tuple(Named(*each) for each in names.items())


def _with_words(pieces: Sequence[tuple[Drawn | None, str]]) -> Iterator[tuple[Drawn, str]]:
    """The names of a text, and the other words between them, without those that join."""
    for named, run in groupby(pieces, key=lambda piece: piece[0] is not None):
        if not named:
            yield from ((Drawn("word", (word,)), word) for word in _words([text for _, text in run]))
            continue
        for drawn, text in run:
            if drawn is not None:
                yield drawn if drawn.kind != "other" else Drawn("word", (text,)), text


def _words(rest: Sequence[str]) -> Iterator[str]:
    """The words of what stands between names, Chinese ones as jieba cuts them, without those that join."""
    if _joining().issuperset(rest):
        return
    words = analyser.words("".join(rest)) if has_han(rest[0]) else rest
    yield from (
        word
        for word in words
        if not _joining().issuperset((word,)) and not (has_han(word) and _joining().issuperset(word))
    )


def shows(text: str) -> set[Drawn]:
    """Find the subjects that a text of a catalogue shows, by their names and by what else descriptions of them say. A
    name of one Han character counts at an end of the text only: 猫 in 一只猫, not within a word.
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
        drawn: Drawn | None = None
        for size in range(min(longest, len(units) - at), 0, -1):
            found = table.get(tuple(stems[at : at + size]))
            if found is not None and (
                found[0].kind not in SEEN or any(_is_of(units[at + size - 1], noun) for noun in found[1])
            ):
                drawn = found[0]
                break
        between = "" if has_han(units[at]) else " "
        yield drawn, between.join(units[at : at + size])
        at += size


def _is_of(unit: str, noun: str) -> bool:
    """Return whether a word is a noun or its plural: "foxes" are, and "rates" are no rats."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + ("es" if _HISSES.search(noun) else "s")
    return unit in (noun, plural, f"{noun}s", f"{noun}'s")


def _stem(unit: str) -> str:
    return unit if has_han(unit) else english_stem(unit)


def _is_single(text: str) -> bool:
    return len(text) == 1 and has_han(text)


@cache
def _joining() -> frozenset[str]:
    """Words that join names, and each of their Han characters."""
    return frozenset(each for word in _JOINS.split() for each in (word if has_han(word) else [word]))


@cache
def everything() -> tuple[Drawn, ...]:
    """All subjects with a name, in the order of the table."""
    lines = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", ""))
    header = next(lines)
    assert header == ["kind", "zh", "en", "also"]
    return tuple(_drawn(*line) for line in lines)


def _drawn(kind: str, chinese: str, english: str, also: str = "") -> Drawn:
    split = [tuple(filter(None, each.split(","))) for each in (chinese, english, also)]
    return Drawn(kind, (*split[0], *split[1]), split[2])  # type: ignore[arg-type]


@cache
def _table() -> tuple[Mapping[tuple[str, ...], tuple[Drawn, set[str]]], int]:
    """Map each name, by its characters and stems, to its subject and last words; and give the length of the longest
    name.
    """
    table: dict[tuple[str, ...], tuple[Drawn, set[str]]] = {}
    for drawn in everything():
        for name in drawn.names:
            units = _UNIT.findall(name)
            table.setdefault(tuple(map(_stem, units)), (drawn, set()))[1].add(units[-1])
    return table, max(map(len, table))


@cache
def _signs() -> tuple[tuple[str, Drawn], ...]:
    return tuple((sign, drawn) for drawn in everything() for sign in drawn.also)
