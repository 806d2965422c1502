"""Style: one space for every picture, a person's clusters in it, and how much a sticker is to their taste (Eq. 9).

Everything here lives in the style space: embeddings minus the catalogue's mean, back on the unit sphere. Subtracting
the mean takes away what all stickers share, so that cosines tell styles apart. Clusters, radii and preferences are
computed in that one space; nothing is fitted in one and compared in another.

A taste is told from the rest of the catalogue by Fisher's linear discriminant: what the whole catalogue varies in
counts little, what sets a person's clicks apart counts much. That needs the catalogue's precision matrix; a bundle
without one is ranked by the nearest cluster, as in the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.records import FloatArray, UserStyle

#: Clusters a person, chosen on validation clicks (the paper has 5); fewer where somebody clicked fewer stickers.
CLUSTERS = 3
EXEMPLARS = 6
#: Shrinkage of the catalogue's second moments to a multiple of the identity, chosen on validation clicks.
SHRINKAGE = 0.3
#: Standard deviations above the catalogue's mean at which a preference is full, chosen on validation clicks: some 2
#: stickers in 100 of the demo reach it.
FULL = 3.0
_CHUNK = 1 << 14
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


def precision_matrix(vectors: FloatArray, shrinkage: float = SHRINKAGE) -> FloatArray:
    """P = ((1 - shrinkage) S + shrinkage trace(S) / d I)^-1, (d, d) float32, where S is the mean of v v^T over the
    catalogue's vectors (n, d) in the style space, which has its mean near 0. Ledoit and Wolf (2004) shrink so.

    The identity where all vectors are zero. shrinkage: in (0, 1].
    """
    width = vectors.shape[1]
    moments = np.zeros((width, width))
    for start in range(0, len(vectors), _CHUNK):
        part = vectors[start : start + _CHUNK].astype(np.float64)
        moments += part.T @ part / len(vectors)
    scale = float(np.trace(moments)) / width
    if not scale:
        return np.eye(width, dtype=np.float32)
    shrunk = (1 - shrinkage) * moments / scale + shrinkage * np.eye(width)
    return np.asarray(np.linalg.inv(shrunk) / scale, np.float32)


def fit_user_style(
    user: str,
    sticker_ids: Sequence[str],
    vectors: FloatArray,
    k: int = CLUSTERS,
    seed: int = 0,
    precision: FloatArray | None = None,
) -> UserStyle:
    """Fit a person's style clusters: k-means over the distinct stickers they clicked (a second click adds no weight).

    vectors (n, d): these stickers in the style space, unit rows. At most k = min(k, n) clusters, fewer where stickers
    coincide; largest first, ties by the id of the nearest exemplar. The order of the stickers does not matter.
    precision (d, d): of the catalogue (`precision_matrix`), None where a taste is its nearest cluster.
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
    centroids, sizes, radii, exemplars, means = zip(*clusters, strict=True)
    style = UserStyle(user, np.stack(centroids), np.array(sizes, np.int32), np.array(radii, np.float32), exemplars)
    return style if precision is None else discriminated(style, np.linalg.norm(np.stack(means), axis=1), precision)


def discriminated(style: UserStyle, lengths: FloatArray, precision: FloatArray) -> UserStyle:
    """The style with its discriminants. lengths (k,): of the means of its clusters' members, whose directions are the
    centroids; precision (d, d): of the catalogue.
    """
    measured = np.asarray(lengths, np.float32)
    discriminants = np.asarray(measured[:, None] * style.centroids @ precision, np.float32)
    return replace(style, discriminants=discriminants, lengths=measured)


def _describe(
    ids: Sequence[str], points: FloatArray, members: NDArray[np.intp]
) -> tuple[FloatArray, int, float, tuple[str, ...], FloatArray]:
    """Centroid (d,), size, radius (largest 1 - cosine of a member), exemplars and mean (d,) of one cluster."""
    mean = points[members].mean(axis=0)
    centroid = unit_rows(mean[None])[0]
    distances = 1 - points[members] @ centroid
    nearest = np.argsort(distances, kind="stable")[:EXEMPLARS]  # members are in the order of ids
    exemplars = tuple(ids[members[place]] for place in nearest)
    return centroid, len(members), max(0.0, float(distances.max())), exemplars, mean


def cluster_weights(style: UserStyle) -> FloatArray:
    """Weight (k,) in [0, 1] of each cluster: as the style states it, else its size over the largest size. Our addition
    to Eq. 9: stray clicks make small clusters, which unweighted would count as much as what a person clicks all the
    time.
    """
    if style.weights is not None:
        return style.weights
    return np.asarray(style.sizes / style.sizes.max(), np.float32)


def taste_rows(style: UserStyle) -> FloatArray:
    """The rows t_k (k, d) whose products with a sticker are the clusters' scores of the sticker.

    With discriminants P m_k, of the clusters' means m_k: t_k = w_k P m_k / (FULL sqrt(m^T P m)), m = sum over j of
    w_j m_j, the mean of all that the person clicked. So the products of a sticker add up to its place on the person's
    linear discriminant (Fisher 1936) in standard deviations of the catalogue, over FULL. Without discriminants:
    t_k = w_k c_k, of the centroids. w: `cluster_weights`.
    """
    weights = cluster_weights(style)[:, None]
    if style.discriminants is None or style.lengths is None:
        return np.asarray(weights * style.centroids, np.float32)
    rows = weights * style.discriminants
    mean = (weights * style.lengths[:, None] * style.centroids).sum(axis=0)
    deviation = float(np.sqrt(max(0.0, mean @ rows.sum(axis=0))))
    return np.asarray(rows / (FULL * deviation) if deviation else np.zeros_like(rows), np.float32)


def preference(style: UserStyle, vectors: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Preference Score_u(s) in [0, 1], and the cluster with the largest part in it; both (n,).

    vectors (n, d): stickers in the style space. With discriminants: max(0, sum over k of t_k . s), without: max(0,
    largest t_k . s), with t of `taste_rows`. The paper's Eq. 9 takes the smallest distance and Eq. 10 multiplies by it,
    which would favour distant stickers; the cosine, as in the authors' code, is larger for nearer ones. A negative
    value counts as 0: the sticker keeps its recall score, and the factor of Eq. 10 never turns negative, which would
    put the most relevant stickers last.
    """
    said = vectors @ taste_rows(style).T
    together = said.max(axis=1) if style.discriminants is None else said.sum(axis=1)
    return np.clip(together, 0, 1).astype(np.float32), said.argmax(axis=1)


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
