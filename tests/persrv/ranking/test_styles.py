"""The style space, its clusters, and preference, Eq. 9."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persrv.errors import DataError
from persrv.ranking.styles import (
    StyleSpace,
    cluster_weights,
    fit_user_style,
    k_means,
    nearest_cluster,
    preference,
    squared_distances,
    unit_rows,
)
from persrv.records import FloatArray, UserStyle

EAST, NORTH, WEST = (np.array(v, np.float32) for v in ([1, 0], [0, 1], [-1, 0]))


def blobs(seed: int, clusters: int, each: int, spread: float = 0.15) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = unit_rows(rng.normal(size=(clusters, 16)).astype(np.float32))
    return unit_rows(
        np.repeat(centres, each, axis=0) + spread * rng.normal(size=(clusters * each, 16)).astype(np.float32)
    )


def test_the_raw_space_only_normalises() -> None:
    np.testing.assert_allclose(StyleSpace(None).project(np.array([[3, 4]], np.float32)), [[0.6, 0.8]])


def test_the_mean_is_taken_away_before_normalising() -> None:
    space = StyleSpace(np.array([1, 0], np.float32))
    np.testing.assert_allclose(space.project(np.array([[1, 2], [3, 0]], np.float32)), [[0, 1], [1, 0]])


def test_a_vector_at_the_mean_stays_zero() -> None:
    assert StyleSpace(EAST).project(EAST[None]).tolist() == [[0, 0]]


def test_two_tastes_by_hand() -> None:
    vectors = unit_rows(np.array([[1, 0.1], [1, -0.1], [1, 0], [0, 1]], np.float32))
    style = fit_user_style("ann", ["s1", "s2", "s3", "s4"], vectors, k=2)
    np.testing.assert_allclose(style.centroids, [EAST, NORTH], atol=1e-6)
    assert style.sizes.tolist() == [3, 1]
    assert style.exemplars == (("s3", "s1", "s2"), ("s4",))
    assert style.radii == pytest.approx([1 - 1 / np.sqrt(1.01), 0], abs=1e-6)


def test_preference_is_the_cosine_to_the_nearest_of_equal_clusters() -> None:
    style = fit_user_style("ann", ["s1", "s2"], np.stack([EAST, NORTH]))
    value, cluster = preference(style, np.stack([EAST, NORTH, WEST, unit_rows(np.array([[3, 4]], np.float32))[0]]))
    assert value == pytest.approx([1, 1, 0, 0.8])
    nearest = [style.exemplars[index] for index in cluster[:2]]
    assert nearest == [("s1",), ("s2",)]


@pytest.mark.parametrize(("clicked", "clusters"), [(1, 1), (2, 2), (9, 3)])
def test_no_more_clusters_than_stickers(clicked: int, clusters: int) -> None:
    ids = [f"s{number}" for number in range(clicked)]
    style = fit_user_style("ann", ids, blobs(1, clicked, 1))
    assert len(style.centroids) == clusters
    assert style.sizes.sum() == clicked


def test_stickers_that_look_alike_make_one_cluster() -> None:
    style = fit_user_style("ann", ["s2", "s1"], np.stack([EAST, EAST]))
    assert style.exemplars == (("s1", "s2"),)


@pytest.mark.parametrize("ids", [[], ["s1"], ["s1", "s1"]])
def test_bad_input_is_named(ids: list[str]) -> None:
    with pytest.raises(DataError, match="distinct ids"):
        fit_user_style("ann", ids, np.stack([EAST, NORTH]))


def k_means_of_scikit_learn(points: FloatArray, k: int, n_init: int) -> Any:
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=n_init, random_state=0).fit(points)


def test_clear_tastes_are_found_as_scikit_learn_finds_them() -> None:
    points = blobs(2, 4, 12)
    oracle = k_means_of_scikit_learn(points, 4, n_init=10)
    assigned = k_means(points, 4, np.random.default_rng(0))
    assert len(set(zip(assigned.tolist(), oracle.labels_.tolist(), strict=True))) == 4


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_no_worse_than_scikit_learn(seed: int, k: int) -> None:
    points = blobs(seed, 5, 6, spread=0.3)
    assigned = k_means(points, k, np.random.default_rng(seed))
    centres = np.stack([points[assigned == cluster].mean(axis=0) for cluster in np.unique(assigned)])
    inertia = squared_distances(points, centres).min(axis=1).sum()
    assert inertia <= 1.1 * k_means_of_scikit_learn(points, k, n_init=8).inertia_


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_clicks_does_not_matter(seed: int, random: object) -> None:
    points, ids = blobs(seed, 3, 4), [f"s{number:02d}" for number in range(12)]
    order = np.random.default_rng(seed).permutation(12)
    first = fit_user_style("ann", ids, points)
    second = fit_user_style("ann", [ids[row] for row in order], points[order])
    np.testing.assert_array_equal(first.centroids, second.centroids)
    assert first.exemplars == second.exemplars


def test_a_cluster_half_as_large_counts_half() -> None:
    style = UserStyle("ann", np.stack([EAST, NORTH]), np.array([4, 2], np.int32), np.zeros(2, np.float32), ((), ()))
    assert cluster_weights(style).tolist() == [1, 0.5]
    between = unit_rows(np.array([[3, 4]], np.float32))  # .6 like EAST, .8 like NORTH
    value, cluster = preference(style, np.concatenate([EAST[None], NORTH[None], between]))
    assert value == pytest.approx([1, 0.5, 0.6])
    assert cluster.tolist() == [0, 1, 0]
    assert nearest_cluster(style, between).tolist() == [1], "where it belongs is another question"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_preference_equals_the_slow_twin(seed: int) -> None:
    points = blobs(seed, 4, 5, spread=0.4)
    style = fit_user_style("ann", [f"s{number:02d}" for number in range(20)], points)
    value, cluster = preference(style, points)
    for place, point in enumerate(points):
        pairs = zip(style.centroids, style.sizes, strict=True)
        likeness = [float(np.dot(point, centroid)) * size / max(style.sizes) for centroid, size in pairs]
        assert value[place] == pytest.approx(max(0, *likeness), abs=1e-5)
        assert likeness[cluster[place]] == pytest.approx(max(likeness), abs=1e-5)
