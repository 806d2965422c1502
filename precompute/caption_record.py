"""What a vision-language model wrote about a sticker, between the captioning and everything that reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Between two keywords of a caption.
SEPARATOR = "，"

#: The searchable fields of a sticker that are captions; `keywords_base` is kept for comparison, and not searched.
CAPTION_FIELDS: tuple[str, ...] = ("keywords", "description", "emotion")


@dataclass(frozen=True, slots=True)
class Caption:
    """One sticker's texts, "" where nothing was written.

    description, emotion: the base model's two answers; keywords_base: its keywords, keywords: the fine-tuned model's,
    both joined by SEPARATOR.
    """

    description: str
    emotion: str
    keywords_base: str
    keywords: str


EMPTY = Caption("", "", "", "")


def meaning(keywords: Sequence[str]) -> str:
    """What base keywords say beyond style and character, which come first: stickers with the same are kin."""
    return SEPARATOR.join(keywords[2:])


def texts_by_field(captions: Mapping[str, Caption], ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Caption field -> sticker id -> its text, for every id."""
    return {field: {name: getattr(captions.get(name, EMPTY), field) for name in ids} for field in CAPTION_FIELDS}
