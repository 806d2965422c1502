"""OCR as a batch operator: every line an engine sees in a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from precompute.models.ocr import RawLine, Reader, Reading
from precompute.operators import Batch
from precompute.stages.ocr import read_picture


class Read:
    """{"id", "path"} -> {"id", "reading"}, readings as JSON. load: makes the reader; grounds, enough: see stage ocr."""

    def __init__(self, load: Callable[[], Reader], grounds: Sequence[int], enough: float) -> None:
        self.read = load()
        self.grounds = grounds
        self.enough = enough

    def __call__(self, batch: Batch) -> Batch:
        readings = [read_picture(Path(path), self.read, self.grounds, self.enough) for path in batch["path"]]
        return {"id": batch["id"], "reading": np.array([_to_json(reading) for reading in readings], object)}


def _to_json(reading: Reading) -> str:
    return json.dumps(asdict(reading), ensure_ascii=False)


def reading_from_json(text: str) -> Reading:
    """A reading as the operator wrote it."""
    row = json.loads(text)
    frames = (tuple(RawLine(r["text"], r["confidence"], tuple(r["box"])) for r in frame) for frame in row["frames"])
    return Reading(row["height"], tuple(frames))
