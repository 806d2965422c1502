"""Rows that are computed once for each key, and remembered while there is room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from persrv.records import FloatArray

Key = TypeVar("Key", str, int)


class RememberedRows(Generic[Key]):
    """The rows of keys, remembered for the `most` keys last asked for. Any number of threads may ask."""

    def __init__(self, compute: Callable[[Sequence[Key]], FloatArray], most: int) -> None:
        """compute: the function from n keys, at least one, to their rows (n, width)."""
        self._compute: Callable[[Sequence[Key]], FloatArray] = compute
        self._most = most
        self._known: dict[Key, FloatArray] = {}  # those last asked for stand last
        #: Rows of keys that are never forgotten.
        self.always: dict[Key, FloatArray] = {}
        self._changing = threading.Lock()

    def __call__(self, keys: Sequence[Key], out: FloatArray | None = None) -> FloatArray:
        """Return the rows (n, width) of n keys, at least one; all new keys are computed in one call. out: an array to
        write the rows to.
        """
        found = {key: self.always.get(key, self._known.get(key)) for key in keys}
        rows = {key: row for key, row in found.items() if row is not None}
        if len(rows) < len(found):
            new = [key for key in found if key not in rows]
            rows |= {key: row.copy() for key, row in zip(new, self._compute(new), strict=True)}
        with self._changing:
            for key in rows.keys() - self.always.keys():
                self._known.pop(key, None)
                self._known[key] = rows[key]
            for key in list(islice(self._known, max(0, len(self._known) - self._most))):
                del self._known[key]
        in_order = [rows[key] for key in keys]
        return np.stack(in_order) if out is None else np.stack(in_order, out=out)
