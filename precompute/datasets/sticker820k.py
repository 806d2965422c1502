"""Sticker820K: annotators' texts for each sticker, as the text that a Chinese-CLIP is trained with.

The dataset was announced and never released. Its code expects records with the fields below; they are read from JSON
Lines, one object a sticker, with the sticker's name as `key`. The real form is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persrv.errors import DataError
from precompute.datasets.dropped import Dropped

FIELDS = ("caption", "emotion_class", "emotion_label", "style_class", "ocr_text")

#: Between two fields of a text, and the most characters that the text on a sticker takes in it.
SEPARATOR, OCR_LENGTH = "；", 24


@dataclass(frozen=True, slots=True)
class Annotated:
    """The text of each sticker in the order of the file, the number of its lines, and what was dropped."""

    texts: Mapping[str, str]
    rows: int
    dropped: Dropped


def read(path: Path) -> Annotated:
    """Read the annotations of a JSON Lines file. DataError if there is no such file, or no usable annotation in it."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", "annotations as JSON Lines in UTF-8", "Check it.") from error
    dropped = Dropped()
    texts: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        reason = _add(line, texts)
        if reason:
            dropped.add(reason, f"line {number}")
    if not texts:
        raise DataError(
            f"No annotation among the {len(lines)} lines of {path}",
            f"objects with key and {', '.join(FIELDS)}",
            "Check it.",
        )
    return Annotated(texts, len(lines), dropped)


def text_of(record: Mapping[str, Any]) -> str:
    """Join the fields of a record in their order; the text on the sticker is cut, blank fields are left out.

    Source: StickerCLIP's training text (Zhao et al. 2023, "Sticker820K", arXiv:2306.06870).
    """
    values = {name: str(record.get(name) or "").strip() for name in FIELDS}
    values["ocr_text"] = values["ocr_text"][:OCR_LENGTH]
    return SEPARATOR.join(value for value in values.values() if value)


def _add(line: str, texts: dict[str, str]) -> str:
    """Put the annotation of a line into `texts`. Returns the reason if it cannot be used, else ""."""
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, Mapping):
        return "a line that is no JSON object"
    key, text = str(record.get("key") or "").strip(), text_of(record)
    if not key:
        return "an annotation of no sticker"
    if not text:
        return "an annotation without text"
    if key in texts:
        return "a sticker that was annotated before"
    texts[key] = text
    return ""
