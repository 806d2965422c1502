"""The README's tables of captions: every figure in its cell, and nothing where nothing was measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def readme() -> ModuleType:
    """scripts/readme.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("readme", ROOT / "scripts" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    {"name": "cold", "title": "Cold clicks. 2 questions.", "rows": ROWS},
]
SECTIONS = {"comparison": {"data": "simulated world", "notes": ["9 test clicks."], "tables": TABLES}}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_all_methods_under_both_protocols(readme: ModuleType) -> None:
    told = readme.evaluation(SECTIONS).splitlines()
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


def test_settings_are_told_and_where_their_grids_end(readme: ModuleType) -> None:
    settings = {"alpha": 4.0, "lambda_": 0.25, "utility_weights": [1.0, 0.0, 0.5]}
    told = readme.chosen(settings, {"alpha": [0.0, 2.0, 4.0], "lambda_": [0.25, 1.0]})
    assert told == (
        "Validation clicks chose `alpha` 4 (the end of its grid), `lambda` 0.25, and in utility the weights clicks 1, "
        "people 0, queries 0.5."
    )


def test_what_fields_are_worth(readme: ModuleType) -> None:
    told = readme.fields_worth(SECTIONS, {"queries": 0.5, "keywords": 1.0}).splitlines()
    assert told[0].endswith("Weights: keywords 1, queries 0.5.")
    rows = [cells(line) for line in told if line.startswith("|")]
    assert rows[2] == ["all captions, over none", *["+0.2500 (-0.2500 to +0.7500)"] * 3]
    assert rows[3] == ["", "M-MRR@10", "R@10", "Success@10", "R@100"]
    assert [row[0] for row in rows[5:]] == ["PerSRV", "w/o utility", "w/o captions"]
    assert "Cold clicks. 2 questions." in told


def test_a_bundle_that_was_not_evaluated_has_no_tables(readme: ModuleType) -> None:
    assert readme.evaluation({}) == ""
    assert readme.fields_worth({}, {"queries": 0.5}) == ""


def test_bleu_never_stands_alone(readme: ModuleType) -> None:
    row = {
        "name": "tuned_ocr",
        "shipped": True,
        "recall": 0.5,
        "cosine": 0.75,
        "bleu": 0.25,
        "stickers": 12,
        "queries": 1200,
    }
    told = readme.captioners({"rows": [row], "ceiling": 0.625}).splitlines()
    assert told[-1] == "| fine-tuned, picture and OCR (shipped) | 0.500 | 0.750 | 0.250 | 12 | 1,200 |"
    assert "would reach a recall of 0.625" in told[0]


@pytest.mark.parametrize("document", [{}, {"rows": []}])
def test_a_bundle_without_captions_has_no_such_table(readme: ModuleType, document: dict[str, object]) -> None:
    assert readme.captioners(document) == ""
