"""Waiting lines: one request at a time is worked on, few wait, and the next is told so at once.

All visitors share a number of threads. Whoever waited in one for something slow would keep it from the searches.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from persrv.ui.refusals import Refused


class WaitingLine:
    """A line before something slow, for any number of threads."""

    def __init__(self, most: int) -> None:
        """most: how many may wait while one is at work."""
        self._places = threading.Semaphore(most + 1)
        self._turn = threading.Lock()

    @contextmanager
    def place(self) -> Iterator[AbstractContextManager[object]]:
        """Take a place in the line and yield the turn, to be entered for the slow part. Refused where none is left."""
        if not self._places.acquire(blocking=False):
            raise Refused("busy")
        try:
            yield self._turn
        finally:
            self._places.release()
