"""Offline: libraries that report to their makers are told not to, before they are loaded, so nothing is sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: What an encoder does first, whoever loads it: ONNX Runtime would write a device's id for its reports.
LOAD_MODEL = """
from persrv.bundle import Bundle
from persrv.models.encoders import load_image_encoder
load_image_encoder(Bundle.open("assets/demo"))
"""


def run(code: str, home: Path) -> str:
    """The output of a program whose home folder is empty, and which has been told nothing about reports."""
    told = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=told, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.slow
def test_onnx_runtime_prepares_no_reports(tmp_path: Path) -> None:
    run(LOAD_MODEL, tmp_path)
    assert not list(tmp_path.rglob("*onnxruntime*"))
    assert not list(tmp_path.rglob("*deviceid*"))


@pytest.mark.parametrize(
    "package", ["persrv", "precompute", pytest.param("app", marks=pytest.mark.slow), "precompute.models.ocr"]
)
def test_reports_are_off_whatever_is_loaded_first(package: str, tmp_path: Path) -> None:
    names = ("ORT_DISABLE_TELEMETRY", "GRADIO_ANALYTICS_ENABLED", "HF_HUB_DISABLE_TELEMETRY", "RAY_USAGE_STATS_ENABLED")
    told = run(f"import {package}, os; print(*map(os.environ.get, {names}))", tmp_path)
    assert told.split() == ["1", "False", "1", "0"]
