"""Blind rounds as the server deals and reveals them: no browser."""

from __future__ import annotations

import json

import pytest

from persrv.insight.interleaving import score
from persrv.retriever import Retriever
from persrv.ui.blind_tab.calls import calls
from persrv.ui.service import PageService

CLEO = {"query": "night", "user": "cleo", "first": "none", "second": "both"}


class Blind:
    """The server functions of the tab."""

    def __init__(self, retriever: Retriever) -> None:
        self.blind, self.reveal, self.blind_score = calls(PageService(retriever))


@pytest.fixture(scope="module")
def service(toy_retriever: Retriever) -> Blind:
    return Blind(toy_retriever)


def ranking(retriever: Retriever, name: str) -> list[str]:
    return [hit.sticker for hit in retriever.compare("night", "cleo", top=100)[name].hits]


def test_before_the_choice_nothing_tells_whose_a_sticker_is(service: Blind, toy_retriever: Retriever) -> None:
    dealt = service.blind({**CLEO, "seed": 3})
    assert set(dealt) == {"query", "stickers"}
    assert {each["id"] for each in dealt["stickers"]} == set(ranking(toy_retriever, "both"))
    assert set(dealt["stickers"][0]) == {"id", "image", "width", "height", "animated", "text", "labels"}
    assert dealt == service.blind({**CLEO, "seed": 3})
    assert len({json.dumps(service.blind({**CLEO, "seed": seed})) for seed in range(8)}) > 1


def test_after_it_both_rankings_and_every_place_are_shown(service: Blind, toy_retriever: Retriever) -> None:
    none, both = ranking(toy_retriever, "none"), ranking(toy_retriever, "both")
    dealt = [each["id"] for each in service.blind({**CLEO, "seed": 3})["stickers"]]
    shown = service.reveal({**CLEO, "seed": 3, "choice": both[0]})
    assert [sticker for sticker, _ in shown["picks"]] == dealt
    assert shown["rankings"] == {"A": none, "B": both}
    assert shown["places"] == {name: [none.index(name) + 1, both.index(name) + 1] for name in dealt}
    assert shown["credit"] == dict(shown["picks"])[both[0]]
    assert service.reveal({**CLEO, "seed": 3})["credit"] is None
    json.dumps(shown)


def test_what_both_rankings_have_in_the_same_first_place_counts_for_neither(service: Blind) -> None:
    trial = {**CLEO, "first": "utility"}  # s07 s05 s06 s08 against s07 s08 s05 s06
    assert {service.reveal({**trial, "seed": seed, "choice": "s07"})["credit"] for seed in range(8)} == {None}
    assert {service.reveal({**trial, "seed": seed, "choice": "s08"})["credit"] for seed in range(8)} <= {"A", "B"}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, "blind_blank"),
        (None, "blind_blank"),
        ({**CLEO, "query": " "}, "blind_blank"),
        ({**CLEO, "query": "zzzz"}, "blind_no_match"),
        ({**CLEO, "second": "none"}, "blind_one"),
        ({**CLEO, "second": "best"}, "blind_ranking"),
        ({**CLEO, "user": "", "second": "personalization"}, "blind_same"),
        ({**CLEO, "query": "x" * 501}, "too_long"),
    ],
)
def test_what_cannot_be_played_has_a_sentence(service: Blind, request_: object, code: str) -> None:
    for answer in (service.blind(request_), service.reveal(request_)):
        assert answer["code"] == code
        assert answer["error"].endswith(".")
        assert "{" not in answer["error"]


@pytest.mark.parametrize("seed", [-1, True, "3", 1.5, None, 2**70])
def test_any_seed_deals(service: Blind, seed: object) -> None:
    assert service.blind({**CLEO, "seed": seed})["stickers"]


def test_the_score_travels(service: Blind) -> None:
    view = service.blind_score({"a": 2, "b": 7})
    assert view["mean"] == round(score(2, 7).mean, 5)
    assert (view["low"], view["high"]) == (round(score(2, 7).low, 5), round(score(2, 7).high, 5))
    assert service.blind_score({"a": "x", "b": -4})["mean"] == 0.5
