"""Cold start: likes make a style as clicks do, stickers to choose from stand for all, a style is told by its looks."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from persrv.bundle import Bundle
from persrv.errors import QueryError
from persrv.insight import cold_start
from persrv.ranking.styles import fit_user_style, unit_rows
from persrv.records import RANKINGS, FloatArray
from persrv.retriever import LIVE_SEED, Retriever
from persrv.settings import with_switches

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo"
QUERIES = ("笑死我了", "good night", "谢谢老板", "加班", "lol")


@pytest.fixture(scope="module")
def demo() -> Retriever:
    return Retriever.open(DEMO)


# ---- the style of a visitor is fitted as everybody's ----------------------------------------------------------------


@pytest.mark.slow
def test_whoever_likes_what_a_person_clicked_gets_that_persons_rankings(demo: Retriever) -> None:
    assert demo.people
    for person in demo.people:
        clicked = [interaction.sticker for interaction in demo.interactions_of(person.id)]
        assert len(set(clicked)) > 1
        you = demo.live_style(clicked[::-1])
        known = demo.style_of(person.id)
        assert known is not None
        assert you.exemplars == known.exemplars
        np.testing.assert_allclose(you.centroids, known.centroids, atol=1e-3)  # the bundle's vectors are float16
        for query in QUERIES:
            ours, theirs = demo.compare(query, you), demo.compare(query, person.id)
            for name in RANKINGS:
                assert [hit.sticker for hit in ours[name].hits] == [hit.sticker for hit in theirs[name].hits]
                assert ours[name].personalized == theirs[name].personalized


def test_a_picture_of_ones_own_weighs_as_much_as_a_sticker(toy_retriever: Retriever) -> None:
    """s01 is (.8 style 0, .6 laugh) and the picture the same in style 3: two clusters, each at its own place."""
    picture = np.zeros(8, np.float32)
    picture[[3, 4]] = 0.8, 0.6
    style = toy_retriever.live_style(["s01"], "me", {"mine": picture})
    assert (style.user, style.sizes.tolist(), style.exemplars) == ("me", [1, 1], (("mine",), ("s01",)))
    np.testing.assert_allclose(style.centroids[0], picture, atol=1e-6)
    only = with_switches(toy.OCR_ONLY, "personalization")
    hits = toy_retriever.search("laugh", style, only).hits
    assert [hit.sticker for hit in hits] == ["s01", "s04", "s02", "s03"]  # s04 looks as the picture does
    pulled = {hit.sticker: hit.preference.exemplars for hit in hits if hit.preference}
    assert (pulled["s01"], pulled["s04"]) == (("s01",), ("mine",))
    taste = hits[1].preference
    assert taste is not None
    assert taste.value == pytest.approx(1.0, abs=1e-3)


def test_a_picture_alone_is_a_style(toy_retriever: Retriever) -> None:
    style = toy_retriever.live_style([], pictures={"mine": toy.axis(2)})
    best = toy_retriever.search("night", style, with_switches(toy.OCR_ONLY, "personalization")).hits[0]
    assert best.sticker == "s07"
    assert best.preference is not None
    assert best.preference.value == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "vector"),
    [("s01", toy.axis(0)), ("mine", np.ones(3, np.float32)), ("mine", np.full(8, np.nan, np.float32))],
)
def test_a_picture_that_fits_nothing_is_named(toy_retriever: Retriever, name: str, vector: FloatArray) -> None:
    with pytest.raises(QueryError, match=f"A picture '{name}'"):
        toy_retriever.live_style(["s02"], pictures={name: vector})


def test_no_likes_and_no_pictures_are_no_style(toy_retriever: Retriever) -> None:
    with pytest.raises(QueryError, match="No sticker chosen"):
        toy_retriever.live_style([], pictures={})


# ---- stickers to choose from ----------------------------------------------------------------------------------------


def covered(vectors: FloatArray, chosen: list[int] | tuple[int, ...]) -> float:
    """Objective of facility location, one vector at a time."""
    return sum(max([0.0, *(float(vector @ vectors[row]) for row in chosen)]) for vector in vectors)


def test_a_spread_by_hand() -> None:
    """Three near east, two north, one west: first the eastern one that leans to the north, 1 + .98 + .92 + 2 x .20."""
    vectors = unit_rows(np.array([[1, 0.2], [1, 0], [1, -0.2], [0, 1], [0, 1], [-1, 0]], np.float32))
    assert cold_start.spread(vectors, 3) == [0, 3, 5]
    assert cold_start.spread(vectors, 99)[:3] == [0, 3, 5]
    assert sorted(cold_start.spread(vectors, 99)) == [0, 1, 2, 3, 4, 5]
    assert cold_start.spread(vectors[:0], 5) == []


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 4))
def test_the_greedy_spread_takes_what_adds_most_and_comes_close_to_the_best_set(seed: int, many: int, few: int) -> None:
    vectors = unit_rows(np.random.default_rng(seed).normal(size=(many, 3)).astype(np.float32))
    chosen = cold_start.spread(vectors, few)
    assert len(chosen) == len(set(chosen)) == min(few, many)
    for step, taken in enumerate(chosen):
        left = [row for row in range(many) if row not in chosen[:step]]
        best = max(covered(vectors, [*chosen[:step], row]) for row in left)
        assert covered(vectors, [*chosen[:step], taken]) == pytest.approx(best, abs=1e-4)
    optimum = max(covered(vectors, each) for each in combinations(range(many), len(chosen)))
    assert covered(vectors, chosen) >= (1 - 1 / np.e) * optimum - 1e-4


def test_a_spread_shows_every_style_of_the_toy_world_first(toy_retriever: Retriever) -> None:
    among = cold_start.sample(toy_retriever.bundle)
    first = [among.ids[row] for row in cold_start.spread(among.vectors, 4)]
    assert {toy_retriever.sticker(name).labels["style"] for name in first} == set(toy.STYLES)


# ---- what a style looks like ----------------------------------------------------------------------------------------


def test_a_sample_is_even_and_in_the_order_of_ids(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert cold_start.sample(bundle).ids == toy.IDS
    few = cold_start.sample(bundle, 5)
    assert few.ids == ("s01", "s03", "s05", "s08", "s10")
    np.testing.assert_allclose(np.linalg.norm(few.vectors, axis=1), 1, atol=1e-3)
    assert (cold_start.sample(bundle).depth, few.depth) == (3, 2)


def test_a_make_up_by_hand(toy_retriever: Retriever) -> None:
    """Of 12 stickers the nearest 3 describe: whoever likes s01 and s05 is nearest to the three pixel stickers."""
    among = cold_start.sample(toy_retriever.bundle)
    pixel = cold_start.make_up(toy_retriever.live_style(["s01", "s05"]), among, toy_retriever.sticker)
    assert pixel == cold_start.MakeUp(("s01", "s05", "s09"), (("pixel", 1.0),))
    mixed = cold_start.make_up(toy_retriever.live_style(["s01", "s06"]), among, toy_retriever.sticker)
    assert mixed.nearest == ("s01", "s06", "s02"), "at 1, 1, and .64, the first of those by id"
    assert mixed.shares == (("ink", pytest.approx(2 / 3)), ("pixel", pytest.approx(1 / 3)))


def test_shares_by_hand() -> None:
    assert cold_start.shares(["b", "a", "", "b", "a"]) == (("a", 0.4), ("b", 0.4))
    assert cold_start.shares([]) == ()
    assert cold_start.shares(["", ""]) == ()


@given(st.lists(st.sampled_from(["", "ink", "neon", "<b>"])))
def test_shares_are_shares(looks: list[str]) -> None:
    told = cold_start.shares(looks)
    assert sum(share for _, share in told) <= 1 + 1e-9
    assert all(share == looks.count(name) / len(looks) for name, share in told)
    assert list(told) == sorted(told, key=lambda pair: (-pair[1], pair[0]))


def test_a_look_is_the_style_label_else_the_series() -> None:
    sticker = toy.stickers()[1]
    assert cold_start.look_of(sticker) == "ink"
    assert cold_start.look_of(replace(sticker, labels={})) == "ink", "the toy's series are called as its styles"
    assert cold_start.look_of(replace(sticker, labels={}, series="")) == ""


@given(st.sets(st.sampled_from(toy.IDS), min_size=1), st.integers(0, 3))
def test_a_live_style_is_the_fit_of_its_vectors(toy_retriever: Retriever, liked: set[str], pictures: int) -> None:
    """The twin: stickers and pictures together, as persrv.ranking.styles fits the same vectors under the same names."""
    own = {f"mine{number}": toy.axis(number) for number in range(pictures)}
    style = toy_retriever.live_style(sorted(liked), "me", own)
    names = sorted(liked)
    raw = np.array([toy.embeddings()[toy.IDS.index(name)] for name in names], np.float16).astype(np.float32)
    vectors = unit_rows(np.concatenate([raw, *(vector[None] for vector in own.values())]))
    twin = fit_user_style("me", [*names, *own], vectors, seed=LIVE_SEED)
    assert (style.exemplars, style.sizes.tolist()) == (twin.exemplars, twin.sizes.tolist())
    np.testing.assert_allclose(style.centroids, twin.centroids, atol=1e-6)
