"""The C allocator of a server with many threads: what a request needed and freed goes back to the operating system.

By default glibc keeps up to eight heaps a core, one for each thread that asks at the same time as another, and after a
large array was freed it takes the next ones from these heaps, which shrink only from their ends. With fifty visitors
each heap came to hold a few freed arrays of some megabytes.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

#: Parameters of mallopt (3), as <malloc.h> numbers them.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8

#: Heaps that all threads share.
HEAPS = 2

#: Bytes from which an array is mapped by itself, and unmapped when freed.
MAPPED_FROM = 1 << 20


def return_freed_memory() -> bool:
    """Set both limits for this process; False if the C library has no such settings (macOS, Windows, musl)."""
    with suppress(AttributeError, OSError, TypeError):
        settings = ((_M_ARENA_MAX, HEAPS), (_M_MMAP_THRESHOLD, MAPPED_FROM))
        return all(ctypes.CDLL(None).mallopt(*each) == 1 for each in settings)
    return False
