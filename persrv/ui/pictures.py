"""Where the page finds a sticker's picture: a file as it lies, or a part of a tar shard by an address of our own."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from persrv.bundle import Bundle
from persrv.records import Sticker

#: Below the app's address; the rest is the sticker's id.
PREFIX = "/picture/"

_HOUR = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}


def address(bundle: Bundle, sticker: Sticker) -> str:
    """The picture's place below the app's address; "" where the sticker has none."""
    if not sticker.image:
        return ""
    if bundle.places is not None:
        return PREFIX + quote(sticker.id, safe="")
    return f"/gradio_api/file={quote(str(bundle.image_path(sticker.id).resolve()))}"


def media_type(image: str) -> str:
    """What a picture is served as. Whatever a bundle calls it, no browser is told that it is a page or a script."""
    kind = mimetypes.guess_type(PurePosixPath(image).name)[0] or ""
    return kind if kind.startswith("image/") and "svg" not in kind else "application/octet-stream"


def routes(bundle: Bundle) -> list[Route]:
    """What the app must answer besides Gradio's own files: the pictures that lie in shards."""
    if bundle.places is None:
        return []

    def picture(request: Request) -> Response:
        name = request.path_params["name"]
        row = bundle.row_of.get(name)
        image = "" if row is None else bundle.stickers[row].image
        if not image:
            return Response(status_code=404)
        return Response(bundle.picture(name), media_type=media_type(image), headers=_HOUR)

    return [Route(PREFIX + "{name:path}", picture)]
