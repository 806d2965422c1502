"""The one analyser, used by index and query alike: text -> tokens.

Chinese has no spaces, and stickers say what no dictionary holds. So a run of Han characters gives its characters, its
overlapping pairs, and the longer words jieba's search mode finds in it (words of one or two characters are among the
former already, so none is emitted twice for one place). Latin and other letters give words, English ones without their
endings, digits give numbers, and an emoji is a token, whatever its skin tone. benchmarks/analyser.py measures these
choices on what real people typed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any

from persrv.text.jieba_dictionary import frequencies, prefix_dictionary
from persrv.text.jieba_words import long_words

#: Names what `analyse` does. Change it with every change of the tokens: an index made by another one is refused.
ANALYSER_VERSION = (
    "2: NFKC lower; Han characters + pairs + jieba 0.42 search words of 3 and more; words, "
    "English ones lightly stemmed; digits; emoji"
)

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
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
#: Of two threads that need the dictionary first, one loads it.
_LOADING = threading.Lock()


def analyse(text: str) -> list[str]:
    """Tokens of a text in order of appearance, repetitions kept. Any string is accepted; punctuation gives nothing.

    >>> analyse("晚安 Good Night")
    ['晚', '安', '晚安', 'good', 'night']
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(normalise(text)):
        token = match.group()
        if match.lastgroup == "han":
            tokens.extend(_han_tokens(token))
        elif match.lastgroup == "word" and token.isascii():
            tokens.append(english_stem(token))
        else:
            tokens.append(token)
    return tokens


def normalise(text: str) -> str:
    """NFKC (full-width to ASCII, ...), lower case; lone surrogates and emoji decorations dropped."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return _DECORATION.sub("", unicodedata.normalize("NFKC", whole).lower().replace("’", "'"))


def _han_tokens(run: str) -> list[str]:
    pairs = [first + second for first, second in pairwise(run)]
    longer = long_words(run, _jieba()) if len(run) > 2 else []
    return [*run, *pairs, *longer]


def english_stem(word: str) -> str:
    """A lower-case English word without drawn-out letters and common endings: laughs, laughing and laughed all meet.

    Far less than Porter (1980) does: 's, plural and verb -s, -ing or -ed, a final e. A stem need not be a word, since
    index and query are cut alike.

    >>> [english_stem(word) for word in ("sooo", "hugs", "hugging", "loved", "love", "babies")]
    ['so', 'hug', 'hug', 'lov', 'lov', 'baby']
    """
    word = _DRAWN_OUT.sub(r"\1", word).removesuffix("'s")
    if len(word) < 4:
        return word
    word = _without_verb_ending(_without_s(word))
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _without_s(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and _is_sayable(word[:-1]):
        return word[:-1]
    return word


def _without_verb_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and _is_sayable(stem):
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"  # hugging, but calling, missing, buzzing
            return stem[:-1] if doubled else stem
    return word


def _is_sayable(stem: str) -> bool:
    """Whether a stem has a vowel: yyds and string end like laughs and laughing, but are not inflected."""
    return any(vowel in stem for vowel in "aeiou") or stem.endswith("y")


def warm_up() -> None:
    """Load jieba's dictionary, which the first Chinese query would otherwise wait for."""
    _jieba()


def prepare_for_many() -> None:
    """Before a whole catalogue is analysed: hold the dictionary as a dict, which answers a word many times sooner."""
    tokenizer = _jieba()
    with _LOADING:
        if not isinstance(tokenizer.FREQ, dict):
            with tokenizer.get_dict_file() as file:
                tokenizer.FREQ, _ = prefix_dictionary(file.read().decode("utf-8"))


def _jieba() -> Any:
    with _LOADING:
        return _load_jieba()


@lru_cache(maxsize=1)
def _load_jieba() -> Any:
    """jieba's tokenizer with its own dictionary, read from the package.

    Not by its `initialize`, which keeps a cache in the shared temporary folder, trusts whatever lies there under that
    name, fails where there is no such folder, and is no faster.
    """
    import jieba

    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        tokenizer.FREQ, tokenizer.total = frequencies(file.read())
    tokenizer.initialized = True
    return tokenizer
