"""Readings of a typed query: pinyin or initials of a phrase, an emoji's names, slang, a slip of the finger, a negation.

The typed text is always the first reading. Any other is a guess with a weight, which says how sure it is, and which
search and page use: a guess is shown to the person, who can refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import exp

from persrv.query import MAX_QUERY
from persrv.records import Reading
from persrv.text import english, slang
from persrv.text.emoji import EMOJI, emoji_names
from persrv.text.folding import normalise, simplified
from persrv.text.lexicon import Lexicon
from persrv.text.negation import meant_instead
from persrv.text.pinyin import Conversion, pinyin_words, spell_characters, without_tones
from persrv.text.spelling import WORD
from persrv.text.translation import Likeness, translated
from persrv.text.typed_phrases import chat_phrases

#: Readings of one query at most, the literal one included, and readings of one kind.
MOST_READINGS = 8
_MOST_ALIKE = 4

#: A guess less sure than this is none; letters that are so surely Chinese are no misspelled word.
_LEAST, _SURE = 0.3, 0.8
_IN_LETTERS = ("pinyin", "initials")

#: Letters of the shortest phrase that is told by its letters alone; how much less sure initials are of a phrase that
#: the catalogue does not say.
_SHORTEST_PHRASE, _NOT_OF_CATALOGUE = 5, 0.9

#: Letters of the longest initials; names that stand for an emoji; different emoji of a query that are named.
_MOST_INITIALS, _MOST_NAMES, _MOST_EMOJI = 12, 6, 3

#: Certainty of the text in place of a negated query, in its own language and in the other one.
_SURE_INSTEAD = (0.9, 0.85)

#: Certainty of plain words for slang, in the query's language and in the other one, and within a longer text.
_SURE_SLANG, _SURE_SLANG_WITHIN = (0.95, 0.9), 0.9

#: Readings that write the query out, which may negate something then, and how sure they must be.
_REWRITTEN = frozenset(("slang", "pinyin", "initials", "simplified", "drawn out", "spelling"))
_SURE_REWRITTEN = 0.6

#: Certainty of a translation that leaves no doubt.
_MOST_SURE_TRANSLATED = 0.8

#: Loss of certainty that letters are something else where every word of them is known as typed, or where they may be
#: Chinese.
_IF_KNOWN = 0.6

_LETTERS = re.compile("[a-z]+(?:[' ]+[a-z]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,12}")
_ANY_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def _alike(_text: str, others: Sequence[str]) -> Sequence[float]:
    """The likeness of translations where nobody knows it."""
    return [1.0] * len(others)


def readings(query: str, lexicon: Lexicon, likeness: Likeness | None = None) -> tuple[Reading, ...]:
    """The readings of a query: the literal one first, then by certainty; at most MOST_READINGS, each text once.

    likeness: of texts in meaning, which tells translations apart and recognises negations; None without an encoder. A
    search by words alone needs neither the simplified nor the drawn-out reading: their tokens are those of the literal
    one.
    """
    literal, plain = Reading(query, "literal", 1.0), " ".join(normalise(query).split())
    best = {query: literal}
    if _ANY_HAN.search(query):
        best.setdefault(simplified(query), Reading(simplified(query), "simplified", 1.0))
    best.setdefault(plain, literal)
    calm = _calmed(plain, lexicon)
    _keep(best, [Reading(calm, "drawn out", 0.95)])
    for read in (_by_pinyin, _by_initials, _by_sound, _by_emoji, _as_emoji, _through_emoji):
        _keep(best, islice(read(plain, lexicon), _MOST_ALIKE))
    _keep(best, _translated(plain, lexicon, likeness or _alike))
    _keep(best, _negated(plain, likeness))
    _keep(best, _in_plain_words(plain))
    in_letters = max((reading.weight for reading in best.values() if reading.kind in _IN_LETTERS), default=0.0)
    if in_letters < _SURE:
        _keep(best, _by_spelling(calm, lexicon, _IF_KNOWN if in_letters else 1.0))
    _keep(best, _negated_rewritten([*best.values()], likeness))
    others = sorted({*best.values()} - {literal}, key=lambda each: (-each.weight, each.text))
    return (literal, *others[: MOST_READINGS - 1])


def _keep(best: dict[str, Reading], found: Iterable[Reading]) -> None:
    """Keep the surest reading of each text, and none that is hardly sure, or longer than a query may be (names of
    emoji).
    """
    for reading in found:
        rounded = reading._replace(weight=round(reading.weight, 3))
        if rounded.weight < _LEAST or len(rounded.text) > MAX_QUERY:
            continue
        if rounded.text not in best or best[rounded.text].weight < rounded.weight:
            best[rounded.text] = rounded


def _calmed(plain: str, lexicon: Lexicon) -> str:
    """A text with each drawn-out word as a known one (coooool, hahahaha)."""

    def calm(match: re.Match[str]) -> str:
        word = match.group()
        meant = [form for form in english.forms(word) if len(form) > 1]
        if not meant or word in lexicon.words:
            return word
        return next((form for form in reversed(meant) if lexicon.speller.knows(form)), meant[-1])

    return WORD.sub(calm, plain)


# ---- Chinese in Latin letters ---------------------------------------------------------------------------------------


def _by_pinyin(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The runs of letters in a text as the Chinese that they spell."""
    plain = without_tones(plain)
    if _LETTERS.fullmatch(plain):
        conversions = lexicon.pinyin_reader.convert(plain)
        for conversion in conversions:
            likely = exp((conversion.score - conversions[0].score) / 4)
            yield Reading(conversion.text, "pinyin", _sureness(plain, conversion, lexicon) * likely)
        if not (words := WORD.findall(plain)) or not all(map(lexicon.speller.knows, words)):
            yield from _as_chat_phrase(plain.replace(" ", "").replace("'", ""))
    elif _ANY_HAN.search(plain):
        text = _LETTERS.sub(lambda run: _in_chinese(run.group(), lexicon), plain)
        if text != plain:
            yield Reading(text, "pinyin", 0.85)


