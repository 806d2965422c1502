"""The whole page over Milvus: every answer a browser can ask for equals that over the index in this process."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import meant
import pytest

import app
from persrv.bundle import Bundle
from persrv.engines.milvus import FallbackEngine, MilvusEngine, load
from persrv.engines.mixed import MixedEngine
from persrv.errors import EngineError
from persrv.hits import Place
from persrv.retriever import Retriever
from persrv.ui.about_tab.engine import engine_view
from persrv.ui.service import PageService
from persrv.ui.views import View
from persrv.ui.you_tab.calls import Visitors
from persrv.ui.you_tab.calls import calls as you_calls

NOWHERE = "http://127.0.0.1:9"

#: What the tabs ask, all of it at once: each call takes of it what it knows.
REQUESTS = (
    {},
    {"query": "laugh", "user": "ann", "sticker": "s03", "first": "none", "second": "both", "seed": 3, "cluster": 0},
    {
        "query": "night 晚安",
        "sticker": "s01",
        "rows": [0, 5],
        "likes": ["s03", "s11"],
        "first": "utility",
        "mine": "helped",
    },
    {"query": "nothing like it", "user": "cleo", "sticker": "s12", "show": "helped", "first": "none", "second": "both"},
)


@pytest.fixture(scope="module")
def uri(toy_bundle_path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Milvus Lite that holds the toy world."""
    uri = str(tmp_path_factory.mktemp("milvus") / "lite.db")
    load(Bundle.open(toy_bundle_path), uri)
    return uri


def asked(retriever: Retriever) -> Iterator[tuple[str, View]]:
    """(what was asked, the answer) for every call behind the page, without what a clock says."""
    service = PageService(retriever)
    assert retriever.map_xy is not None
    calls: list[Callable[[object], View]] = [*you_calls(Visitors(service))]
    more = {"search": (Visitors(service).told,)}
    for tab in ("search", "captions", "blind", "cases", "about", "map"):
        calls += importlib.import_module(f"persrv.ui.{tab}_tab.calls").calls(service, *more.get(tab, ()))
    yield "start", service.start()
    yield "examples", {"examples": service.examples}
    for request in REQUESTS:
        query, user = request.get("query", ""), request.get("user")
        yield f"search {request}", {**service.search(query, user, candidates=True), "ms": 0}
        yield f"detail {request}", service.detail(str(request.get("sticker", "")), str(query))
        for call in calls:
            if call.__name__ == "reveal":
                yield f"reveal {request}", call({**request, "choice": "s01"})
            elif call.__name__ not in ("search", "engine"):  # a search has been asked; engines differ
                yield f"{call.__name__} {request}", call(request)


def test_every_answer_of_the_page_is_the_same(toy_bundle_path: Path, uri: str) -> None:
    bundle = Bundle.open(toy_bundle_path)
    here = dict(asked(Retriever(bundle)))
    there = dict(asked(Retriever(bundle, engine=MilvusEngine.open(bundle, uri))))
    assert len(here) > 60
    assert sum("error" not in answer for answer in here.values()) > 40, "most of these questions are mistakes"
    for question, answer in here.items():
        assert there[question] == answer, question


def test_what_lies_too_deep_is_said_to_be_deep(
    toy_bundle_path: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persrv.engines.milvus.engine._DEPTH", 3)
    monkeypatch.setattr("persrv.engines.milvus.engine._SPARE", 1)
    bundle = Bundle.open(toy_bundle_path)
    few = replace(bundle, settings=replace(bundle.settings, recall_size=2))
    retriever = Retriever(few, engine=MilvusEngine.open(bundle, uri))
    found = retriever.search("laugh", "ann")
    assert (found.matched, found.counted) == (3, False)  # of 4: what came with the best two
    assert retriever.place("s01", "laugh").rank is not None
    deep, absent = retriever.place("s04", "laugh night"), retriever.place("s09", "laugh")
    assert (deep.rank, deep.recall_rank, deep.deep, deep.counted) == (None, None, True, False)
    assert (absent.rank, absent.recall_rank, absent.deep) == (None, None, False)
    assert Retriever(few).place("s04", "laugh night") == Place(None, 5, 8)


def options(*arguments: str) -> list[str]:
    return ["--engine", "milvus", *arguments]


def test_the_app_serves_from_milvus(toy_bundle_path: Path, uri: str) -> None:
    bundle = ["--bundle", str(toy_bundle_path)]
    there = app.open_retriever(app.parse([*bundle, *options("--milvus-uri", uri)]))
    assert isinstance(there.engine, MilvusEngine)
    assert there.search("laugh", "ann") == Retriever.open(toy_bundle_path).search("laugh", "ann")
    both = app.open_retriever(app.parse([*bundle, *options("--milvus-uri", uri, "--fallback")]))
    assert isinstance(both.engine, FallbackEngine)
    assert [engine_view(each.engine, "milvus")["answers"] for each in (there, both)] == ["milvus"] * 2


def test_the_app_without_a_server_says_so_or_falls_back(
    toy_bundle_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = ["--bundle", str(toy_bundle_path), *options("--milvus-uri", NOWHERE)]
    with pytest.raises(SystemExit, match=r"does not answer.*--fallback"):
        app.main(nowhere)
    here = app.open_retriever(app.parse([*nowhere, "--fallback"]))
    assert here.engine.exact
    assert here.search("laugh").hits
    assert engine_view(here.engine, "milvus") == {"answers": "stands_in"}
    assert engine_view(here.engine, "local") == {"answers": "local"}
    assert "The index in this process answers until the app is started again" in caplog.text
    with pytest.raises(SystemExit):
        app.parse(options())
    assert "--engine milvus needs --milvus-uri" in capsys.readouterr().err


def test_a_server_that_fails_while_the_page_is_open_is_told_or_replaced(toy_bundle_path: Path, uri: str) -> None:
    bundle = Bundle.open(toy_bundle_path)
    failing = MilvusEngine.open(bundle, uri)
    failing._collection = "dropped_meanwhile"
    answer = PageService(Retriever(bundle, engine=failing)).search("laugh", "ann")
    assert "does not answer" in answer["error"]
    with pytest.raises(EngineError):
        Retriever(bundle, engine=failing).search("laugh")
    both = Retriever(bundle, engine=FallbackEngine(failing, Retriever(bundle).engine))
    mixed = MixedEngine(both.engine, meant.understood()[0], lambda *_: both.utility()[0])
    assert engine_view(both.engine, "milvus") == engine_view(mixed, "milvus") == {"answers": "milvus"}
    assert both.search("laugh", "ann").hits == Retriever(bundle).search("laugh", "ann").hits
    assert engine_view(both.engine, "milvus") == engine_view(mixed, "milvus") == {"answers": "stands_in"}
