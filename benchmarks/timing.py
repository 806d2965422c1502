"""Timing on a machine that is not ours alone: repeated passes, the median of each query's, never the best."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

PERCENTILES = (50, 95, 99)


def each_ms(
    answer: Callable[[Any], object], turns: Sequence[Any], passes: int, warm: bool = True
) -> NDArray[np.float64]:
    """Milliseconds (passes, n) of every turn in every pass, one after the other; warm: after one not counted."""
    taken = np.empty((passes + warm, len(turns)))
    for number in range(passes + warm):
        for place, turn in enumerate(turns):
            started = time.perf_counter()
            answer(turn)
            taken[number, place] = time.perf_counter() - started
    return taken[int(warm) :] * 1000


def percentiles(values: Sequence[float] | NDArray[np.float64], *which: int, digits: int = 1) -> dict[str, float]:
    """Percentiles under their names, such as "p95"; {} of no value."""
    return {f"p{each}": round(float(np.percentile(values, each)), digits) for each in which} if len(values) else {}


def figures(taken: NDArray[np.float64]) -> dict[str, float]:
    """p50, p95 and p99 over the turns, each by its median over the passes; `single_p99` over every measurement."""
    typical = np.median(taken, axis=0)
    return {**percentiles(typical, *PERCENTILES, digits=4), "single_p99": round(float(np.percentile(taken, 99)), 4)}


def timed(answer: Callable[[Any], object], turns: Sequence[Any], passes: int) -> dict[str, float]:
    """The figures of one way to answer."""
    return figures(each_ms(answer, turns, passes))


def crowd(answer: Callable[[Any], object], turns: Sequence[Any], threads: int, seconds: float) -> dict[str, float]:
    """Ask by many threads without a pause, for some seconds: percentiles over all answers, answers a second, and
    `least_share`, the answers that the slowest thread got over what each would get of a fair share (1 at best).
    """
    got: list[list[float]] = [[] for _ in range(threads)]
    ready = threading.Barrier(threads + 1)
    over = threading.Event()

    def ask(number: int) -> None:
        ready.wait()
        place = number * len(turns) // threads
        while not over.is_set():
            started = time.perf_counter()
            answer(turns[place % len(turns)])
            got[number].append((time.perf_counter() - started) * 1000)
            place += 1

    crowd_of = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for each in crowd_of:
        each.start()
    ready.wait()
    time.sleep(seconds)
    over.set()
    for each in crowd_of:
        each.join()
    every = np.concatenate([np.array(each) for each in got])
    found = percentiles(every, *PERCENTILES, digits=4)
    fair = len(every) / threads
    return {**found, "a_second": round(len(every) / seconds), "least_share": round(min(map(len, got)) / fair, 3)}


def middle(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure over several runs."""
    return {name: round(statistics.median(each[name] for each in found), 4) for name in found[0]}
