"""The words of a short query that name something: those that are left without what only holds a phrase together."""

from __future__ import annotations

import re

from persrv.text import analyser

#: A query that says more words or Han characters names no picture, it tells something.
_MOST_WORDS, _MOST_HAN = 5, 8

_SMALL = """
a an the is am are i i'm so very of with and to in my on at it for be been me you your this that what by we he she they
do did all there's
的 了 啊 呀 吧 呢 吗 很 好 太 真 在 我 你 他 她 它 着 得 地 个 只 是 想 要 有 给 来
快 再 就 都 也 到 把 被 和 跟 一 一个 一只 一下 正在
"""
_HOLDING_TOGETHER = frozenset(_SMALL.split())
_WORD = re.compile("[a-z]+(?:'[a-z]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def content_words(plain: str) -> tuple[str, ...]:
    """The words of a lower-case, simplified text that name something, in order; none of a longer text.

    >>> content_words("害羞的青蛙"), content_words("a sleepy panda"), content_words("there is a spider in my room")
    (('害羞', '青蛙'), ('sleepy', 'panda'), ())
    """
    if _HAN.search(plain):
        words = analyser.words(plain) if len(plain) <= _MOST_HAN else []
        return tuple(word for word in words if word not in _HOLDING_TOGETHER)
    words = _WORD.findall(plain)
    return tuple(word for word in words if word not in _HOLDING_TOGETHER) if len(words) <= _MOST_WORDS else ()
