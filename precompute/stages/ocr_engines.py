"""The choice of OCR engine for an import: rapidocr, or PaddleOCR if it is installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from persrv.errors import DataError
from precompute.models.ocr import Reader, load_rapidocr
from precompute.models.paddle import load_paddleocr, require_working


@dataclass(frozen=True, slots=True)
class OcrEngine:
    """An engine. model: its name in the bundle; load: makes a reader, given `threads` and `side`; packages: the
    packages on which its readings depend as well.
    """

    model: str
    load: Callable[..., Reader]
    packages: tuple[str, ...]


_IMAGES = ("opencv-python-headless", "pillow", "numpy")

ENGINES: Mapping[str, OcrEngine] = {
    "rapidocr": OcrEngine(
        "PP-OCRv6 small (rapidocr), no angle classifier",
        load_rapidocr,
        ("rapidocr", "onnxruntime", *_IMAGES),
    ),
    "paddleocr": OcrEngine(
        "PaddleOCR's default models, no angle classifier",
        load_paddleocr,
        ("paddleocr", "paddlepaddle", "pillow", "numpy"),
    ),
}


def engine_of(name: str) -> OcrEngine:
    """The engine of this name; DataError if there is none."""
    if name not in ENGINES:
        raise DataError(f"OCR engine {name!r}", f"one of {', '.join(ENGINES)}", "Choose another --ocr.")
    return ENGINES[name]


def require(name: str) -> None:
    """Load an optional engine before any work and let it read a trial picture. ModelError if it is missing or fails."""
    if name != "rapidocr":  # whose models lie in its wheel, a requirement of ours
        require_working(engine_of(name).load(threads=1))
