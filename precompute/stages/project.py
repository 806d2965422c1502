"""The style map: UMAP of the style space to two dimensions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv.ranking.styles import StyleSpace
from persrv.records import FloatArray
from precompute.runtime.cache import write_array
from precompute.runtime.progress import Report

#: File of the map, below the stage's folder.
MAP = "map.npy"

#: Pictures among which a new one is put on a map that stays.
NEAREST = 5

#: (N, d) vectors in the style space -> (N, 2).
Projector = Callable[[FloatArray], FloatArray]


def umap_projector(seed: int, neighbours: int, min_dist: float) -> Projector:
    """UMAP by cosine (McInnes et al. 2018), on one thread, so that on one machine the seed decides the result."""

    def project(vectors: FloatArray) -> FloatArray:
        with _umap_compiled_once(), warnings.catch_warnings():
            from umap import UMAP

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


@contextmanager
def _umap_compiled_once() -> Iterator[None]:
    """Import and use UMAP within this: numba keeps what it compiles of UMAP beside UMAP's source, or in the user's
    cache, as it does of pynndescent. UMAP itself asks for that nowhere, and compiles for ten seconds in every process.
    """
    import numba

    njit = numba.njit

    def kept(*given: Any, **options: Any) -> Any:
        """Compile as numba.njit does: given are the function, or the signature where this makes a decorator."""
        functions = [each for each in given if callable(each)]

        def compiled(function: Callable[..., Any]) -> Any:
            own = {"cache": True} if function.__module__.startswith("umap.") else {}
            return njit(*(each for each in given if not callable(each)), **{**own, **options})(function)

        return compiled(functions[0]) if functions else compiled

    numba.njit = kept
    try:
        yield
    finally:
        numba.njit = njit


def beside(known: FloatArray, vectors: FloatArray) -> FloatArray:
    """Places (N, 2) of unit vectors (N, d) of which most have one: the others go among their nearest, weighed by how
    near each is. known: (N, 2), NaN where there is no place.
    """
    placed = ~np.isnan(known).any(axis=1)
    at, those = known[placed], vectors[placed]
    found = known.copy()
    for row in np.flatnonzero(~placed):
        near = those @ vectors[row]
        nearest = np.argsort(-near, kind="stable")[:NEAREST]
        weight = np.maximum(near[nearest], 1e-6)
        found[row] = weight @ at[nearest] / weight.sum()
    return found


def project(vectors: FloatArray, projector: Projector) -> FloatArray:
    """Project (N, d) to (N, 2) float32, centred and scaled so that the farthest coordinate is 1."""
    flat = projector(vectors)
    flat = flat - flat.mean(axis=0)
    return np.asarray(flat / max(float(np.abs(flat).max(initial=0.0)), 1e-9), np.float32)


def write_map(
    embeddings: NDArray[np.floating], mean: FloatArray, projector: Projector, folder: Path, report: Report
) -> dict[str, str]:
    """Project the embeddings (N, d) from the style space, whose origin is `mean`, and write the map into the stage's
    folder.
    """
    report(0, len(embeddings))
    write_array(folder / MAP, project(StyleSpace(mean).project(np.asarray(embeddings, np.float32)), projector))
    return {"method": "UMAP, cosine"}
