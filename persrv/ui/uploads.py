"""Reading a visitor's picture within limits, or refusing it with a reason."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import warnings
from typing import TYPE_CHECKING

from persrv.picture_files import open_picture
from persrv.ui.refusals import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 8_000_000

#: Pixels of the longer side.
MAX_SIDE = 4096

#: Frames of an animation that are looked at: decoding one means decoding all before it.
MAX_FRAMES = 80

#: What Pillow's decoders raise on damaged files.
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)


def read_upload(encoded: object) -> Image:
    """Read the picture of a file in base64, upright; of an animation, its middle frame. Refused where it cannot be
    used.
    """
    if not isinstance(encoded, str):
        raise Refused("not_picture")
    if len(encoded) > 4 * (MAX_BYTES + 2) // 3 + 4:
        raise _too_heavy()
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("not_picture") from error
    if len(content) > MAX_BYTES:
        raise _too_heavy()
    return _decoded(content)


def _too_heavy() -> Refused:
    return Refused("too_heavy", max=MAX_BYTES // 1_000_000)


def _decoded(content: bytes) -> Image:
    """Decode the picture of a file's content."""
    from PIL import Image as pil
    from PIL import ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pictures near Pillow's own limit, which is far above ours
            with open_picture(io.BytesIO(content)) as picture:
                width, height = picture.size
                if max(width, height) > MAX_SIDE:
                    raise Refused("too_large", width=width, height=height, max=MAX_SIDE)
                picture.seek(min(int(getattr(picture, "n_frames", 1)), MAX_FRAMES) // 2)
                return ImageOps.exif_transpose(picture.convert("RGBA"))
    except pil.DecompressionBombError as error:
        raise Refused("too_large", width="?", height="?", max=MAX_SIDE) from error
    except _DAMAGED as error:
        raise Refused("not_picture") from error
