"""Strings that mean nothing: what a query must be unlike to mean anything, and what a threshold must refuse."""

from __future__ import annotations

import random
import string

#: The first and the last of the Chinese characters that are drawn from.
_HAN = (0x4E00, 0x9FA5)

#: Rows of a keyboard, along which a hand slides.
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

#: Parts of made-up words: how their syllables begin and sound, and how they end.
_ONSETS = ("b", "bl", "d", "dr", "f", "fl", "g", "gr", "j", "k", "kr", "m", "n", "pl", "sk", "st", "t", "tr", "v", "z")
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ee", "oo")
_ENDS = ("", "", "lk", "m", "n", "ng", "p", "rt", "sh", "x")


def nonsense_strings(of_each: int, seed: int) -> list[str]:
    """Draw random strings that mean nothing: `of_each` of five to nine letters, as many of three to five Chinese
    characters.
    """
    rng = random.Random(seed)
    letters = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(5, 9))) for _ in range(of_each)]
    han = ["".join(chr(rng.randint(*_HAN)) for _ in range(rng.randint(3, 5))) for _ in range(of_each)]
    return letters + han


def typed_nonsense(of_each: int, seed: int, characters: str) -> list[str]:
    """Draw what people type that means nothing, though every part of it is common: `of_each` slides along a keyboard,
    as many words that sound like some, and as many rows of three to six of some Chinese characters.
    """
    rng = random.Random(seed)
    slides = [_slide(rng) for _ in range(of_each)]
    words = [" ".join(_made_up_word(rng) for _ in range(rng.choice((1, 1, 2)))) for _ in range(of_each)]
    han = ["".join(rng.choices(characters, k=rng.randint(3, 6))) for _ in range(of_each)]
    return slides + words + han


def _slide(rng: random.Random) -> str:
    keys = rng.choice(_KEYS)[:: rng.choice((1, -1))]
    start = rng.randint(0, len(keys) - 5)
    return keys[start : start + rng.randint(4, 7)] * rng.choice((1, 1, 2))


def _made_up_word(rng: random.Random) -> str:
    syllables = (rng.choice(_ONSETS) + rng.choice(_NUCLEI) for _ in range(rng.randint(2, 3)))
    return "".join(syllables) + rng.choice(_ENDS)
