"""Pictures over HTTP from tar shards, and the address of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toy
from starlette.applications import Starlette
from starlette.testclient import TestClient

from persrv.bundle import Bundle, write_bundle
from persrv.retriever import Retriever
from persrv.ui import build, pictures


def test_a_sharded_catalogue_serves_its_pictures(tmp_path: Path) -> None:
    stickers = [replace(each, image="") if each.id == "s04" else each for each in toy.stickers()]
    bundle = toy.write_toy(tmp_path, stickers=stickers, shard_bytes=4096)
    routes = build.launch_options(Retriever.open(bundle))["app_kwargs"]["routes"]
    browser = TestClient(Starlette(routes=routes))
    for sticker in bundle.stickers:
        place = pictures.address(bundle, sticker)
        if sticker.id == "s04":
            assert place == ""
            continue
        answer = browser.get(place)
        assert answer.content == bundle.picture(sticker.id)
        assert answer.headers["content-type"] == "image/webp"
        assert "max-age" in answer.headers["cache-control"]
    for name in ("s04", "s99", "", "../bundle.json", "%2e%2e%2fbundle.json"):
        assert browser.get(pictures.PREFIX + name).status_code == 404, name


@pytest.mark.parametrize("ending", ["html", "svg", "js", "xhtml", "", "HTML"])
def test_what_a_bundle_calls_a_picture_is_never_a_page(ending: str, tmp_path: Path) -> None:
    page = b"<script>alert(1)</script>"
    stickers = [replace(each, image=f"images/{each.id}.{ending}") for each in toy.stickers()]
    contents = toy.contents(tmp_path / "drawn", stickers=stickers, shard_bytes=4096)
    bundle = write_bundle(tmp_path / "toy", replace(contents, images=dict.fromkeys(toy.IDS, page)))
    browser = TestClient(Starlette(routes=pictures.routes(bundle)))
    answer = browser.get(pictures.address(bundle, bundle.stickers[0]))
    assert (answer.content, answer.headers["content-type"]) == (page, "application/octet-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_folder_of_pictures_is_left_to_gradio(toy_bundle_path: Path) -> None:
    bundle = Bundle.open(toy_bundle_path)
    assert pictures.routes(bundle) == []
    served = {route.name for route in build.launch_options(Retriever.open(bundle))["app_kwargs"]["routes"]}
    assert served == {"_closed", "_document", "answer", "card", "health"}, "none for pictures"
    place = pictures.address(bundle, bundle.stickers[0])
    assert place.startswith("/gradio_api/file=/")
    assert place.endswith("/images/s01.webp")
