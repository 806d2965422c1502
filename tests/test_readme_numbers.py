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


METRICS = ("M-MRR@10", "R@10", "Success@10", "R@100")


def kind(clicks: int, gain: float) -> dict[str, object]:
    intervals = {metric: {"value": gain, "low": gain - 0.5, "high": gain + 0.5} for metric in METRICS}
    return {
        "clicks": clicks,
        "found": {"PerSRV": clicks, "without captions": clicks - 1},
        "gains": {"captions": intervals, "keywords": intervals},
    }


def test_what_captions_are_worth(readme: ModuleType) -> None:
    clicks = {"all": kind(1200, 0.25), "cold": kind(3, -0.125), "warm": kind(7, 1.0)}
    told = readme.captions_worth({"weights": {"keywords": 0.25}, "depth": 100, "clicks": clicks}).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in told if line.startswith("|")]
    every, cold = rows[:4], rows[4:]
    assert every[0] == cold[0] == ["", *METRICS]
    assert every[2] == ["all captions, over none", *["+0.2500 (-0.2500 to +0.7500)"] * 4]
    assert cold[2] == ["all captions, over none", *["-0.1250 (-0.6250 to +0.3750)"] * 4]
    assert len(cold) == 4, "gains that a build lacks have no row"
    assert told[0].endswith("keywords 0.25.")
    assert "All test clicks (1,200 clicks; within the first 100 are 1,200 with captions, 1,199 without):" in told


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


@pytest.mark.parametrize("document", [{}, {"clicks": {}, "rows": []}])
def test_a_bundle_without_captions_has_no_such_table(readme: ModuleType, document: dict[str, object]) -> None:
    assert readme.captions_worth(document) == ""
    assert readme.captioners(document) == ""
