"""Requests of a stranger's browser: every server function of the page answers any request, and never raises."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import gradio as gr
import pytest
from starlette.responses import Response

from persrv.retriever import Retriever
from persrv.ui import page
from persrv.ui.map_tab.calls import calls as map_calls
from persrv.ui.rendering import rendered
from persrv.ui.service import PageService
from persrv.ui.views import View

KEYS = (
    *("query", "user", "sticker", "likes", "candidates", "cluster", "page", "picture", "text", "show", "section"),
    *("against", "first", "second", "seed", "choice", "a", "b", "ids"),
)
ODD: tuple[object, ...] = (
    *(None, -1, 1.5, float("nan"), 2**70, True, "", "s01", "laugh", "@you", "\ud800", "\0", "a" * 1000),
    *([], ["s01"], ["s99", None], [["s01"]], {}, {"a": 1}, [{"picture": "x"}]),
)
SENT: tuple[object, ...] = (
    *ODD,
    *({key: value} for key in KEYS for value in ODD),
    *({"query": "laugh", "user": "@you", "sticker": "s01", "cluster": 0, "likes": value} for value in ODD),
    *({"query": "laugh", "user": "ann", "first": "none", "second": "both", "seed": value} for value in ODD),
)


@pytest.fixture(scope="module")
def functions(toy_retriever: Retriever) -> list[Callable[[object], Response]]:
    """Server functions of the page and of the map, as the browser reaches it."""
    found: list[Callable[[object], Response]] = []
    with pytest.MonkeyPatch.context() as patch, gr.Blocks():

        def watched(functions: Sequence[Callable[[object], View]]) -> list[Callable[[object], Response]]:
            found.extend(rendered(functions))
            return found

        patch.setattr(page, "rendered", watched)
        service = PageService(toy_retriever)
        page.build_page(service)
    assert toy_retriever.map_xy is not None
    return [*found, *rendered(map_calls(service))]


@pytest.mark.slow
def test_everything_is_answered(functions: list[Callable[[object], Response]]) -> None:
    names = {function.__name__ for function in functions}
    assert {"search", "caption", "you_page", "held_out_queries", "evidence", "map_points"} <= names
    for function in functions:
        for request in SENT:
            answer = json.loads(function(request).body)
            assert isinstance(answer, dict), (function.__name__, request)
