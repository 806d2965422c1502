"""The owner's edits over HTTP: `GET /owner` says what may be edited and what is, `POST /owner` keeps one edit.

The owner is whoever sits at the machine that runs the app. A request is theirs where it comes from a loopback address,
through no proxy, to a loopback name, and, to write, from this page; never where PageService.has_owner says that there
is none. Gradio lets a request name its own address in X-Forwarded-For, so one that names any is a stranger's.
"""

from __future__ import annotations

import ipaddress
import json
import threading
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from persrv.bundle import Edit, edits_path, read_edits, write_edits
from persrv.bundle.edits import LONGEST_TAG, LONGEST_TEXT, MOST_TAGS, STAR, by_sticker, edit_from_json
from persrv.ui.guards.hosts import LOOPBACK, host_of
from persrv.ui.refusals import Refused, answered
from persrv.ui.service import PageService
from persrv.ui.views import View, sticker_brief

PATH = "/owner"

#: Bytes of one edit.
_MOST_BYTES = 64 << 10

#: Headers by which a proxy says whom it asks for.
_FORWARDED = ("forwarded", "via", "x-real-ip", "cf-connecting-ip", "true-client-ip")


def routes(service: PageService) -> list[Route]:
    """The routes of the owner's edits; none if the bundle has no owner."""
    if not service.has_owner:
        return []
    editor = Editor(service)

    async def owner(request: Request) -> Response:
        if not is_owner(request):
            return _refused()
        sticker = request.query_params.get("sticker", "")
        return JSONResponse(await run_in_threadpool(editor.view, sticker))

    async def edit(request: Request) -> Response:
        if not (is_owner(request) and is_own_page(request)):
            return _refused()
        body = await request.body()
        if len(body) > _MOST_BYTES:
            return JSONResponse({"error": f"An edit has at most {_MOST_BYTES} bytes."}, 413)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        return JSONResponse(await run_in_threadpool(answered, lambda: editor.save(told)))

    return [Route(PATH, owner, methods=["GET"]), Route(PATH, edit, methods=["POST"])]


def open_edits(service: PageService) -> None:
    """Apply the edits that lie beside a bundle, if this process searches it. DataError if they cannot be read."""
    if service.is_local:
        service.open_edited()


def is_owner(request: Request) -> bool:
    """Return whether a request comes from the machine that runs the app, and not through a proxy."""
    headers = request.headers
    if any(name in headers for name in _FORWARDED) or any(name.startswith("x-forwarded") for name in headers):
        return False
    return host_of(headers.get("host", "")) in LOOPBACK and _is_loopback(request.client.host if request.client else "")


def is_own_page(request: Request) -> bool:
    """Return whether a request was made by a page of this app, and not by another site in the owner's browser."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin", "")
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    same = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return is_json and same and origin in (f"http://{host}", f"https://{host}")


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _refused() -> Response:
    def refuse() -> View:
        raise Refused("owner_strangers")

    return JSONResponse(answered(refuse), 403)


class Editor:
    """Makes edits of one open bundle, one at a time."""

    def __init__(self, service: PageService) -> None:
        self._service = service
        self._path = edits_path(service.retriever.bundle.path)
        self._lock = threading.Lock()

    def view(self, sticker: str = "") -> View:
        """The edit of one sticker, {} without one, with the number of starred stickers and all hidden ones."""
        with self._lock:
            return self._view(read_edits(self._path), sticker)

    def save(self, told: object) -> View:
        """Keep an edit and search by it from now on. Refused for an unknown sticker, or beyond the limits."""
        try:
            edit = edit_from_json(told)
        except ValueError as error:
            raise Refused("owner_limits", tags=MOST_TAGS, tag=LONGEST_TAG, text=LONGEST_TEXT) from error
        with self._lock:
            edits = read_edits(self._path)
            known = self._images()
            if edit.sticker not in known and edit.sticker not in {each.sticker for each in edits}:
                raise Refused("owner_unknown")
            mine = by_sticker(edits, known)
            others = [each for each in edits if each.sticker not in known and each.sticker != edit.sticker]
            image = known.get(edit.sticker, edit.image)
            mine[edit.sticker] = Edit(edit.sticker, image, edit.tags, edit.text, edit.hidden, edit.starred)
            kept = [each for each in (*others, *mine.values()) if each.says_something]
            write_edits(self._path, kept, keep_file=self._service.has_applied_edits)
            self._service.renew(kept)
            return {**self._view(tuple(kept), edit.sticker), **self._service.start_of_edits()}

    def _images(self) -> dict[str, str]:
        bundle = self._service.as_built
        return dict(zip(bundle.ids, bundle.stickers.column("image"), strict=True))

    def _view(self, edits: tuple[Edit, ...], sticker: str) -> View:
        known = self._images()
        mine = by_sticker(edits, known)
        gone = [each.sticker for each in edits if each.hidden and each.sticker not in mine]
        hidden = [sticker_brief(self._service.sticker(name)) for name, each in sorted(mine.items()) if each.hidden]
        told: dict[str, Any] = mine[sticker].to_json() if sticker in mine else {}
        starred = sum(each.starred and not each.hidden for each in mine.values())
        return {"edit": told, "star": STAR, "starred": starred, "hidden": hidden, "gone": sorted(gone)}
