"""Serving cards at `/card`, with the parameters of the page's own address. Read-only, without scripts or state."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from persrv.errors import PersrvError
from persrv.retriever import Retriever
from persrv.ui import strings
from persrv.ui.card.comparison import CardRequest, rankings
from persrv.ui.card.drawing import Card
from persrv.ui.guards.headers import frame_ancestors
from persrv.ui.requests import too_long

PATH = "/card"


def policy(framed_by: str) -> str:
    """The content security policy of cards: pictures and their own style, in the frames that may show the page."""
    return (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {frame_ancestors(framed_by)}"
    )


def route(retriever: Retriever, framed_by: str = "") -> Route:
    """The route at PATH: 200 with a card, or 400 with one that says why the query cannot be searched.

    framed_by: as for persrv.ui.guards.headers.security_headers.
    """
    headers = {"Content-Security-Policy": policy(framed_by), "Cache-Control": "no-cache"}

    def card(request: Request) -> Response:
        asked = CardRequest.read(request.query_params)
        drawn = Card(retriever, asked)
        try:
            return HTMLResponse(drawn.compared(*rankings(retriever, asked)), headers=headers)
        except PersrvError as error:
            told = too_long(asked.query)
            texts = strings.in_language(asked.language)
            sentence = texts[f"error_{told['code']}"].format(**told["values"]) if told else str(error)
            return HTMLResponse(drawn.refused(sentence), 400, headers)

    return Route(PATH, card)
