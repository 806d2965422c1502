"""PaddleOCR 3, if it is installed: a Reader like rapidocr's, run by PaddlePaddle.

It is optional: it downloads its models when it is first loaded, and paddlepaddle's CUDA wheels conflict with torch's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from precompute.models.ocr import RawLine, Reader

_INSTALL = "pip install paddleocr paddlepaddle, or use the engine rapidocr, which needs neither."


def load_paddleocr(threads: int = 1, side: int = 736) -> Reader:
    """Load a reader on `threads` CPU threads. It enlarges a picture's shorter side to `side` pixels to find text, and
    turns nothing: stickers are upright, and turned short captions end up upside down.

    ModelError if PaddleOCR is not installed, or cannot be loaded because its models cannot be downloaded.
    """
    try:
        from paddleocr import PaddleOCR
    except ImportError as error:
        raise ModelError(f"{error.name or 'paddleocr'} is not installed", "PaddleOCR 3", _INSTALL) from error
    try:
        engine: Any = PaddleOCR(
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            text_det_limit_side_len=side,
            text_det_limit_type="min",
            text_rec_score_thresh=0.0,  # the pipeline decides what to keep, and records the rest
            device="cpu",
            cpu_threads=threads,
        )
    except Exception as error:  # whatever its many downloaders raise
        raise ModelError(
            f"PaddleOCR cannot be loaded: {error}",
            "its models, in its own cache or at a hub that can be reached",
            "Load it once where the hub can be reached, and copy ~/.paddlex here; or use the engine rapidocr.",
        ) from error

    def read(picture: NDArray[np.uint8]) -> list[RawLine]:
        (result,) = engine.predict(np.ascontiguousarray(picture[:, :, ::-1]))  # the engine expects BGR
        return lines_of(result)

    return read


def lines_of(result: Any) -> list[RawLine]:
    """The lines of one picture in a result of PaddleOCR 3, which holds equally many texts, scores and polygons."""
    rows = zip(result["rec_texts"], result["rec_scores"], result["rec_polys"], strict=True)
    return [
        RawLine(text, round(float(score), 4), tuple(round(float(v), 1) for v in np.asarray(polygon).ravel()))
        for text, score, polygon in rows
    ]
