"""Reading a visitor's picture within limits, or refusing it with a reason."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from persrv.ui.decoding import decoder
from persrv.ui.refusals import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 8_000_000


def read_upload(encoded: object) -> Image:
    """Read the picture of a file in base64 (persrv.files.picture_worker.decode). Refused where it cannot be used."""
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
    return decoder().decode(content)


def _too_heavy() -> Refused:
    return Refused("too_heavy", max=MAX_BYTES // 1_000_000)
