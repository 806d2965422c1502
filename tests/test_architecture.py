"""The rules of docs/architecture.md: who may import whom, and what the online app never loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

NEVER_ONLINE = {
    "torch",
    "transformers",
    "umap",
    "matplotlib",
    "peft",
    "rapidocr",
    "sklearn",
    "skia",
    "cv2",
    "pymilvus",
    "precompute",
}

IMPORT_AND_SEARCH = """
import sys
import app
import persrv.ui.build
from persrv.retriever import Retriever
result = Retriever.open("assets/demo").search("笑死我了")
assert result.hits, "the demo bundle finds nothing for 笑死我了"
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.slow
def test_app_and_search_load_nothing_heavy() -> None:
    done = run_python(IMPORT_AND_SEARCH)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "gradio" in loaded, "the probe did not import the page"
    assert not loaded & NEVER_ONLINE


def test_online_requirements_hold_no_torch_and_are_pinned() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    names = {line.partition("==")[0].partition("[")[0] for line in lines}
    assert all("==" in line for line in lines)
    assert not names & {"torch", "transformers", "peft", "umap-learn", "matplotlib"}


def test_pictures_are_opened_in_one_place_only() -> None:
    """There, formats are named (persrv.files.picture_files); a picture opened elsewhere could be in any format."""
    opened = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in ("persrv", "precompute")
        for path in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\b(Image|pil|PIL)\.open\(|from PIL\.Image import .*\bopen\b", line)
    ]
    assert [place.partition(":")[0] for place in opened] == ["persrv/files/picture_files.py"], opened


def test_the_door_and_the_retriever_stay_short() -> None:
    """Composition alone, and one way through a search: what grows beyond that has a room of its own."""
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 60
    assert len((ROOT / "persrv" / "retriever.py").read_text(encoding="utf-8").splitlines()) < 550


def test_nobody_asks_which_engine_there_is() -> None:
    """What differs between engines is in their contract (persrv.ranking.recall_contract)."""
    asked = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "persrv").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"(isinstance|issubclass)\(.*Engine\b", line)
    ]
    assert asked == []
