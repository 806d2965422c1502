"""A process that decodes strangers' pictures, so that a file which breaks a decoder breaks nothing else.

`python -m persrv.files.picture_worker FD` reads files from a socket and answers with pixels, until the socket closes.
The process has little memory, writes no file, starts no process, and is told none of the app's environment.
persrv.ui.decoding starts the process, and ends it where a picture takes too long.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from persrv.files.picture_files import open_picture, upright

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of the longer side of a picture that is decoded, and of one that is answered: more than any model looks at.
MAX_SIDE, SIDE = 4096, 1024

#: Pixels of a picture that is decoded, all frames together.
MAX_PIXELS = 40_000_000

#: Frames of an animation that are looked at: decoding one means decoding all before it.
MAX_FRAMES = 80

#: Bytes of the process's address space; the largest picture takes four fifths of it.
MEMORY = 520_000_000

#: Errors of Pillow's decoders on damaged files.
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)


class TooLarge(Exception):
    """A picture above a limit of size. `values`: what was found, and the limit."""

    def __init__(self, **values: int) -> None:
        super().__init__(str(values))
        self.values = values


def decode(content: bytes) -> Image:
    """Decode a picture, upright, RGBA, at most SIDE pixels wide and high; of an animation its middle frame.

    TooLarge above MAX_SIDE or MAX_PIXELS; for a damaged file any of _DAMAGED.
    """
    from PIL import Image as pil

    with open_picture(io.BytesIO(content)) as picture:
        width, height = picture.size
        if max(width, height) > MAX_SIDE:
            raise TooLarge(width=width, height=height, max=MAX_SIDE)
        # a phone keeps a preview or a depth map behind its photo (MPO, which is JPEG otherwise)
        frames = 1 if picture.format == "MPO" else int(getattr(picture, "n_frames", 1))
        if width * height * frames > MAX_PIXELS:
            raise TooLarge(width=width, height=height, frames=frames, max=MAX_PIXELS // 1_000_000)
        picture.seek(min(frames, MAX_FRAMES) // 2)
        picture.draft("RGB", (SIDE, SIDE))  # JPEG alone is decoded at half or a quarter of its size
        opaque = (
            picture.mode == "RGB" and "transparency" not in picture.info
        )  # then shrunk before it has a fourth channel
        seen = picture if opaque else picture.convert("RGBA")
        seen.thumbnail((SIDE, SIDE), pil.Resampling.LANCZOS)
        return upright(seen).convert("RGBA")


def answer(content: bytes) -> tuple[dict[str, object], bytes]:
    """The answer to a file: {"size": [width, height]} and its pixels, RGBA, or {"code", "values"} of a refusal."""
    from PIL.Image import DecompressionBombError

    try:
        picture = decode(content)
    except TooLarge as large:
        return {"code": "too_many_pixels" if "frames" in large.values else "too_large", "values": large.values}, b""
    except DecompressionBombError:
        return {"code": "too_large", "values": {"width": "?", "height": "?", "max": MAX_SIDE}}, b""
    except MemoryError:
        return {"code": "too_costly", "values": {}}, b""
    except _DAMAGED:
        return {"code": "not_picture", "values": {}}, b""
    return {"size": picture.size}, picture.tobytes()


def main() -> None:
    """Answer files until nobody asks any more."""
    from PIL import Image as pil

    warnings.simplefilter("ignore")  # of pictures near Pillow's own limit, which is far above ours
    pil.preinit()
    with Connection(int(sys.argv[1])) as asked, suppress(EOFError, OSError):
        _confine()
        while True:
            told, pixels = answer(asked.recv_bytes())
            asked.send_bytes(json.dumps(told).encode())
            asked.send_bytes(pixels)


def _confine() -> None:
    """Give up what decoding does not need: memory, files, processes, and its place before the app's searches."""
    import resource

    os.nice(5)
    limits = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, most in limits:
        with suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
