"""Forecast of a build's duration, by processing a few of its pictures beforehand."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from persrv.sampling import evenly
from precompute.runtime.batch_store import Columns

#: Pictures of a trial, and the fewest that are worth one.
TRIED, WORTH_A_TRIAL = 5, 20


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of a trial.

    left: pictures with something still to do; each: what is done to a picture -> seconds for one frame; seconds: for
    all.
    """

    left: int
    each: Mapping[str, float]
    seconds: float

    def in_words(self) -> str:
        """The forecast in one line, for the person who starts the build."""
        parts = ", ".join(f"{name} in {seconds:.2g} s" for name, seconds in self.each.items())
        return (
            f"{self.left} pictures are left: about {_duration(self.seconds)} by a trial of {TRIED} pictures ({parts} a "
            "frame), and up to a minute for map and index. Ctrl-C stops it at any moment; the same command goes on."
        )


def foretell(
    tasks: Mapping[str, Columns],
    frames: Mapping[str, int],
    workers: int,
    clock: Callable[[], float] = time.monotonic,
) -> Forecast | None:
    """Try each task on a few pictures that are left of it; None where too few are left to be worth a trial.

    tasks: what is done to a picture -> its columns; frames: sticker id -> frames that are looked at; workers: processes
    that share a task without a model of its own in this process.
    """
    left = {name: columns.missing() for name, columns in tasks.items()}
    if max(map(len, left.values()), default=0) < WORTH_A_TRIAL:
        return None
    each, whole = {}, 0.0
    for name, columns in tasks.items():
        if not left[name]:
            continue
        chosen = evenly(left[name], TRIED)
        shared = workers if columns.task.prepare is None else 1
        each[name] = _seconds(columns, chosen, clock) / sum(frames[one] for one in chosen) / shared
        whole += each[name] * sum(frames[one] for one in left[name])
    return Forecast(max(map(len, left.values())), each, whole)


def _seconds(columns: Columns, chosen: Sequence[str], clock: Callable[[], float]) -> float:
    """Seconds that a task takes for some stickers at once, after one of them has shown it what a picture is."""
    task = columns.task
    operator = task.operator(*task.arguments)

    def do(names: Sequence[str]) -> None:
        keys, paths = [columns.keys[name] for name in names], [str(columns.paths[name]) for name in names]
        batch = {"id": np.array(keys), "path": np.array(paths)}
        operator(batch if task.prepare is None else task.prepare(batch))

    do(chosen[:1])
    start = clock()
    do(chosen)
    return clock() - start


def _duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
