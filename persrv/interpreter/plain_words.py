"""Plain words: a query as most people would say it, and as the stickers of a catalogue do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from persrv.interpreter.catalogue_encoder import CatalogueEncoder
from persrv.interpreter.catalogue_words import CatalogueWords, holds_all, plain_text
from persrv.interpreter.drawings import Drawings
from persrv.models.paraphrase import Paraphrases
from persrv.records import FIELDS, Reading
from persrv.text import slang
from persrv.text.content_words import content_words
from persrv.text.emoji import EMOJI
from persrv.text.folding import has_han
from persrv.text.mixed_feelings import said_by
from persrv.text.phrasebook import is_part_of_another

#: Readings that write out what was meant, by which plain words are found better than by what was typed.
_REWRITTEN = ("spelling", "slang", "pinyin", "initials")

#: Leading readings that say what was typed, in other letters at most: plain words are found for these.
AS_TYPED = frozenset(("literal", "simplified", "drawn out", "translation", *_REWRITTEN))

#: The field of the words on a picture.
_PICTURE = FIELDS.index("ocr")


class PlainWords:
    """The plain words of queries to one catalogue. Thread-safe: only caches change."""

    def __init__(self, words: CatalogueWords, encoder: CatalogueEncoder, drawings: Drawings) -> None:
        self._words, self._encoder, self._drawings = words, encoder, drawings

    def added_to(self, read: tuple[Reading, ...], query: str) -> tuple[Reading, ...]:
        """The readings of a query, and the query in plain words: not where the leading reading means something else
        than was typed. Nor, unless the phrasebook has it word for word, where a sticker says it so, or where it is
        slang, whose plain words are known. Plain words do not lead where all words of the query stand on a picture,
        unless they may be a part of something else.
        """
        if self._encoder.encoder is None:
            return read
        lead = read[0]
        text = lead.text if lead.kind in _REWRITTEN else plain_text(query)
        exact = said_by(text)
        spoken = any(map(str.isalnum, query)) and not EMOJI.search(query)
        says = self._words.says
        told = (lead.kind == "slang" and slang.plain_words(plain_text(query)) is not None) or says(query)
        if not spoken or lead.kind not in AS_TYPED or self.paraphrases is None or (told and not exact):
            self.encode_ahead(query, read)
            return read
        vector = self._encoder.rows([text, *self._soon(query, read)])[0]
        found, leads = self.paraphrases.readings(vector, has_han(text), exact, self._has_word_of)
        known = {plain_text(each.text) for each in read}
        found = tuple(each for each in _translated(found, plain_text(text)) if each.text not in known)
        first = next((each for each in found[:2] if self._has_word_of(each.text)), None)  # in either language
        leads = leads and first is not None
        if len(exact) > 1:  # two feelings: words of one would lead the other
            return (Reading(query, "literal", 1.0), *found)
        said = query if lead.kind == "slang" else lead.text  # what a sticker says in pinyin is said by it
        on_a_picture = holds_all(self._words.catalogue.index["ocr"], self._words.tokens(said))
        pictured = on_a_picture and not is_part_of_another(text)
        if not leads or pictured or (lead.kind == "translation" and not exact) or says(text, _PICTURE):
            return (*read, *found)
        assert first is not None
        return (first, *read, *(each for each in found if each is not first))

    def _has_word_of(self, text: str) -> bool:
        """Return whether the catalogue knows a whole word of a text: who says 希望 does not say 失望."""
        return any(self._words.known(word) == 1 for word in text.split())

    @cached_property
    def paraphrases(self) -> Paraphrases | None:
        """Scorer of plain words; None without an encoder."""
        encoder = self._encoder.encoder
        if encoder is None:
            return None
        made, rows = Paraphrases(self._encoder.encode, encoder.name), self._encoder.rows
        rows.always |= made.plain_words
        # where plain words lead, they are asked for word by word: encoded here at once, and by no query
        words = {word: None for text in made.plain_words for word in content_words(text)} if self._words.small else {}
        if said := [word for word in words if word not in rows.always]:
            rows.always |= dict(zip(said, self._encoder.encode(said), strict=True))
        return made

    def encode_ahead(self, query: str, read: Sequence[Reading]) -> None:
        """Encode in one call what a search of a query with these readings asks the encoder for."""
        if self._encoder.encoder is not None:
            self._encoder.rows(self._soon(query, read))

    def _soon(self, query: str, read: Sequence[Reading]) -> list[str]:
        """Texts that the encoder is asked for next: readings, words that pictures may show and what was typed, since a
        search for that alone is a press away. One call encodes all of them: several texts take hardly longer than one.
        """
        depictable = self._drawings.depictable
        texts = [*(each.text for each in worded(read)), *depictable(read[0]).words]
        if self._words.small:
            texts += [query, *depictable(Reading(query, "literal", 1.0)).words]
        return texts


def worded(read: Sequence[Reading]) -> Sequence[Reading]:
    """The readings that an encoder can read: it knows no emoji, so their names stand for them where there are some."""
    return [reading for reading in read if any(map(str.isalnum, reading.text))] or read


def _translated(found: Sequence[Reading], typed: str) -> list[Reading]:
    """Plain words, two languages in turn; where those of one are what was typed, the other's are a translation."""
    pairs = zip(found[::2], found[1::2], strict=True)
    return [
        each
        for own, other in pairs
        for each in (own, other._replace(kind="translation") if own.text == typed else other)
    ]
