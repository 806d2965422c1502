"""The page over a bundle with a captioner of which everything is known: it tells a picture's size and colour."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL.Image import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from persrv.captioner import Caption
from persrv.retriever import Retriever
from persrv.ui.build import build_demo, launch_options
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    retriever = Retriever.open(options.bundle)
    demo = build_demo(retriever, PageService(retriever, Teller()))
    demo.launch(server_name="127.0.0.1", server_port=options.port, **launch_options())


if __name__ == "__main__":
    main()
