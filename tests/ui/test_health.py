"""`/healthz`: well while searches are answered, ill with a sentence when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from persrv.errors import EngineError
from persrv.retriever import Retriever
from persrv.ui import health
from persrv.ui.build import launch_options


def asked(retriever: Retriever) -> tuple[int, dict[str, object]]:
    answer = TestClient(Starlette(routes=[health.route(retriever)])).get("/healthz")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()


def test_well_while_the_bundle_answers(toy_retriever: Retriever) -> None:
    status, told = asked(toy_retriever)
    bundle = toy_retriever.bundle
    assert status == 200
    assert told.pop("search_ms", -1.0) >= 0  # type: ignore[operator]
    assert told == {"ok": True, "bundle": bundle.name, "content_hash": bundle.content_hash, "stickers": len(bundle.ids)}


@pytest.mark.parametrize(
    "error", [EngineError("Milvus is gone", "a server", "Start it."), OSError(5, "Input/output error")]
)
def test_ill_with_a_sentence(toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    retriever = Retriever.open(toy_bundle_path)

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(retriever, "search", fails)
    assert asked(retriever) == (503, {"ok": False, "error": str(error)})


def test_the_app_serves_it(toy_retriever: Retriever) -> None:
    routes = launch_options(toy_retriever)["app_kwargs"]["routes"]
    assert [route.path for route in routes].count(health.PATH) == 1
