"""Working on many pictures in parts that fit into memory: a part that does not is tried again by halves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from persrv.errors import ModelError
from precompute.models.released.loading import is_out_of_memory
from precompute.models.released.memory import SMALLER

Result = TypeVar("Result")


def in_parts(count: int, batch: int, work: Callable[[slice], Result]) -> tuple[list[Result], int]:
    """Do `work` on `count` pictures, in parts of nearly equal size with at most `batch` each; return the results, and
    the batch that memory allowed in the end.

    Where memory ends with one picture, a GPU's error is passed on, and a processor's becomes a ModelError.
    """
    done, start = [], 0
    while start < count:
        left = count - start
        part = slice(start, start + math.ceil(left / math.ceil(left / batch)))
        try:
            done.append(work(part))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if batch == 1:
                _tell(error)
                raise
            batch = math.ceil(min(batch, left) / 2)
            continue
        start = part.stop
    return done, batch


def _tell(error: Exception) -> None:
    """Raise a ModelError for a processor whose memory has ended."""
    import torch

    if not isinstance(error, torch.OutOfMemoryError):
        raise ModelError(
            "The memory of this machine ended while one picture was answered", "more of it", SMALLER
        ) from error
