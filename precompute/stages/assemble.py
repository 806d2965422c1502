"""Putting everything that was computed into one bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from persrv.records import OcrLine, Sticker
from precompute.caption_record import EMPTY, Caption
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
    captions: Mapping[str, Caption],
) -> tuple[Sticker, ...]:
    """The catalogue by id. What no model wrote a caption for has empty ones."""
    return tuple(
        sticker(
            spec.id,
            spec.series,
            {"character": spec.character, "style": spec.style, "situation": spec.situation, "caption": spec.caption},
            images[spec.id],
            texts[spec.id],
            queries.get(spec.id, ()),
            captions.get(spec.id, EMPTY),
        )
        for spec in sorted(specs, key=lambda spec: spec.id)
    )


def sticker(
    name: str,
    series: str,
    labels: Mapping[str, str],
    image: Path,
    text: Text,
    queries: tuple[str, ...],
    caption: Caption,
) -> Sticker:
    """One sticker's record; size and movement are read from its picture."""
    with Image.open(image) as picture:
        width, height = picture.size
        animated = bool(getattr(picture, "is_animated", False))
    return Sticker(
        id=name,
        image=f"images/{image.name}",
        width=width,
        height=height,
        animated=animated,
        series=series,
        labels=labels,
        ocr=text.ocr,
        ocr_lines=text.lines,
        keywords_base=caption.keywords_base,
        keywords=caption.keywords,
        description=caption.description,
        emotion=caption.emotion,
        queries=queries,
    )
