"""The page over a bundle with an image encoder that is known: what is red lies in style 3, all else in style 1."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL.Image import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from persrv.bundle import Bundle
from persrv.records import FloatArray
from persrv.retriever import Retriever
from persrv.ui.build import build_demo, launch_options
from persrv.ui.service import PageService


def see(picture: Image) -> FloatArray:
    """The unit vector of a picture."""
    red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    vector = np.zeros(8, np.float32)
    vector[3 if red > max(green, blue) else 1] = 1
    return vector


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    retriever = Retriever(Bundle.open(options.bundle), image_encoder=see)
    service = PageService(retriever)
    demo = build_demo(retriever, service)
    demo.launch(server_name="127.0.0.1", server_port=options.port, **launch_options(service=service))


if __name__ == "__main__":
    main()
