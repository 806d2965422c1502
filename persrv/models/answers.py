"""Parsing the answers of a vision-language model: description and emotion of one answer, keywords of another."""

from __future__ import annotations

import re

#: What may stand between two keywords.
_SEPARATORS = re.compile(r"[，,、]")

#: "1." and "2." as the prompt asks for them, in the ways they are written.
_FIRST = re.compile(r"^\s*1\s*[.．。、:：)）]\s*")
_SECOND = re.compile(r"^\s*2\s*[.．。、:：)）]\s*")

#: Where the second half begins: at the bar, or, where a model forgot it, at a "2." that is no part of a number or word.
_BAR = re.compile(r"[|｜]")
_UNBARRED = re.compile(r"(?<!\w)2[.．、](?!\d)")


def split_answer(text: str) -> tuple[str, str]:
    """Split an answer "1. description | 2. emotion" into (description, emotion); an absent half is "".

    "1. 一只猫 | 2. 开心" -> ("一只猫", "开心"). Without a bar the second half begins at its "2.".
    """
    bar = _BAR.search(text) or _UNBARRED.search(text)
    if bar is None:
        return _FIRST.sub("", text).strip(), ""
    first, second = text[: bar.start()], text[bar.start() :]
    return _FIRST.sub("", first).strip(), _SECOND.sub("", second.lstrip("|｜ \n")).strip(" \n|｜")


def keywords_of(text: str, most: int) -> tuple[str, ...]:
    """The first `most` distinct keywords of an answer, in its order. "笑死，lol，笑死" -> ("笑死", "lol")."""
    words = (word.strip() for word in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(word for word in words if word))[:most]
