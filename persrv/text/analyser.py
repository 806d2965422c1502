"""The one analyser, used by index and query alike: text -> tokens.

Chinese has no spaces, and stickers say what no dictionary holds. So a run of Han characters gives its characters, its
overlapping pairs, and the longer words jieba's search mode finds in it (words of one or two characters are among the
former already, so none is emitted twice for one place). Kana, hangul and the scripts of South-East Asia, which do not
part their words either, give characters and pairs. Other letters give words: English ones without their endings,
accented ones also without their accents; digits give numbers, and an emoji is a token, whatever its skin tone and
gender. What is drawn out gives what it is short for (6666, hahahaha, 哈哈哈哈), and a text of nothing but punctuation
is a token itself. The check on real words of an evaluation (textcheck) measures these choices on what people typed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from persrv.text import emoji
from persrv.text.english import english_stem, forms
from persrv.text.folding import HAN, normalise, simplified, without_accents
from persrv.text.jieba_dictionary import frequencies, prefix_dictionary
from persrv.text.jieba_words import long_words

#: Names what `analyse` does. Change it with every change of the tokens: an index made by another one is refused.
ANALYSER_VERSION = (
    "3: NFKC lower, simplified by OpenCC 1.4; Han characters + pairs + jieba 0.42 search words of 3 and more; kana, "
    "hangul, Thai, Lao, Burmese and Khmer characters + pairs; words, English ones lightly stemmed, accented ones with "
    "and without; digits; emoji by their base; drawn-out forms folded; punctuation alone"
)

_KANA = "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
_HANGUL = "\uac00-\ud7a3\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb"
_UNSPACED = "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}

#: A piece of one to three characters that is said three times and more.
_REPEATED = re.compile(r"(.{1,3}?)\1{2,}", re.DOTALL)
_SAID_TWICE = r"\1\1"
_HELD_DIGIT = re.compile(r"([1-9])\1{3,}")
_RUN = re.compile(r"(.)\1+", re.DOTALL)
_SAME_MARK = str.maketrans("。〜", ".~")

#: Lock under which one of two threads loads the dictionary.
_LOADING = threading.Lock()


def analyse(text: str) -> list[str]:
    """Tokens of a text in order of appearance, repetitions kept. Any string is accepted; a blank one gives nothing.

    >>> analyse("晚安 Good Night")
    ['晚', '安', '晚安', 'good', 'night']
    """
    tokens: list[str] = []
    plain = normalise(text)
    for match in _pattern().finditer(plain):
        tokens.extend(_TOKENS_OF[match.lastgroup or ""](match.group()))
    return tokens or _itself(plain)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Pattern of tokens, each kind a group. Marks belong to the letter before them."""
    marks = "".join(each for each in map(chr, range(0x300, 0xFE30)) if unicodedata.category(each)[0] == "M")
    letter = rf"(?:(?![{HAN}{_KANA}{_HANGUL}{_UNSPACED}])[^\W\d_][{marks}]*)"
    return re.compile(
        rf"(?P<emoji>{emoji.SEQUENCE})"
        rf"|(?P<han>[{HAN}]+)|(?P<kana>[{_KANA}]+)|(?P<hangul>[{_HANGUL}]+)|(?P<unspaced>[{_UNSPACED}]+)"
        r"|(?P<code>[a-z]+(?:\+\+|\#)(?![\w+\#]))"
        r"|(?P<mixed>(?=[a-z]+\d|\d+[a-z])[a-z\d]{2,4}(?![a-z\d]))"
        r"|(?P<plus>(?<![\w+])\+\d+)"
        rf"|(?P<digits>\d+)|(?P<word>{letter}+(?:'{letter}+)*)"
    )


def _han_tokens(run: str) -> list[str]:
    run = _REPEATED.sub(_SAID_TWICE, run) if len(run) > 2 else run
    longer = long_words(run, _jieba()) if len(run) > 2 else []
    return [*_with_pairs(run), *longer]


