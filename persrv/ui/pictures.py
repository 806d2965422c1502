"""Serving a sticker's picture: the file itself, or a part of a tar shard under an address of our own."""

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
    """The picture's address below the app's; "" where the sticker has no picture."""
    if not sticker.image:
        return ""
    if bundle.places is not None:
        return PREFIX + quote(sticker.id, safe="")
    return f"/gradio_api/file={quote(str(bundle.image_path(sticker.id).resolve()))}"


def media_type(image: str) -> str:
    """The media type to serve a picture as; whatever its name in the bundle, never that of a page or a script."""
    kind = mimetypes.guess_type(PurePosixPath(image).name)[0] or ""
    return kind if kind.startswith("image/") and "svg" not in kind else "application/octet-stream"


def routes(bundle: Bundle) -> list[Route]:
    """The routes that the app needs besides Gradio's own: for pictures that lie in shards."""
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
