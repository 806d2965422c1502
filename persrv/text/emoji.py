"""Emoji: which of them are one, and what they are called.

`emoji_names.tsv` holds their names in Chinese and English; scripts/emoji_names.py makes it from the annotations of
Unicode CLDR and notes the source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

#: The file of names.
TABLE = Path(__file__).with_name("emoji_names.tsv")

_SYMBOL = (
    "\u203c\u2049\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\U0001f000-\U0001faff"
)
_JOINER = "\u200d"

#: An emoji as it stands in a normalised text: a flag, a symbol, or symbols that are joined.
SEQUENCE = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[{_SYMBOL}](?:{_JOINER}[{_SYMBOL}])*"

#: Emoji of persons only, and the signs of man and woman.
_GENDER_SIGNS = frozenset("♀♂")
_NEUTRAL = str.maketrans("👨👩", "🧑🧑")

#: A name that more emoji have says nothing of one, and these say what is drawn, not what is meant.
_MOST_NAMED = 30
_DRAWN = ("脸", "人", "face", "person")

Language = Literal["zh", "en"]


def forms(sequence: str) -> list[str]:
    """An emoji without its gender; a joined one also by each part that is no person, the whole first.

    >>> forms("🤷‍♂"), forms("👩‍💻"), forms("❤‍🔥")
    (['🤷'], ['🧑‍💻', '💻'], ['❤‍🔥', '❤', '🔥'])
    """
    if _JOINER not in sequence:
        return [sequence]
    parts = [part for part in sequence.split(_JOINER) if part not in _GENDER_SIGNS]
    if len(parts) < 2:
        return parts
    return [_JOINER.join(parts).translate(_NEUTRAL), *(part for part in parts if part not in "👨👩🧑")]


class EmojiNames:
    """The names of each emoji. by_emoji: emoji -> language -> names, the short name first."""

    def __init__(self, by_emoji: Mapping[str, Mapping[Language, tuple[str, ...]]]) -> None:
        self._by_emoji = by_emoji
        self._by_name: dict[str, list[str]] = {}
        for emoji, languages in by_emoji.items():
            for name in dict.fromkeys(name for names in languages.values() for name in names):
                self._by_name.setdefault(name, []).append(emoji)

    def names(self, sequence: str, language: Language) -> tuple[str, ...]:
        """Telling names of an emoji, the short one first, but those of faces last; of a joined one that has none, those
        of its parts.
        """
        found = next((self._by_emoji[form][language] for form in forms(sequence) if form in self._by_emoji), ())
        telling = (name for name in found if len(self._by_name[name]) <= _MOST_NAMED and name not in _DRAWN)
        return tuple(sorted(telling, key=lambda name: "脸" in name or "face" in name))

    def named(self, name: str) -> tuple[str, ...]:
        """The emoji that have this name, those first whose short name it is; none for a name that many have."""
        found = self._by_name.get(name, [])
        if len(found) > _MOST_NAMED:
            return ()
        return tuple(sorted(found, key=lambda emoji: not self.is_short_name(emoji, name)))

    def called(self, name: str) -> tuple[str, ...]:
        """The emoji that have this name, in any language."""
        return tuple(self._by_name.get(name, ()))

    def translations(self, name: str, language: Language) -> list[tuple[str, float]]:
        """The names in a language of the emoji that have this name, with how surely they mean the same (0 to 1).

        That is the Dice coefficient: twice the number of emoji called both, by the sum of the numbers called either.
        """
        mine = self.called(name)
        both = Counter(other for emoji in mine for other in self._by_emoji[emoji][language])
        return [(other, 2 * count / (len(mine) + len(self._by_name[other]))) for other, count in both.items()]

    def all_names(self, language: Language) -> Iterator[str]:
        """Yield every name in a language, once for each emoji that has it."""
        for languages in self._by_emoji.values():
            yield from languages[language]

    def is_short_name(self, emoji: str, name: str) -> bool:
        """Return whether this is a name of the emoji, and not only a keyword of it."""
        return any(names[:1] == (name,) for names in self._by_emoji[emoji].values())


@lru_cache(maxsize=1)
def emoji_names() -> EmojiNames:
    """The table's names, read once."""
    by_emoji: dict[str, dict[Language, tuple[str, ...]]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            emoji, chinese, english = line.split("\t")
            by_emoji[emoji] = {"zh": _split(chinese), "en": _split(english)}
    return EmojiNames(by_emoji)


def _split(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("|")))


#: Finds every emoji of a normalised text.
EMOJI = re.compile(SEQUENCE)
