"""One function over many items by a few processes, results in order, ending at once on Ctrl-C or with their parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_prepare: Callable[[], Callable[[Any], Any]] | None = None
_prepared: Callable[[Any], Any] | None = None


def each(function: Callable[[T], R], items: Sequence[T], workers: int = 1) -> Iterator[R]:
    """function(item) for every item, in order. With one worker: here. Else `function` and items must be picklable."""
    if workers <= 1 or len(items) <= 1:
        yield from map(function, items)
        return
    yield from _pooled(function, items, workers, None)


def each_prepared(prepare: Callable[[], Callable[[T], R]], items: Sequence[T], workers: int = 1) -> Iterator[R]:
    """Like `each`, for a function that is costly to make (it loads a model): every process makes its own, once."""
    if workers <= 1 or len(items) <= 1:
        if items:
            yield from map(prepare(), items)
        return
    yield from _pooled(_call_prepared, items, workers, prepare)


def _pooled(
    function: Callable[[T], R], items: Sequence[T], workers: int, prepare: Callable[[], Callable[[T], R]] | None
) -> Iterator[R]:
    # "spawn": a forked child would inherit the threads' locks of libraries that are already loaded
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (prepare,))
    try:
        yield from pool.map(function, items, chunksize=4)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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


def _call_prepared(item: Any) -> Any:
    """Prepare at the first item: an error in a process's start would reach the parent only as a broken pool."""
    global _prepared
    if _prepared is None:
        assert _prepare is not None  # _start ran before
        _prepared = _prepare()
    return _prepared(item)
