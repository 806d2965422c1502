"""The generated numbers of README and docs/results.md: every figure in its place, none that was not measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import readme
import result_tables


def figures(value: float, mark: str = "") -> dict[str, dict[str, object]]:
    names = ("M-MRR@1", "R@1", "M-MRR@5", "R@5", "M-MRR@10", "R@10", "M-MRR@20", "R@20", "Success@10", "R@100")
    return {name: {"value": value, "mark": mark} for name in names}


def gains_by(gain: float) -> list[dict[str, object]]:
    interval = {"gain": {"value": gain, "low": gain - 0.5, "high": gain + 0.5}}
    return [{"name": name, "figures": interval} for name in ("SRS", "w/o utility", "w/o captions")]


ROWS = [
    {"name": "SRS", "figures": figures(0.125, "**")},
    {"name": "PerSRV", "figures": figures(0.5)},
    {"name": "w/o utility", "figures": figures(0.25, "*")},
    {"name": "w/o captions", "figures": figures(0.375)},
]
TABLES = [
    *(
        {"name": name, "title": f"The paper's metrics. {name} protocol. 3 questions.", "rows": ROWS}
        for name in ("paper", "new")
    ),
    *({"name": f"paper tests {metric}", "rows": gains_by(0.25)} for metric in ("M-MRR@10", "R@10", "R@20")),
    {"name": "new tests M-MRR@10", "rows": gains_by(-0.125)},
    {"name": "cold", "title": {"en": "Cold clicks. 2 questions.", "zh": "冷门点击。"}, "rows": ROWS},
]
SECTIONS = {
    "comparison": {"data": {"en": "simulated world", "zh": "模拟世界"}, "notes": ["9 test clicks."], "tables": TABLES}
}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_all_methods_under_both_protocols() -> None:
    told = result_tables.evaluation(SECTIONS).splitlines()
    assert told[0].startswith("Test clicks of the **simulated world**: 9 test clicks. ")
    rows = [cells(line) for line in told if line.startswith("|")]
    half = len(rows) // 2
    assert rows[:half] == rows[half:]
    assert rows[2:5] == [["SRS", *["0.1250**"] * 8], ["PerSRV", *["0.5000"] * 8], ["w/o utility", *["0.2500*"] * 8]]
    assert half == 5, "single fields have a table of their own"
    assert told[2] == "new protocol. 3 questions."
    gains = [line for line in told if line.startswith("Gain of PerSRV")]
    assert gains[0].endswith("interval, people drawn whole): -0.1250 (-0.6250 to +0.3750) over w/o utility.")
    assert gains[1].endswith("interval, people drawn whole): +0.2500 (-0.2500 to +0.7500) over w/o utility.")


def test_settings_are_told_and_where_their_grids_end() -> None:
    settings = {"alpha": 4.0, "lambda_": 0.25, "utility_weights": [1.0, 0.0, 0.5]}
    told = result_tables.chosen(settings, {"alpha": [0.0, 2.0, 4.0], "lambda_": [0.25, 1.0]})
    assert told == (
        "Validation clicks chose `alpha` 4 (the end of its grid), `lambda` 0.25, and in utility the weights clicks 1, "
        "people 0, queries 0.5."
    )


def test_what_fields_are_worth() -> None:
    told = result_tables.fields_worth(SECTIONS, {"queries": 0.5, "keywords": 1.0}).splitlines()
    assert told[0].endswith("Weights: keywords 1, queries 0.5.")
    rows = [cells(line) for line in told if line.startswith("|")]
    assert rows[2] == ["all captions, over none", *["+0.2500 (-0.2500 to +0.7500)"] * 3]
    assert rows[3] == ["", "M-MRR@10", "R@10", "Success@10", "R@100"]
    assert [row[0] for row in rows[5:]] == ["PerSRV", "w/o utility", "w/o captions"]
    assert "Cold clicks. 2 questions." in told


def test_a_bundle_that_was_not_evaluated_has_no_tables() -> None:
    assert result_tables.evaluation({}) == ""
    assert result_tables.fields_worth({}, {"queries": 0.5}) == ""


def test_bleu_never_stands_alone() -> None:
    row = {
        "name": "tuned_ocr",
        "shipped": True,
        "recall": 0.5,
        "cosine": 0.75,
        "bleu": 0.25,
        "stickers": 12,
        "queries": 1200,
    }
    told = result_tables.captioners({"rows": [row], "ceiling": 0.625}).splitlines()
    assert told[-1] == "| fine-tuned, picture and OCR (shipped) | 0.500 | 0.750 | 0.250 | 12 | 1,200 |"
    assert "would reach a recall of 0.625" in told[0]


@pytest.mark.parametrize("document", [{}, {"rows": []}])
def test_a_bundle_without_captions_has_no_such_table(document: dict[str, object]) -> None:
    assert result_tables.captioners(document) == ""


def test_readme_tells_each_gain_with_its_interval_and_whose_clicks_they_are() -> None:
    assert readme.gains(SECTIONS) == [
        "**Utility**, simulated world: M-MRR@10 -0.1250 (-0.6250 to +0.3750) on stickers new to the question, "
        "+0.2500 (-0.2500 to +0.7500) under the paper's protocol (95 % intervals)."
    ]


def test_readme_tells_latencies_of_both_catalogues() -> None:
    page = {"cores": 2, "key_to_results_ms_p50": 81.5, "key_to_results_ms_p95": 140.25}
    search = {"ms": {"search, personalized, 20 hits explained": {"p50": 0.5, "p99": 1.25}}}
    large = {"n": 5000, "machine": {"cores": 4}, "p50_ms": 0.75, "p99_ms": 1.5}
    told = readme.latencies({"page": page, "search": search, "catalogue": large, "page_large": page})
    assert told == [
        "**Speed**, 2 cores: from key press to results in the browser 82 ms (p50), 140 ms (p95); a personalised, "
        "explained search in the library 0.50 ms (p50), 1.25 ms (p99). The page with meaning, the "
        "library by words alone, as measured before: encoding a query comes on top.",
        "**5,000 generated stickers**, 4 cores: the same search 0.75 ms (p50), 1.50 ms (p99); from key press to "
        "results in the browser 82 ms (p50), 140 ms (p95).",
    ]
    assert readme.latencies({"catalogue": large})[0].endswith("1.50 ms (p99).")
    everyday = {"ms": {"new": {"p50": 2.75, "p99": 4.5}, "seen before": {"p50": 0.75, "p99": 1.25}}}
    assert readme.latencies({"page": page, "search": search, "everyday": everyday})[0].endswith(
        "1.25 ms (p99). By words and meaning, an everyday query that is new takes 2.8 ms (p50), 4.5 ms (p99), its "
        "encoding included; one seen before 0.8 and 1.2 ms."
    )


def test_readme_has_no_line_where_nothing_was_measured() -> None:
    assert readme.gains({}) == []
    assert readme.latencies({}) == []


def test_results_have_a_heading_for_each_section_that_was_measured() -> None:
    manifest = {
        "counts": dict.fromkeys(
            ("stickers", "people", "clusters", "interactions_train", "interactions_validation", "interactions_test"), 3
        ),
        "files": {"bundle": {"bytes": 1_500_000}},
        "settings": {"alpha": 1.0, "lambda_": 0.5, "utility_weights": [1.0, 0.0, 0.0], "field_weights": {"ocr": 1.0}},
        "provenance": {"tune": {"parameters": {"alpha": [0.0, 4.0], "lambda_": [0.0, 1.0]}}},
        "gates": {"ocr_exact": {"value": 0.5, "goal": 0.25, "cases": 1234, "passed": True}},
    }
    measured = {
        "page": {
            "cores": 2,
            "page_answers_s": 4.5,
            "stickers_shown_s": 6.5,
            "peak_memory_mb": 400,
            **{f"{name}_{p}": 10 for name in ("key_to_results_ms", "slider_to_order_ms") for p in ("p50", "p95")},
        },
        "search": {
            "ms": {
                "search, personalized, 20 hits explained": {"p50": 0.5, "p99": 1.25},
                "rank_bm25, recall of 100 only": {"p50": 8.0, "p99": 18.0},
            }
        },
        "everyday": {"ms": {"new": {"p50": 2.75, "p99": 4.5}}},
        "visitors": {"by_number": {"1": {"search": {"p50": 13.0, "p95": 20.0}, "errors": 0}}},
    }
    told = result_tables.results(manifest, {}, measured)
    headings = [line for line in told.splitlines() if line.startswith("#")]
    assert headings == ["## The embedded bundle", "## Gates of the build", "## Speed on the embedded bundle"]
    assert "| ocr_exact | 0.500 | 0.250 | 1,234 | yes |" in told
    assert "| everyday query in the library (`benchmarks/everyday.py`), new, p50 / p99 | 2.8 / 4.5 ms |" in told
    assert "3 stickers, 3 people, 9 clicks (3 to fit, 3 to choose the settings, 3 to test)" in told
