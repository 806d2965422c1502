"""ZeroGPU: a Space that shares its GPU with others lends it to functions announced before the app is launched.

A Space on ZeroGPU wants one such function. Here it captions, for captioners that use a GPU; the small captioner of the
bundles runs on the processor and takes nothing of a visitor's share. Anywhere else nothing of this is loaded.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds of GPU time that one caption may take.
SECONDS = 20


def on_zero_gpu() -> bool:
    """Return whether this process is a Space on ZeroGPU."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def lent_a_gpu(task: Callable[P, R]) -> Callable[P, R]:
    """Announce a function as one that needs the GPU of a Space on ZeroGPU; return the function itself anywhere else."""
    if not on_zero_gpu():
        return task
    spaces = importlib.import_module("spaces")  # the Space installs it
    announced: Callable[P, R] = spaces.GPU(duration=SECONDS)(task)
    return announced
