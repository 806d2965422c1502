"""A sticker's caption by a vision-language model, as captioning writes it and all later stages read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Between two keywords of a caption.
SEPARATOR = "，"

#: The searchable fields of a sticker that are captions; `keywords_base` is kept for comparison, and not searched.
CAPTION_FIELDS: tuple[str, ...] = ("keywords", "description", "emotion")


@dataclass(frozen=True, slots=True)
class Caption:
    """The texts about one sticker, "" where the model wrote nothing.

    description, emotion: the base model's two answers; keywords_base: its keywords, keywords: the fine-tuned model's,
    both joined by SEPARATOR.
    """

    description: str
    emotion: str
    keywords_base: str
    keywords: str


EMPTY = Caption("", "", "", "")


def meaning(keywords: Sequence[str]) -> str:
    """Text of the base keywords without style and character, which come first; stickers with equal texts are kin."""
    return SEPARATOR.join(keywords[2:])


def texts_by_field(captions: Mapping[str, Caption], ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Caption field -> sticker id -> its text, for every id."""
    return {field: {name: getattr(captions.get(name, EMPTY), field) for name in ids} for field in CAPTION_FIELDS}
