"""Reading the words on a visitor's picture, where rapidocr happens to be installed: the page does not need it.

This engine also read the demo catalogue (precompute/models/ocr.py), at the same size and on the same white ground, with
the paper's rule: a line counts above a confidence of .7.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.records import OcrLine
from persrv.ui.waiting import WaitingLine

if TYPE_CHECKING:
    from PIL.Image import Image

#: A line counts above this confidence, as in the paper.
SURE = 0.7

#: Pixels of the shorter side at which text is looked for.
SIDE = 480

#: One picture is read at a time, and as many may wait.
_READING = WaitingLine(4)


def can_read() -> bool:
    """Return whether an OCR engine is installed."""
    return importlib.util.find_spec("rapidocr") is not None


def read_words(picture: Image) -> tuple[OcrLine, ...]:
    """Read every line that the engine sees, top to bottom; `kept` where it is sure. Boxes: pixels of the picture.

    Refused where too many wait already.
    """
    from PIL import Image as pil

    colour = picture.convert("RGBA")
    ground = pil.new("RGBA", colour.size, (255, 255, 255, 255))
    pixels = np.asarray(pil.alpha_composite(ground, colour).convert("RGB"))
    with _READING.place() as turn, turn:
        found = _engine()(np.ascontiguousarray(pixels[:, :, ::-1]))  # the engine expects BGR
    if found.txts is None or found.boxes is None or found.scores is None:
        return ()
    rows = zip(found.txts, found.scores, found.boxes, strict=True)
    lines = (OcrLine(text, float(sure), _corners(box), float(sure) > SURE) for text, sure, box in rows)
    return tuple(sorted(lines, key=lambda line: (min(line.box[1::2]), min(line.box[0::2]))))


def _corners(box: Any) -> tuple[float, ...]:
    return tuple(round(float(value), 1) for value in np.asarray(box).ravel())


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Load the engine, once, when the first picture is read."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": 0.0,  # what is not sure is shown, too
            "Global.use_cls": False,
            "Det.limit_side_len": SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
