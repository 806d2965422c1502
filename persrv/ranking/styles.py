"""Style: one space for every picture, a person's clusters in it, and how near a sticker is to them (Eq. 9).

Everything here lives in the style space: embeddings minus the catalogue's mean, back on the unit sphere. Subtracting
the mean takes away what all stickers share, so that cosines tell styles apart. Clusters, radii and preferences are
computed in that one space; nothing is fitted in one and compared in another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.records import FloatArray, UserStyle

#: Clusters a person, chosen on validation clicks (the paper has 5); fewer where somebody clicked fewer stickers.
CLUSTERS = 3
EXEMPLARS = 6
_RESTARTS = 10
_ITERATIONS = 100


class StyleSpace:
    """The space of styles. mean (d,): subtracted from raw embeddings; None where styles live in the raw space."""

    def __init__(self, mean: FloatArray | None) -> None:
        self.mean = None if mean is None else np.asarray(mean, np.float32)

    def project(self, embeddings: FloatArray) -> FloatArray:
        """Project raw embeddings (n, d) to unit rows of the style space; a row equal to the mean becomes zero."""
        return unit_rows(embeddings if self.mean is None else embeddings - self.mean)


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Scale rows (n, d) to length 1, float32; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors, np.float32), where=lengths > 0).astype(np.float32)


def fit_user_style(
    user: str, sticker_ids: Sequence[str], vectors: FloatArray, k: int = CLUSTERS, seed: int = 0
) -> UserStyle:
    """Fit a person's style clusters: k-means over the distinct stickers they clicked (a second click adds no weight).

    vectors (n, d): these stickers in the style space, unit rows. At most k = min(k, n) clusters, fewer where stickers
    coincide; largest first, ties by the id of the nearest exemplar. The order of the stickers does not matter.
    DataError: no sticker, a sticker twice, or another number of vectors than of ids.
    """
    if not len(sticker_ids) or len(sticker_ids) != len(vectors) or len(set(sticker_ids)) != len(sticker_ids):
        raise DataError(
            f"{len(sticker_ids)} sticker ids ({len(set(sticker_ids))} distinct) with {len(vectors)} vectors",
            "distinct ids, at least one, each with its vector",
            "Pass every clicked sticker once.",
        )
    order = sorted(range(len(sticker_ids)), key=lambda row: sticker_ids[row])
    ids, points = [sticker_ids[row] for row in order], np.asarray(vectors, np.float32)[order]
    assigned = k_means(points, min(k, len(ids)), np.random.default_rng(seed))
    clusters = [_describe(ids, points, np.flatnonzero(assigned == cluster)) for cluster in np.unique(assigned)]
    clusters.sort(key=lambda cluster: (-cluster[1], cluster[3][0]))
    centroids, sizes, radii, exemplars = zip(*clusters, strict=True)
    return UserStyle(user, np.stack(centroids), np.array(sizes, np.int32), np.array(radii, np.float32), exemplars)


def _describe(
    ids: Sequence[str], points: FloatArray, members: NDArray[np.intp]
) -> tuple[FloatArray, int, float, tuple[str, ...]]:
    """Centroid (d,), size, radius (largest 1 - cosine of a member) and exemplars of one cluster."""
    centroid = unit_rows(points[members].mean(axis=0, keepdims=True))[0]
    distances = 1 - points[members] @ centroid
    nearest = np.argsort(distances, kind="stable")[:EXEMPLARS]  # members are in the order of ids
    return centroid, len(members), max(0.0, float(distances.max())), tuple(ids[members[place]] for place in nearest)


def cluster_weights(style: UserStyle) -> FloatArray:
    """Weight (k,) in [0, 1] of each cluster: as the style states it, else its size over the largest size. Our addition
    to Eq. 9: stray clicks make small clusters, which unweighted would count as much as what a person clicks all the
    time.
    """
    if style.weights is not None:
        return style.weights
    return np.asarray(style.sizes / style.sizes.max(), np.float32)


def preference(style: UserStyle, vectors: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Preference Score_u(s) in [0, 1]: max(0, largest weight x cosine over the person's centroids), and the cluster of
    that largest product; both (n,).

    vectors (n, d): stickers in the style space. The paper's Eq. 9 takes the smallest distance and Eq. 10 multiplies by
    it, which would favour distant stickers; the cosine, as in the authors' code, is larger for nearer ones. A negative
    cosine counts as 0: the sticker keeps its recall score, and the factor of Eq. 10 never turns negative, which would
    put the most relevant stickers last.
    """
    likeness = vectors @ style.centroids.T * cluster_weights(style)
    best = likeness.argmax(axis=1)
    return np.clip(likeness[np.arange(len(likeness)), best], 0, 1).astype(np.float32), best


def nearest_cluster(style: UserStyle, vectors: FloatArray) -> NDArray[np.intp]:
    """The cluster (n,) that each sticker (n, d) belongs to: that of the nearest centroid."""
    nearest: NDArray[np.intp] = (vectors @ style.centroids.T).argmax(axis=1)
    return nearest


def k_means(points: FloatArray, k: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Cluster (n,) of each point (n, d): the best of several k-means++ starts by sum of squared distances (Lloyd)."""
    runs = [_lloyd(points, _plus_plus(points, k, rng)) for _ in range(_RESTARTS if k > 1 else 1)]
    return min(runs, key=lambda run: run[1])[0]


def _plus_plus(points: FloatArray, k: int, rng: np.random.Generator) -> FloatArray:
    """k-means++ seeding (Arthur and Vassilvitskii 2007): each next centre drawn by squared distance to the nearest."""
    centres = [points[rng.integers(len(points))]]
    while len(centres) < k:
        distances = squared_distances(points, np.stack(centres)).min(axis=1)
        total = distances.sum()
        if total <= 0:  # fewer distinct points than k
            break
        centres.append(points[rng.choice(len(points), p=distances / total)])
    return np.stack(centres)


def _lloyd(points: FloatArray, centres: FloatArray) -> tuple[NDArray[np.intp], float]:
    """Assignments (n,) after Lloyd's iteration from these centres, and their sum of squared distances."""
    assigned = np.full(len(points), -1)
    for _ in range(_ITERATIONS):
        distances = squared_distances(points, centres)
        moved = distances.argmin(axis=1)
        if np.array_equal(moved, assigned):
            break
        assigned = moved
        kept = np.unique(assigned)  # a centre that lost every point is given up
        centres = np.stack([points[assigned == cluster].mean(axis=0) for cluster in kept])
        assigned = np.searchsorted(kept, assigned)
    return assigned, float(squared_distances(points, centres).min(axis=1).sum())


def squared_distances(points: FloatArray, centres: FloatArray) -> NDArray[np.float64]:
    """Squared Euclidean distances (n, k); on unit vectors this is 2 - 2 x cosine."""
    difference = points[:, None, :].astype(np.float64) - centres[None, :, :]
    return np.einsum("nkd,nkd->nk", difference, difference)
