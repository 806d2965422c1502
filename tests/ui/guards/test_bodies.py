"""A body is bounded before anything parses it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from persrv.ui.guards import bodies
from persrv.ui.guards.bodies import LARGE, MOST_BYTES, MOST_LARGE, MOST_VALUES, BoundedBodies

Answer = TypeVar("Answer")


class Parser:
    """An app that parses what it is sent, and counts how often."""

    def __init__(self) -> None:
        self.parsed = 0
        self.client = TestClient(BoundedBodies(Starlette(routes=[Route("/", self.answer, methods=["GET", "POST"])])))

    async def answer(self, request: Request) -> JSONResponse:
        body = await request.body()
        self.parsed += 1
        return JSONResponse({"bytes": len(body)})


@pytest.fixture
def parser() -> Parser:
    return Parser()


def chunks(size: int) -> Iterator[bytes]:
    """A body whose size is not told beforehand."""
    for start in range(0, size, 65_536):
        yield b"x" * min(65_536, size - start)


@pytest.mark.parametrize("size", [0, 1, LARGE, LARGE + 1, MOST_BYTES])
def test_a_body_within_the_limit_arrives_whole(parser: Parser, size: int) -> None:
    for content in (b"x" * size, chunks(size)):
        assert parser.client.post("/", content=content).json() == {"bytes": size}


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 100_000_000])
def test_a_larger_one_is_never_parsed(parser: Parser, size: int) -> None:
    for content in (b"x" * size, chunks(size)):
        answer = parser.client.post("/", content=content)
        assert answer.status_code == 413
        assert "at most 12 MB" in answer.json()["error"]
    assert parser.parsed == 0


@pytest.mark.parametrize("content", [[[]] * MOST_VALUES, [0] * (MOST_VALUES + 1), [{}] * (MOST_VALUES // 2 + 1)])
def test_a_body_of_too_many_values_is_never_parsed(parser: Parser, content: list[Any]) -> None:
    assert parser.client.post("/", content=json.dumps(content)).status_code == 413
    assert parser.client.post("/", content="[" * (MOST_VALUES + 1)).status_code == 413
    assert parser.parsed == 0
    assert parser.client.post("/", content=json.dumps([0] * (MOST_VALUES - 1))).status_code == 200


def test_a_request_without_a_body_is_handed_on(parser: Parser) -> None:
    assert parser.client.get("/").json() == {"bytes": 0}


# ---- what a client of tests cannot do: wait, and leave in the middle -------------------------------------------------


class Post:
    """A POST that is sent to the guard directly. messages: what arrives; the guard waits for more until `end`."""

    def __init__(self, messages: Iterable[Message], size: int) -> None:
        self.left = list(messages)
        self.sent: list[Message] = []
        self.end = asyncio.Event()
        self.scope = {"type": "http", "method": "POST", "headers": [(b"content-length", str(size).encode())]}

    async def receive(self) -> Message:
        if not self.left:
            await self.end.wait()
        return self.left.pop(0) if self.left else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def start(self, guard: BoundedBodies) -> asyncio.Task[None]:
        return asyncio.ensure_future(guard(self.scope, self.receive, self.send))


def in_a_loop(answer: Coroutine[Any, Any, Answer]) -> Answer:
    """Runs a coroutine in a thread of its own: a browser's tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answer).result()


async def never(*_: object) -> None:
    raise AssertionError("an unfinished body was handed on")


def test_a_body_that_is_broken_off_leaves_nothing() -> None:
    async def broken_off() -> list[Message]:
        post = Post([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}], 9)
        await post.start(BoundedBodies(never))
        return post.sent

    assert in_a_loop(broken_off()) == []


def test_only_so_many_large_bodies_are_held_at_once() -> None:
    async def crowd() -> tuple[list[int], list[int]]:
        guard = BoundedBodies(never)
        begun = [{"type": "http.request", "body": b"{", "more_body": True}]
        waiting = [Post(begun, LARGE + 1) for _ in range(MOST_LARGE)]
        tasks = [post.start(guard) for post in waiting]
        await asyncio.sleep(0)
        late, small = Post(begun, LARGE + 1), Post([{"type": "http.disconnect"}], 10)
        await late.start(guard)
        await small.start(guard)
        for post in waiting:
            post.end.set()
        await asyncio.gather(*tasks)
        again = Post([{"type": "http.disconnect"}], LARGE + 1)
        await again.start(guard)
        return [each["status"] for each in late.sent[:1]], [len(small.sent), len(again.sent)]

    assert in_a_loop(crowd()) == ([503], [0, 0])


def test_the_page_never_needs_a_larger_body() -> None:
    from persrv.insight.cold_start import MOST_LIKES
    from persrv.ui.uploads import MAX_BYTES

    picture = 4 * (MAX_BYTES + 2) // 3
    assert picture + 100_000 < bodies.MOST_BYTES
    assert 10 * MOST_LIKES < bodies.MOST_VALUES
