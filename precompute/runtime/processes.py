"""A function mapped over many items by a few processes: results in order, an end at once on Ctrl-C or with the parent.

Only a little is done ahead, so that the results of a fast function do not pile up before a slow reader. A process that
is killed, most often for want of memory, is replaced, and what it had in hand is done again.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from persrv.errors import PersrvError

T = TypeVar("T")
R = TypeVar("R")

_CHUNK = 4  # items that travel together where many are small
_AHEAD = 4  # chunks under way for each process
_PATIENCE = 3  # deaths of a process without a result in between

_prepare: Callable[[], Callable[[Any], Any]] | None = None
_prepared: Callable[[Any], Any] | None = None


def each(function: Callable[[T], R], items: Sequence[T], workers: int = 1, chunk: int = _CHUNK) -> Iterator[R]:
    """function(item) for every item, in order. With one worker: here. Else `function` and items must be picklable."""
    if workers <= 1 or len(items) <= 1:
        yield from map(function, items)
        return
    yield from _pooled(function, items, workers, None, chunk)


def each_prepared(
    prepare: Callable[[], Callable[[T], R]], items: Sequence[T], workers: int = 1, chunk: int = _CHUNK
) -> Iterator[R]:
    """Map like `each`, by a function that is costly to make, such as one that loads a model: every process makes its
    own, once.
    """
    if workers <= 1 or len(items) <= 1:
        if items:
            yield from map(prepare(), items)
        return
    yield from _pooled(_call_prepared, items, workers, prepare, chunk)


def _pooled(
    function: Callable[[T], R], items: Sequence[T], workers: int, prepare: Callable[[], Any] | None, chunk: int
) -> Iterator[R]:
    chunks = deque(items[start : start + chunk] for start in range(0, len(items), chunk))
    under_way: deque[tuple[Sequence[T], Future[list[R]]]] = deque()
    deaths = 0
    pool = _pool(workers, prepare)
    try:
        while chunks or under_way:
            try:
                while chunks and len(under_way) < _AHEAD * workers:
                    under_way.append((chunks[0], pool.submit(_call_all, function, chunks[0])))
                    chunks.popleft()
                results = under_way[0][1].result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths == _PATIENCE:
                    raise _given_up() from error
                chunks.extendleft(some for some, _ in reversed(under_way))
                under_way.clear()
                pool.shutdown(wait=True)
                pool = _pool(workers, prepare)
                continue
            under_way.popleft()
            deaths = 0
            yield from results
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(workers: int, prepare: Callable[[], Any] | None) -> ProcessPoolExecutor:
    # "spawn": a forked child would inherit the threads' locks of libraries that are already loaded
    return ProcessPoolExecutor(workers, get_context("spawn"), _start, (prepare,))


def _given_up() -> PersrvError:
    return PersrvError(
        f"A process that worked for us was killed {_PATIENCE} times over the same items",
        "memory enough for every worker",
        "Free some, or set fewer workers in the profile; the same command goes on from here.",
    )


def _start(prepare: Callable[[], Any] | None) -> None:
    global _prepare
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepare = prepare


def _end_with_parent() -> None:
    """A parent that was killed cannot end us, and its queue would have us wait for ever: we hold both of its ends."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call_all(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [function(item) for item in items]


def _call_prepared(item: Any) -> Any:
    """Prepare at the first item: an error in a process's start would reach the parent only as a broken pool."""
    global _prepared
    if _prepared is None:
        assert _prepare is not None  # _start ran before
        _prepared = _prepare()
    return _prepared(item)
