"""Contact sheet: many drawings on one sheet, for people who look at them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw


def contact_sheet(
    images: Sequence[Image.Image],
    columns: int,
    labels: Sequence[str] | None = None,
    *,
    side: int = 96,
    background: str = "#ffffff",
) -> Image.Image:
    """Lay all images out in a grid of `columns`, reduced to `side` pixels, each with its label below, on one colour."""
    rows = math.ceil(len(images) / columns)
    below = 14 if labels else 0
    sheet = Image.new("RGB", (columns * side, rows * (side + below)), background)
    pen = ImageDraw.Draw(sheet)
    for i, image in enumerate(images):
        small = image.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
        x, y = i % columns * side, i // columns * (side + below)
        sheet.paste(small, (x, y), small)
        if labels:
            pen.text((x + 2, y + side + 1), labels[i], fill="#808080")
    return sheet
