"""The OCR engine: PP-OCR's models from the rapidocr wheel, run by ONNX Runtime, so that nothing is downloaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line that the engine read: text, confidence in [0, 1], four corners (x, y) in pixels, clockwise from the top
    left.
    """

    text: str
    confidence: float
    box: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The text seen in one picture of `height` pixels: the lines of each frame that was read."""

    height: int
    frames: tuple[tuple[RawLine, ...], ...]


#: The reading of a picture that could not be read.
UNREAD = Reading(0, ())


def reading_to_json(reading: Reading) -> str:
    """A reading as text, for transport between processes and for files."""
    return json.dumps(asdict(reading), ensure_ascii=False)


def reading_from_json(text: str) -> Reading:
    """The reading that `reading_to_json` wrote."""
    row = json.loads(text)
    frames = (tuple(RawLine(r["text"], r["confidence"], tuple(r["box"])) for r in frame) for frame in row["frames"])
    return Reading(row["height"], tuple(frames))


#: A picture as (height, width, 3) uint8 RGB -> the lines in it.
Reader = Callable[[NDArray[np.uint8]], list[RawLine]]


def load_rapidocr(threads: int = 1, side: int = 736) -> Reader:
    """Load a reader on `threads` CPU threads. It enlarges a picture's shorter side to `side` pixels to find text.

    It does not look for upside-down text: stickers are upright, and the angle classifier turns short captions upside
    down.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise ModelError(
            "rapidocr is not installed", "rapidocr", "pip install -r precompute/requirements.txt"
        ) from error
    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": 0.0,  # the pipeline decides what to keep, and records the rest
            "Global.use_cls": False,
            "Det.limit_side_len": side,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture: NDArray[np.uint8]) -> list[RawLine]:
        result: Any = engine(np.ascontiguousarray(picture[:, :, ::-1]))  # the engine expects BGR
        if result.txts is None or result.boxes is None or result.scores is None:
            return []
        rows = zip(result.txts, result.scores, result.boxes, strict=True)
        return [
            RawLine(text, round(float(score), 4), tuple(round(float(v), 1) for v in np.asarray(box).ravel()))
            for text, score, box in rows
        ]

    return read
