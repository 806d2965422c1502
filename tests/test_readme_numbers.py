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


def kind(clicks: int, gain: float) -> dict[str, object]:
    intervals = {metric: {"value": gain, "low": gain - 0.5, "high": gain + 0.5} for metric in ("M-MRR@10", "R@10")}
    return {
        "clicks": clicks,
        "found": {"PerSRV": clicks, "without captions": clicks - 1},
        "gains": {"captions": intervals, "keywords": intervals},
    }


def test_what_captions_are_worth(readme: ModuleType) -> None:
    clicks = {"all": kind(1200, 0.25), "cold": kind(3, -0.125), "warm": kind(7, 1.0)}
    told = readme.captions_worth({"weights": {"keywords": 0.25}, "depth": 100, "clicks": clicks}).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in told if line.startswith("|")]
    assert rows[0][1:] == [
        "all clicks: M-MRR@10",
        "all clicks: R@10",
        "clicks on cold stickers: M-MRR@10",
        "clicks on cold stickers: R@10",
    ]
    assert rows[2] == [
        "all captions, over none",
        *["+0.2500 (-0.2500 to +0.7500)"] * 2,
        *["-0.1250 (-0.6250 to +0.3750)"] * 2,
    ]
    assert len(rows) == 4, "gains that a build lacks have no row"
    assert "keywords 0.25" in told[0]
    assert told[-1].endswith(
        "within the first 100: all clicks, 1,200 of 1,200 with captions and 1,199 without; "
        "clicks on cold stickers, 3 of 3 with captions and 2 without."
    )


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
