"""Views of a sticker on show: where in its list it stands, and what never travels unasked."""

from __future__ import annotations

import json

import pytest
import toy

from persrv.insight.caption_inspection import Inspector
from persrv.retriever import Retriever
from persrv.ui.captions_tab import showing
from persrv.ui.captions_tab.calls import calls
from persrv.ui.service import PageService


@pytest.fixture
def service(toy_retriever: Retriever) -> PageService:
    return PageService(toy_retriever)


def test_a_list_is_walked_in_a_circle(toy_retriever: Retriever) -> None:
    ids = toy.IDS[:3]
    steps = [showing.walk(ids, name, toy_retriever.sticker) for name in ids]
    assert [(step["previous"], step["next"]) for step in steps] == [("s03", "s02"), ("s01", "s03"), ("s02", "s01")]
    assert [step["place"] for step in steps] == [0, 1, 2]


def test_a_sticker_outside_its_list_stands_before_it(toy_retriever: Retriever) -> None:
    step = showing.walk(toy.IDS[:3], "s09", toy_retriever.sticker)
    assert (step["place"], step["previous"], step["next"], step["total"]) == (None, "s03", "s01", 3)
    empty = showing.walk((), "s09", toy_retriever.sticker)
    assert (empty["previous"], empty["next"], empty["strip"]) == (None, None, [])


def test_a_stretch_of_the_list_comes_along(toy_retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "STRIP", 5)
    step = showing.walk(toy.IDS, "s07", toy_retriever.sticker)
    assert (step["start"], [each["id"] for each in step["strip"]]) == (5, ["s06", "s07", "s08", "s09", "s10"])


@pytest.mark.parametrize(
    ("show", "query", "name"),
    [
        (None, "", "all"),
        ("", "laugh", "results"),
        ("cold", "laugh", "cold"),
        ("<b>", " ", "all"),
        ("results", "", "all"),
    ],
)
def test_which_list_is_meant(show: str | None, query: str, name: str) -> None:
    assert showing.list_named(show, query) == name


def test_held_out_queries_are_counted_and_not_sent(service: PageService) -> None:
    inspect_sticker, held_out_queries, *_ = calls(service)
    shown = inspect_sticker({"sticker": "s05", "query": "", "user": "ann"})
    assert shown["held_out"] == 1
    shown["sticker"].pop("text"), shown["sticker"].pop("labels")  # the word is on the picture, too
    kept = {key: shown[key] for key in ("sticker", "held_out", "places", "query")}
    kept["sticker"].pop("neighbours")
    assert "night" not in json.dumps(kept)
    assert held_out_queries({"sticker": "s05"})["queries"][0]["query"] == "night"


def test_errors_become_sentences(service: PageService) -> None:
    inspect_sticker, held_out_queries, *_, picture_kin, _ = calls(service)
    assert "nowhere" in inspect_sticker({"sticker": "nowhere"})["error"]
    assert "500" in inspect_sticker({"query": "哈" * 501})["error"]
    assert "nowhere" in held_out_queries({"sticker": "nowhere"})["error"]
    assert "nowhere" in picture_kin({"sticker": "nowhere"})["error"]
    assert picture_kin({"picture": "!"})["code"] == "not_picture"


def test_places_are_there_where_there_is_a_query(service: PageService, toy_retriever: Retriever) -> None:
    view = showing.inspected(service, Inspector(toy_retriever), "s01", None, "laugh", "ann")
    place = toy_retriever.place("s01", "laugh", "ann")
    assert view["places"]["tuned"] == {
        "rank": place.rank,
        "recall_rank": place.recall_rank,
        "deep": False,
        "matched": 4,
        "counted": True,
    }
    assert showing.inspected(service, Inspector(toy_retriever), "s01", None, "  ", "ann")["places"] is None


def test_a_sticker_of_the_catalogue_has_kin_without_an_encoder(service: PageService) -> None:
    answer = calls(service)[-2]({"sticker": "s02"})
    assert len(answer["neighbours"]) == 8
    assert answer["audience"][0]["user"] == "bob"
    assert answer["audience"][0]["nearest"][0]["id"] == "s02"
