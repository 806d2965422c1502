"""Nearest pictures by brute force: the cosine of one vector with every embedding, block by block.

Exact, and it needs no index: what half a million stickers cost is the reading of their float16 rows, so a block is
turned into float32 only while it is looked at, and as many blocks at once as there are cores.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray
from persrv.styles import StyleSpace

#: Rows that are float32 at the same time: 8 MB of 512 dimensions, which stays in a core's cache.
_BLOCK = 4096


def cosines(embeddings: NDArray[np.floating], vector: FloatArray, space: StyleSpace | None = None) -> FloatArray:
    """Cosine (N,) of a unit vector (d,) with every row of embeddings (N, d): as stored, or as they lie in a space."""
    found = np.empty(len(embeddings), np.float32)

    def look(start: int) -> None:
        rows = np.asarray(embeddings[start : start + _BLOCK], np.float32)
        found[start : start + _BLOCK] = (rows if space is None else space.project(rows)) @ vector

    starts = range(0, len(embeddings), _BLOCK)
    if len(starts) < 4:  # threads cost more than they save
        for start in starts:
            look(start)
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(look, starts))
    return found


def best(scores: FloatArray, tie: NDArray[np.intp], top: int) -> NDArray[np.intp]:
    """Rows of the `top` largest scores (N,), best first; of equal ones that with the smaller tie (N,) comes first."""
    rows = np.arange(len(scores))
    if len(rows) > top:
        worst = np.partition(scores, len(scores) - top)[len(scores) - top]
        rows = np.flatnonzero(scores >= worst)
    return rows[np.lexsort((tie[rows], -scores[rows]))[:top]]
