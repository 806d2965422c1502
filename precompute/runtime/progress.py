"""Progress of a long stage: one bar a stage on a terminal, a few plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

#: Function that a stage calls with the number of finished items and of all items.
Report = Callable[[int, int], None]

_WIDTH = 30
_EVERY = 0.1  # seconds between two drawings of the bar
_STEPS = 5  # plain lines a stage


def silent(done: int, total: int) -> None:
    """A Report for whoever does not want one."""


@dataclass
class Bar:
    """The bar of one stage. `clock` is seconds that only grow."""

    name: str
    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _start: float = field(init=False)
    _begun: int | None = field(init=False, default=None)
    _drawn: float = field(init=False, default=float("-inf"))
    _step: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` items are done; the first call tells what an earlier run left behind."""
        if self._begun is None:
            self._begun = done
        if self.stream.isatty():
            self._draw(done, total)
        elif done * _STEPS >= (self._step + 1) * total and done < total:
            self._step = done * _STEPS // total
            self._say(f"{self.name}: {done} of {total}{self._left(done, total)}\n")

    def close(self, note: str) -> None:
        """The stage's last line."""
        erase = "\r\x1b[K" if self.stream.isatty() else ""
        self._say(f"{erase}{self.name}: {note}\n")

    def _draw(self, done: int, total: int) -> None:
        now = self.clock()
        if now - self._drawn < _EVERY and done < total:
            return
        self._drawn = now
        full = _WIDTH * done // max(total, 1)
        bar = "█" * full + "░" * (_WIDTH - full)
        self._say(f"\r\x1b[K{self.name:<10} {bar} {done}/{total}{self._left(done, total)}")

    def _left(self, done: int, total: int) -> str:
        """Seconds left at the pace so far, where there is a pace."""
        fresh = done - (self._begun or 0)
        if fresh <= 0 or done >= total:
            return ""
        return f", {(self.clock() - self._start) / fresh * (total - done):.0f} s left"

    def _say(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
