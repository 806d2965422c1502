"""Values that all visitors share, computed once, and again after the owner's edits have changed the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from persrv.retriever import Retriever

Value = TypeVar("Value")


class Once(Generic[Value]):
    """A value of a catalogue, computed at the first request. Threads that ask meanwhile wait for it."""

    def __init__(self, retriever: Retriever, compute: Callable[[], Value]) -> None:
        self._retriever = retriever
        self._compute = compute
        self._lock = threading.Lock()
        self._known: tuple[object, Value] | None = None  # the bundle that it is of, and the value

    @property
    def is_known(self) -> bool:
        """Return whether the value was computed for some version of the catalogue."""
        return self._known is not None

    def __call__(self) -> Value:
        with self._lock:
            bundle = self._retriever.bundle
            if self._known is None or self._known[0] is not bundle:
                self._known = (bundle, self._compute())
            return self._known[1]
