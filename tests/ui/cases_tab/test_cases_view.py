"""Cases as the page is given them: no browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from persrv.insight.case_mining import KINDS
from persrv.retriever import Retriever
from persrv.ui.cases_tab.calls import calls
from persrv.ui.service import PageService
from persrv.ui.views import View


@pytest.fixture(scope="module")
def cases(toy_retriever: Retriever) -> Callable[[object], View]:
    return calls(PageService(toy_retriever))[0]


def test_every_kind_has_cases_or_says_why_not(cases: Callable[[object], View]) -> None:
    view = cases(None)
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


def test_a_case_holds_every_picture_it_shows(cases: Callable[[object], View]) -> None:
    case = cases(None)["kinds"][0]["cases"][0]
    shown = {name for ranking in case["rankings"] for name in ranking["first"]}
    assert shown | {case["sticker"]} == set(case["stickers"])
    assert [ranking["place"] for ranking in case["rankings"]] == [2, 1]


def test_cases_are_mined_once(cases: Callable[[object], View]) -> None:
    assert cases(None) is cases(None)
