"""The experiments: their parts by hand, what a small world shows, and that no test click reaches what is fitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import clicked_world
import numpy as np
import pytest
from both_languages import assert_told_in_both_languages
from clicked_world import DAY

from persrv.bundle import InteractionTable, tables
from persrv.bundle.layout import SPLITS
from persrv.errors import DataError
from persrv.ranking.styles import fit_user_style, unit_rows
from persrv.records import Interaction
from precompute.evaluation.experiments import (
    drift,
    resplit,
    sensitivity,
    splits,
    style_models,
    style_spaces,
)
from precompute.evaluation.experiments.answered import NO_CLICKS
from precompute.evaluation.experiments.bench import GAIN, NEW, Bench
from precompute.evaluation.experiments.centroids import (
    FAMILIES,
    _alternate,
    every_sticker,
    gaussian_mixture,
    hdbscan,
    k_means,
    medoids,
    plain_k_means,
    single_mean,
)
from precompute.evaluation.experiments.drift import CHANGED, DECAYED, EVERYBODY, OTHERS, STATIC, WINDOW
from precompute.evaluation.experiments.sentences import figure, gain
from precompute.evaluation.registry import EXPERIMENTS, SECTIONS
from precompute.evaluation.report import Figure, Findings, findings_to_json
from precompute.evaluation.world import Options, World
from precompute.fit.split import Split, TestInteractions, TrainInteractions
from precompute.runtime.progress import silent


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.open(clicked_world.write(tmp_path_factory.mktemp("experiments")), Options(resamples=200))


# ---- style models ----------------------------------------------------------------------------------------------------

#: Three near (1, 0), two near (0, 1), in the plane.
ANGLES = np.radians([0, 4, 8, 88, 90])
BLOBS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)


def degrees(centroids: np.ndarray) -> list[int]:
    return sorted(round(float(np.degrees(np.arctan2(y, x)))) for x, y in centroids)


def test_every_family_finds_two_groups() -> None:
    assert degrees(k_means(BLOBS, 2)) == [4, 89]
    assert degrees(gaussian_mixture(BLOBS, 2)) == [4, 89]
    assert degrees(hdbscan(BLOBS, 2)) == [4, 89]
    assert degrees(medoids(BLOBS, 2)) in ([4, 88], [4, 90])
    assert degrees(single_mean(BLOBS, 1)) == [36]
    assert every_sticker(BLOBS, 1) is BLOBS


def test_k_means_here_is_k_means_online() -> None:
    ids = [f"s{number}" for number in range(len(BLOBS))]
    house = fit_user_style("u", ids, BLOBS, 2).centroids
    assert np.allclose(sorted(house.tolist()), sorted(k_means(BLOBS, 2).tolist()), atol=1e-6)


def test_medoids_move_until_nothing_does() -> None:
    """0, 1, 2, 10, 11, 12 from 0 and 1: all but 0 go to 1, whose middle is 10; then 1 and 11 are the middles."""
    places = np.array([0.0, 1, 2, 10, 11, 12])
    assert _alternate(np.abs(places[:, None] - places), np.array([0, 1])).tolist() == [1, 4]


def test_medoids_are_the_best_stickers_there_are() -> None:
    points = unit_rows(np.random.default_rng(3).normal(size=(9, 4)).astype(np.float32))
    apart = 1 - points @ points.T
    best = min(apart[:, [a, b]].min(axis=1).sum() for a in range(9) for b in range(a))
    chosen = medoids(points, 2)
    rows = [int(np.flatnonzero((points == centre).all(axis=1))[0]) for centre in chosen]
    assert apart[:, rows].min(axis=1).sum() == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_family_copes_with_few_and_equal_stickers(family: Any) -> None:
    for points in (BLOBS[:1], np.repeat(BLOBS[:1], 6, axis=0), BLOBS[:2]):
        for value in (family.values[0], family.values[-1]):
            found = family.fit(points, value)
            assert 1 <= len(found) <= len(points)
            assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_weights_move_a_mean() -> None:
    """(1, 0) with weight 3 and (0, 1) with weight 1: (.75, .25)."""
    means, assigned = plain_k_means(np.eye(2, dtype=np.float32), 1, np.array([3.0, 1.0]))
    assert means.tolist() == [[0.75, 0.25]]
    assert assigned.tolist() == [0, 0]


@pytest.mark.slow
def test_style_models_say_what_each_family_reaches(world: World) -> None:
    found = style_models.compute(world, silent)
    assert [curve.name for curve in found.curves] == [family.name for family in FAMILIES]
    assert found.curves[0].x == tuple(range(1, 11))
    rows = {row.name: row for row in found.tables[0].rows}
    assert set(rows) == {family.name for family in FAMILIES} | {style_models.SHIPPED, style_models.NOTHING}
    assert rows[style_models.NOTHING].figures[NEW].value < rows["k-means"].figures[NEW].value, "taste was put there"
    gain = rows["k-means"].figures[NEW].value - rows[style_models.SHIPPED].figures[NEW].value
    assert rows["k-means"].figures[GAIN].value == pytest.approx(gain, abs=2e-6)
    one, single = found.curves[0], found.curves[1]
    assert one.y[0] == pytest.approx(single.y[0], abs=1e-6), "one cluster is the single mean"


def test_costs_are_of_the_machine(world: World) -> None:
    section = next(each for each in EXPERIMENTS if each.name == "style_cost")
    rows = {row.name: row.figures for row in section.compute(world, silent).tables[0].rows}
    assert section.of_machine
    kept = [rows[f"k-means, clusters {k}"][style_models.KEPT].value for k in (1, 5, 10)]
    assert kept == sorted(kept)
    assert kept[0] == 1
    assert rows["nearest training sticker"][style_models.KEPT].value > 10


# ---- spaces ----------------------------------------------------------------------------------------------------------


def test_scaling_by_hand() -> None:
    """Means 2 and 5; deviations 1 and, without spread, 1."""
    scaler = style_spaces.Scaler.of(np.array([[1, 5], [3, 5]], np.float32))
    assert scaler(np.array([[4, 6]], np.float32)).tolist() == [[2, 1]]


def test_scaling_is_scikit_learns() -> None:
    from sklearn.preprocessing import StandardScaler

    points = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
    expected = StandardScaler().fit(points).transform(points[:2])
    assert np.allclose(style_spaces.Scaler.of(points)(points[:2]), expected, atol=1e-5)


def test_two_spaces_mixed_lose_a_single_taste() -> None:
    """Thirty stickers of one style: their scaled mean is 0, so that raw cosines with it say next to nothing."""
    rng = np.random.default_rng(4)
    liked = np.eye(32)[0] + rng.normal(scale=0.1, size=(60, 32))
    others = np.eye(32)[1] + rng.normal(scale=0.1, size=(60, 32))
    vectors = unit_rows(np.concatenate([liked, others]).astype(np.float32))
    mean = vectors.mean(axis=0)
    clicked, ahead = np.arange(30), {}
    for name, space in style_spaces.SPACES.items():
        cosines = style_spaces.taste_in(space, vectors, mean, clicked, 1).cosines()
        ahead[name] = float((cosines[30:60, None] > cosines[None, 60:]).mean())
    assert ahead[style_spaces.CENTRED] == ahead[style_spaces.RAW] == 1.0
    assert ahead[style_spaces.AUTHORS] < 0.9
    mixed = style_spaces.taste_in(style_spaces.SPACES[style_spaces.AUTHORS], vectors, mean, clicked, 1).inside()
    ours = style_spaces.taste_in(style_spaces.SPACES[style_spaces.CENTRED], vectors, mean, clicked, 1).inside()
    assert mixed.all(), "the authors' gate lets everything pass"
    assert ours[:30].all()
    assert not ours[60:].any()


def test_spaces_are_compared_with_ours(world: World) -> None:
    found = style_spaces.compute(world, silent)
    rows = {row.name: row.figures for row in found.tables[0].rows}
    assert list(rows) == list(style_spaces.SPACES)
    assert GAIN not in rows[style_spaces.CENTRED]
    assert (
        0
        < rows[style_spaces.CENTRED][style_spaces.PASSING].value
        < rows[style_spaces.AUTHORS][style_spaces.PASSING].value
    )


# ---- drift -----------------------------------------------------------------------------------------------------------

LATEST = drift.Latest(BLOBS, np.array([20.0, 20.0, 20.0, 10.0, 10.0]))


def test_a_half_life_makes_the_older_cluster_less_fresh() -> None:
    """Ten days between the clusters: with a half-life of ten days the older one is half as fresh."""
    style = drift.decayed(LATEST, 10, 2)
    order = np.argsort(np.arctan2(style.centroids[:, 1], style.centroids[:, 0]))
    assert degrees(style.centroids) == [4, 89]
    assert style.freshness[order].tolist() == pytest.approx([0.5, 1.0])
    liked = drift.preference(style, BLOBS[[1, 4]])
    assert liked.tolist() == pytest.approx([0.5, np.cos(np.radians(1))], abs=1e-4)
    assert drift.static(LATEST, 0, 2).freshness.tolist() == [1.0, 1.0]


def test_forgetting_prefers_what_is_liked_now() -> None:
    """Three old stickers against two new ones: static likes both alike, the others like the new ones more."""
    old, new = BLOBS[1:2], BLOBS[3:4]
    for k in (1, 2):
        liked = {
            name: [float(drift.preference(fit(LATEST, value, k), some)[0]) for some in (old, new)]
            for name, fit, value in ((STATIC, drift.static, 0), (DECAYED, drift.decayed, 2), (WINDOW, drift.window, 2))
        }
        assert liked[DECAYED][1] > 0.99 > 0.2 > liked[DECAYED][0]
        assert liked[WINDOW][1] > 0.99 > 0.2 > liked[WINDOW][0]
        assert liked[STATIC][0] >= liked[STATIC][1]


def test_a_window_sees_the_newest_alone() -> None:
    assert degrees(drift.window(LATEST, 2, 2).centroids) == [88, 90]
    assert degrees(drift.window(LATEST, 99, 2).centroids) == [4, 89]


def test_age_counts_from_the_latest_click_of_a_sticker(world: World) -> None:
    stage = Bench.of(world).validation
    start = 1_700_000_000
    rows = (
        Interaction("ann", "laugh", "s00", start),
        Interaction("ann", "laugh", "s00", start + 3 * DAY),
        Interaction("ann", "laugh", "s01", start + DAY),
        Interaction("bob", "laugh", "s01", start + 4 * DAY),
    )
    ages = {
        user: each.age.tolist() for user, each in drift.latest_of(replace(stage, train=TrainInteractions(rows))).items()
    }
    assert ages == {"ann": [1.0, 3.0], "bob": [0.0]}


def test_styles_that_forget_are_told_apart_by_group(world: World) -> None:
    found = drift.compute(world, silent)
    assert [curve.name for curve in found.curves] == [
        f"{kind}: {group}" for kind in (DECAYED, WINDOW) for group in (EVERYBODY, CHANGED, OTHERS)
    ]
    assert {curve.x[-1] for curve in found.curves} == {drift.NAMES[STATIC]}
    rows = {(row.group, row.name): row.figures for row in found.tables[0].rows}
    assert found.parameters["groups"][CHANGED.en] == ["flip"]
    gain = rows[CHANGED, DECAYED][NEW].value - rows[CHANGED, STATIC][NEW].value
    assert rows[CHANGED, DECAYED][GAIN].value == pytest.approx(gain, abs=2e-6)
    weighed = (rows[CHANGED, WINDOW][NEW].value + 4 * rows[OTHERS, WINDOW][NEW].value) / 5
    assert rows[EVERYBODY, WINDOW][NEW].value == pytest.approx(weighed, abs=2e-6), "one of five people changes"
    assert resplit.LEFT_OUT in found.notes


def test_without_times_there_is_no_drift(world: World) -> None:
    timeless = _with(world, [replace(row, time=None) for row in world.interactions], world.split)
    assert drift.compute(timeless, silent).tables == ()
    report = splits.compute(timeless, silent)
    assert any("clicks lack times" in note.en for note in report.notes)
    assert not any("by time" in row.name for row in report.tables[0].rows)


# ---- settings --------------------------------------------------------------------------------------------------------


def test_the_gate_lets_members_through_and_nobody_else(world: World) -> None:
    stage = Bench.of(world).test
    open_, gate = sensitivity.gated(stage, float("inf")), sensitivity.gated(stage, 1.0)
    assert np.allclose(open_, stage.preferences, atol=1e-6)
    row_of = {name: row for row, name in enumerate(world.ids)}
    ann = stage.panel.users.index("ann")
    mine = [row_of[row.sticker] for row in world.split.training.rows if row.user == "ann"]
    assert (gate[ann, mine] == open_[ann, mine]).all(), "whoever shaped a cluster is inside"
    assert 0 < (gate > 0).sum() < (open_ > 0).sum()
    assert (sensitivity.gated(stage, 0.5) <= gate).all()


def test_every_setting_has_its_curve(world: World) -> None:
    found = sensitivity.compute(world, silent)
    assert [curve.name for curve in found.curves] == [knob.name for knob in sensitivity.KNOBS]
    shipped = found.tables[0].rows[0].figures[NEW].value
    by_name = {curve.name: curve for curve in found.curves}
    at = {name: dict(zip(curve.x, curve.y, strict=True)) for name, curve in by_name.items()}
    ungated = at["radius gate"][sensitivity.NONE]
    assert at["alpha"][1.0] == at["lambda"][0.5] == at["R"][20] == at["weight of ocr"][1.0] == ungated
    bench = Bench.of(world)
    assert shipped == pytest.approx(float(bench.test.panel.people.mean(bench.shipped(bench.test))), abs=1e-6)
    for row, knob in zip(found.tables[0].rows[1:], sensitivity.KNOBS, strict=False):
        assert row.name == knob.name
        if by_name[knob.name].chosen in (knob.shipped(bench.settings), sensitivity.NONE):
            assert row.figures[GAIN].value == 0


# ---- splits ----------------------------------------------------------------------------------------------------------


def test_the_bundles_own_split_is_its_own(world: World) -> None:
    assert resplit.divided(world, "interaction") is world.split
    by_pair, by_time = resplit.divided(world, "pair"), resplit.divided(world, "time")
    pairs = {(row.user, row.query) for row in by_pair.training.rows}
    assert not pairs & {(row.user, row.query) for row in by_pair.test.rows}
    assert max(row.time or 0 for row in by_time.training.rows) <= min(row.time or 0 for row in by_time.test.rows)
    for parts in (by_pair, by_time):
        assert sorted(map(repr, (*parts.training.rows, *parts.test.rows))) == sorted(map(repr, world.interactions))
    with pytest.raises(DataError, match="sideways"):
        resplit.divided(world, "sideways")


def test_fine_tuned_captions_stay_with_their_split(world: World) -> None:
    told = resplit.untuned(world)
    assert {sticker.keywords for sticker in told.stickers} == set(clicked_world.STYLES)
    assert told.bundle.index["keywords"].postings("laugh")[0].tolist() == []
    assert len(world.bundle.index["keywords"].postings("laugh")[0])


def test_three_splits_side_by_side(world: World) -> None:
    rows = {(row.group, row.name): row.figures for row in splits.compute(world, silent).tables[0].rows}
    names = [f"{resplit.NAMES['interaction']}, fine-tuned captions", *resplit.NAMES.values()]
    assert list(rows) == [(group, name) for group in (splits.NEW, splits.PAPER) for name in names]
    assert rows[splits.PAPER, resplit.NAMES["pair"]][splits.REPEATED].value == 0
    assert rows[splits.PAPER, resplit.NAMES["interaction"]][splits.REPEATED].value > 0
    own = rows[splits.NEW, names[0]]
    bench = Bench.of(world)
    assert own["PerSRV"].value == pytest.approx(
        float(bench.test.panel.people.mean(bench.shipped(bench.test))), abs=1e-6
    )
    assert own[splits.PERSONAL].value == pytest.approx(own["PerSRV"].value - own["w/o personalization"].value, abs=2e-6)


# ---- no test click reaches what is fitted ----------------------------------------------------------------------------

OTHER_TEST = (Interaction("ann", "party", "s47", 1_800_000_000), Interaction("flip", "laugh", "s00", 1_800_000_001))


def _with(world: World, rows: Any, parts: Split) -> World:
    """The world with other interactions of the same split: rows are matched by all but their time."""
    times = {(row.user, row.query, row.sticker): row for row in rows}

    def same(part: Any) -> tuple[Interaction, ...]:
        return tuple(times.get((row.user, row.query, row.sticker), row) for row in part.rows)

    split = Split(
        type(parts.fitting)(same(parts.fitting)),
        type(parts.validation)(same(parts.validation)),
        type(parts.test)(same(parts.test)),
    )
    table = tables.interactions_to_table(
        {"train": split.fitting.rows, "validation": split.validation.rows, "test": split.test.rows}, SPLITS
    )
    return World(replace(world.bundle, interactions=InteractionTable(table)), split, world.options)


def fitted(world: World) -> list[Any]:
    """Parts of a world that clicks fill, as bytes and numbers."""
    bundle = world.bundle
    index = [
        [name, list(each.columns), each.indptr.tobytes(), each.rows.tobytes(), each.impacts.tobytes()]
        for name, each in sorted(bundle.index.items())
    ]
    centroids = [
        [user, style.centroids.tobytes(), style.radii.tobytes()] for user, style in sorted(bundle.styles.items())
    ]
    return [index, centroids, np.asarray(bundle.utility_counts).tobytes(), repr(bundle.settings)]


@pytest.mark.parametrize("method", ["interaction", "pair", "time"])
def test_other_test_clicks_fit_nothing_else(world: World, method: str) -> None:
    """Queries, utility, styles and settings of a split are the same without its test clicks, and with others."""
    told = resplit.untuned(world)
    parts = resplit.divided(world, method)
    ours = fitted(resplit.refitted(told, parts, silent))
    for test in ((), OTHER_TEST):
        assert fitted(resplit.refitted(told, replace(parts, test=TestInteractions(test)), silent)) == ours
    leaked = replace(parts, fitting=TrainInteractions((*parts.fitting.rows, *parts.test.rows)))
    assert fitted(resplit.refitted(told, leaked, silent)) != ours, "this test sees a leak"


@pytest.mark.slow
@pytest.mark.parametrize(
    "compute", [style_models.compute, style_spaces.compute, sensitivity.compute], ids=["models", "spaces", "settings"]
)
def test_other_test_clicks_choose_nothing_else(world: World, compute: Callable[..., Findings]) -> None:
    """All that validation says, and what it chose, is the same whatever the test clicks are."""
    other = replace(world, split=replace(world.split, test=TestInteractions(OTHER_TEST)))
    ours, theirs = compute(world, silent), compute(other, silent)
    assert ours.curves == theirs.curves
    notes = [[row.note for row in found.tables[0].rows] for found in (ours, theirs)]
    assert notes[0] == notes[1]
    assert ours.tables[0].rows[0].figures[NEW] != theirs.tables[0].rows[0].figures[NEW], "the test clicks differ"


@pytest.mark.slow
def test_chosen_styles_that_forget_do_not_know_the_test_clicks(world: World) -> None:
    """Validation of the split by time: the same curves whatever comes last is clicked."""
    last = resplit.divided(world, "time").test.rows
    changed = {(row.time, row.user): replace(row, sticker="s47") for row in last}

    def other(rows: tuple[Interaction, ...]) -> tuple[Interaction, ...]:
        return tuple(changed.get((row.time, row.user), row) for row in rows)

    split = world.split
    clicked = replace(
        world,
        split=Split(
            type(split.fitting)(other(split.fitting.rows)),
            type(split.validation)(other(split.validation.rows)),
            type(split.test)(other(split.test.rows)),
        ),
    )
    ours, theirs = drift.compute(world, silent), drift.compute(clicked, silent)
    assert ours.curves == theirs.curves
    assert ours.tables != theirs.tables


# ---- all of them -----------------------------------------------------------------------------------------------------


def test_every_experiment_is_registered() -> None:
    assert [each for each in SECTIONS if each in EXPERIMENTS] == list(EXPERIMENTS)


@pytest.mark.slow
@pytest.mark.parametrize("section", [each for each in EXPERIMENTS if not each.of_machine], ids=lambda each: each.name)
def test_findings_name_their_data_and_come_out_the_same_twice(world: World, section: Any) -> None:
    found = section.compute(world, silent)
    assert found.data.en == "simulated world"
    assert "sentence" not in found.parameters, "the first note is the sentence, in both languages"
    assert_told_in_both_languages(found)
    assert findings_to_json(found) == findings_to_json(section.compute(world, silent))
    for curve in found.curves:
        assert curve.part == "validation"
        assert curve.chosen in curve.x


@pytest.mark.parametrize("section", EXPERIMENTS, ids=lambda each: each.name)
def test_without_clicks_there_is_nothing_to_measure(world: World, section: Any) -> None:
    nobody = replace(world, split=replace(world.split, test=TestInteractions(())))
    found = section.compute(nobody, silent)
    assert (found.notes, found.tables, found.curves) == ((NO_CLICKS,), (), ())


def test_sentences_say_what_intervals_say() -> None:
    assert figure(Figure(0.1, 0.05, 0.2)) == "0.1000 [0.0500, 0.2000]"
    assert gain(Figure(0.1, 0.05, 0.2)).en == "0.1000 [0.0500, 0.2000] (clearly more)"
    assert "clearly less" in gain(Figure(-0.1, -0.2, -0.05)).en
    assert "contains 0" in gain(Figure(0.1, -0.1, 0.3)).en
    assert gain(Figure(0.1)).zh == "0.1000（没有区间）"
