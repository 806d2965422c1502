"""Refusals: what means nothing to anybody, and what is of a subject that nobody sends stickers about."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from persrv.interpreter.catalogue_encoder import CatalogueEncoder
from persrv.interpreter.catalogue_words import CatalogueWords, plain_text
from persrv.interpreter.plain_words import AS_TYPED, PlainWords
from persrv.records import FloatArray, Reading
from persrv.text.emoji import EMOJI
from persrv.text.folding import simplified
from persrv.text.mixed_feelings import said_by
from persrv.text.nonsense import nonsense_strings
from persrv.text.scrambled_han import is_scrambled

#: Strings of letters, and of Chinese characters, that stand for nonsense; the nearest ones that count; their seed.
_NONSENSE, _NEAREST_NONSENSE, _SEED = 75, 5, 77

#: Readings of which it is remembered what they are taken for.
_REMEMBERED = 2048


class Refusals:
    """Reasons why queries to one catalogue have no answer. Thread-safe: only caches change."""

    def __init__(self, words: CatalogueWords, encoder: CatalogueEncoder, plain_words: PlainWords) -> None:
        self._words, self._encoder, self._plain_words = words, encoder, plain_words
        #: The likeness of a reading to strings that mean nothing: the mean over the nearest; 0 for emoji and marks,
        #: which are no words. An encoder finds what it does not know near to other things that it does not know.
        self.nonsense = lru_cache(_REMEMBERED)(self._compute_nonsense)
        #: Test of a reading that says what was typed: a subject that nobody sends stickers about, or no meaning;
        #: False where this catalogue knows all of its words.
        self.of_other_subject = lru_cache(_REMEMBERED)(self._find_other_subject)

    def _compute_nonsense(self, lead: Reading) -> float:
        if lead.kind == "emoji" or EMOJI.search(lead.text) or not any(map(str.isalnum, lead.text)):
            return 0.0
        likeness = self._strings @ self._encoder.rows([lead.text])[0]
        return float(np.sort(likeness)[-_NEAREST_NONSENSE:].mean())

    def _find_other_subject(self, lead: Reading) -> bool:
        if lead.kind not in AS_TYPED or self._plain_words.paraphrases is None or self._words.known(lead.text) == 1:
            return False
        if is_scrambled(simplified(lead.text), self._words.holds_token) and not said_by(plain_text(lead.text)):
            return True
        return self._plain_words.paraphrases.of_other_subject(self._encoder.rows([lead.text])[0])

    @cached_property
    def _strings(self) -> FloatArray:
        """Unit rows of strings that mean nothing."""
        return self._encoder.encode(nonsense_strings(_NONSENSE, _SEED))
