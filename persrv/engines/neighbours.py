"""Nearest neighbours by brute force: the cosine of one vector with every embedding.

Exact, and without an index: for half a million stickers the time goes into reading float16 rows. Compiled code
(persrv.engines.float16_kernels) reads a large catalogue on all cores; numpy, its slow twin, converts block after block
to float32.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from persrv.engines.fair_semaphore import cores
from persrv.engines.kernel_cache import compiled_anew
from persrv.ranking.styles import StyleSpace
from persrv.records import FloatArray

_LOG = logging.getLogger(__name__)

#: Rows from which compiled code is worth loading: it has been for recall by then
#: (persrv.engines.local.FAST_FROM).
FAST_FROM = 10_000

#: Rows that numpy holds in float32 at the same time: 1 MB of 512 dimensions, which stays in a core's cache.
_BLOCK = 512


def cosines(embeddings: NDArray[np.floating], vector: FloatArray, space: StyleSpace | None = None) -> FloatArray:
    """Cosine (N,) of a unit vector (d,) with every row of embeddings (N, d): as stored, or projected to a space."""
    if len(embeddings) >= FAST_FROM and embeddings.dtype == np.float16:
        try:
            return compiled_anew(lambda: fast_cosines(embeddings, vector, space))
        except Exception as error:  # noqa: BLE001  # numba fails in many ways, and numpy answers as well
            _LOG.warning("Looking for neighbours is slower: the compiled code can't be used (%s).", error)
    return slow_cosines(embeddings, vector, space)


def slow_cosines(embeddings: NDArray[np.floating], vector: FloatArray, space: StyleSpace | None = None) -> FloatArray:
    """Compute `cosines` with numpy."""
    found = np.empty(len(embeddings), np.float32)
    for start in range(0, len(embeddings), _BLOCK):
        rows = np.asarray(embeddings[start : start + _BLOCK], np.float32)
        found[start : start + _BLOCK] = (rows if space is None else space.project(rows)) @ vector
    return found


def fast_cosines(embeddings: NDArray[np.float16], vector: FloatArray, space: StyleSpace | None = None) -> FloatArray:
    """Compute `cosines` with compiled code, a part of the rows on each core."""
    from persrv.engines import float16_kernels

    bits, found = embeddings.view(np.uint16), np.empty(len(embeddings), np.float32)
    mean = np.zeros_like(vector) if space is None or space.mean is None else space.mean
    ends = np.linspace(0, len(embeddings), cores() + 1).astype(int).tolist()

    def look(first: int, last: int) -> None:
        if space is None:
            float16_kernels.products(bits, float16_kernels.VALUES, vector, first, last, found)
        else:
            float16_kernels.cosines(bits, float16_kernels.VALUES, vector, mean, first, last, found)

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(look, ends[:-1], ends[1:]))
    return found


def best(scores: FloatArray, tie: NDArray[np.intp], top: int) -> NDArray[np.intp]:
    """Rows of the `top` largest scores (N,), best first; the smaller tie (N,) comes first among equals."""
    rows = np.arange(len(scores))
    if len(rows) > top:
        worst = np.partition(scores, len(scores) - top)[len(scores) - top]
        rows = np.flatnonzero(scores >= worst)
    return rows[np.lexsort((tie[rows], -scores[rows]))[:top]]
