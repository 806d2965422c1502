"""Meanings and lexicon, by which queries are understood, for any version of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
        return self.known.of(stickers, self.encoder)


def encoder_at_hand() -> SentenceEncoder | None:
    """The default sentence encoder; None where it is not installed."""
    try:
        return load_sentence_encoder(default_name())
    except ModelError:
        return None


def lexicon(stickers: Iterable[Sticker]) -> Lexicon:
    """Build the lexicon of what stickers say, were searched by and are called: text on the picture, keywords, queries,
    names.
    """
    return Lexicon.build(map(texts_of, stickers))
