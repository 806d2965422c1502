"""An app that nobody asks anything rests: its queue of requests to the endpoints is looked into now and then."""

from __future__ import annotations

import asyncio

import pytest

from persrv.retriever import Retriever
from persrv.ui.build import QUEUE_INTERVAL, build_demo


def test_an_empty_queue_is_left_alone_for_a_while(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = build_demo(toy_retriever)._queue
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        queue.stopped = len(rests) == 3

    monkeypatch.setattr(asyncio, "sleep", rest)
    asyncio.run(queue.start_processing())
    assert rests == [QUEUE_INTERVAL] * 3
