"""The world that is evaluated: what a bundle holds, and that test clicks fit nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy

from persrv.bundle import Bundle
from persrv.records import FIELDS, Interaction
from precompute.evaluation.world import World
from precompute.fit.split import Split, TestInteractions, by_interaction

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo"


@pytest.fixture
def world(toy_bundle_path: Path) -> World:
    return World.open(toy_bundle_path)


def fitted_parts(world: World) -> dict[str, object]:
    """Parts of a world that were fitted on clicks, as plain values."""
    bundle = world.bundle
    return {
        "queries": [sticker.queries for sticker in bundle.stickers],
        "counts": np.asarray(bundle.utility_counts).tolist(),
        "styles": {
            user: (style.centroids.tolist(), style.sizes.tolist(), style.radii.tolist(), style.exemplars)
            for user, style in bundle.styles.items()
        },
        "index": {
            name: (list(index.columns), index.indptr.tolist(), index.rows.tolist(), index.impacts.tolist())
            for name, index in bundle.index.items()
        },
        "settings": bundle.settings,
    }


def test_parts_are_typed_and_complete(world: World) -> None:
    assert world.split.fitting.rows == toy.INTERACTIONS["train"]
    assert world.split.validation.rows == toy.INTERACTIONS["validation"]
    assert world.split.test.rows == toy.INTERACTIONS["test"]
    assert world.data.en == "simulated world"
    assert [(q.user, q.query, q.clicked) for q in world.questions] == [("ann", "night", frozenset({"s05", "s06"}))]
    assert world.known["ann", "laugh"] == {"s01", "s02"}
    assert world.texts["ocr"]["s05"] == "night"


def test_other_peoples_data_is_called_so(tmp_path: Path) -> None:
    assert World.open(toy.write_toy(tmp_path, simulated=False)).data.en == "real people"


def test_the_bundles_own_features_come_out_of_its_training_clicks(world: World) -> None:
    """Refitted on its own split: the same queries, counts and indexes as were written."""
    again, before = fitted_parts(world.refit(world.split)), fitted_parts(world)
    assert {name: again[name] for name in ("queries", "counts", "index", "settings")} == {
        name: before[name] for name in ("queries", "counts", "index", "settings")
    }
    assert set(world.refit(world.split).bundle.styles) == {"ann", "bob", "cleo"}


def test_removing_test_clicks_from_the_input_changes_nothing_that_is_fitted(world: World) -> None:
    whole = fitted_parts(world.refit(world.split))
    nothing = replace(world.split, test=TestInteractions(()))
    others = replace(world.split, test=TestInteractions((Interaction("bob", "thanks", "s12"),) * 50))
    assert fitted_parts(world.refit(nothing)) == whole
    assert fitted_parts(world.refit(others)) == whole


def test_removing_a_training_click_does_change_it(world: World) -> None:
    fewer = replace(world.split, fitting=replace(world.split.fitting, rows=world.split.fitting.rows[1:]))
    assert fitted_parts(world.refit(fewer))["counts"] != fitted_parts(world.refit(world.split))["counts"]


@pytest.mark.slow
def test_the_embedded_bundle_is_what_its_training_clicks_make_of_it() -> None:
    """Stored queries, counts, indexes and styles equal those fitted anew without any test click."""
    world = World.open(DEMO)
    again = world.refit(replace(world.split, test=TestInteractions(())))
    stored, fitted = fitted_parts(world), fitted_parts(again)
    for name in ("queries", "counts", "index"):
        assert fitted[name] == stored[name], name
    for user, style in again.bundle.styles.items():
        assert style.exemplars == world.bundle.styles[user].exemplars
        np.testing.assert_allclose(style.centroids, world.bundle.styles[user].centroids, atol=1e-5)


def test_another_split_is_searched_by_the_same_door(world: World) -> None:
    """All clicks but one of each kind train: the words typed for s05 are integrated now, and searched."""
    rows = toy.INTERACTIONS
    moved = Split(
        replace(world.split.fitting, rows=(*rows["train"], *rows["test"])),
        world.split.validation,
        TestInteractions(rows["train"][:1]),
    )
    other = world.refit(moved)
    assert other.bundle.stickers[4].queries == ("night",)
    assert world.bundle.stickers[4].queries == ()
    assert other.retriever.sticker("s05").queries == ("night",)
    assert other.retriever.relevant("ann", "laugh") == {"s01"}
    hit = other.retriever.search("night", "bob").hits[0]
    assert {score.field for score in hit.fields if score.bm25 > 0} == {"ocr", "queries"}


def test_fields_can_be_left_out_or_say_something_else(world: World) -> None:
    silent = world.refit(world.split, without=("ocr",))
    assert not silent.retriever.search("laugh", "nobody").hits[0].fields[0].bm25
    told = world.retold(keywords={"s09": "haha"})
    assert [hit.sticker for hit in told.retriever.search("haha").hits] == ["s09"]
    assert world.retriever.search("haha").fallback
    assert told.bundle.stickers[8].keywords == "haha"


def test_features_for_a_judge_leave_out_empty_fields(world: World) -> None:
    features = world.features(world.split.fitting)
    assert set(features.index) == {"ocr", "queries"}
    assert features.counts[1].tolist() == [3, 2, 2]
    assert features.counts[11].tolist() == [0, 0, 0], "validation clicks are not fitted"


def test_settings_can_change(world: World) -> None:
    changed = world.resettled(replace(world.bundle.settings, alpha=0.0))
    assert changed.bundle.settings.alpha == 0.0
    assert changed.ids == world.ids


def test_how_it_was_fitted_is_read_from_its_record(tmp_path: Path) -> None:
    stated = {"styles": {"parameters": {"clusters": 2, "seed": 7, "space": "x"}}, "tune": {"parameters": {"cutoff": 5}}}
    world = World.open(toy.write_toy(tmp_path, provenance=stated))
    assert (world.profile.styles.clusters, world.profile.styles.seed) == (2, 7)
    assert world.profile.tune.cutoff == 5
    assert world.profile.tune.alpha, "what is not stated has its default"


def test_interactions_do_not_depend_on_the_split(world: World) -> None:
    rows = world.interactions
    assert sorted(map(str, rows)) == sorted(str(i) for part in toy.INTERACTIONS.values() for i in part)
    shuffled = world.refit(by_interaction(rows, test=0.3, validation=0.3, seed=4))
    assert shuffled.interactions == rows


def test_opening_takes_an_open_bundle_too(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert World.open(bundle).bundle is bundle
    assert set(World.open(bundle).texts) == {*FIELDS, "keywords_base"} - {"queries"}
