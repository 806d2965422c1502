"""The reader: which readings of a typed query count in one catalogue, and which of them leads.

The leading reading is the one whose words the catalogue or the phrasebook knows best, weighed by how sure it is. What
emoji stand for leads only where emoji alone were typed: a word is itself before it is a picture. A negated query is
what is said in its place, unless a sticker or the phrasebook says the query itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from persrv.interpreter.catalogue_encoder import CatalogueEncoder
from persrv.interpreter.catalogue_words import CatalogueWords, plain_text
from persrv.interpreter.drawings import Drawings
from persrv.interpreter.plain_words import PlainWords
from persrv.records import Reading
from persrv.text import instructions
from persrv.text.drawn_names import Named
from persrv.text.folding import simplified
from persrv.text.name_likeness import NameLikeness, name_likeness
from persrv.text.phrasebook import entry_of
from persrv.text.readings import readings

#: Readings in place of what was typed: where one of them leads, what was typed means nothing by itself, or something
#: else to an encoder.
_INSTEAD = frozenset(("pinyin", "initials", "spelling", "negation", "slang"))

#: Readings that stand beside what was typed, too, where they do not lead.
_BESIDE = frozenset(("slang",))

#: Queries whose readings are remembered.
_REMEMBERED = 2048


class Reader:
    """Reads queries to one catalogue. Thread-safe: only caches change."""

    def __init__(
        self, words: CatalogueWords, encoder: CatalogueEncoder, drawings: Drawings, plain_words: PlainWords
    ) -> None:
        self._words, self._encoder, self._drawings, self._plain_words = words, encoder, drawings, plain_words
        #: The readings of a query; where it is an instruction those of what it asks for, whose scores they give.
        self.read = lru_cache(_REMEMBERED)(self._readings)

    def _readings(self, query: str) -> tuple[Reading, ...]:
        wanted = instructions.wanted(query)
        if wanted is None or self._words.holds_whole(query):
            return self._readings_of(query)
        read = self._readings_of(wanted)
        lead = read[0]._replace(kind="instruction") if read[0].text == wanted else read[0]
        return (lead, *(each for each in read[1:] if each.text != lead.text))

    def _readings_of(self, query: str) -> tuple[Reading, ...]:
        lexicon = self._words.catalogue.lexicon
        if lexicon is None:
            return (Reading(query, "literal", 1.0),)
        if names := self._drawings.described(query):
            return self._readings_of_drawing(query, names)
        alike = None if self._encoder.encoder is None else self._alike
        found = readings(query, lexicon) if alike is None else readings(query, lexicon, alike)
        said = self._words.says(query)
        spoken = any(map(str.isalnum, query))
        whole = said or entry_of(plain_text(query)) is not None  # "can't wait" is no negation
        found = tuple(each for each in found if each.kind != "negation" or not whole)
        leading = [each for each in found if not (spoken and each.kind == "emoji")]
        for kind in () if said else ("slang", "negation"):
            instead = [each for each in found if each.kind == kind]
            if any(map(self._understood, instead)):
                leading = instead
        lead = max(
            leading, key=lambda each: (each.weight * self._understood(each), each.kind == "literal", each.weight)
        )
        beside = [
            each
            for each in found
            if each is not lead
            and (each.kind == lead.kind if lead.kind in _INSTEAD else each.kind not in _INSTEAD - _BESIDE)
        ]
        return self._plain_words.added_to((lead, *beside), query)

    def _understood(self, reading: Reading) -> float:
        """The share of a reading's tokens that the catalogue knows; 1 for what the phrasebook has word for word, which
        is then said in plain words. What stands for a negation is plain already.
        """
        in_plain_words = reading.kind != "negation" and entry_of(plain_text(reading.text)) is not None
        return 1.0 if in_plain_words else self._words.known(reading.text)

    def _readings_of_drawing(self, query: str, names: Sequence[Named]) -> tuple[Reading, ...]:
        """The reading of a query that describes a drawing: as it is typed, since what it names is known in both
        languages; where no sticker shows some of that, what else it asks for.
        """
        lacking = self._drawings.depictions.lacking(names)
        if not lacking:
            folded = simplified(query)
            lead = Reading(folded, "literal" if folded == query else "simplified", 1.0)
            understood = all(name.drawn.kind != "word" for name in names)
            return (lead,) if understood else _led_by(lead, self._plain_words.added_to((lead,), query))
        kind = "undrawn style" if all(name.drawn.kind == "style" for name in lacking) else "undrawn"
        without = ", ".join(name.text for name in lacking)
        left = [name.text for name in names if name not in lacking]
        if all(name.drawn.kind == "colour" for name in names if name not in lacking):
            return (Reading(without, kind, 1.0, without),)
        text = (" " if left[0].isascii() else "").join(left)
        read = self._readings_of(text)
        lead = next((each for each in read if each.kind != "plain words"), read[0])
        found = _led_by(lead._replace(kind=kind, without=without), [each for each in read if each is not lead])
        self._plain_words.encode_ahead(query, found)
        return found

    def _alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Cosines of a text to some others, not below 0."""
        if not others:
            return []
        known = None if self._names is None else self._names.likeness(text, others)
        if known is not None:
            return known
        own, *rows = self._encoder.rows([text, *others])
        return [max(0.0, float(own @ row)) for row in rows]

    @cached_property
    def _names(self) -> NameLikeness | None:
        """The likeness of names as this encoder finds it; None for another encoder."""
        names, encoder = name_likeness(), self._encoder.encoder
        return None if names is None or encoder is None or names.encoder != encoder.name else names


def _led_by(lead: Reading, read: Sequence[Reading]) -> tuple[Reading, ...]:
    """Some readings in their order, after one that leads."""
    return (lead, *(each for each in read if each != lead))
