"""Refusals: a sentence for what cannot be answered, in both languages if it has a code, and for a failed engine or
model.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from persrv.bundle import Bundle
from persrv.errors import EngineError, ModelError, QueryError
from persrv.retriever import Retriever
from persrv.ui import strings
from persrv.ui.blind_tab.calls import calls as blind_calls
from persrv.ui.captions_tab.calls import calls
from persrv.ui.cases_tab.calls import calls as cases_calls
from persrv.ui.refusals import Refused, answered
from persrv.ui.service import PageService, warm_up


class Silent:
    """An engine that fails whatever it is asked."""

    exact = False

    def _fail(self, *_: object) -> None:
        raise EngineError("Nobody answers", "an engine", "Start it.")

    recall = impacts = vectors = place = close = _fail


@pytest.fixture
def stuck(toy_bundle_path: Path) -> PageService:
    """The page over an engine that fails."""
    return PageService(Retriever(Bundle.open(toy_bundle_path), engine=Silent()))  # type: ignore[arg-type]


def test_an_answer_passes_and_errors_become_sentences() -> None:
    def refused() -> dict[str, object]:
        raise Refused("long_text", n=70, max=60)

    def mistaken() -> dict[str, object]:
        raise QueryError("A mistake", "none", "Mend it.")

    assert answered(lambda: {"n": 1}) == {"n": 1}
    sentence = strings.in_language("en")["error_long_text"].format(n=70, max=60)
    assert "70" in sentence
    assert answered(refused) == {"error": sentence, "code": "long_text", "values": {"n": 70, "max": 60}}
    assert answered(mistaken) == {"error": "A mistake. Expected none. Mend it."}


def test_where_the_engine_fails_every_tab_that_asks_it_says_so(stuck: PageService) -> None:
    by_name = {call.__name__: call for call in calls(stuck)}
    told = {
        "search": stuck.search("laugh", "ann"),
        "cases": cases_calls(stuck)[0](None),
        "blind": blind_calls(stuck)[0]({"query": "laugh", "user": "ann"}),
        "lists": by_name["caption_lists"]({"mine": "helped"}),
        "inspection": by_name["inspect_sticker"]({"query": "laugh"}),
    }
    assert all(answer == {"error": "Nobody answers. Expected an engine. Start it."} for answer in told.values()), told
    assert "counts" in by_name["caption_lists"]({}), "what asks no engine still answers"


def test_what_cannot_be_warmed_up_does_not_keep_the_rest_cold(
    toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    service = PageService(Retriever.open(toy_bundle_path))

    def damaged() -> None:
        raise ModelError("models/text_encoder.onnx cannot be loaded", "an ONNX model", "Rebuild it.")

    monkeypatch.setattr(service.retriever, "warm_up", damaged)
    warm_up(service)
    assert "text_encoder.onnx cannot be loaded" in caplog.text
    assert service._openings.is_known
    assert service._clicks_by_sticker.is_known
