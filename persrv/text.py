"""The one analyser, used by index and query alike: text -> tokens.

Chinese has no spaces, and stickers say what no dictionary holds. So a run of Han characters gives its characters, its
overlapping pairs, and the longer words jieba's search mode finds in it (words of one or two characters are among the
former already, so none is emitted twice for one place). Latin and other letters give words, digits give numbers, and
an emoji is a token, whatever its skin tone.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any

#: Names what `analyse` does. Change it with every change of the tokens: an index made by another one is refused.
ANALYSER_VERSION = "1: NFKC lower; Han characters + pairs + jieba 0.42 search words of 3 and more; words; digits; emoji"

_HAN = "〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SYMBOL = (
    "\u203c\u2049\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\U0001f000-\U0001faff"
)
_TOKEN = re.compile(
    rf"(?P<emoji>[\U0001f1e6-\U0001f1ff]{{2}}|[{_SYMBOL}](?:\u200d[{_SYMBOL}])*)"
    rf"|(?P<han>[{_HAN}]+)|(?P<digits>\d+)|(?P<word>(?:(?![{_HAN}])[^\W\d_])+(?:'[^\W\d_]+)*)"
)
#: Variation selectors and skin tones change how an emoji looks, not what it says; combining keycaps likewise.
_DECORATION = re.compile("[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


def analyse(text: str) -> list[str]:
    """Tokens of a text in order of appearance, repetitions kept. Any string is accepted; punctuation gives nothing.

    >>> analyse("晚安 Good Night")
    ['晚', '安', '晚安', 'good', 'night']
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(normalise(text)):
        if match.lastgroup == "han":
            tokens.extend(_han_tokens(match.group()))
        else:
            tokens.append(match.group())
    return tokens


def normalise(text: str) -> str:
    """NFKC (full-width to ASCII, ...), lower case; lone surrogates and emoji decorations dropped."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return _DECORATION.sub("", unicodedata.normalize("NFKC", whole).lower().replace("’", "'"))


def _han_tokens(run: str) -> list[str]:
    pairs = [first + second for first, second in pairwise(run)]
    longer = [word for word in _jieba().cut_for_search(run) if len(word) > 2] if len(run) > 2 else []
    return [*run, *pairs, *longer]


@lru_cache(maxsize=1)
def _jieba() -> Any:
    """jieba's tokenizer with its own dictionary. Thread-safe: jieba locks its initialisation itself."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


def warm_up() -> None:
    """Load jieba's dictionary (most of a second), which the first Chinese query would otherwise wait for."""
    _jieba().initialize()
