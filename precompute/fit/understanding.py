"""What makes a query understood, of any version of a catalogue: meanings of its texts, and the lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.models.sentence_encoder import SentenceEncoder, default_name, load_sentence_encoder
from persrv.ranking.meaning import MeaningIndex
from persrv.records import Sticker
from persrv.text.lexicon import Lexicon, texts_of


@dataclass(frozen=True, eq=False)
class Understanding:
    """A sentence encoder, and the texts that it has encoded already: of a catalogue that loses or changes a few texts,
    only new ones are encoded.
    """

    encoder: SentenceEncoder
    known: MeaningIndex

    def of(self, stickers: Iterable[Sticker]) -> MeaningIndex:
        """The meanings of some stickers, vectors as float16, as a bundle stores them."""
        index = MeaningIndex.gather(stickers, self.encoder.name)
        return replace(index, vectors=self._vectors(index.texts))

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """(texts, width) unit rows."""
        rows = np.zeros((len(texts), self.encoder.width), np.float16)
        at = [self._row_of.get(text, -1) for text in texts]
        old = [number for number, row in enumerate(at) if row >= 0]
        new = [number for number, row in enumerate(at) if row < 0]
        if old:
            rows[old] = self.known.vectors[[at[number] for number in old]]
        if new:
            rows[new] = self.encoder([texts[number] for number in new]).astype(np.float16)
        return rows

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {text: row for row, text in enumerate(self.known.texts)}


def encoder_at_hand() -> SentenceEncoder | None:
    """The default sentence encoder; None where it is not installed."""
    try:
        return load_sentence_encoder(default_name())
    except ModelError:
        return None


def lexicon(stickers: Iterable[Sticker]) -> Lexicon:
    """What the stickers say, were searched by and are called: text on the picture, keywords, queries, names."""
    return Lexicon.build(map(texts_of, stickers))
