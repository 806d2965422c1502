"""Putting everything that was computed into one bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from persrv.records import OcrLine, Sticker
from precompute.demo.spec import StickerSpec


@dataclass(frozen=True, slots=True)
class Text:
    """What was read in a sticker: the kept lines joined, and every line."""

    ocr: str
    lines: tuple[OcrLine, ...]


def text_from_json(ocr: str, lines: Sequence[Mapping[str, Any]]) -> Text:
    """A Text as it lies in the cache."""
    return Text(ocr, tuple(OcrLine(**{**line, "box": tuple(line["box"])}) for line in lines))


def stickers(
    specs: Sequence[StickerSpec],
    images: Mapping[str, Path],
    texts: Mapping[str, Text],
    queries: Mapping[str, tuple[str, ...]],
) -> tuple[Sticker, ...]:
    """The catalogue by id. No vision-language model has run, so what it would say stays empty."""
    return tuple(
        _sticker(spec, images[spec.id], texts[spec.id], queries.get(spec.id, ()))
        for spec in sorted(specs, key=lambda spec: spec.id)
    )


def _sticker(spec: StickerSpec, image: Path, text: Text, queries: tuple[str, ...]) -> Sticker:
    with Image.open(image) as picture:
        width, height = picture.size
        animated = bool(getattr(picture, "is_animated", False))
    return Sticker(
        id=spec.id,
        image=f"images/{image.name}",
        width=width,
        height=height,
        animated=animated,
        series=spec.series,
        labels={
            "character": spec.character,
            "style": spec.style,
            "situation": spec.situation,
            "caption": spec.caption,
        },
        ocr=text.ocr,
        ocr_lines=text.lines,
        keywords_base="",
        keywords="",
        description="",
        emotion="",
        queries=queries,
    )
