"""A fair semaphore: as many threads at once as there are places, first come, first served.

More searches at once than cores would only slice each other's time. A plain semaphore bounds how many run, too, but
lets a newcomer take a place before a thread that has long been waiting.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class FairSemaphore:
    """A context manager that holds a place. For any number of threads; none may ask for a second place while it holds
    one.
    """

    def __init__(self, places: int | None = None) -> None:
        """places: None for as many as this process has cores."""
        self._places = cores() if places is None else places
        self._free = self._places
        self._alone = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:  # nobody waits while a place is free: it is handed on, never put back, when somebody does
                self._free -= 1
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:  # an interrupt in the main thread: leave the queue, or hand on what was just given
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                else:
                    self._hand_on()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._hand_on()

    def _hand_on(self) -> None:
        """Give a place to the thread that has waited longest, or free it."""
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._free += 1

    @contextmanager
    def all(self) -> Iterator[None]:
        """Hold all places while the block runs, so that no other thread works. One thread at a time may call it."""
        with self._alone:
            held = 0
            try:
                for _ in range(self._places):
                    self.__enter__()
                    held += 1
                yield
            finally:
                for _ in range(held):
                    self.__exit__(None, None, None)

    @property
    def waiting(self) -> int:
        """The number of threads that wait for a place."""
        return len(self._waiting)


def cores() -> int:
    """The number of cores of this process, where the system tells it, else of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