def _as_chat_phrase(letters: str) -> Iterator[Reading]:
    """The phrase of chats that letters spell, perhaps with a slip."""
    found = chat_phrases().spelled(letters) if len(letters) >= _SHORTEST_PHRASE else None
    if found is not None:
        yield Reading(found[0], "pinyin", found[1])


def _in_chinese(letters: str, lexicon: Lexicon) -> str:
    """Letters beside Chinese as the Chinese that they spell; as they are where they spell none, or are common words."""
    conversions = [] if _is_common(letters, lexicon) else lexicon.pinyin_reader.convert(letters, most=1)
    return conversions[0].text if conversions else letters


def _is_common(letters: str, lexicon: Lexicon) -> bool:
    """Return whether every word of a Latin text is the catalogue's or a common one."""
    return all(map(lexicon.speller.is_common, WORD.findall(letters)))


def _sureness(letters: str, conversion: Conversion, lexicon: Lexicon) -> float:
    """Probability that letters are meant as pinyin: highest for a phrase of the catalogue, lowest for few single
    characters; 0 for common English words and for letters that spell no Chinese word, unless they spell such a phrase.

    Few words that are no pinyin can be cut into three syllables and more.
    """
    if lexicon.says(conversion.text):
        return 0.95 * _IF_KNOWN if _is_common(letters, lexicon) else 0.95
    in_words = sum(len(word) for word in conversion.words if len(word) > 1) / len(conversion.text)
    sure = max(0.4 + 0.45 * in_words, min(0.85, 0.19 * (len(conversion.text) + 1)))
    if not all(map(lexicon.speller.knows, WORD.findall(letters))):
        return sure
    if _is_common(letters, lexicon) or (in_words < 1 and len(conversion.text) > 1):
        return 0.0
    return sure if len(conversion.text) == 1 else sure * _IF_KNOWN


