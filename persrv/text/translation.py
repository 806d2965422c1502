"""A query in the other language, Chinese or English, word by word through the emoji that are called both: 浣熊 is 🦝 is
raccoon. Where names alone say what a sticker is, they are in one language, and people search in the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import sqrt

from persrv.text.emoji import Language, emoji_names

#: Function from a text and some others to their likeness in meaning, 0 to 1.
Likeness = Callable[[str, Sequence[str]], Sequence[float]]

#: Names of which fewer emoji are called both are no translation; of one word, so many are compared, and so many count.
_LEAST, _MOST_COMPARED, _MOST = 0.1, 8, 3

#: The same of the square root of that share times the likeness of both: cat and 奸笑 are names of 😼, and far apart.
_LEAST_IN_ALL = 0.25

#: Exponent by which a translation grows less sure as names have less in common.
_DOUBT = 0.25

#: Characters of the longest Chinese name, and words of the longest English one, that are looked for within a text.
_LONGEST = {"zh": 6, "en": 3}

#: English words that hold a phrase together: some emoji is called "you" or "what", and they mean nothing of it.
_SMALL = """
a an the is am are was be i i'm me my you your it its he she we they them this that these those what who how so very of
with and or to in on at for from by do does did have has had can will would just
"""
_SMALL_WORDS = frozenset(_SMALL.split())

#: English adverbs by which some emoji is called ("again": 🤦). A text that holds one is a sentence.
_ADVERBS_IN_A_LINE = "again already also always ever never now often once soon still then too yet"
_ADVERBS = frozenset(_ADVERBS_IN_A_LINE.split())

#: Words of a phrase beside the names in it: 生气的狐狸, "a very angry fox".
_BESIDE = frozenset((*"的了啊呀吧呢吗很好太真在我你他她它着得地个只是想要有", *_SMALL_WORDS))
_ARTICLES = ("a", "an", "the")
_UNIT = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[a-z]+(?:[-'][a-z]+)*")
_HAN = re.compile("[\u3400-\u9fff]")


def translated(text: str, says: Callable[[str], bool], likeness: Likeness) -> Iterator[tuple[str, float]]:
    """Yield the translations of a lower-case, simplified text that the catalogue says in part, with how sure each is (0
    to 1), _MOST at most. Nothing for a text that says something beside names.

    says: whether the catalogue says a name; likeness: of a name to others in meaning, since what one emoji is called
    may be far apart.
    """
    target: Language = "en" if _HAN.search(text) else "zh"
    options = [_options(part, target, says, likeness) for part in parts_of(text)]
    if not all(options):
        return
    between = " " if target == "en" else ""
    for place in range(min(_MOST, max(map(len, options), default=0))):
        chosen = [each[min(place, len(each) - 1)] for each in options]
        if any(says(name) for name, _ in chosen):
            yield between.join(name for name, _ in chosen), min(sure for _, sure in chosen)


def parts_of(text: str) -> list[str]:
    """The names that a text is made of, at each place the longest; empty where it says something beside them, or is
    mostly what holds a phrase together: that is a sentence.

    >>> parts_of("生气的狐狸"), parts_of("an angry fox"), parts_of("不想上班"), parts_of("are you kidding me")
    (['生气', '狐狸'], ['angry', 'fox'], [], [])
    """
    units, at, found, named = [unit for unit in _UNIT.findall(text) if unit not in _ARTICLES], 0, list[str](), 0
    while at < len(units):
        is_han = bool(_HAN.match(units[at]))
        sizes = range(min(_LONGEST["zh" if is_han else "en"], len(units) - at), 0, -1)
        names = [("" if is_han else " ").join(units[at : at + size]) for size in sizes]
        size, name = next(((size, name) for size, name in zip(sizes, names, strict=True) if _is_name(name)), (1, ""))
        if name:
            found.append(name)
            named += size
        elif units[at] not in _BESIDE:
            return []
        at += size
    return found if 2 * named > len(units) else []


def _is_name(text: str) -> bool:
    return text not in _BESIDE and text not in _ADVERBS and bool(emoji_names().called(text))


def translations(name: str, target: Language | None = None) -> list[tuple[str, float]]:
    """The names in the other language that share enough emoji with a name, with their share; target: None for the
    language that the name is not written in.
    """
    language: Language = target or ("en" if _HAN.search(name) else "zh")
    return [(each, share) for each, share in emoji_names().translations(name, language) if share >= _LEAST]


def _options(name: str, target: Language, says: Callable[[str], bool], likeness: Likeness) -> list[tuple[str, float]]:
    """The translations of one name, those first that the catalogue says, then the surest."""
    shared = translations(name, target)
    compared = sorted(shared, key=lambda each: (not says(each[0]), -each[1], each[0]))[:_MOST_COMPARED]
    likely = likeness(name, [each for each, _ in compared])
    both = [(each, sqrt(share) * like) for (each, share), like in zip(compared, likely, strict=True)]
    sure = [(each, value**_DOUBT) for each, value in both if value >= _LEAST_IN_ALL]
    return sorted(sure, key=lambda each: (not says(each[0]), -each[1], each[0]))