def _with_pairs(characters: Sequence[str]) -> list[str]:
    return [*characters, *(first + second for first, second in pairwise(characters))]


def _kana_tokens(run: str) -> list[str]:
    return _with_pairs(_REPEATED.sub(_SAID_TWICE, run.translate(_HIRAGANA)))


def _hangul_tokens(run: str) -> list[str]:
    return _with_pairs(_REPEATED.sub(_SAID_TWICE, run))


def _unspaced_tokens(run: str) -> list[str]:
    """Letters with their marks, and pairs of them."""
    letters: list[str] = []
    for character in _REPEATED.sub(_SAID_TWICE, run):
        if letters and unicodedata.category(character)[0] == "M":
            letters[-1] += character
        else:
            letters.append(character)
    return _with_pairs(letters)


def _word_tokens(word: str) -> list[str]:
    if word.isascii():
        return [english_stem(form) for form in forms(word)]
    bare = without_accents(word)
    found = [english_stem(form) if form.isascii() else form for form in forms(bare)]
    return found if bare == word else [*found, word]


def _number_tokens(digits: str) -> list[str]:
    """Tokens of a number; 6666 becomes 666, and 23333 becomes 2333 as 233 does; 1000 and 88 stay as they are."""
    if not digits.isascii():
        digits = "".join(str(unicodedata.digit(digit)) for digit in digits)
    if len(digits) > 1 and not digits.strip("6"):
        return ["666"]
    if len(digits) > 2 and digits[0] == "2" and not digits[1:].strip("3"):
        return ["2333"]
    return [_HELD_DIGIT.sub(r"\1\1\1", digits)]


def _mixed_tokens(text: str) -> list[str]:
    """Letters and digits that are one word (3q, v5, mp3), and those parts of it that say something alone."""
    parts = re.findall(r"[a-z]{2,}|\d{2,}", text)
    return [text, *(token for part in parts for token in _TOKENS_OF["digits" if part[0].isdigit() else "word"](part))]


def _code_tokens(text: str) -> list[str]:
    """c++ and c# are not c; a longer word is meant by itself, too."""
    word = text.rstrip("+#")
    return [text, *(_word_tokens(word) if len(word) > 1 else ())]


def _plus_tokens(text: str) -> list[str]:
    return [text, *(_number_tokens(text[1:]) if len(text) > 2 else ())]


def _itself(plain: str) -> list[str]:
    """Tokens of a text that has no others: the text without blanks, and its marks once each (??? as ?)."""
    marks = "".join(each for each in plain.translate(_SAME_MARK) if each.isprintable() and not each.isspace())
    once = _RUN.sub(r"\1", marks)
    return list(dict.fromkeys(filter(None, (once, marks))))


_TOKENS_OF: Mapping[str, Callable[[str], Sequence[str]]] = {
    "emoji": emoji.forms,
    "han": _han_tokens,
    "kana": _kana_tokens,
    "hangul": _hangul_tokens,
    "unspaced": _unspaced_tokens,
    "code": _code_tokens,
    "mixed": _mixed_tokens,
    "plus": _plus_tokens,
    "digits": _number_tokens,
    "word": _word_tokens,
}


def words(text: str, guess: bool = True) -> list[str]:
    """The words of a Chinese text as jieba cuts it, one after the other; guess: whether words that its dictionary lacks
    count, too.
    """
    return [str(word) for word in _jieba().cut(text, HMM=guess)]


def is_word(text: str) -> bool:
    """Return whether jieba's dictionary has a text as a word.

    >>> is_word("开心"), is_word("了样")
    (True, False)
    """
    return bool(_jieba().FREQ.get(text))


def warm_up() -> None:
    """Load jieba's dictionary and OpenCC's, which the first Chinese query would otherwise wait for."""
    _jieba()
    simplified("")


def prepare_for_many() -> None:
    """Hold the dictionary as a dict, which answers a word many times sooner, before a whole catalogue is analysed."""
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
