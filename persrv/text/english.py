"""English words, and how people draw words out: endings, letters held down, laughter."""

from __future__ import annotations

import re

_HELD = re.compile(r"(\w)\1{2,}")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_CHANTED = re.compile(r"([a-z]{2,4}?)\1{2,}[a-z]{0,2}")
_VOWELS = frozenset("aeiou")


def forms(word: str) -> list[str]:
    """Candidates for a drawn-out word: each held letter once and twice, laughter as two syllables; the word itself
    otherwise.

    >>> forms("coooool"), forms("sooo"), forms("hahahaha"), forms("ahahah"), forms("lololol"), forms("cool")
    (['col', 'cool'], ['so', 'soo'], ['haha'], ['haha'], ['lol'], ['cool'])
    """
    once = _HELD.sub(r"\1", word)
    if once == word:
        return [_calmed(word)]
    return list(dict.fromkeys((_calmed(once), _calmed(_HELD.sub(r"\1\1", word)))))


def _calmed(word: str) -> str:
    """Five letters and more of one consonant and one vowel are laughter; what is said three times is said twice."""
    if len(word) < 5 or not word.isascii():
        return word
    letters = set(word)
    if len(letters) == 2 and len(letters & _VOWELS) == 1:
        vowel, consonant = sorted(letters, key=lambda letter: letter not in _VOWELS)
        return "lol" if (consonant, vowel) == ("l", "o") else (consonant + vowel) * 2
    return _CHANTED.sub(r"\1\1", word) if _CHANTED.fullmatch(word) else word


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
    """Return whether a stem has a vowel: yyds and string end like laughs and laughing, but are not inflected."""
    return any(vowel in stem for vowel in "aeiou") or stem.endswith("y")
