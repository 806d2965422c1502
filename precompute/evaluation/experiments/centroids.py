"""Style models: ways to summarise the vectors of the stickers that a person clicked by a few unit centroids.

All have one contract: points (n, d), unit rows of the style space in the order of ids, n at least 1, and one parameter
-> centroids (k, d), unit rows, k at least 1. Preference is the cosine to the nearest centroid for all of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from persrv.ranking.styles import unit_rows
from persrv.records import FloatArray, Text

SEED = 1
_RESTARTS = 10

Fit = Callable[[FloatArray, int], FloatArray]


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of style model. label: its name for readers; parameter: what its values mean, None without any."""

    label: Text
    parameter: Text | None
    values: tuple[int, ...]
    fit: Fit

    @property
    def name(self) -> str:
        """Name of the family in rows and curves."""
        return self.label.en

    def value_in_words(self, value: float) -> Text | None:
        """A value of the parameter in words, None without a parameter."""
        if self.parameter is None:
            return None
        return Text(f"{self.parameter.en} {value:g}", f"{self.parameter.zh} {value:g}")


def k_means(points: FloatArray, k: int) -> FloatArray:
    """Means of the clusters of k-means (scikit-learn, the best of ten k-means++ starts)."""
    return unit_rows(plain_k_means(points, k)[0])


def plain_k_means(
    points: FloatArray, k: int, weights: NDArray[np.float64] | None = None
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Means (k, d) of the clusters of k-means, not normalised, and the cluster (n,) of each point. weights: (n,), None
    for equal ones.
    """
    from sklearn.cluster import KMeans

    weights = np.ones(len(points)) if weights is None else weights
    if k == 1:
        return np.average(points, axis=0, weights=weights)[None].astype(np.float32), np.zeros(len(points), np.intp)
    model = KMeans(min(k, len(points)), n_init=_RESTARTS, random_state=SEED)
    with threadpool_limits(1), warnings.catch_warnings():  # threads add in any order, and the last digit with them
        warnings.simplefilter("ignore")  # coinciding stickers leave fewer clusters than asked for
        labels = model.fit(np.asarray(points, np.float64), sample_weight=weights).labels_
    kept, assigned = np.unique(labels, return_inverse=True)
    means = [np.average(points[labels == cluster], axis=0, weights=weights[labels == cluster]) for cluster in kept]
    return np.stack(means).astype(np.float32), assigned


def single_mean(points: FloatArray, _: int) -> FloatArray:
    """The mean of all points."""
    return unit_rows(points.mean(axis=0, keepdims=True))


def medoids(points: FloatArray, k: int) -> FloatArray:
    """k of the points: k-medoids by alternation (Park and Jun 2009), the best of ten k-means++ starts.

    Distances are 1 - cosine.
    """
    apart = 1 - np.asarray(points, np.float64) @ np.asarray(points, np.float64).T
    rng = np.random.default_rng(SEED)
    runs = [_alternate(apart, _spread(apart, min(k, len(points)), rng)) for _ in range(_RESTARTS)]
    chosen = min(runs, key=lambda run: round(float(apart[:, run].min(axis=1).sum()), 9))
    return points[chosen]


def _spread(apart: NDArray[np.float64], k: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """k-means++ starts: each is drawn in proportion to its distance from the nearest one; fewer if points coincide."""
    chosen = [int(rng.integers(len(apart)))]
    while len(chosen) < k:
        nearest = np.clip(apart[:, chosen].min(axis=1), 0, None)
        if nearest.sum() <= 1e-9:
            break
        chosen.append(int(rng.choice(len(apart), p=nearest / nearest.sum())))
    return np.array(chosen, np.intp)


def _alternate(apart: NDArray[np.float64], chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Assign points to the nearest medoid and replace it by the cluster's most central member, until nothing moves."""
    for _ in range(100):
        assigned = apart[:, chosen].argmin(axis=1)
        moved = np.array([_centre(apart, np.flatnonzero(assigned == cluster)) for cluster in np.unique(assigned)])
        if np.array_equal(moved, chosen):
            break
        chosen = moved
    return chosen


def _centre(apart: NDArray[np.float64], members: NDArray[np.intp]) -> int:
    return int(members[apart[np.ix_(members, members)].sum(axis=1).argmin()])


def gaussian_mixture(points: FloatArray, k: int) -> FloatArray:
    """Means of a mixture of k spherical Gaussians (scikit-learn, EM)."""
    from sklearn.mixture import GaussianMixture

    kind = GaussianMixture(min(k, len(points)), covariance_type="spherical", random_state=SEED)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # EM that has not settled is judged like any other
        means = kind.fit(np.asarray(points, np.float64)).means_ if len(points) > 1 else points
    alive = np.linalg.norm(means, axis=1) > 1e-6  # a component that coinciding stickers left empty sits at 0
    return unit_rows(np.asarray(means, np.float32)[alive])


def hdbscan(points: FloatArray, smallest: int) -> FloatArray:
    """Means of the clusters of HDBSCAN with at least `smallest` points; the mean of all points if it finds none."""
    from sklearn.cluster import HDBSCAN

    if len(points) <= smallest:
        return single_mean(points, 0)
    with threadpool_limits(1):
        labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit(np.asarray(points, np.float64)).labels_
    found = [points[labels == cluster].mean(axis=0) for cluster in range(labels.max() + 1)]
    return unit_rows(np.stack(found)) if found else single_mean(points, 0)


def every_sticker(points: FloatArray, _: int) -> FloatArray:
    """Return all points, without a summary."""
    return points


_COUNTS = tuple(range(1, 11))
_CLUSTERS = Text("clusters", "簇数")

FAMILIES: tuple[Family, ...] = (
    Family(Text.same("k-means"), _CLUSTERS, _COUNTS, k_means),
    Family(Text("single mean", "单个均值"), None, (1,), single_mean),
    Family(Text.same("k-medoids"), _CLUSTERS, _COUNTS, medoids),
    Family(Text("Gaussian mixture", "高斯混合"), Text("components", "分量数"), _COUNTS, gaussian_mixture),
    Family(Text.same("HDBSCAN"), Text("smallest cluster", "最小簇"), (2, 3, 4, 6, 8, 12), hdbscan),
    Family(Text("nearest training sticker", "最近的训练表情"), None, (1,), every_sticker),
)
