"""The encoder of a catalogue: what makes vectors of queries as those of its texts were made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from persrv.arrays.remembered_rows import RememberedRows
from persrv.errors import ModelError
from persrv.models.sentence_encoder import SentenceEncoder, load_sentence_encoder
from persrv.ranking.meaning import MeaningIndex
from persrv.records import FloatArray
from persrv.sampling import evenly

_LOG = logging.getLogger(__name__)

#: Texts whose stored vectors are compared with the encoder's, which is faster with words that it has met; and how far a
#: number may be from it (float16 rounding stays far below).
_COMPARED = 256
_VECTOR_TOLERANCE = 5e-3

#: Texts whose vectors are remembered: readings and words of queries, and what negations are compared with.
_REMEMBERED_TEXTS = 4096


class CatalogueEncoder:
    """The sentence encoder of one catalogue, once it has made its vectors. Thread-safe: only caches change."""

    def __init__(self, meaning: MeaningIndex | None, given: SentenceEncoder | None = None) -> None:
        """given: in place of the one that the meanings name."""
        self._meaning = meaning
        self._given = given is not None
        self._loaded = given or self._load()
        #: Unit rows of texts: those last asked for are remembered.
        self.rows = RememberedRows(self.encode, _REMEMBERED_TEXTS)

    @cached_property
    def encoder(self) -> SentenceEncoder | None:
        """The encoder, once it has made the bundle's vectors again: at first use, since it is slow then. None where
        meaning cannot be searched.
        """
        try:
            if self._loaded is not None and self._meaning is not None and not self._given:
                _require_same(self._loaded, self._meaning)
            return self._loaded
        except ModelError as error:
            _tell(error)
            return None

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows of some texts, in one call: several take hardly longer than one."""
        assert self.encoder is not None
        return self.encoder(texts)

    def _load(self) -> SentenceEncoder | None:
        index = self._meaning
        if index is None:
            return None
        try:
            if index.problem is not None:
                raise index.problem
            encoder = load_sentence_encoder(index.encoder)
            if encoder.width != index.vectors.shape[1]:
                width = index.vectors.shape[1]
                raise ModelError(f"{encoder.name} makes vectors of {encoder.width}", f"{width}", "Reindex the bundle.")
            return encoder
        except ModelError as error:
            _tell(error)
            return None


def _tell(error: ModelError) -> None:
    _LOG.warning("Search is by words only. %s", error)


def _require_same(encoder: SentenceEncoder, index: MeaningIndex) -> None:
    """Raise a ModelError where an encoder does not make the vectors that a catalogue holds of its texts."""
    texts = evenly(index.texts, _COMPARED)
    held = np.asarray(index.vectors[evenly(range(len(index.texts)), _COMPARED)], np.float32)
    made = encoder(texts) if texts else held
    if made.shape != held.shape or not np.allclose(made, held, atol=_VECTOR_TOLERANCE):
        raise ModelError(
            f"{encoder.name} makes other vectors than this bundle holds", "those of its texts", "Rebuild the bundle."
        )
