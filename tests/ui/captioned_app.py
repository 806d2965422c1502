"""The page over a bundle with models of which everything is known: the captioner tells a picture's size and colour, a
red picture lies in the first style of the toy world and any other in the second, and a text means its first letter.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL.Image import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from persrv.bundle import Bundle
from persrv.models.captioner import Caption
from persrv.records import FloatArray, OcrLine
from persrv.retriever import Retriever
from persrv.ui.build import build_demo, launch_options
from persrv.ui.captions_tab import calls
from persrv.ui.service import PageService


class Teller:
    """Describes without seeing much."""

    reads_text = True

    def caption(self, picture: Image, text: str = "") -> Caption:
        red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
        colour = "red" if red > max(green, blue) else "not red"
        size = f"{picture.width} by {picture.height}"
        words = tuple(text.split("，")) if text else ()
        return Caption(f"a {colour} picture of {size}", "<b>calm</b>", ("laugh", "box"), ("laugh", *words), 3, 0.25)


def see(picture: Image) -> FloatArray:
    """(8,) a picture's embedding."""
    red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    return np.eye(8, dtype=np.float32)[0 if red > max(green, blue) else 1]


def read(text: str) -> FloatArray:
    """(8,) a text's embedding."""
    return np.eye(8, dtype=np.float32)[ord(text[:1] or "?") % 8]


def read_words(picture: Image) -> tuple[OcrLine, ...]:
    """Two lines, of which one is sure, on every picture."""
    right = float(picture.width)
    sure = OcrLine("<b>hi</b>", 0.9, (0.0, 0.0, right, 0.0, right, 10.0, 0.0, 10.0), True)
    return (sure, OcrLine("Z", 0.2, (0.0, 20.0, 5.0, 20.0, 5.0, 25.0, 0.0, 25.0), False))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    retriever = Retriever(Bundle.open(options.bundle), read, see)
    calls.read_words = read_words
    calls.can_read = lambda: True
    service = PageService(retriever, Teller())
    demo = build_demo(retriever, service)
    demo.launch(server_name="127.0.0.1", server_port=options.port, **launch_options(service=service))


if __name__ == "__main__":
    main()
