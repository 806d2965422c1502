"""Drawings: what a query names that the pictures of a small catalogue may show."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

from persrv.interpreter.catalogue_words import CatalogueWords, plain_text
from persrv.ranking import depiction
from persrv.records import Reading
from persrv.text import drawn_names
from persrv.text.content_words import content_words
from persrv.text.drawn_names import Drawn, Named

#: Queries of which it is remembered what they describe.
_REMEMBERED = 2048


class Depictable(NamedTuple):
    """Names in a query that stickers may show: words, what each of them names (nothing for all, or None for one of no
    known name), and what is seen and needs no likeness.
    """

    words: tuple[str, ...] = ()
    names: tuple[Drawn | None, ...] = ()
    seen: tuple[Drawn, ...] = ()


class Drawings:
    """Descriptions in queries of one catalogue's pictures. Thread-safe: only caches change."""

    def __init__(self, words: CatalogueWords) -> None:
        self._words = words
        self._meaning = words.catalogue.meaning
        #: Names that a text describes (drawn_names.described); none in a large catalogue, or for what a sticker says.
        self.described = lru_cache(_REMEMBERED)(self._find_described)
        #: Names in a reading that stickers may show; none for emoji, for what a sticker says word for word, and in a
        #: large catalogue.
        self.depictable = lru_cache(_REMEMBERED)(self._find_depictable)

    @cached_property
    def depictions(self) -> depiction.Depictions:
        """The depictions of the catalogue."""
        assert self._meaning is not None
        return depiction.Depictions.of(self._meaning)

    def _find_described(self, text: str) -> tuple[Named, ...]:
        names = drawn_names.described(plain_text(text)) if self._words.small and self._meaning is not None else ()
        if not names or not self.depictions.tells(names):
            return ()
        place = self._words.place(text)
        return names if place is None or self.depictions.only_shown(place) else ()

    def _find_depictable(self, lead: Reading) -> Depictable:
        if lead.kind == "emoji" or not self._words.small:
            return Depictable()
        if names := self.described(lead.text):
            seen = [
                name.drawn
                for name in names
                if name.drawn.kind in drawn_names.SEEN and self.depictions.showing(name.drawn).any()
            ]
            like = [name for name in names if name.drawn not in seen]
            named = tuple(None if name.drawn.kind == "word" else name.drawn for name in like)
            return Depictable(tuple(name.text for name in like), named, tuple(seen))
        words = () if self._words.says(lead.text) else content_words(plain_text(lead.text))
        return Depictable(words if len(words) <= depiction.MOST_WORDS else ())
