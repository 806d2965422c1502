"""Routes of edits, for the owner of a local bundle alone: from this machine, by this page, through nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toy
from starlette.applications import Starlette
from starlette.testclient import TestClient

from persrv.bundle import Edit, edits_path, read_edits, write_edits
from persrv.errors import DataError
from persrv.retriever import Retriever
from persrv.ui import service as services
from persrv.ui.blind_tab.calls import calls as blind_calls
from persrv.ui.captions_tab.calls import calls as captions_calls
from persrv.ui.cases_tab.calls import calls as cases_calls
from persrv.ui.chat_tab.calls import calls as chat_calls
from persrv.ui.map_tab.calls import calls as map_calls
from persrv.ui.owner import routes
from persrv.ui.presentation.calls import calls as presentation_calls
from persrv.ui.search_tab.calls import calls as search_calls
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors
from persrv.ui.you_tab.calls import calls as you_calls

PAGE = {"origin": "http://localhost:7860", "content-type": "application/json", "sec-fetch-site": "same-origin"}


@pytest.fixture
def service(tmp_path: Path) -> PageService:
    return PageService(Retriever.open(toy.write_toy(tmp_path)))


def client(service: PageService, address: str = "127.0.0.1", host: str = "localhost:7860") -> TestClient:
    app = Starlette(routes=routes.routes(service))
    return TestClient(app, f"http://{host}", client=(address, 50_000))


def found(service: PageService, query: str) -> list[str]:
    return [hit.sticker for hit in service.retriever.search(query).hits if not service.retriever.search(query).fallback]


def test_an_edit_is_kept_and_searched_at_once(service: PageService) -> None:
    owner = client(service)
    assert owner.get("/owner").json() == {"edit": {}, "star": "★", "starred": 0, "hidden": [], "gone": []}
    edit = {"sticker": "s05", "tags": ["boss"], "text": "sleep", "starred": True}
    told = owner.post("/owner", json=edit, headers=PAGE).json()
    assert told["edit"] == {**edit, "image": "images/s05.webp"}
    assert told["starred"] == 1
    assert found(service, "boss") == ["s05"]
    assert service.sticker("s05").ocr == "sleep", "not as it was remembered"
    assert service.detail("s05")["starred"]
    assert service.detail("s05")["captions"]["keywords"] == [], "no model wrote boss"
    assert owner.get("/owner?sticker=s05").json()["edit"] == told["edit"]
    assert read_edits(edits_path(service.retriever.bundle.path)) == (
        Edit("s05", "images/s05.webp", ("boss",), "sleep", False, True),
    )
    assert owner.post("/owner", json={"sticker": "s05"}, headers=PAGE).json()["edit"] == {}
    assert found(service, "boss") == []
    assert not edits_path(service.retriever.bundle.path).exists()


def test_hidden_ones_are_listed_and_come_back(service: PageService) -> None:
    owner = client(service)
    told = owner.post("/owner", json={"sticker": "s01", "hidden": True}, headers=PAGE).json()
    assert [each["id"] for each in told["hidden"]] == ["s01"]
    assert "s01" not in found(service, "laugh")
    owner.post("/owner", json={"sticker": "s01", "hidden": False}, headers=PAGE)
    assert "s01" in found(service, "laugh")


def told_by_the_page(service: PageService, likes: list[str]) -> dict[str, str]:
    """Server function -> its answer as text, of all that show stickers."""
    visitors = Visitors(service)
    calls = [
        *search_calls(service, visitors.told),
        *you_calls(visitors),
        *chat_calls(service, visitors),
        *captions_calls(service),
        *blind_calls(service),
        *cases_calls(service),
        *map_calls(service),
        *presentation_calls(service),
    ]
    request = {"query": "laugh", "user": "ann", "show": "all", "language": "en", "likes": likes, "draft": "laugh"}
    answers = {call.__name__: call(request) for call in calls}
    answers["you"] = next(call for call in calls if call.__name__ == "search")({**request, "user": "@you"})
    return {name: json.dumps(answer) for name, answer in {**answers, "start": service.start()}.items()}


def test_a_hidden_sticker_vanishes_from_every_tab_and_comes_back(service: PageService) -> None:
    owner = client(service)
    before = told_by_the_page(service, ["s01"])
    owner.post("/owner", json={"sticker": "s01", "hidden": True}, headers=PAGE)
    after = told_by_the_page(service, ["s01"])
    shows = {name for name, answer in before.items() if "s01" in answer}
    assert {"search", "you", "chat_reply", "inspect_sticker", "map_points", "map_members", "you_page", "start"} <= shows
    assert [name for name, answer in after.items() if "s01" in answer] == []
    assert not any("error" in json.loads(after[name]) for name in shows)
    assert service.detail("s01")["text"] == "laugh", "its owner may look at it"
    owner.post("/owner", json={"sticker": "s01"}, headers=PAGE)
    assert {name for name, answer in told_by_the_page(service, ["s01"]).items() if "s01" in answer} == shows


def test_edits_are_applied_on_opening_and_a_new_bundle_of_other_pictures_keeps_the_rest(service: PageService) -> None:
    path = edits_path(service.retriever.bundle.path)
    write_edits(path, (Edit("s05", "images/s05.webp", ("boss",)), Edit("gone", "images/gone.webp", hidden=True)))
    routes.open_edits(service)
    assert found(service, "boss") == ["s05"]
    owner = client(service)
    assert owner.get("/owner").json()["gone"] == ["gone"]
    owner.post("/owner", json={"sticker": "s06", "tags": ["lunch"]}, headers=PAGE)
    assert {edit.sticker for edit in read_edits(path)} == {"gone", "s05", "s06"}


def test_a_file_that_cannot_be_read_is_told_before_anything_starts(service: PageService) -> None:
    edits_path(service.retriever.bundle.path).write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        routes.open_edits(service)


@pytest.mark.parametrize(
    ("address", "host", "headers"),
    [
        ("192.168.1.7", "localhost:7860", {}),
        ("10.0.0.2", "10.0.0.1:7860", {}),
        ("127.0.0.1", "stickers.example.com", {}),
        ("127.0.0.1", "localhost.evil.com", {}),
        ("127.0.0.1", "localhost:7860", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", "localhost:7860", {"x-forwarded-host": "localhost"}),
        ("127.0.0.1", "localhost:7860", {"forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", "localhost:7860", {"via": "1.1 proxy"}),
        ("127.0.0.1", "localhost:7860", {"x-real-ip": "127.0.0.1"}),
        ("testclient", "localhost:7860", {}),
    ],
)
def test_strangers_may_neither_read_nor_write(
    service: PageService, address: str, host: str, headers: dict[str, str]
) -> None:
    stranger = client(service, address, host)
    own = {**PAGE, "origin": f"http://{host}"}
    assert stranger.get("/owner", headers=headers).status_code == 403
    answer = stranger.post("/owner", json={"sticker": "s01", "hidden": True}, headers={**own, **headers})
    assert answer.status_code == 403
    assert answer.json()["code"] == "owner_strangers"
    assert not edits_path(service.retriever.bundle.path).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": ""},
        {"content-type": "text/plain"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_in_the_owners_browser_may_not_write(service: PageService, headers: dict[str, str]) -> None:
    answer = client(service).post("/owner", content='{"sticker": "s01", "hidden": true}', headers={**PAGE, **headers})
    assert answer.status_code == 403
    assert not edits_path(service.retriever.bundle.path).exists()


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:7860", "[::1]:7860"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_its_owners(service: PageService, host: str, address: str) -> None:
    assert client(service, address, host).get("/owner").status_code == 200


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"sticker": 3}', '{"sticker": "s01", "tags": {}}', "[" * 5000, '{"sticker": "no such"}'],
)
def test_anything_else_is_refused_with_a_sentence(service: PageService, body: str) -> None:
    answer = client(service).post("/owner", content=body, headers=PAGE)
    assert answer.status_code == 200
    assert answer.json()["code"] in ("owner_limits", "owner_unknown")
    assert client(service).post("/owner", content="x" * 100_000, headers=PAGE).status_code == 413


def test_some_bundles_have_no_owner(service: PageService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = service.retriever.bundle
    assert PageService(service.retriever).has_owner
    assert not PageService(service.retriever, engine="milvus").has_owner
    with monkeypatch.context() as patch:
        patch.setenv("SPACE_ID", "somebody/stickers")
        assert routes.routes(PageService(service.retriever)) == []
    with monkeypatch.context() as patch:
        patch.setattr(services.os, "access", lambda path, mode: Path(path) != bundle.path.resolve())
        assert not PageService(service.retriever).has_owner
    with monkeypatch.context() as patch:
        patch.setattr(services, "EMBEDDED", bundle.path)
        assert not PageService(service.retriever).has_owner
    with monkeypatch.context() as patch:
        patch.setattr(services, "QUICK_ROWS", 11)
        assert not PageService(service.retriever).has_owner
