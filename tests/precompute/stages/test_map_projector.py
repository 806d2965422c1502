"""UMAP as a projector: the seed decides the map, and what is compiled for it is kept."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from precompute.stages.project import umap_projector


@pytest.mark.slow
def test_the_seed_decides_the_map_and_later_processes_need_not_compile_it_again() -> None:
    vectors = np.random.default_rng(0).random((20, 4), dtype=np.float32)
    njit, projector = numba.njit, umap_projector(7, neighbours=5, min_dist=0.1)
    flat = projector(vectors)
    assert flat.shape == (20, 2)
    assert np.array_equal(flat, projector(vectors))
    from umap.umap_ import smooth_knn_dist

    assert smooth_knn_dist.stats.cache_path is not None
    assert numba.njit is njit
