"""Sections of an evaluated bundle, wins and losses, and what an import left out, as the browser is told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import toy

from persrv.bundle import amend_evaluation
from persrv.retriever import Retriever
from persrv.ui.about_tab import leftout
from persrv.ui.about_tab.calls import calls
from persrv.ui.about_tab.sections import CLICKS, clicks_view, headline, index, section_view, sections
from persrv.ui.service import PageService
from persrv.ui.views import View

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo"


def findings(title: str | View, **changes: object) -> View:
    table = {"name": "t", "title": "T", "columns": ["a"], "digits": 2, "whole": [], "notes": [], "rows": []}
    parts = {"title": title, "data": "simulated world", "tables": [table], "curves": [], "notes": [], "parameters": {}}
    return {**parts, **changes}


def clicks() -> pa.Table:
    return pa.table(
        {
            "user": pa.array(["ann", "bob"]).dictionary_encode(),
            "query": pa.array(["night", "laugh"]).dictionary_encode(),
            "sticker": pa.array(["s05", "s02"]).dictionary_encode(),
            "known": [False, True],
            "BM25": pa.array([3, 0], pa.int16()),
            "PerSRV": pa.array([1, 2], pa.int16()),
            "w/o personalization": pa.array([2, 0], pa.int16()),
            "new: PerSRV": pa.array([1, 0], pa.int16()),
        }
    )


def test_sections_come_in_our_order_those_of_the_machine_among_them_and_empty_ones_not_at_all() -> None:
    evaluation = {
        "systems": {},
        "sections": {
            "own": findings("Somebody's own"),
            "another": findings("Another"),
            "utility": findings("RQ4"),
            "textcheck": findings("Words", tables=[], notes=["NOT RUN"]),
            "comparison": findings("Table 3"),
        },
    }
    provenance = {"evaluation": {"sections": {"speed": findings("Table 6")}}}
    found = sections(evaluation, provenance)
    assert list(found) == ["comparison", "speed", "utility", "another", "own"]
    assert index(found)[1] == {"name": "speed", "label": {"zh": "速度", "en": "Speed"}}
    assert index(found)[4]["label"] == {"zh": "Somebody's own", "en": "Somebody's own"}
    assert sections({}, {}) == {}


def pair(en: str, zh: str | None = None) -> View:
    return {"zh": en if zh is None else zh, "en": en}


def test_the_first_sentence_is_the_gain_among_the_first_ten_on_new_stickers() -> None:
    def table(name: str, **figures: dict[str, dict[str, float]]) -> View:
        return {
            "name": name,
            "rows": [{"name": row.replace("_", " "), "figures": each} for row, each in figures.items()],
        }

    shares = {"PerSRV": {"R@10": {"value": 0.5}}, "w/o personalization": {"R@10": {"value": 0.375}}}
    gain = {"w/o personalization": {"gain": {"value": 0.125, "low": -0.0625, "high": 0.25}}}
    section = {"data": "simulated world", "tables": [table("new", **shares), table("new tests R@10", **gain)]}
    expected = {"ours": 0.5, "without": 0.375, "gain": 0.125, "low": -0.0625, "high": 0.25}
    assert headline({"sections": {"comparison": section}}) == {**expected, "apart": False, "simulated": True}
    real = {**section, "data": "people of a log"}
    gain["w/o personalization"]["gain"]["low"] = 0.0625
    assert headline({"sections": {"comparison": real}}) == {
        **expected,
        "low": 0.0625,
        "apart": True,
        "simulated": False,
    }
    assert headline({"sections": {"comparison": {**section, "tables": section["tables"][:1]}}}) is None
    assert headline({}) is None


def test_a_section_leads_with_its_first_note_and_says_nothing_twice() -> None:
    view = section_view("s", findings("S", notes=[pair("One of two moves.", "两项里动一项。"), "Also."]))
    assert view["lead"] == pair("One of two moves.", "两项里动一项。")
    assert view["notes"] == [pair("Also.")]
    assert section_view("s", findings("S"))["lead"] is None


def test_every_text_of_a_section_is_in_both_languages() -> None:
    row = {"name": "a", "figures": {}, "group": pair("text", "文字"), "note": pair("as served", "现用")}
    table = {**findings("")["tables"][0], "rows": [row], "notes": [pair("Note.", "注。")], "labels": {"a": "A"}}
    curve = {
        "name": "c",
        "title": pair("Gate", "半径门"),
        "x_label": "R",
        "y_label": "M-MRR@10",
        "x": [1, pair("none", "无")],
        "y": [0.5, 0.25],
        "chosen": pair("none", "无"),
    }
    view = section_view("s", findings(pair("Title", "标题"), tables=[table], curves=[curve]))
    assert view["title"] == pair("Title", "标题")
    assert view["data"] == pair("simulated world")
    assert view["tables"][0]["title"] == pair("T")
    assert view["tables"][0]["notes"] == [pair("Note.", "注。")]
    assert view["tables"][0]["labels"] == {"a": pair("A")}
    assert view["tables"][0]["rows"] == [row]
    shown = view["curves"][0]
    assert [shown["title"], shown["x_label"]] == [pair("Gate", "半径门"), pair("R")]
    assert (shown["x"], shown["chosen"]) == ([1, pair("none", "无")], pair("none", "无"))


def test_an_evaluation_of_version_1_is_shown_as_it_was_written() -> None:
    """Version 1 held English strings, which stand on both pages; the demo's own, or one that was converted."""
    evaluation = json.loads((DEMO / "evaluation.json").read_text(encoding="utf-8"))
    english = json.loads(json.dumps(evaluation), object_hook=lambda each: each.get("en", each))
    for name, found in sections({"sections": english["sections"]}, {}).items():
        view = section_view(name, found)
        assert view["title"] == pair(found["title"])
        assert [view["lead"], *view["notes"]] == [pair(note) for note in found["notes"]]
        assert [each["x"] for each in view["curves"]] == [
            [pair(x) if isinstance(x, str) else x for x in curve["x"]] for curve in found["curves"]
        ]


