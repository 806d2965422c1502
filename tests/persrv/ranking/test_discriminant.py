"""A taste as a linear discriminant: by hand in two dimensions, against slow twins, and through a bundle."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy
from domain_world import SENDS, SETTINGS
from hypothesis import given
from hypothesis import strategies as st

from persrv.bundle import Bundle, amend_sends, amend_styles, layout
from persrv.bundle.senders import Senders
from persrv.engines.compiled import FastRerank
from persrv.errors import BundleError
from persrv.insight.preference_pull import cluster_pulls
from persrv.ranking.styles import (
    FULL,
    StyleSpace,
    fit_user_style,
    nearest_cluster,
    precision_matrix,
    preference,
    taste_rows,
    unit_rows,
)
from persrv.records import FloatArray, UserStyle
from persrv.retriever import Retriever
from persrv.ui.about_tab.calls import about_view
from persrv.ui.service import PageService
from precompute.builds.renewal import renew
from precompute.evaluation.world import World


def drawn(seed: int, count: int, width: int = 6) -> FloatArray:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32))


def style_of(seed: int, catalogue: FloatArray, clicked: int = 9, k: int = 3) -> tuple[UserStyle, FloatArray]:
    rows = np.random.default_rng(seed).choice(len(catalogue), clicked, replace=False)
    ids = [f"s{row:03d}" for row in rows]
    return fit_user_style("ann", ids, catalogue[rows], k, precision=precision_matrix(catalogue)), catalogue[rows]


def test_precision_by_hand() -> None:
    """Three stickers east, one north: S = diag(3/4, 1/4), trace / 2 = 1/2, so half-way to 1/2 I: diag(5/8, 3/8)."""
    catalogue = np.array([[1, 0], [1, 0], [-1, 0], [0, 1]], np.float32)
    assert precision_matrix(catalogue, shrinkage=0.5) == pytest.approx(np.diag([8 / 5, 8 / 3]))


def test_a_catalogue_of_nothing_has_the_identity() -> None:
    assert precision_matrix(np.zeros((3, 2), np.float32)).tolist() == [[1, 0], [0, 1]]


def test_preference_by_hand() -> None:
    """P = diag(1, 4) and one clicked sticker (.6, .8): m P m = .36 + 2.56 = 2.92, so t = (.6, 3.2) / (FULL sqrt(2.92)).
    What is rare in the catalogue, north, counts more than what the sticker has most in common with it.
    """
    clicked = np.array([[0.6, 0.8]], np.float32)
    style = fit_user_style("ann", ["s1"], clicked, precision=np.diag([1.0, 4.0]).astype(np.float32))
    east, north, west = np.array([[1, 0]], np.float32), np.array([[0, 1]], np.float32), np.array([[-1, 0]], np.float32)
    length = FULL * 2.92**0.5
    assert preference(style, east)[0] == pytest.approx([0.6 / length])
    assert preference(style, north)[0] == pytest.approx([3.2 / length])
    assert preference(style, west)[0].tolist() == [0]


@given(st.integers(0, 10_000))
def test_a_preference_is_the_place_on_the_discriminant_in_standard_deviations(seed: int) -> None:
    """The slow twin: m^T P s / sqrt(m^T P m) of the mean m of all clicked stickers, whatever the clusters."""
    catalogue = drawn(seed, 60)
    style, clicked = style_of(seed, catalogue)
    precision, mean = precision_matrix(catalogue).astype(np.float64), clicked.mean(axis=0)
    expected = [mean @ precision @ each / np.sqrt(mean @ precision @ mean) / FULL for each in catalogue]
    assert preference(style, catalogue)[0] == pytest.approx(np.clip(expected, 0, 1), abs=1e-4)


def test_a_quiet_cluster_counts_less() -> None:
    catalogue = drawn(3, 60)
    style, _ = style_of(3, catalogue)
    loud = replace(style, weights=np.array([1, 0, 0], np.float32))
    alone = replace(
        style,
        centroids=style.centroids[:1],
        sizes=style.sizes[:1],
        discriminants=style.discriminants[:1] if style.discriminants is not None else None,
        lengths=style.lengths[:1] if style.lengths is not None else None,
    )
    assert preference(loud, catalogue)[0] == pytest.approx(preference(alone, catalogue)[0], abs=1e-6)


def test_members_that_cancel_out_prefer_nothing() -> None:
    clicked = np.array([[1, 0], [-1, 0]], np.float32)
    style = fit_user_style("ann", ["s1", "s2"], clicked, k=1, precision=np.eye(2, dtype=np.float32))
    assert preference(style, clicked)[0].tolist() == [0, 0]


@given(st.integers(0, 10_000))
def test_pulls_of_a_cluster_add_up_to_what_it_says(seed: int) -> None:
    catalogue = drawn(seed, 60)
    style, clicked = style_of(seed, catalogue)
    precision = precision_matrix(catalogue)
    near = nearest_cluster(style, clicked)
    for cluster, size in enumerate(style.sizes.tolist()):
        members = clicked[near == cluster]
        if len(members) != size:  # a member may lie nearer to another cluster's centroid than to its own
            continue
        pulls = cluster_pulls(style, cluster, catalogue[0], members, precision)
        assert pulls.sum() == pytest.approx(float(taste_rows(style)[cluster] @ catalogue[0]), abs=1e-4)


def test_compiled_code_says_the_same() -> None:
    raw = drawn(5, 80, 16).astype(np.float16)
    mean = np.asarray(raw, np.float32).mean(axis=0)
    catalogue = StyleSpace(mean).project(np.asarray(raw, np.float32))
    style, _ = style_of(5, catalogue)
    rows = np.arange(80)
    values, clusters = FastRerank(raw, mean, rows).preference(style, rows)
    expected, nearest = preference(style, catalogue)
    assert values == pytest.approx(expected, abs=1e-5)
    assert clusters.tolist() == nearest.tolist()


# ---- through a bundle -----------------------------------------------------------------------------------------------


def with_discriminants(folder: Path) -> Bundle:
    bundle = toy.write_toy(folder)
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings, np.float32))
    precision = precision_matrix(vectors)
    rows = {
        user: sorted({bundle.row_of[each.sticker] for each in bundle.interactions["train"] if each.user == user})
        for user in bundle.styles
    }
    styles = [
        fit_user_style(user, [bundle.ids[row] for row in mine], vectors[mine], precision=precision)
        for user, mine in rows.items()
    ]
    return amend_styles(bundle.path, styles, precision)


def test_a_bundle_keeps_discriminants(tmp_path: Path) -> None:
    bundle = with_discriminants(tmp_path)
    assert bundle.style_precision is not None
    vectors = StyleSpace(bundle.style_mean).project(np.asarray(bundle.embeddings, np.float32))
    for style in bundle.styles.values():
        mine = sorted({each.sticker for each in bundle.interactions["train"] if each.user == style.user})
        fitted = fit_user_style(
            style.user, mine, vectors[[bundle.row_of[each] for each in mine]], precision=precision_matrix(vectors)
        )
        assert preference(style, vectors)[0] == pytest.approx(preference(fitted, vectors)[0], abs=1e-4)


def test_likes_and_domains_are_discriminants_where_the_bundles_people_have_them(tmp_path: Path) -> None:
    bundle = amend_sends(with_discriminants(tmp_path).path, SENDS, SETTINGS, {"seed": 1})
    retriever = Retriever.open(bundle.path)
    likes = ["s01", "s05"]
    fitted = fit_user_style("you", likes, retriever.style_vectors(likes), precision=bundle.style_precision)
    live, vectors = retriever.live_style(likes), retriever.style_vectors(list(bundle.ids))
    assert preference(live, vectors)[0] == pytest.approx(preference(fitted, vectors)[0], abs=1e-6)
    at_work = Senders(bundle, retriever.style_vectors, 1).style("ann", "work")
    assert at_work is not None
    assert at_work.discriminants is not None
    assert retriever.search("laugh", "ann", domain="work").hits[0].preference is not None


def test_the_page_is_told_what_a_taste_is(tmp_path: Path) -> None:
    older = about_view(PageService(Retriever(toy.write_toy(tmp_path / "older"))))
    newer = about_view(PageService(Retriever(with_discriminants(tmp_path / "newer"))))
    assert (older["discriminant"], newer["discriminant"]) == (False, True)


def test_a_bundle_holds_both_or_neither(tmp_path: Path) -> None:
    bundle = with_discriminants(tmp_path)
    path = bundle.path / layout.MANIFEST
    manifest = json.loads(path.read_text())
    del manifest["files"][layout.MEAN_LENGTHS]
    manifest["content_hash"] = layout.content_hash(manifest["files"])
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (bundle.path / layout.MEAN_LENGTHS).unlink()
    path.write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="only one"):
        Bundle.open(bundle.path)


def test_an_older_bundle_gains_discriminants_by_renewal(tmp_path: Path) -> None:
    older = toy.write_toy(tmp_path)
    assert older.style_precision is None
    assert World.open(older).fit(World.open(older).split.training).styles[0].discriminants is None
    renewed = renew(older.path, None, io.StringIO())
    vectors = StyleSpace(renewed.style_mean).project(np.asarray(renewed.embeddings, np.float32))
    assert renewed.style_precision == pytest.approx(precision_matrix(vectors), rel=1e-4, abs=1e-4)
    assert all(style.discriminants is not None for style in renewed.styles.values())
    assert World.open(renewed).profile.styles.discriminant
