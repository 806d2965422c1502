"""Which program reads the pictures of an import: rapidocr, or PaddleOCR where somebody has installed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from persrv.errors import DataError
from precompute.models.ocr import Reader, load_rapidocr
from precompute.models.paddle import load_paddleocr


@dataclass(frozen=True, slots=True)
class OcrEngine:
    """model: as the bundle names it; load: makes a reader, given `threads` and `side`; packages: what its readings
    depend on beside."""

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
    """The engine of this name; DataError where there is no such."""
    if name not in ENGINES:
        raise DataError(f"OCR engine {name!r}", f"one of {', '.join(ENGINES)}", "Choose another --ocr.")
    return ENGINES[name]


def require(name: str) -> None:
    """Before any work: ModelError, by loading it once, where an engine that may be missing is."""
    if name != "rapidocr":  # whose models lie in its wheel, a requirement of ours
        engine_of(name).load(threads=1)
