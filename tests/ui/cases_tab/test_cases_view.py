"""Cases as the page is given them: no browser."""

from __future__ import annotations

import json

import pytest

from persrv.insight.case_mining import KINDS
from persrv.retriever import Retriever
from persrv.ui.service import PageService


@pytest.fixture(scope="module")
def service(toy_retriever: Retriever) -> PageService:
    return PageService(toy_retriever)


def test_every_kind_has_cases_or_says_why_not(service: PageService) -> None:
    view = service.cases()
    states = {kind["name"]: kind["state"] for kind in view["kinds"]}
    assert tuple(states) == KINDS
    assert states == {
        "personalization_helps": "",
        "personalization_hurts": "none",
        "utility_helps": "none",
        "utility_hurts": "",
        "caption_rescues": "empty",
        "ocr_rescues": "",
    }
    assert view["captions"] == {"keywords": False, "description": False, "emotion": False}
    assert view["questions"] == 1
    json.dumps(view)


def test_a_case_holds_every_picture_it_shows(service: PageService) -> None:
    case = service.cases()["kinds"][0]["cases"][0]
    shown = {name for ranking in case["rankings"] for name in ranking["first"]}
    assert shown | {case["sticker"]} == set(case["stickers"])
    assert [ranking["place"] for ranking in case["rankings"]] == [2, 1]


def test_cases_are_mined_once(service: PageService) -> None:
    assert service.cases() is service.cases()
