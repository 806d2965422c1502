"""Compiled functions that another version of this library left on disk.

numba reads the whole index of what it has kept of a function before it looks whether that fits the function's file
(numba.core.caching, version 0.68). An index that names a type which has since been renamed, or one that is damaged, is
an error then, not a reason to compile anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

Result = TypeVar("Result")

#: The modules of compiled functions.
KERNELS = tuple(f"persrv.engines.{name}" for name in ("float16_kernels", "recall_kernels", "sketch_kernels"))


def compiled_anew(use: Callable[[], Result]) -> Result:
    """Return what `use` returns, which calls compiled functions. Where that fails, what is kept of them on disk is
    forgotten, and `use` is called once more: its second error is raised.
    """
    try:
        return use()
    except Exception:  # noqa: BLE001  # an index fails to load in as many ways as unpickling fails
        for name in KERNELS:
            if name in sys.modules:
                forget(sys.modules[name])
        return use()


def forget(kernels: ModuleType) -> None:
    """Empty the index of every compiled function of a module."""
    from numba.core.dispatcher import Dispatcher

    for function in vars(kernels).values():
        if isinstance(function, Dispatcher) and function.__module__ == kernels.__name__:
            function._cache.flush()  # type: ignore[attr-defined]  # of the class, not of its stub
