"""The machine that an evaluation runs on, as far as seconds depend on it."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Name of the processor, number of cores, version of Python."""
    return {"name": _processor(), "cores": os.cpu_count() or 1, "python": platform.python_version()}


def _processor() -> str:
    """The processor's name from /proc/cpuinfo, else from Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
