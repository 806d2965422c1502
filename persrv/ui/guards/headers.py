"""Security headers: what a browser may load and run on the page, and which sites may show it in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A Space is shown in a frame of the Hub.
HUB = ("https://huggingface.co", "https://*.hf.space")


def frame_ancestors(framed_by: str = "") -> str:
    """The sites that may show the app in a frame: the app itself, the Hub, and the origins of `framed_by`, between
    commas.
    """
    others = (origin.strip() for origin in framed_by.split(","))
    return " ".join(("'self'", *HUB, *(origin for origin in others if origin)))


def security_headers(framed_by: str = "") -> dict[str, str]:
    """The headers of every answer. framed_by: as for `frame_ancestors`."""
    policy = {
        "default-src": "'self'",
        # Gradio writes its settings into the page as a script, and makes functions of the component's templates
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors(framed_by),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware that adds headers to every answer which has none of that name."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, partial(self._send, send) if scope["type"] == "http" else send)

    async def _send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await send(message)
