"""The schema of findings: to JSON and back, in a terminal, as CSV and as LaTeX."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from persrv.records import Text
from precompute.evaluation.console import lines, table_lines
from precompute.evaluation.export import escaped, export, to_csv, to_latex
from precompute.evaluation.report import (
    Curve,
    Figure,
    Findings,
    Row,
    Table,
    findings_from_json,
    findings_to_json,
    rounded,
)
from precompute.evaluation.world import REAL, SIMULATED

OURS = Text("ours", "我们的")
TABLE = Table(
    "main",
    Text("All & sundry.", "所有的。"),
    ("R@1", "cost_of"),
    (
        Row("PerSRV", {"R@1": Figure(0.5, 0.25, 0.75)}, OURS, {"R@1": 0.1}, Text("a note", "附注")),
        Row("BM25", {"R@1": Figure(0.125, p=0.001, mark="**"), "cost_of": Figure(3.0)}, Text("text", "文字")),
    ),
    digits=3,
    notes=(Text("A sentence.", "一句话。"),),
    whole=("cost_of",),
    labels={"cost_of": Text("cost of", "代价")},
)
CURVE = Curve(
    "k",
    Text("Clusters", "簇数"),
    Text.same("k"),
    Text.same("M-MRR@10"),
    (1, 2),
    (0.5, 0.25),
    (0.4, 0.2),
    (0.6, 0.3),
    "validation",
    1,
)
FOUND = Findings(Text("Things", "东西"), SIMULATED, (TABLE,), (CURVE,), (Text("Mind this.", "请注意。"),), {"seed": 1})


def test_findings_survive_json() -> None:
    document = json.loads(json.dumps(findings_to_json(FOUND)))
    assert findings_from_json(document) == FOUND
    assert document["data"] == {"en": "simulated world", "zh": "模拟世界"}
    assert document["curves"][0]["x_label"] == "k", "one string where both languages say the same"
    assert document["tables"][0]["rows"][1]["figures"]["R@1"] == {"value": 0.125, "p": 0.001, "mark": "**"}
    points = (Text("none", "无"), Text.same("b"))
    curve = Curve("m", Text.same("t"), Text.same("x"), Text.same("y"), points, (1.0, 2.0), chosen=points[0])
    named = Findings(Text("Names", "名字"), REAL, curves=(curve,))
    assert findings_from_json(json.loads(json.dumps(findings_to_json(named)))) == named


def test_version_1_held_english_strings_and_is_read() -> None:
    english = json.loads(json.dumps(findings_to_json(FOUND)), object_hook=lambda each: each.get("en", each))
    del english["tables"][0]["labels"]
    found = findings_from_json(english)
    assert (found.title, found.data, found.notes) == (
        Text.same("Things"),
        Text.same("simulated world"),
        (Text.same("Mind this."),),
    )
    assert [row.group for row in found.tables[0].rows] == [Text.same("ours"), Text.same("text")]
    assert found.tables[0].rows[0].figures == TABLE.rows[0].figures
    assert (found.curves[0].x, found.curves[0].y, found.curves[0].chosen) == (CURVE.x, CURVE.y, CURVE.chosen)


def test_a_figure_that_is_not_a_number_is_left_out() -> None:
    table = Table(
        "t", Text.same("t"), ("a",), (Row("r", {"a": Figure(float("nan"))}), Row("s", {"a": Figure(1.0, float("nan"))}))
    )
    rows = findings_to_json(Findings(Text.same("f"), SIMULATED, (table,)))["tables"][0]["rows"]
    assert [row["figures"] for row in rows] == [{}, {"a": {"value": 1.0}}]


def test_machines_agree_on_what_is_kept() -> None:
    assert rounded(0.1 + 0.2) == 0.3
    assert rounded(1.23456789e-12) == 1.23457e-12


def test_in_a_terminal() -> None:
    title, head, first, second, note = table_lines(TABLE)
    assert title == "All & sundry."
    assert head.split() == ["R@1", "cost_of"]
    assert first.split() == ["PerSRV", "0.500", "(0.250", "to", "0.750)", "-"]
    assert second.split() == ["BM25", "0.125**", "3"]
    assert len(head) == len(first) == len(second)
    assert note == "   A sentence."
    told = "\n".join(lines(FOUND))
    assert "Things (simulated world)" in told
    assert "1: 0.5000 (0.4000 to 0.6000)  <- chosen" in told
    assert told.endswith("Mind this.")


def test_csv_can_be_read_back_exactly() -> None:
    head, *rows = csv.reader(to_csv(TABLE).splitlines())
    assert head == ["group", "name", "R@1", "R@1 low", "R@1 high", "R@1 p", "cost_of"]
    assert rows == [
        ["ours", "PerSRV", "0.5", "0.25", "0.75", "", ""],
        ["text", "BM25", "0.125", "", "", "0.001", "3.0"],
    ]


def test_latex_names_the_data_and_escapes() -> None:
    told = to_latex(TABLE, SIMULATED)
    assert r"\caption{All \& sundry. Data: simulated world.}" in told
    assert r" & R@1 & cost\_of \\" in told
    assert r"PerSRV & \textbf{0.500} & -- \\" in told
    assert r"BM25 & 0.125$^{**}$ & 3 \\" in told
    assert told.count(r"\midrule") == 2
    assert escaped(r"50 % of {a}\b~") == r"50 \% of \{a\}\textbackslash{}b\textasciitilde{}"


def test_every_table_is_exported_twice(tmp_path: Path) -> None:
    written = export({"comparison": FOUND}, tmp_path / "out")
    assert [path.name for path in written] == ["comparison-main.csv", "comparison-main.tex"]
    assert written[0].read_text(encoding="utf-8") == to_csv(TABLE)
