"""Start of the library in a process of its own: seconds to the first answer, memory, and searches on a cold disk.

`measured` starts this file anew; what it prints is JSON. Cold means that the bundle's files were put out of the page
cache beforehand (posix_fadvise, DONTNEED); mincore then tells how much of them is left, since the kernel keeps what
another process has mapped. Python's own files stay warm.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
EMBEDDINGS = "embeddings.npy"


def measured(bundle: Path, queries: Sequence[str], cold: bool = False, after: Sequence[str] = ()) -> dict[str, Any]:
    """Start once, ask the first query, then `after` warming up all of `after`: what the child told, and `open_s`, the
    seconds from before the process was started to its first answer.
    """
    left = evict(bundle) if cold else 1.0
    asked = json.dumps({"bundle": str(bundle.resolve()), "queries": list(queries), "after": list(after)})
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(HERE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1]
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(asked)
        child.stdin.close()
        first = json.loads(child.stdout.readline())
        seconds = time.perf_counter() - started
        rest = json.loads(child.stdout.readline())
    return {"open_s": round(seconds, 3), "cached": round(left, 3), **first, **rest}


def typical(bundle: Path, queries: Sequence[str], times: int, cold: bool = False) -> dict[str, float]:
    """The median of each figure over several starts."""
    runs = [measured(bundle, queries, cold) for _ in range(times)]
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in ("open_s", "rss_mb", "cached")}


def evict(bundle: Path) -> float:
    """Put the bundle's files out of the page cache; returns the share of their bytes that is there all the same."""
    os.sync()  # only pages that the disk has can be given up
    kept = total = 0
    for path in bundle.rglob("*"):
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as stream:
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            kept, total = kept + cached_bytes(path), total + path.stat().st_size
    return kept / max(total, 1)


def cached_bytes(path: Path) -> int:
    """Number of bytes of a file that the page cache holds (mincore)."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY) as mapping:
        pages = (ctypes.c_ubyte * -(-len(mapping) // mmap.PAGESIZE))()
        address = ctypes.addressof(ctypes.c_char.from_buffer(mapping))
        code = ctypes.CDLL(None, use_errno=True).mincore(ctypes.c_void_p(address), ctypes.c_size_t(len(mapping)), pages)
        if code:
            raise OSError(ctypes.get_errno(), f"mincore of {path}")
        return sum(page & 1 for page in pages) * mmap.PAGESIZE


def resident_mb(without: str = "") -> float:
    """Megabytes (10^6) of this process in memory, without the pages of mapped files of that name."""
    total, name = 0, ""
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"^[0-9a-f]+-[0-9a-f]+ ", line):
            name = line
        elif line.startswith("Rss:") and not (without and name.endswith(without)):
            total += int(line.split()[1])
    return round(total * 1024 / 1e6, 1)


def own_mb() -> float:
    """Megabytes that are this process's alone; what else is resident are pages of files, which the kernel may take."""
    told = Path("/proc/self/status").read_text()
    kilobytes = next(int(line.split()[1]) for line in told.splitlines() if line.startswith("RssAnon"))
    return round(kilobytes * 1024 / 1e6, 1)


def main() -> None:
    """The child: open, answer, tell; then warm up, answer all of `after`, tell."""
    asked = json.loads(sys.stdin.read())
    sys.path.insert(0, str(HERE.parents[1]))
    from persrv.retriever import Retriever

    retriever = Retriever.open(asked["bundle"])
    users = [*retriever.bundle.styles] or [None]
    retriever.search(asked["queries"][0], users[0])
    print(json.dumps({"rss_mb": resident_mb(EMBEDDINGS)}), flush=True)
    if not asked["after"]:
        print(json.dumps({}), flush=True)
        return
    started = time.perf_counter()
    retriever.warm_up()
    warming, taken = time.perf_counter() - started, []
    for number, query in enumerate(asked["after"]):
        started = time.perf_counter()
        retriever.search(query, users[number % len(users)])
        taken.append((time.perf_counter() - started) * 1000)
    told = {"warm_up_s": round(warming, 3), "rss_after_mb": resident_mb(EMBEDDINGS), "own_mb": own_mb()}
    print(json.dumps({**told, "search_p99_ms": high(taken), "search_max_ms": round(max(taken), 2)}), flush=True)


def high(taken: Sequence[float]) -> float:
    """The 99th percentile."""
    return round(sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.99))], 3)


if __name__ == "__main__":
    main()
