"""Words that are written together, as in the names of files and custom emoji, apart again: foxrage is fox rage.

A text is cut where its words are likeliest. A word's probability follows Zipf's law from its rank among common English
words (english_words.txt); words that emoji are called by count as everyday words, since books say them less often than
stickers do. A run of letters that is no word costs by its length, so that a name like padoru stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from math import inf, log

from persrv.text.emoji import emoji_names
from persrv.text.spelling import english_words

#: Letters of the longest text that is cut, and of the longest known word.
LONGEST = 60
_LONGEST_WORD = 20

#: The rank that a word which names emoji has at least.
_EVERYDAY = 1_500

#: Words of online faces and their makers, which no book has.
# fmt: off
_SAID_ONLINE = (
    "uwu", "owo", "lol", "lmao", "rofl", "omg", "wtf", "plz", "pls", "thx", "nope", "yep", "yay", "aww", "meow",
    "nyan", "woof", "boop", "blep", "mlem", "nom", "noms", "pog", "poggers", "kek", "pepe", "doge", "shiba", "yeet",
    "dab", "sus", "smol", "floof", "snoot", "heck", "angery", "thonk", "thinking", "facepalm", "smug", "derp",
    "cringe", "vibe", "vibing", "hug", "hugs", "pat", "pats", "snug", "snuggle", "blob", "catgirl", "neko", "chonk",
    "cofe", "sippy", "sip", "bonk", "oof", "ree", "sob", "dance", "jammin", "rave", "wiggle", "peek", "lurk", "pout",
    "nod", "yawn", "nap", "zzz", "hype", "simp", "bruh", "stonks", "sadge", "copium", "munch", "wave", "hi", "bye",
)
# fmt: on

#: Rank from which on an English word is so rare that the same letters may as well be pinyin (lei, kun).
_COMMON = 5_000

#: Ranks up to which words of one to three letters are believed: the list's rarer ones are abbreviations.
_BELIEVED = {1: 0, 2: 150, 3: 10_000}
_ALONE = ("a", "i")

#: Costs in nats: of a run that is no word, whatever its length, and a letter of it; what a word of
#: two letters costs more.
_NO_WORD, _LETTER, _SHORT = 6.5, 3.4, 3.0


def apart(text: str) -> list[str]:
    """The words of a run of lower-case ASCII letters; the run itself where it is one word, or none.

    >>> apart("foxrage"), apart("acatsleep"), apart("blobcatcry"), apart("together"), apart("padoru")
    (['fox', 'rage'], ['a', 'cat', 'sleep'], ['blob', 'cat', 'cry'], ['together'], ['padoru'])
    """
    if not text.isascii() or not text.isalpha() or len(text) > LONGEST:
        return [text]
    best = [(0.0, 0)] + [(inf, 0)] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(end):
            cost = best[start][0] + _cost(text[start:end])
            if cost < best[end][0]:
                best[end] = cost, start
    words, end = [], len(text)
    while end:
        start = best[end][1]
        words.append(text[start:end])
        end = start
    return words[::-1]


def is_word(word: str) -> bool:
    """Return whether a text is one known word."""
    return word in word_ranks()


def is_everyday(word: str) -> bool:
    """Return whether a text is a common word or a name of an emoji, and so no pinyin, whatever its letters."""
    return word_ranks().get(word, _COMMON) < _COMMON


def _cost(word: str) -> float:
    """Minus the logarithm of a word's probability by Zipf's law, or of that of letters which are no word."""
    rank = word_ranks().get(word) if len(word) <= _LONGEST_WORD else None
    if rank is None:
        return _NO_WORD + _LETTER * len(word)
    return log((rank + 10) * log(len(word_ranks()))) + (_SHORT if len(word) == 2 else 0)


@lru_cache(maxsize=1)
def word_ranks() -> Mapping[str, int]:
    """Map each word to its rank by frequency, from 0."""
    ranks = {word: rank for word, rank in english_words().items() if rank < _BELIEVED.get(len(word), inf)}
    for word in {*re.findall("[a-z]{3,}", " ".join(emoji_names().all_names("en"))), *_SAID_ONLINE}:
        ranks[word] = min(ranks.get(word, _EVERYDAY), _EVERYDAY)
    return ranks | dict.fromkeys(_ALONE, _BELIEVED[2])
