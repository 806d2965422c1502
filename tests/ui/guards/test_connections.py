"""Connections of a real server end: those that send slowly or nothing, and those that take no answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from persrv.ui.guards import connections
from persrv.ui.guards.connections import limit_time

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"

#: More than the system's own buffers take.
LONG = 40_000_000


async def answer(request: Request) -> PlainTextResponse:
    body = await request.body()
    return PlainTextResponse("x" * LONG if body == b"long" else body.decode())


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that is patient for an instant."""
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=[Route("/", answer, methods=["POST"])]), port=0))
    with pytest.MonkeyPatch.context() as patch, socket.socket() as listener:
        patch.setattr(connections, "PATIENCE", 0.3)
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            pass
        limit_time(server)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def until_the_end(connection: socket.socket) -> bytes:
    """Read all that the server still sends; fails if the server never hangs up."""
    connection.settimeout(60)
    said = b""
    while more := connection.recv(1 << 16):
        said += more
    return said


def test_requests_that_do_not_arrive_are_given_up(port: int) -> None:
    """All at once: the server waits for each by itself."""
    with ExitStack() as open_ones:
        waiting = {}
        for beginning in (b"", b"POST / HT", HEAD[:-2], HEAD, HEAD + b"hel"):
            waiting[beginning] = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            waiting[beginning].sendall(beginning)
        for beginning, connection in waiting.items():
            assert until_the_end(connection).startswith(b"HTTP/1.1 408"), beginning


@pytest.mark.parametrize("whole", [b"POST / HTTP/1.1\r\nHost: localhost\r\nX: ", HEAD.replace(b"4", b"4000000")])
def test_a_byte_now_and_then_is_no_excuse(port: int, whole: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(whole)
        connection.settimeout(0.05)
        said = b""
        for _ in range(2000):
            try:
                connection.sendall(b"x")
                said += connection.recv(100)
            except TimeoutError:
                continue
            except OSError:
                break
            if said:
                break
        assert said.startswith(b"HTTP/1.1 408")


def test_a_second_request_of_a_connection_is_answered_and_timed_too(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(60)
        for words in (b"good", b"luck"):
            connection.sendall(HEAD + words)
            said = b""
            while not said.endswith(words):
                said += connection.recv(1 << 16)
            assert said.startswith(b"HTTP/1.1 200")
        connection.sendall(HEAD + b"ha")
        assert until_the_end(connection).startswith(b"HTTP/1.1 408")


def test_who_takes_no_answer_is_let_go(port: int) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(HEAD + b"long")
        gone = threading.Event()
        waiting = threading.Thread(target=lambda: (until_refused(connection), gone.set()))
        waiting.start()
        waiting.join(60)
        assert gone.is_set(), "the server still waits for somebody who takes nothing"


def until_refused(connection: socket.socket) -> None:
    """Returns once the server has hung up: what it is sent then, it refuses."""
    pause = threading.Event()
    while not pause.wait(0.05):
        try:
            connection.sendall(b"\r\n")
        except OSError:
            return


def test_between_two_requests_connections_live_longer_than_browsers_keep_them(port: int) -> None:
    assert connections.KEPT_ALIVE > 60
