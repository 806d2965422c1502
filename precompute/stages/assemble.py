"""Assembly of all computed columns into the records of one bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persrv.files.picture_files import open_picture
from persrv.records import OcrLine, Sticker
from precompute.caption_record import EMPTY, Caption


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a sticker: the kept lines joined, and every line that was read."""

    ocr: str
    lines: tuple[OcrLine, ...]


def text_from_json(ocr: str, lines: Sequence[Mapping[str, Any]]) -> Text:
    """A Text from its form in the cache."""
    return Text(ocr, tuple(OcrLine(**{**line, "box": tuple(line["box"])}) for line in lines))


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a picture, and whether it moves."""

    width: int
    height: int
    animated: bool


def shape_of(image: Path) -> Shape:
    """The shape of a picture's file. Raises what Pillow raises where it cannot be opened."""
    with open_picture(image) as picture:
        return Shape(*picture.size, bool(getattr(picture, "is_animated", False)))


def stickers(
    ids: Sequence[str],
    series: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    images: Mapping[str, Path],
    shapes: Mapping[str, Shape],
    texts: Mapping[str, Text],
    queries: Mapping[str, tuple[str, ...]],
    captions: Mapping[str, Caption],
    names: Mapping[str, str],
) -> tuple[Sticker, ...]:
    """The catalogue in the order of the ids; all other arguments are by sticker id. A sticker without labels, training
    queries, captions or names has empty ones.
    """
    return tuple(
        _sticker(
            name,
            series[name],
            labels.get(name, {}),
            images[name],
            shapes[name],
            texts[name],
            queries.get(name, ()),
            captions.get(name, EMPTY),
            names.get(name, ""),
        )
        for name in ids
    )


def _sticker(
    name: str,
    series: str,
    labels: Mapping[str, str],
    image: Path,
    shape: Shape,
    text: Text,
    queries: tuple[str, ...],
    caption: Caption,
    names: str,
) -> Sticker:
    """The record of one sticker."""
    return Sticker(
        id=name,
        image=f"images/{image.name}",
        width=shape.width,
        height=shape.height,
        animated=shape.animated,
        series=series,
        labels=labels,
        ocr=text.ocr,
        ocr_lines=text.lines,
        keywords_base=caption.keywords_base,
        keywords=caption.keywords,
        description=caption.description,
        emotion=caption.emotion,
        queries=queries,
        names=names,
    )
