"""The words of a catalogue: what its stickers say, which tokens it knows, and how rare these are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from persrv.engines.mixed import EXHAUSTIVE
from persrv.ranking import fusion
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.joint_postings import JointPostings, joint_postings
from persrv.ranking.meaning import MeaningIndex
from persrv.text import analyser
from persrv.text.folding import normalise
from persrv.text.lexicon import Lexicon

#: Queries whose tokens are remembered, and tokens whose holders are.
_REMEMBERED, _REMEMBERED_TOKENS = 2048, 1 << 16


class Catalogue(Protocol):
    """Data by which queries are interpreted, as of a bundle: N stickers, the index of each field, meanings, lexicon."""

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def index(self) -> Mapping[str, FieldIndex]: ...
    @property
    def meaning(self) -> MeaningIndex | None: ...
    @property
    def lexicon(self) -> Lexicon | None: ...


class CatalogueWords:
    """The words of one catalogue. Thread-safe: only caches change."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        #: True if every sticker of the catalogue may be looked at for a query.
        self.small = len(catalogue.ids) <= EXHAUSTIVE
        #: The tokens of a text.
        self.tokens = lru_cache(_REMEMBERED)(lambda text: tuple(analyser.analyse(text)))
        self._holders = lru_cache(_REMEMBERED_TOKENS)(self._count_holders)

    def says(self, query: str, field: int | None = None) -> bool:
        """Return whether a sticker says the query, word for word. field: number of the one field to search, if any."""
        index, place = self.catalogue.meaning, self.place(query)
        if index is None or place is None:
            return False
        return field is None or bool(((index.text == place) & (index.field == field)).any())

    def place(self, query: str) -> int | None:
        """The number of the text that is the query, word for word; None where none is."""
        index, plain = self.catalogue.meaning, plain_text(query)
        if index is None:
            return None
        place = bisect_left(index.texts, plain)
        return place if place < len(index.texts) and index.texts[place] == plain else None

    def holds_whole(self, query: str) -> bool:
        """Return whether a sticker has every token of a query in one field, and so says the query."""
        tokens = self.tokens(query)
        return any(holds_all(field, tokens) for field in self.catalogue.index.values())

    def holds_token(self, token: str) -> bool:
        """Return whether a sticker holds a token in any field."""
        return self._holders(token) > 0

    def known(self, text: str) -> float:
        """The share of a text's tokens that the catalogue knows, rare ones counting more."""
        tokens = self.tokens(text)
        return self.coverage(tokens, [self._holders(token) > 0 for token in tokens])

    def coverage(self, tokens: Sequence[str], held: Sequence[bool] | NDArray[np.bool_]) -> float:
        """The share of a query's tokens that a sticker holds, rare ones counting more (by idf), in [0, 1]."""
        if all(held) or not any(held):
            return 1.0 if len(tokens) and held[0] else 0.0
        said = [self._holders(token) for token in tokens]
        idf = fusion.positive_idf(np.asarray(said, np.int64), len(self.catalogue.ids))
        return float(idf[np.asarray(held, bool)].sum() / idf.sum())

    def ideal(self, tokens: Sequence[str]) -> float:
        """The unit of a query's BM25 (fusion.ideal)."""
        return fusion.ideal([self._holders(token) for token in tokens], len(self.catalogue.ids))

    @cached_property
    def joint(self) -> JointPostings:
        """The postings of all fields of a small catalogue."""
        return joint_postings(tuple(self.catalogue.index.values()))

    def _count_holders(self, token: str) -> int:
        """The number of stickers that hold a token in the field where most do."""
        if self.small:
            return self.joint.holders(token)
        return max(len(field.postings(token)[0]) for field in self.catalogue.index.values())


def plain_text(text: str) -> str:
    """A text as the catalogue's texts are kept."""
    return " ".join(normalise(text).split())


def holds_all(field: FieldIndex, tokens: Sequence[str]) -> bool:
    """Return whether a sticker holds every one of some tokens in a field; False without any."""
    postings = sorted((field.postings(token)[0] for token in dict.fromkeys(tokens)), key=len)
    held = postings[0] if postings else field.rows[:0]
    for rows in postings[1:]:
        if not len(held):
            return False
        held = held[rows[np.minimum(np.searchsorted(rows, held), len(rows) - 1)] == held]
    return len(held) > 0
