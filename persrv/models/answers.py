"""Parsing the answers of a vision-language model: description and emotion of one answer, keywords of another.

Models number the two halves as they were asked to, or with brackets, headings, bars, semicolons or line breaks of their
own, and an answer may end in the middle of a word where its tokens ran out. What is read here is what was seen of
LLaVA, Qwen and SmolVLM; an answer in no format is a description, and no emotion.
"""

from __future__ import annotations

import re

#: Separators between two keywords.
_SEPARATORS = re.compile(r"[，,、;；\n\r|｜]")

#: Marks around a number, a half or a keyword that say nothing: marks of Markdown, bars, blanks.
_AROUND = " \t\r\n|｜*_#"

#: A number as the prompt asks for it, in the ways it is written: "1.", "1)", "(1)", "**1.**"; not the 1 of "1.5".
_SIGN = r"[.．。、:：)）](?!\d)"
_FIRST, _SECOND = (re.compile(rf"^[*_#\s]*[(（]?{number}\s*(?:{_SIGN}|(?=[|｜]))[*_]*\s*") for number in (1, 2))

#: Start of the second half: at a bar, or, where a model forgot it, at a "2." that is no part of a number or word.
#: After a "1." it may follow a Han character without a blank.
_BAR = re.compile(r"[|｜]")
_UNBARRED = re.compile(rf"[*_#]*(?:[(（]\s*|(?<!\w))2\s*{_SIGN}")
_AFTER_FIRST = re.compile(rf"[*_#]*(?:[(（]\s*|(?<![0-9A-Za-z_]))2\s*{_SIGN}")

#: A heading that repeats the question.
_HEADING = re.compile(
    r"^[*_]*(?:description|feelings?|emotions?|描述|感受|感觉|情绪|情感|心情)[*_]*\s*[:：][*_]*\s*", re.IGNORECASE
)
_LISTED = re.compile(
    r"^(?:keywords?|关键词|關鍵詞)\s*[:：]\s*|^[-*•·]+\s+|^[(（]?\d{1,2}[.．、)）](?!\d)\s*", re.IGNORECASE
)

#: Remainder of a character whose bytes were cut.
_HALF = "\ufffd"

#: Thoughts of a model before its answer, with or without an end.
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def spoken(text: str) -> str:
    """Cut a model's raw output down to its answer: without reasoning, and without half a character at the end."""
    return _THOUGHT.sub("", text).strip().rstrip(_HALF).strip()


def split_answer(text: str) -> tuple[str, str]:
    """Split an answer "1. description | 2. emotion" into (description, emotion); an absent half is "".

    "1. 一只猫 | 2. 开心" -> ("一只猫", "开心"). Bars may stand anywhere, "1. | a cat | 2. | happy"; without any the
    second half begins at its "2.", "2)" or "(2)".
    """
    rest = spoken(text).lstrip(" \t\r\n")
    opened = rest.lstrip(_AROUND)
    numbered = _FIRST.match(opened)
    if numbered:
        rest = opened[numbered.end() :].lstrip(_AROUND)
    if _SECOND.match(rest.lstrip(_AROUND)):
        return "", _half(rest, _SECOND)
    bar = _BAR.search(rest) or (_AFTER_FIRST if numbered else _UNBARRED).search(rest)
    if bar is None:
        return _half(rest, _FIRST), ""
    return _half(rest[: bar.start()], _FIRST), _half(rest[bar.start() :], _SECOND)


def _half(text: str, number: re.Pattern[str]) -> str:
    """Return one half of an answer without its number, its heading and surrounding marks."""
    bare = number.sub("", text.strip(_AROUND)).strip(_AROUND)
    return _HEADING.sub("", bare).strip(_AROUND).rstrip(";；").strip(_AROUND)


def keywords_of(text: str, most: int, cut: bool = False) -> tuple[str, ...]:
    """The first `most` distinct keywords of an answer, in its order. "笑死，lol，笑死" -> ("笑死", "lol").

    cut: whether the answer ended with its tokens: its last keyword is then left out, unless it is the only one.
    """
    words = [bare for word in _SEPARATORS.split(spoken(text)) if (bare := _keyword(word))]
    if cut and len(words) > 1:
        words.pop()
    return tuple(dict.fromkeys(words))[:most]


def _keyword(word: str) -> str:
    """Return one keyword without list mark, heading and full stop."""
    bare = _LISTED.sub("", _LISTED.sub("", word.strip())).strip(" \t*_\"“”'")
    return bare.rstrip(".。").rstrip() or bare
