"""A catalogue that has never heard some phrases: what it finds for them, it finds by what it says otherwise.

People type what no sticker says word for word. Training queries are the sticker's own words, so a question that is one
of them says little of how everyday queries fare: a search has it among the integrated queries. Masking takes a phrase
out of every text that equals it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from persrv.records import Sticker
from persrv.text.folding import normalise
from precompute.caption_record import SEPARATOR

#: The parts in which phrases are masked: of a fifth at a time, since without all of them little would be left.
FOLDS = 5

_APART = re.compile(r"[,，;；、。\n|]+")


def folds(phrases: Iterable[str], count: int = FOLDS) -> tuple[tuple[str, ...], ...]:
    """The distinct phrases in `count` parts of about equal size, dealt in order; fewer where there are fewer."""
    ordered = sorted(set(phrases))
    return tuple(tuple(ordered[first::count]) for first in range(min(count, len(ordered))))


def masked(stickers: Sequence[Sticker], phrases: Iterable[str]) -> tuple[Sticker, ...]:
    """The stickers without texts that equal one of the phrases, up to case, width and script: text on the picture,
    single keywords, parts of descriptions, queries.
    """
    hidden = {_plain(phrase) for phrase in phrases}

    def left(text: str) -> str:
        parts = [part for part in _APART.split(text) if part.strip()]
        kept = [part for part in parts if _plain(part) not in hidden]
        return text if len(kept) == len(parts) else SEPARATOR.join(kept)

    return tuple(
        replace(
            sticker,
            ocr="" if _plain(sticker.ocr) in hidden else sticker.ocr,
            keywords=left(sticker.keywords),
            keywords_base=left(sticker.keywords_base),
            description=left(sticker.description),
            emotion=left(sticker.emotion),
            queries=tuple(query for query in sticker.queries if _plain(query) not in hidden),
        )
        for sticker in stickers
    )


def _plain(text: str) -> str:
    return " ".join(normalise(text).split())
