"""The schema of findings: to JSON and back, in a terminal, as CSV and as LaTeX."""

from __future__ import annotations

import csv
import json
from pathlib import Path

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

TABLE = Table(
    "main",
    "All & sundry.",
    ("R@1", "cost_of"),
    (
        Row("PerSRV", {"R@1": Figure(0.5, 0.25, 0.75)}, "ours", {"R@1": 0.1}, "a note"),
        Row("BM25", {"R@1": Figure(0.125, p=0.001, mark="**"), "cost_of": Figure(3.0)}, "text"),
    ),
    digits=3,
    notes=("A sentence.",),
    whole=("cost_of",),
)
CURVE = Curve("k", "Clusters", "k", "M-MRR@10", (1, 2), (0.5, 0.25), (0.4, 0.2), (0.6, 0.3), "validation", 1)
FOUND = Findings("Things", "simulated world", (TABLE,), (CURVE,), ("Mind this.",), {"seed": 1})


def test_findings_survive_json() -> None:
    document = json.loads(json.dumps(findings_to_json(FOUND)))
    assert findings_from_json(document) == FOUND
    assert document["data"] == "simulated world"
    assert document["tables"][0]["rows"][1]["figures"]["R@1"] == {"value": 0.125, "p": 0.001, "mark": "**"}
    named = Findings("Names", "real people", curves=(Curve("m", "t", "x", "y", ("a", "b"), (1.0, 2.0)),))
    assert findings_from_json(findings_to_json(named)) == named


def test_a_figure_that_is_not_a_number_is_left_out() -> None:
    table = Table("t", "t", ("a",), (Row("r", {"a": Figure(float("nan"))}), Row("s", {"a": Figure(1.0, float("nan"))})))
    rows = findings_to_json(Findings("f", "d", (table,)))["tables"][0]["rows"]
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
    told = to_latex(TABLE, "simulated world")
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
