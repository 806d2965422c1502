"""The server's answers to the map, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import map_world
import numpy as np
import pytest

from persrv.insight.map_trust import nearest_on_map, trustworthiness
from persrv.retriever import Retriever
from persrv.ui.map_tab import points
from persrv.ui.map_tab.calls import calls, plotly_script
from persrv.ui.service import PageService


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return Retriever.open(map_world.write_world(tmp_path_factory.mktemp("islands")))


@pytest.fixture(scope="module")
def server(retriever: Retriever) -> dict[str, Callable[[object], dict[str, Any]]]:
    """The map's server functions by name."""
    assert retriever.map_xy is not None
    return {call.__name__: call for call in calls(PageService(retriever))}


def test_points_come_in_columns_in_the_order_of_the_catalogue(server: dict[str, Callable]) -> None:
    view = server["map_points"]({})
    assert view["ids"] == list(map_world.IDS)
    assert view["total"] == 48
    assert [view["x"][17], view["y"][17]] == map_world.places()[17].tolist()
    assert [view["clicks"][row] for row in (0, 1, 2, 24)] == [5, 1, 0, 9]
    style = view["labels"]["style"]
    assert [style["values"][style["codes"][row]] for row in (0, 12, 24, 36)] == list(map_world.STYLES)
    assert view["utility"][24] > view["utility"][1] > view["utility"][2]
    assert Path(view["plotly"]) == plotly_script().resolve()
    json.dumps(view)


def test_a_large_catalogue_is_sampled_evenly_and_keeps_what_was_clicked_most(retriever: Retriever) -> None:
    clicks = retriever.bundle.utility_counts[:, 0]
    assert np.flatnonzero(clicks).tolist() == [0, 1, 12, 13, 24, 25], "another world"
    rows = points.shown_rows(retriever, most=6)
    assert rows.tolist() == sorted(set(range(0, 48, 8)) | {0, 1, 12, 13, 24, 25})
    few = np.argsort(-clicks, kind="stable")[:3].tolist()
    assert points.shown_rows(retriever, most=3).tolist() == sorted({0, 16, 32, *few})
    assert points.shown_rows(retriever, most=48).tolist() == list(range(48))


def test_a_sampled_map_comes_with_the_density_of_the_whole(retriever: Retriever) -> None:
    xy = map_world.places()
    view = points.map_view(retriever, xy, most=6)
    density = view["density"]
    assert (view["total"], sum(map(sum, density["counts"]))) == (48, 48)
    column, row = (np.searchsorted(density[axis], xy[5, place], "right") - 1 for place, axis in enumerate("xy"))
    assert density["counts"][row][column] == np.sum(
        (np.searchsorted(density["x"], xy[:, 0], "right") - 1 == column)
        & (np.searchsorted(density["y"], xy[:, 1], "right") - 1 == row)
    )
    assert "density" not in points.map_view(retriever, xy, most=48)
    json.dumps(view)


def test_stickers_that_are_no_points_can_be_asked_for(server: dict[str, Callable]) -> None:
    whole, named = server["map_points"]({}), server["map_named"]({"ids": ["m17", "nowhere", 3, None, ["m01"], "m03"]})
    assert named["ids"] == ["m17", "m03"]
    assert named["x"] == [whole["x"][17], whole["x"][3]]
    assert [server["map_named"](sent)["ids"] for sent in (None, {}, {"ids": "m17"}, "m17")] == [[]] * 4


def test_members_have_the_cluster_of_the_nearest_centroid_and_their_clicks(
    retriever: Retriever, server: dict[str, Callable]
) -> None:
    members = server["map_members"]({"user": "ann"})["members"]
    assert [(name, clicks) for name, _, clicks in members] == [("m00", 4), ("m01", 1), ("m12", 2), ("m13", 1)]
    cluster = {name: number for name, number, _ in members}
    style = retriever.style_of("ann")
    assert style is not None
    assert cluster["m00"] == cluster["m01"] != cluster["m12"] == cluster["m13"]
    assert all(name in style.exemplars[cluster[name]] for name in cluster)


@pytest.mark.parametrize("sent", [{"user": "stranger"}, {"user": 3}, {}, None, "ann"])
def test_whoever_has_no_style_has_no_members(server: dict[str, Callable], sent: object) -> None:
    assert server["map_members"](sent) == {"members": []}


def test_a_visitors_likes_lie_in_the_clusters_of_their_style(retriever: Retriever, server: dict[str, Callable]) -> None:
    likes = ["m00", "m01", "m40", "m41"]
    style = retriever.live_style(likes)
    expected = points.nearest_clusters(retriever, style, likes)
    members = server["map_members"]({"user": "@you", "likes": likes})["members"]
    assert members == [[name, cluster, 0] for name, cluster in zip(likes, expected, strict=True)]
    assert "sticker" in server["map_members"]({"user": "@you", "likes": ["nowhere"]})["error"]


def test_neighbours_in_the_space_stand_beside_those_on_the_map(
    retriever: Retriever, server: dict[str, Callable]
) -> None:
    view = server["map_neighbours"]({"sticker": "m05"})
    space = [name for name, _ in retriever.neighbours("m05", points.NEIGHBOURS)]
    near = [map_world.IDS[row] for row in nearest_on_map(map_world.places(), 5, points.NEIGHBOURS)]
    assert [each["id"] for each in view["space"]] == space
    assert [each["id"] for each in view["map"]] == near
    assert view["shared"] == len(set(space) & set(near))
    assert 0 < view["shared"] < points.NEIGHBOURS, "the world no longer tells the two lists apart"


@pytest.mark.parametrize("sent", [{"sticker": "nowhere"}, {}, None])
def test_neighbours_of_nothing_are_an_error_with_a_sentence(server: dict[str, Callable], sent: object) -> None:
    assert "sticker" in server["map_neighbours"](sent)["error"]


def test_the_whole_map_is_judged_once(retriever: Retriever, server: dict[str, Callable]) -> None:
    view = server["map_trust"]({})
    expected = trustworthiness(map_world.vectors().astype(np.float16).astype(np.float32), map_world.places(), 10)
    assert view == {"value": pytest.approx(expected, abs=1e-4), "k": 10, "judged": 48, "among": 48}
    assert server["map_trust"]({}) is view


def test_a_tiny_map_is_not_judged(toy_retriever: Retriever) -> None:
    assert toy_retriever.map_xy is not None
    assert points.trust_view(toy_retriever, toy_retriever.map_xy)["value"] is None
