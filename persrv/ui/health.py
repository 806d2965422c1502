"""Health: `/healthz` answers 200 while the bundle is open and a search is answered, for balancers and containers."""

from __future__ import annotations

from time import perf_counter

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from persrv.errors import PersrvError
from persrv.retriever import Retriever

PATH = "/healthz"

#: Asked of every catalogue; one that holds no such words answers with what is used most.
QUERY = "good night"

_UNKEPT = {"Cache-Control": "no-store"}


def route(retriever: Retriever) -> Route:
    """The route at PATH: 200 with the bundle and the milliseconds of a search, or 503 with the sentence that says what
    is wrong.
    """

    def health(_: Request) -> Response:
        started = perf_counter()
        try:
            found = len(retriever.search(QUERY, top=1).hits)
        except (PersrvError, OSError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, 503, _UNKEPT)
        if not found:
            return JSONResponse({"ok": False, "error": "A search finds no sticker at all."}, 503, _UNKEPT)
        bundle = retriever.bundle
        told = {"ok": True, "bundle": bundle.name, "content_hash": bundle.content_hash, "stickers": len(bundle.ids)}
        return JSONResponse({**told, "search_ms": round(1000 * (perf_counter() - started), 2)}, 200, _UNKEPT)

    return Route(PATH, health)