def test_clicks_stand_by_their_places_without_and_with() -> None:
    view = clicks_view(clicks(), None)
    assert view["against"] == "w/o personalization"
    assert view["methods"] == ["BM25", "w/o personalization"]
    assert view["rows"] == [["ann", "night", "s05", 2, 1], ["bob", "laugh", "s02", 0, 2]]
    assert clicks_view(clicks(), "BM25")["rows"][0] == ["ann", "night", "s05", 3, 1]
    assert clicks_view(clicks(), "new: PerSRV")["against"] == "w/o personalization"
    assert clicks_view(clicks().drop_columns(["PerSRV"]), None) == {"methods": []}
    assert clicks_view(clicks().slice(0, 0), None)["rows"] == []


def test_reasons_are_told_in_both_languages_and_a_string_is_the_same_in_both() -> None:
    rows = [
        {"reason": pair("an empty file", "空文件"), "count": 3, "examples": ["a.png"]},
        {"reason": "a whim", "count": 1, "examples": []},
    ]
    found = {"folder": "mine", "files": 9, "pictures": 5, "files_left_out": rows}
    view = leftout.left_out_view({"import": found})
    assert view is not None
    assert view["left_out"] == [
        {"reason": {"zh": "空文件", "en": "an empty file"}, "count": 3, "examples": ["a.png"]},
        {"reason": {"zh": "a whim", "en": "a whim"}, "count": 1, "examples": []},
    ]
    assert view["clicks"] is None
    more = {**found, "clicks_file": "c.csv", "rows": 4, "clicks": 4, "rows_left_out": []}
    assert (leftout.left_out_view({"import": more}) or {})["clicks"] == {
        "file": "c.csv",
        "rows": 4,
        "clicks": 4,
        "left_out": [],
    }
    assert leftout.left_out_view({"draw": {}}) is None


def test_a_browser_asks_for_the_index_a_section_and_the_clicks(tmp_path: Path) -> None:
    path = toy.write_toy(tmp_path).path
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, clicks().schema) as writer:
        writer.write_table(clicks())
    content = sink.getvalue().to_pybytes()
    evidence, asked, _ = calls(PageService(Retriever.open(path)))
    assert evidence({}) == {"sections": [], "clicks": False, "left_out": None}
    assert "evaluate" in asked({})["error"]
    amend_evaluation(
        path,
        {"sections": {"utility": findings("RQ4")}},
        {CLICKS.removeprefix("evaluation/"): content},
        {"sections": {"speed": findings("Table 6")}},
    )
    evidence, asked, _ = calls(PageService(Retriever.open(path)))
    told = evidence(None)
    assert [each["name"] for each in told["sections"]] == ["speed", "utility"]
    assert told["clicks"] is True
    assert evidence({"section": "speed"})["title"] == pair("Table 6")
    assert "speed, utility" in evidence({"section": "../x"})["error"]
    assert asked({"against": "BM25"})["rows"][1] == ["bob", "laugh", "s02", 0, 2]
