"""An app that nobody asks anything rests: its queue of requests to the endpoints is looked into now and then."""

from __future__ import annotations

import asyncio
import threading

import pytest

from persrv.retriever import Retriever
from persrv.ui.build import QUEUE_INTERVAL, build_demo


def test_an_empty_queue_is_left_alone_for_a_while(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = build_demo(toy_retriever)._queue
    rests: list[float] = []
    # a thread of its own: here, a browser's event loop may run already
    watched = threading.Thread(target=lambda: asyncio.run(queue.start_processing()))
    sleep = asyncio.sleep

    async def rest(seconds: float) -> None:
        if threading.current_thread() is watched:
            rests.append(seconds)
            queue.stopped = len(rests) == 3
        else:  # other apps rest as ever
            await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", rest)
    watched.start()
    watched.join()
    assert rests == [QUEUE_INTERVAL] * 3
