"""What else a typed query can be: pinyin or initials of a phrase, an emoji's name, a slip of the finger.

The typed text is always the first reading. Any other is a guess with a weight, which says how sure it is, and which
search and page use: a guess is shown to the person, who can refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from math import exp

from persrv.records import Reading
from persrv.text import spelling
from persrv.text.folding import normalise
from persrv.text.lexicon import Lexicon
from persrv.text.pinyin import Conversion, convert, spell_characters

#: Readings of one query at most, the literal one included, and readings of one kind.
MOST_READINGS = 8
_MOST_ALIKE = 4

#: Letters of the longest initials.
_MOST_INITIALS = 12

_LETTERS = re.compile("[a-z]+(?:[' ]+[a-z]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,12}")
_WORD = re.compile("[a-z']+")


def readings(query: str, lexicon: Lexicon) -> tuple[Reading, ...]:
    """The readings of a query, the literal one first, then the surest; at most MOST_READINGS, no text twice."""
    plain = " ".join(normalise(query).split())
    best: dict[str, Reading] = {}
    for kind in (_by_pinyin, _by_initials, _by_sound, _by_spelling):
        for reading in islice(kind(plain, lexicon), _MOST_ALIKE):
            if reading.text != plain and (reading.text not in best or best[reading.text].weight < reading.weight):
                best[reading.text] = reading
    others = sorted(best.values(), key=lambda each: (-each.weight, each.text))
    return (Reading(query, "literal", 1.0), *others[: MOST_READINGS - 1])


def _by_pinyin(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The runs of letters in a text as the Chinese that they spell."""
    runs = list(_LETTERS.finditer(plain))
    if not runs:
        return
    if len(runs) == 1 and runs[0].group() == plain:
        conversions = convert(plain, lexicon)
        for conversion in conversions:
            weight = _sureness(plain, conversion, lexicon) * _share(conversion, conversions[0])
            if weight >= 0.3:
                yield Reading(conversion.text, "pinyin", round(weight, 3))
        return
    text, weight = plain, 1.0
    for run in reversed(runs):
        best = convert(run.group(), lexicon, most=1)
        if best and not _is_said(run.group(), lexicon):
            text = text[: run.start()] + best[0].text + text[run.end() :]
            weight *= _sureness(run.group(), best[0], lexicon)
    if text != plain:
        yield Reading(text, "pinyin", round(weight, 3))


def _is_said(letters: str, lexicon: Lexicon) -> bool:
    """Whether the catalogue says every word of a Latin text as it stands."""
    return all(lexicon.knows(word) for word in _WORD.findall(letters))


def _share(conversion: Conversion, best: Conversion) -> float:
    """How likely a conversion is beside the best one, 1 for that."""
    return exp((conversion.score - best.score) / 4)


def _sureness(letters: str, conversion: Conversion, lexicon: Lexicon) -> float:
    """How sure it is that letters are meant as pinyin: a phrase of the catalogue most, single characters least."""
    in_words = sum(len(word) for word in conversion.words if len(word) > 1) / len(conversion.text)
    sure = 0.95 if lexicon.says(conversion.text) else 0.4 + 0.45 * in_words
    return sure * 0.6 if _is_said(letters, lexicon) else sure


def _by_initials(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The phrases of the catalogue that some letters are the initials of."""
    letters = plain.replace(" ", "")
    if not (letters.isascii() and letters.isalpha()) or not 2 <= len(letters) <= _MOST_INITIALS:
        return
    rows = lexicon.abbreviated(letters)
    sure = min(0.9, 0.3 + 0.2 * len(letters)) * (0.6 if _is_said(plain, lexicon) else 1.0)
    for row in rows:
        share = lexicon.whole[row] / lexicon.whole[rows[0]]
        yield Reading(lexicon.texts[row], "initials", round(sure * (0.8 + 0.2 * share), 3))


def _by_sound(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """Phrases of the catalogue that sound like a Chinese query which it does not say."""
    if not _HAN.fullmatch(plain) or lexicon.says(plain):
        return
    pinyin = spell_characters(plain)
    for row in lexicon.spelled(pinyin) if pinyin else ():
        if lexicon.whole[row]:
            yield Reading(lexicon.texts[row], "spelling", 0.8)


def _by_spelling(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The query with each Latin word that the catalogue does not know as the known one that it is closest to."""
    corrected, weight = spelling.corrected(plain, lexicon.words, lexicon.knows)
    if corrected != plain:
        yield Reading(corrected, "spelling", weight)
