"""Connections that end: a request arrives within seconds, and whoever takes no answer is let go.

uvicorn itself waits for ever for the rest of a head or of a body. Between two requests it waits a few seconds only:
here longer than browsers and proxies do, so that the app never hangs up while a request is on its way.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn import Server
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds that a request's head may take, and then its body; and that an answer may lie untouched.
PATIENCE = 15.0

#: Seconds between two requests of a connection.
KEPT_ALIVE = 75

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def limit_time(server: Server) -> None:
    """Make a running server's connections from now on end in time."""
    server.config.timeout_keep_alive = KEPT_ALIVE
    server.config.http_protocol_class = TimedProtocol


class TimedProtocol(H11Protocol):
    """HTTP/1.1 by h11, as uvicorn speaks it, with limits of time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._arriving: object = None
        self._arrives: asyncio.TimerHandle | None = None
        self._taken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._arrives, self._taken):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._time()

    def _time(self) -> None:
        """Give a part of a request that is arriving, its head or its body, PATIENCE from its beginning."""
        between = self.timeout_keep_alive_task is not None  # uvicorn ends a connection that stays silent there
        state = self.conn.their_state
        arriving = None if between and state is h11.IDLE else state if state in (h11.IDLE, h11.SEND_BODY) else None
        if arriving is not self._arriving:
            if self._arrives is not None:
                self._arrives.cancel()
            self._arriving = arriving
            self._arrives = None if arriving is None else self.loop.call_later(PATIENCE, self._too_slow)

    def _too_slow(self) -> None:
        answered = self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE)
        if answered or self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.write(_TOO_SLOW)
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._take(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taken is not None:
            self._taken.cancel()

    def _take(self, waiting: int) -> None:
        """Look after PATIENCE whether anything of an answer was taken since `waiting` bytes of it lay here."""

        def look() -> None:
            left = self.transport.get_write_buffer_size()
            if left < waiting:
                self._take(left)
            else:
                self.transport.abort()

        self._taken = self.loop.call_later(PATIENCE, look)
