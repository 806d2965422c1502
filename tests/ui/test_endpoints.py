"""The public endpoints: called as functions, over HTTP, and as what MCP would list; hostile input gets a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import toy
from conftest import PATIENCE
from fuzzing import payloads

from persrv.bundle import write_bundle
from persrv.records import RANKINGS
from persrv.retriever import Retriever
from persrv.ui.endpoints import endpoints

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["search", "compare", "explain", "suggest"]


@pytest.fixture(scope="module")
def ask(toy_retriever: Retriever) -> dict[str, Callable[..., dict[str, Any]]]:
    return {endpoint.__name__: endpoint for endpoint in endpoints(toy_retriever)}


def test_search_is_the_retrievers(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    found = ask["search"]("laugh", "cleo", top=3)
    hits = toy_retriever.search("laugh", "cleo", top=3).hits
    assert [(each["rank"], each["sticker"], each["score"]) for each in found["results"]] == [
        (hit.rank, hit.sticker, hit.final) for hit in hits
    ]
    assert (found["ranking"], found["personalized"], found["matched"]) == ("both", True, 4)
    assert found["people"] == ["ann", "bob", "cleo"]
    assert found["bundle"]["content_hash"] == toy_retriever.bundle.content_hash
    best = found["results"][0]
    assert best["text"] == "laugh"
    assert best["image"].endswith(f"/toy/images/{best['sticker']}.webp")
    json.dumps(found)


@pytest.mark.parametrize(
    ("utility", "personalization", "ranking"),
    [(False, False, "none"), (True, False, "utility"), (False, True, "personalization"), (True, True, "both")],
)
def test_search_has_two_switches(
    ask: dict[str, Any], toy_retriever: Retriever, utility: bool, personalization: bool, ranking: str
) -> None:
    found = ask["search"]("laugh", "cleo", utility=utility, personalization=personalization)
    hits = toy_retriever.compare("laugh", "cleo")[ranking].hits
    assert (found["ranking"], [each["sticker"] for each in found["results"]]) == (ranking, [h.sticker for h in hits])


def test_compare_gives_every_place(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    compared = ask["compare"]("laugh", "cleo", top=2)
    expected = toy_retriever.compare("laugh", "cleo", top=2)
    assert {name: [each["sticker"] for each in hits] for name, hits in compared["rankings"].items()} == {
        name: [hit.sticker for hit in expected[name].hits] for name in RANKINGS
    }
    for sticker, places in compared["places"].items():
        for name in RANKINGS:
            ids = [each["sticker"] for each in compared["rankings"][name]]
            assert places[name] == (ids.index(sticker) + 1 if sticker in ids else None)
    assert len(compared["overlap"]) == 6
    json.dumps(compared)


def test_explain_gives_a_formula_that_holds(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    explained = ask["explain"]("laugh", "s03", "cleo")
    hit = next(h for h in toy_retriever.search("laugh", "cleo").hits if h.sticker == "s03")
    assert explained["places"]["both"] == hit.rank
    why = explained["why"]
    result, _, expression = why["formula"].partition(" = ")
    assert float(result) == pytest.approx(hit.final, abs=1e-4)
    assert eval(expression, {}) == pytest.approx(hit.final, abs=1e-3)
    assert why["fields"][0]["field"] == "ocr"
    assert why["preference"]["nearest_stickers_of_the_person"] == ["s07"]
    json.dumps(explained)


def test_what_was_not_found_is_not_explained(ask: dict[str, Any]) -> None:
    explained = ask["explain"]("laugh", "s05", "cleo")
    assert explained["why"] is None
    assert set(explained["places"].values()) == {None}
    assert "Not among the first" in explained["note"]


def test_strangers_and_stand_ins_are_named(ask: dict[str, Any]) -> None:
    assert ask["search"]("laugh", "stranger")["notice"] == "unknown_user"
    found = ask["search"]("xyzzy", "ann")
    assert (found["notice"], found["fallback"], found["matched"]) == ("no_match", "popular", 0)
    assert ask["explain"]("xyzzy", "s02")["why"]["formula"] == "1.0000"


def test_suggest_answers_the_draft_or_the_last_message(ask: dict[str, Any], toy_retriever: Retriever) -> None:
    said = [{"from": "ann", "text": "laugh"}, {"from": "bob", "sticker": "s05"}]
    found = ask["suggest"](said, "cleo", top=3)
    assert (found["offered"], found["source"], found["asked"], found["answers_message"]) == (
        True,
        "last_turn",
        "night",
        2,
    )
    hits = toy_retriever.search("night", "cleo", top=3).hits
    assert [each["sticker"] for each in found["results"]] == [hit.sticker for hit in hits]
    assert found["search"]["personalized"] is True
    typed = ask["suggest"](said, "cleo", "laugh")
    assert (typed["source"], typed["asked"], typed["answers_message"]) == ("draft", "laugh", None)
    json.dumps(found)


def test_where_nothing_is_said_or_answered_nothing_is_suggested(ask: dict[str, Any]) -> None:
    empty, chat = ask["suggest"]([]), ask["suggest"]([{"from": "x", "text": "laugh"}], draft="xyzzy")
    assert (empty["offered"], empty["results"], empty["search"]) == (False, [], None)
    assert (chat["offered"], chat["results"], chat["search"]["fallback"]) == (False, [], "popular")
    assert empty["note"] != chat["note"]
    assert ask["suggest"]([{"from": "x", "text": "laugh"}], "stranger")["search"]["notice"] == "unknown_user"


HOSTILE = [
    ("search", [["x"]], "query of type list"),
    ("search", [None], "query of type NoneType"),
    ("search", ["哈" * 501], "501 characters"),
    ("search", ["laugh", {}], "person of type dict"),
    ("search", ["laugh", 3], "person of type int"),
    ("search", ["laugh", "x" * 5000], "person of 5000 characters"),
    ("search", ["laugh", "ann", 0], "top = 0"),
    ("search", ["laugh", "ann", 101], "top = 101"),
    ("search", ["laugh", "ann", True], "top = True"),
    ("search", ["laugh", "ann", 1e30], "top = 1e+30"),
    ("search", ["laugh", "ann", "9" * 5000], "top = "),
    ("search", ["laugh", "ann", 5, "yes"], "utility of type str"),
    ("search", ["laugh", "ann", 5, True, []], "personalization of type list"),
    ("compare", [{"a": 1}], "query of type dict"),
    ("explain", ["laugh", "nothing"], "No sticker 'nothing'"),
    ("explain", ["laugh", ["s01"]], "sticker of type list"),
    ("suggest", ["laugh"], "A conversation of type str"),
    ("suggest", [[{"text": "laugh"}] * 1001], "1001 messages"),
    ("suggest", [["laugh"]], "Message 1 of type str"),
    ("suggest", [[{"text": "laugh"}, {"text": ["laugh"]}]], '"text" of message 2 of type list'),
    ("suggest", [[{"text": "哈" * 10_001}]], "10001 characters"),
    ("suggest", [[], "ann", "哈" * 501], "501 characters"),
    ("suggest", [[], "ann", 7], "draft of type int"),
    ("suggest", [[], 7], "person of type int"),
    ("suggest", [[{"text": "laugh"}], "ann", "", 0], "top = 0"),
]


@pytest.mark.parametrize(("name", "data", "sentence"), HOSTILE)
def test_hostile_input_gets_a_sentence(ask: dict[str, Any], name: str, data: list[object], sentence: str) -> None:
    with pytest.raises(gr.Error) as refused:
        ask[name](*data)
    assert sentence in refused.value.message
    assert ". Expected " in refused.value.message
    assert len(refused.value.message) < 300
    assert refused.value.print_exception is False


# ---- over HTTP ------------------------------------------------------------------------------------------------------


def called(address: str, name: str, data: object) -> tuple[str, Any]:
    """The last event of a call and what it carries."""
    start = urllib.request.Request(
        f"{address}/gradio_api/call/{name}",
        data=json.dumps({"data": data}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(start, timeout=PATIENCE) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/{name}/{event}", timeout=PATIENCE) as answer:
        lines = [line for line in answer.read().decode().splitlines() if line]
    kind = [line.removeprefix("event: ") for line in lines if line.startswith("event:")][-1]
    return kind, json.loads([line.removeprefix("data: ") for line in lines if line.startswith("data:")][-1])


@pytest.mark.browser  # these share the app of the browser's tests
class TestServed:
    def test_four_endpoints_are_public_typed_and_documented(self, address: str) -> None:
        with urllib.request.urlopen(f"{address}/gradio_api/info", timeout=PATIENCE) as answer:
            named = json.load(answer)["named_endpoints"]
        assert list(named) == [f"/{name}" for name in NAMES]
        for endpoint in named.values():
            assert endpoint["description"]
        parameters = {each["parameter_name"]: each for each in named["/search"]["parameters"]}
        types = {name: each["type"]["type"] for name, each in parameters.items()}
        assert types == {
            "query": "string",
            "person": "string",
            "top": "integer",
            "utility": "boolean",
            "personalization": "boolean",
            "mode": "string",
            "literal": "boolean",
            "domain": "string",
        }
        assert parameters["top"]["parameter_default"] == 10

    def test_a_call_answers_as_the_function(self, address: str, ask: dict[str, Any]) -> None:
        kind, (found,) = called(address, "compare", ["night", "cleo", 5])
        assert (kind, found["rankings"]) == ("complete", ask["compare"]("night", "cleo", 5)["rankings"])

    @pytest.mark.parametrize(("name", "data", "sentence"), HOSTILE)
    def test_hostile_calls_get_a_sentence(self, address: str, name: str, data: list[object], sentence: str) -> None:
        kind, answer = called(address, name, data)
        assert kind == "error"
        assert sentence in answer["error"]

    @pytest.mark.parametrize(("name", "data"), [("search", []), ("explain", ["laugh"])])
    def test_calls_without_what_they_need_get_a_sentence(self, address: str, name: str, data: list[object]) -> None:
        kind, answer = called(address, name, data)
        assert kind == "error"
        assert answer["error"].startswith(f"{len(data)} values. Expected all")

    def test_no_file_is_fetched_for_a_stranger(self, address: str) -> None:
        file = {"path": "http://127.0.0.1:9/x.png", "meta": {"_type": "gradio.FileData"}}
        for data in ([file], ["laugh", [{"deep": [file]}]]):
            kind, answer = called(address, "search", data)
            assert (kind, answer["error"].partition(".")[0]) == ("error", "A file among the arguments")

    def test_odd_payloads_get_an_answer_or_a_sentence(self, address: str) -> None:
        """That none of them leaves a traceback in the log is seen where the app is stopped."""
        report = payloads.send(address, payloads.odd_payloads(120, seed=5))
        assert report.silent == [], str(report)
        assert report.answered > 0

    def test_half_characters_are_replaced(self, address: str) -> None:
        kind, (found,) = called(address, "search", ["laugh \ud800", "\ud800"])
        assert (kind, found["person"], found["notice"]) == ("complete", "?", "unknown_user")


# ---- MCP ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_without_its_package_mcp_is_a_sentence(toy_bundle_path: Path) -> None:
    """A stand-in for the finder hides the package, should it be there."""
    hidden = "import importlib.util as u; find = u.find_spec; u.find_spec = lambda n: None if n == 'mcp' else find(n)"
    run = f"{hidden}; import app; app.main(['--bundle', {str(toy_bundle_path)!r}, '--mcp'])"
    done = subprocess.run([sys.executable, "-c", run], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert 'pip install "gradio[mcp]==' in done.stderr
    assert "Traceback" not in done.stderr


def test_an_id_that_a_search_returns_is_explained_however_long_it_is(tmp_path: Path) -> None:
    """Ids are paths below a folder where two files share a name."""
    long = "/".join(["a folder of many stickers"] * 40)
    contents = toy.contents(tmp_path / "drawn")
    images = {long if name == "s11" else name: path for name, path in contents.images.items()}
    stickers = tuple(replace(each, id=long) if each.id == "s11" else each for each in contents.stickers)
    retriever = Retriever.open(write_bundle(tmp_path / "toy", replace(contents, images=images, stickers=stickers)))
    asked = {endpoint.__name__: endpoint for endpoint in endpoints(retriever)}
    assert long in [each["sticker"] for each in asked["search"]("thanks")["results"]]
    assert "error" not in asked["explain"]("thanks", sticker=long)
