"""The likeness of some texts to a query: products of a few stored float16 rows with the query's readings.

A search in a large catalogue asks for thousands of rows. Compiled code (persrv.engines.float16_kernels) multiplies them
as they lie in the file; numpy, its slow twin, copies and converts them first, and answers until `warm_up` has loaded
compiled code, since loading takes longer than a first search.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import near
from persrv.records import FloatArray

_LOG = logging.getLogger(__name__)


def products(vectors: NDArray[np.floating[Any]], rows: NDArray[np.integer[Any]], queries: FloatArray) -> FloatArray:
    """What persrv.ranking.near.products computes, by compiled code where it can be used."""
    if vectors.dtype == np.float16 and _kernel.cache_info().currsize and _kernel() is not None:
        found = np.empty(len(rows), np.float32)
        _kernel()(vectors.view(np.uint16), rows.astype(np.int64), queries, found)
        return found
    return near.products(vectors, rows, queries)


def warm_up() -> None:
    """Load compiled code, which answers from then on."""
    _kernel()


@lru_cache(1)
def _kernel() -> Any:
    """The compiled function; None where it cannot be used."""
    try:
        from persrv.engines.float16_kernels import nearest_products

        nearest_products(
            np.zeros((1, 1), np.uint16), np.zeros(1, np.int64), np.zeros((1, 1), np.float32), np.zeros(1, np.float32)
        )
    except Exception as error:  # noqa: BLE001  # numba fails in many ways, and numpy answers as well
        _LOG.warning("Searches by meaning are slower: the compiled code can't be used (%s).", error)
        return None
    return nearest_products