def _by_initials(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The phrases of the catalogue that some letters are the initials of."""
    letters = plain.replace(" ", "")
    if not (letters.isascii() and letters.isalpha()) or not 2 <= len(letters) <= _MOST_INITIALS:
        return
    rows = lexicon.abbreviated(letters)
    sure = min(0.9, 0.25 * len(letters)) * (_IF_KNOWN if _is_common(plain, lexicon) else 1.0)
    for row in rows:
        yield Reading(lexicon.texts[row], "initials", sure * (0.8 + 0.2 * lexicon.whole[row] / lexicon.whole[rows[0]]))
    if not rows:
        for place, phrase in enumerate(chat_phrases().abbreviated(letters)):
            yield Reading(phrase, "initials", sure * _NOT_OF_CATALOGUE / (1 + place / 4))


def _by_sound(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """Phrases of the catalogue that sound like a Chinese query which is neither one of them nor a word."""
    if not _HAN.fullmatch(plain) or lexicon.says(plain):
        return
    pinyin = spell_characters(plain)
    if pinyin is None or any(word == plain for word, _ in pinyin_words().shares(pinyin)):
        return
    for row in lexicon.spelled(pinyin):
        if lexicon.whole[row]:
            yield Reading(lexicon.texts[row], "spelling", 0.8)


# ---- emoji and words ------------------------------------------------------------------------------------------------


def _by_emoji(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """Emoji by their names, Chinese and English: all of them for emoji alone, the best one beside words."""
    found = list(dict.fromkeys(EMOJI.findall(plain)))[:_MOST_EMOJI]
    beside = EMOJI.sub("", plain).strip()
    for language, weight in (("zh", 0.9), ("en", 0.85)):
        names = {emoji: _names(emoji, language, lexicon) for emoji in found}
        if not any(names.values()):
            continue
        if not beside:
            yield Reading(" ".join(name for each in names.values() for name in each), "emoji", weight)
        elif (language == "zh") == bool(_ANY_HAN.search(beside)):
            named = EMOJI.sub(lambda match: " ".join(("", *names.get(match.group(), ())[:1], "")), plain)  # noqa: B023
            yield Reading(" ".join(named.split()), "emoji", weight)


def _names(emoji: str, language: str, lexicon: Lexicon) -> list[str]:
    """The names of an emoji, those that the catalogue says first, then the short one."""
    names = emoji_names().names(emoji, "zh" if language == "zh" else "en")

    def said(name: str) -> bool:
        return lexicon.says(name) if language == "zh" else all(map(lexicon.knows, WORD.findall(name)))

    return sorted(names, key=lambda name: not said(name))[:_MOST_NAMES]


def _as_emoji(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """The emoji of the catalogue that are called as the query is."""
    called = emoji_names().named(plain)
    for emoji in sorted((each for each in called if each in lexicon.emoji), key=lambda each: -lexicon.emoji[each]):
        yield Reading(emoji, "emoji", 0.5 if emoji_names().is_short_name(emoji, plain) else 0.4)


def _through_emoji(plain: str, lexicon: Lexicon) -> Iterator[Reading]:
    """A query that the catalogue does not say as what else the emoji of that name is called (lmao, idk, yum)."""
    if not lexicon.says(plain) and not any(map(lexicon.knows, WORD.findall(plain))):
        named = [_names(emoji, "zh", lexicon) for emoji in emoji_names().named(plain)]
        best = max(named, key=lambda names: sum(map(lexicon.says, names)), default=[])
        if any(map(lexicon.says, best)):
            yield Reading(" ".join(best), "emoji", 0.5)


def _translated(plain: str, lexicon: Lexicon, likeness: Likeness) -> Iterator[Reading]:
    """Readings in the other language, of a query that the catalogue does not say and that is no name of an emoji."""

    def says(name: str) -> bool:
        return lexicon.says(name) if _ANY_HAN.search(name) else all(map(lexicon.knows, WORD.findall(name)))

    has_emoji = EMOJI.search(plain) or any(each in lexicon.emoji for each in emoji_names().named(plain))
    if not says(plain) and not has_emoji:
        for text, sure in translated(plain, says, likeness):
            yield Reading(text, "translation", _MOST_SURE_TRANSLATED * sure)


# ---- negations ------------------------------------------------------------------------------------------------------


def _negated(plain: str, likeness: Likeness | None) -> Iterator[Reading]:
    """Readings in place of a negated query, in both languages, the query's own first."""
    said = meant_instead(plain, likeness) or ()
    for text, sure in zip(said if _ANY_HAN.search(plain) else said[::-1], _SURE_INSTEAD, strict=False):
        yield Reading(text, "negation", sure)


def _negated_rewritten(found: Iterable[Reading], likeness: Likeness | None) -> Iterator[Reading]:
    """Readings in place of a query that is a negation once rewritten: "plz no more meetings", biekule."""
    for reading in found:
        if reading.kind in _REWRITTEN and reading.weight >= _SURE_REWRITTEN:
            for each in _negated(reading.text, likeness):
                yield each._replace(weight=each.weight * reading.weight)


# ---- slang ----------------------------------------------------------------------------------------------------------


def _in_plain_words(plain: str) -> Iterator[Reading]:
    """Plain words for a query that is slang, its own language first; or the query with the slang in it so told."""
    if said := slang.plain_words(plain):
        for text, sure in zip(said if _ANY_HAN.search(plain) else said[::-1], _SURE_SLANG, strict=True):
            yield Reading(text, "slang", sure)
    elif (told := slang.without_slang(plain)) != plain:
        yield Reading(told, "slang", _SURE_SLANG_WITHIN)


# ---- slips of the finger --------------------------------------------------------------------------------------------


def _by_spelling(plain: str, lexicon: Lexicon, less: float) -> Iterator[Reading]:
    """The query with its unknown words corrected, with a blank more, and with a blank less, so much less sure."""
    for repaired in (lexicon.speller.with_blanks, lexicon.speller.corrected, lexicon.speller.without_blanks):
        text, sure = repaired(plain)
        if text != plain:
            yield Reading(text, "spelling", sure * less)
