"""Picture files, opened as one of the formats that stickers have and as none of the many others that Pillow reads.

A decoder that nobody needs is one more that a file from a stranger can break. Every picture is opened here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

#: The formats that every browser shows, by Pillow's names.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def open_picture(source: Path | str | IO[bytes], formats: Sequence[str] = FORMATS) -> Image:
    """Open a picture file lazily, as Pillow does, in one of some formats. OSError where it is none of them.

    formats: Pillow's names; those that this Pillow was built without are left out.
    """
    from PIL import Image

    if formats is not FORMATS:
        Image.init()  # beyond these four, a decoder is known only once all are loaded
        formats = [name for name in formats if name in Image.OPEN]
    return Image.open(source, formats=formats)


def upright(picture: Image) -> Image:
    """A decoded picture turned as its EXIF says it was held; as it is where that cannot be read."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001  broken EXIF makes Pillow raise anything; a viewer shows such a picture as it is
        return picture
