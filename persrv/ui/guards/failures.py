"""Failures: a request that Gradio itself falls over is answered with a sentence, and logged in a line."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)

SENTENCE = "This request cannot be answered. Expected what /gradio_api/info describes. Correct the request."


def log_failure(asked: str, error: Exception) -> None:
    """Log what failed in one line, and its traceback for who debugs: whatever a stranger sends, the log stays short."""
    _LOG.warning("%s failed: %.200r", asked, error)
    _LOG.debug("%s failed", asked, exc_info=error)


class ToldFailures:
    """ASGI middleware that turns an exception into an answer, unless the answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            log_failure(f"{scope['method']} {scope['path']!a}", error)
            await JSONResponse({"error": SENTENCE}, 500)(scope, receive, send)
