"""Bounded bodies: a request's body is read whole, within limits, before anything parses it.

The app's largest request is a picture in base64: one long text. A body as large of many small values would take the
event loop, on which all visitors wait, seconds to parse.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes of a body: a picture of 8 MB in base64, and its request.
MOST_BYTES = 12_000_000

#: Values of a body in JSON: a hundred likes, each a picture's vector, are a few hundred.
MOST_VALUES = 50_000

#: Bytes from which on a body is a large one, and how many large ones are held at once.
LARGE, MOST_LARGE = 500_000, 8


class BoundedBodies:
    """ASGI middleware that hands a request on with its whole body, or answers 413 (too large) or 503 (too many)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        chunked, told = "transfer-encoding" in headers, int(headers.get("content-length") or 0)
        if not chunked and not told:
            await self._app(scope, receive, send)
        elif told > MOST_BYTES:
            await _refuse(413, _TOO_LARGE)(scope, receive, send)
        elif not chunked and told <= LARGE:
            await self._hand_on(scope, receive, send)
        elif self._large >= MOST_LARGE:
            await _refuse(503, "Too many pictures are on their way at this moment. Try again.")(scope, receive, send)
        else:
            self._large += 1
            try:
                await self._hand_on(scope, receive, send)
            finally:
                self._large -= 1

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            return  # nobody is there any more
        if len(body) > MOST_BYTES:
            await _refuse(413, _TOO_LARGE)(scope, receive, send)
        elif _values(body) > MOST_VALUES:
            await _refuse(413, f"A request holds at most {MOST_VALUES} values. Send fewer.")(scope, receive, send)
        else:
            await self._app(scope, _once(body, receive), send)


_TOO_LARGE = f"A request has at most {MOST_BYTES // 1_000_000} MB. Send less."


def _refuse(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or its beginning once it is too large; None where the visitor left."""
    parts, size, more = [], 0, True
    while more and size <= MOST_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


def _values(body: bytes) -> int:
    """Lower bound of the number of values of a JSON document: its separators and brackets."""
    return sum(body.count(mark) for mark in (b",", b"[", b"{"))


def _once(body: bytes, receive: Receive) -> Receive:
    """Receive function that hands the body on as one message, and then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
