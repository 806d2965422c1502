"""The interpreter: a query's readings, what they mean in one catalogue, and how surely its stickers say it.

Words are searched for the leading reading only; meaning counts the nearest of the readings that are kept beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from persrv.engines.text_products import loops
from persrv.interpreter.catalogue_encoder import CatalogueEncoder
from persrv.interpreter.catalogue_words import Catalogue, CatalogueWords, plain_text
from persrv.interpreter.drawings import Depictable, Drawings
from persrv.interpreter.plain_words import PlainWords, worded
from persrv.interpreter.reader import Reader
from persrv.interpreter.refusals import Refusals
from persrv.models.intent import Intents
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.query import Meant
from persrv.ranking import feedback, fusion
from persrv.records import FIELDS, FloatArray, Likeness, Reading, SearchSettings

#: Queries of which it is remembered what they mean, and bytes of that.
_REMEMBERED, _REMEMBERED_BYTES = 2048, 40 << 20

#: Margin by which the nearest text must be nearer than nonsense for a query to mean anything.
_BEYOND_NONSENSE = 0.05

#: Likeness to nonsense from which a text is taken for some: what people write to each other stays below .34 in the demo
#: world's messages to learn from, and strings of letters lie above .38.
_IS_NONSENSE = 0.36


class Interpreter:
    """Interprets queries for one catalogue. Thread-safe: only caches change."""

    def __init__(self, catalogue: Catalogue, encoder: SentenceEncoder | None = None) -> None:
        """encoder: in place of the one that the meanings name."""
        self._catalogue = catalogue
        self._words = CatalogueWords(catalogue)
        #: The tokens of a text.
        self.tokens = self._words.tokens
        self._encoder = CatalogueEncoder(catalogue.meaning, encoder)
        self._drawings = Drawings(self._words)
        plain_words = PlainWords(self._words, self._encoder, self._drawings)
        self._reader = Reader(self._words, self._encoder, self._drawings, plain_words)
        self._refusals = Refusals(self._words, self._encoder, plain_words)
        index = catalogue.meaning
        depicted = 5 * len(catalogue.ids) if self._words.small else 0  # how surely, and whether as much as any
        bytes_of_one = index.likeness_bytes + depicted if index is not None else 1
        self._meant = lru_cache(min(_REMEMBERED, _REMEMBERED_BYTES // bytes_of_one))(self._compute_meant)

    @property
    def means(self) -> bool:
        """Return whether meaning can be searched: the bundle holds vectors, and their encoder is here."""
        return self.encoder is not None

    @property
    def encoder(self) -> SentenceEncoder | None:
        """Encoder of queries, the one that encoded the catalogue's texts; None if meaning cannot be searched."""
        return self._encoder.encoder

    def read(self, query: str, literal: bool = False) -> tuple[Reading, ...]:
        """The readings that count, the leading one first; only what was typed where `literal` is wanted."""
        return (Reading(query, "literal", 1.0),) if literal else self._reader.read(query)

    def meant(self, read: Sequence[Reading], tokens: Sequence[str], settings: SearchSettings) -> Meant | None:
        """Meaning of the readings in this catalogue, None for a search by words alone."""
        if not settings.meaning or self.encoder is None or self._catalogue.meaning is None:
            return None
        small = self._words.small
        fields = tuple(name for name in FIELDS if settings.field_weights.get(name, 0.0) > 0)
        shown = settings.depiction if small and "description" in fields else 0.0
        return self._meant(tuple(read), tuple(tokens), fields, shown, settings.feedback if small else 0.0)

    def _compute_meant(
        self, read: tuple[Reading, ...], tokens: tuple[str, ...], fields: tuple[str, ...], shown: float, fed_back: float
    ) -> Meant:
        """Compute the meaning of the readings. shown, fed_back: the weights of depiction and of feedback."""
        index, rows = self._catalogue.meaning, self._encoder.rows
        assert index is not None
        said, named = worded(read), self._drawings.depictable(read[0]) if shown else Depictable()
        texts, weights = [reading.text for reading in said], [reading.weight for reading in said]
        ideal, depicted = self.ideal(tokens), None
        if named.words or named.seen:  # a small catalogue, whose texts are all looked at, once for all
            cosines = index.cosines(rows([*texts, *named.words]))
            likeness = index.likeness(cosines[: len(said)], weights, fields)
            depicted = self._drawings.depictions.depicted(cosines[len(said) :], *named)
        else:
            likeness = index.score(rows(texts), weights, fields, loops=loops())
        if depicted is not None:
            stickers = likeness.stickers + np.float32(shown) * depicted
            whole = self._drawings.depictions.whole(depicted) if named.seen else None
            likeness = likeness._replace(stickers=stickers, depicted=depicted, whole=whole)
        if fed_back:
            likeness = self._supported(likeness, tokens, ideal, fed_back)
        return Meant(likeness, ideal)

    def _supported(self, likeness: Likeness, tokens: Sequence[str], ideal: float, weight: float) -> Likeness:
        """The likeness with feedback from the first answers by words and meaning."""
        words = np.zeros(len(likeness.stickers))
        for name, scores in zip(self._catalogue.index, self._words.joint.scores(tokens), strict=True):
            words += feedback.FIELD_WEIGHTS[name] * scores
        first = fusion.relevance(words, ideal, likeness.stickers, feedback.MEANING)
        said = self._profiles.said(first)
        stickers = feedback.supported(likeness.stickers, self._profiles.likeness(said), weight)
        # whoever asks looks rows up, as in the array that it stands for
        return likeness._replace(stickers=stickers, support=cast(FloatArray, feedback.Support(self._profiles, said)))

    @cached_property
    def _profiles(self) -> feedback.Profiles:
        assert self._catalogue.meaning is not None
        return feedback.Profiles.of(self._catalogue.meaning)

    def ideal(self, tokens: Sequence[str]) -> float:
        """The unit of a query's BM25 (fusion.ideal)."""
        return self._words.ideal(tokens)

    def near(self, lead: Reading, meant: Meant) -> float:
        """Certainty that a text of the catalogue means the query, in [0, 1]: the likeness of the nearest text.

        0 where the query is of a subject that nobody sends stickers about, or where the nearest text is hardly nearer
        than to a nonsense query; otherwise 1 where the query names what descriptions show.
        """
        if _asks_nothing_else(lead):
            return 0.0
        sure = 1.0
        if meant.likeness.depicted is None:
            sure = float(meant.likeness.texts.max(initial=0.0))
            if sure < self._refusals.nonsense(lead) + _BEYOND_NONSENSE:
                return 0.0
        return 0.0 if self._refusals.of_other_subject(lead) else sure

    def said(self, lead: Reading, tokens: Sequence[str], held: Sequence[bool] | NDArray[np.bool_]) -> float:
        """The share of the leading reading that a sticker says, in [0, 1] (CatalogueWords.coverage). An emoji has
        several names, and the sticker needs to say only one of them.

        tokens: the distinct tokens of the reading; held: which of them the sticker holds.
        """
        if _asks_nothing_else(lead):
            return 0.0
        if lead.kind != "emoji":
            return self._words.coverage(tokens, held)
        holds = dict(zip(tokens, held, strict=True))
        names = [self.tokens(name) for name in lead.text.split()]
        # a mark between two emoji is a token where it stands alone, as in a name, and none beside words
        said = (self._words.coverage(name, [holds.get(token, False) for token in name]) for name in names)
        return max(said, default=0.0)

    def expresses(self, text: str, near: bool) -> bool | None:
        """Return whether a message expresses something that a sticker would say or answer, and does not inform; None if
        unknown, as without an encoder. A message that a sticker says word for word does.

        near: whether the catalogue answers it, so that it makes sense.
        """
        if self.encoder is None or self._intents is None or not any(map(str.isalnum, text)):
            return None
        plain = plain_text(text)
        if self._words.says(text):
            return True
        if not near and self._refusals.nonsense(Reading(plain, "literal", 1.0)) >= _IS_NONSENSE:
            return False
        return self._intents.expresses(self._encoder.rows([plain])[0])

    @cached_property
    def _intents(self) -> Intents | None:
        """Classifier of expressions and information; None if it was not fitted for this encoder."""
        return None if self.encoder is None else Intents.of(self.encoder.name)


def _asks_nothing_else(lead: Reading) -> bool:
    """Return whether a query asks for nothing but what no sticker shows."""
    return lead.text == lead.without
