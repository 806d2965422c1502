"""The models of the chat's comparison: what each offers, and what is said where one offers nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import compared_models
import numpy as np
import pytest

from persrv.models.retrieving import scores
from persrv.records import Message
from persrv.retriever import Retriever
from persrv.ui.chat_tab.calls import OFFERED
from persrv.ui.chat_tab.calls import calls as chat_calls
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors
from precompute.models import retrieving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread", "exported_once")]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared_models.write_drawn(tmp_path_factory.mktemp("drawn"))


@pytest.fixture
def copied(path: Path, tmp_path: Path) -> Path:
    return shutil.copytree(path, tmp_path / "copied")


def rows(path: Path, **request: object) -> dict[str, dict[str, Any]]:
    service = PageService(Retriever.open(path))
    (reply,) = (each for each in chat_calls(service, Visitors(service)) if each.__name__ == "chat_reply")
    given = reply({"user": "", "compare": True, **request})
    return {each["name"]: each for each in given["methods"]}


def ids(row: dict[str, Any]) -> list[str]:
    return [each["id"] for each in row["stickers"]]


def best(path: Path, found: Any) -> list[str]:
    names = np.array(Retriever.open(path).bundle.ids)
    return [str(each) for each in names[np.lexsort((names, -found))][:OFFERED]]


@pytest.mark.parametrize(
    "request_",
    [
        {"draft": "一只小猫"},
        {"messages": [{"from": "left", "text": "哈哈哈"}]},
        {"messages": [{"from": "left", "sticker": "s03"}]},
        {"messages": [{"from": "left", "text": "哈哈哈"}, {"from": "left", "sticker": "gone"}]},
    ],
)
def test_the_language_model_offers_what_it_offers_in_torch(copied: Path, tmp_path: Path, request_: Any) -> None:
    model = compared_models.add_language_model(copied, tmp_path)
    row = rows(copied, **request_)["retrieving LM"]
    assert row["state"] == "offers"
    retriever = Retriever.open(copied)
    pictures = np.asarray(retriever.bundle.embeddings, np.float32)
    sent = dict(zip(retriever.bundle.ids, pictures, strict=True))
    told = request_.get("messages") or [{"from": "me", "text": request_["draft"]}]
    last = [each for each in told if each.get("sticker") != "gone"][-1]
    turns = [Message(last["from"], last.get("text", ""), last.get("sticker", ""))]
    found = retrieving.answer(model, turns, "me", sent, None)
    assert retriever.text_encoder is not None
    read = np.stack([retriever.text_encoder(each.ocr) for each in retriever.bundle.stickers])
    assert ids(row) == best(copied, scores(found.vector, pictures, read, 0.4))


def test_srs_offers_what_it_offers_in_torch(copied: Path, tmp_path: Path) -> None:
    selector = compared_models.add_srs(copied, tmp_path)
    row = rows(copied, draft="哈哈哈")["SRS"]
    assert row["state"] == "offers"
    assert ids(row) == best(copied, selector.scores("哈哈哈"))


def test_a_model_that_wants_no_sticker_offers_none(copied: Path, tmp_path: Path) -> None:
    compared_models.add_language_model(copied, tmp_path, threshold=1e6)
    row = rows(copied, draft="哈哈哈")["retrieving LM"]
    assert (row["state"], row["stickers"]) == ("unwanted", [])


def test_a_bundle_without_a_model_says_so(path: Path) -> None:
    found = rows(path, draft="哈哈哈")
    assert {name: found[name]["state"] for name in ("retrieving LM", "SRS")} == dict.fromkeys(
        ("retrieving LM", "SRS"), "missing"
    )
    assert not rows(path, draft="")


def test_a_broken_model_has_a_sentence_and_the_others_go_on(copied: Path, tmp_path: Path) -> None:
    compared_models.add_language_model(copied, tmp_path, compared_models.Meanings())
    compared_models.add_srs(copied, tmp_path)
    found = rows(copied, draft="哈哈哈")
    assert found["retrieving LM"]["state"] == "broken", "the bundle's searches have no sentence encoder"
    assert "Expected letters" in found["retrieving LM"]["error"]
    assert found["SRS"]["state"] == "offers"
