"""The style map: UMAP of the style space to two dimensions."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from persrv.records import FloatArray

#: (N, d) vectors in the style space -> (N, 2).
Projector = Callable[[FloatArray], FloatArray]


def umap_projector(seed: int, neighbours: int, min_dist: float) -> Projector:
    """UMAP by cosine (McInnes et al. 2018). One thread, so that the seed decides everything on one machine."""

    def project(vectors: FloatArray) -> FloatArray:
        from umap import UMAP

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reducer = UMAP(
                n_neighbors=min(neighbours, len(vectors) - 1),
                min_dist=min_dist,
                metric="cosine",
                random_state=seed,
                n_jobs=1,
            )
            return np.asarray(reducer.fit_transform(vectors), np.float32)

    return project


def project(vectors: FloatArray, projector: Projector) -> FloatArray:
    """(N, d) -> (N, 2) float32: the projection centred, and scaled so that the farthest coordinate is 1."""
    flat = projector(vectors)
    flat = flat - flat.mean(axis=0)
    return np.asarray(flat / max(float(np.abs(flat).max(initial=0.0)), 1e-9), np.float32)
