"""PaddleOCR 3, if it is installed: a Reader like rapidocr's, run by PaddlePaddle.

It is optional: it downloads its models when it is first loaded, and paddlepaddle's CUDA wheels conflict with torch's.
precompute/requirements-paddleocr.txt has versions that work together; paddlepaddle 3.3.0 and 3.3.1 fail on a processor
with oneDNN (PaddlePaddle/Paddle#77340, PaddleOCR#17947), so it is off here whatever is installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from precompute.models.ocr import RawLine, Reader

_INSTALL = "pip install -r precompute/requirements-paddleocr.txt, or use the engine rapidocr, which needs neither."


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
            enable_mkldnn=False,
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


def require_working(read: Reader) -> None:
    """Read a trial picture, whose words are known. ModelError where the engine fails or does not see them: it would
    only be noticed after hours, in a catalogue without texts.
    """
    try:
        seen = " ".join(line.text for line in read(trial_picture()))
    except Exception as error:  # PaddlePaddle's own errors share no public base class
        told = " ".join(str(error).split())
        raise ModelError(
            f"PaddleOCR fails on a trial picture: {told}", "versions that work together", _INSTALL
        ) from error
    if TRIAL not in seen.upper().replace(" ", ""):
        raise ModelError(f"PaddleOCR reads {seen!r} in a trial picture", f"{TRIAL!r}", _INSTALL)


#: Text in the trial picture.
TRIAL = "HELLO"


def trial_picture() -> NDArray[np.uint8]:
    """Pixels (80, 240, 3) uint8: TRIAL in black on white, in the font that Pillow carries."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (240, 80), "white")
    ImageDraw.Draw(picture).text((30, 16), TRIAL, fill="black", font=ImageFont.load_default(size=44))
    return np.asarray(picture)


def lines_of(result: Any) -> list[RawLine]:
    """The lines of one picture in a result of PaddleOCR 3, which holds equally many texts, scores and polygons."""
    rows = zip(result["rec_texts"], result["rec_scores"], result["rec_polys"], strict=True)
    return [
        RawLine(text, round(float(score), 4), tuple(round(float(v), 1) for v in np.asarray(polygon).ravel()))
        for text, score, polygon in rows
    ]
