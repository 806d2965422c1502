"""The lists of docs/architecture.md: a toy repository by hand, and the real one against its folders and contracts."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import rooms

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = """
[tool.importlinter]
root_packages = ["persrv"]

[[tool.importlinter.contracts]]
name = "Top to bottom"
type = "layers"
layers = ["persrv.retriever | persrv.ui", "persrv.records"]

[[tool.importlinter.contracts]]
name = "Nothing heavy"
type = "forbidden"
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    texts = {
        "app.py": '"""The app: composition only.\n\nMore of it."""',
        "persrv/__init__.py": '"""Online. No torch in here."""',
        "persrv/retriever.py": '"""The page."""',
        "persrv/records.py": '"""A leaf\nover two lines. And more."""',
        "persrv/ui/__init__.py": '"""A room, e.g. this one."""',
        "precompute/__init__.py": '"""Offline."""',
        "pyproject.toml": CONTRACTS,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_tree_by_hand(repository: Path) -> None:
    lines = rooms.tree(repository).splitlines()
    assert lines[:2] == ["```text", "app.py        The app: composition only"]
    assert "persrv/       Online" in lines
    assert "  ui/         A room, e.g. this one" in lines
    assert "precompute/   Offline" in lines


def test_layers_by_hand(repository: Path) -> None:
    assert rooms.layers(repository).splitlines() == [
        "**Top to bottom**",
        "",
        "1. `persrv.retriever`: The page; `persrv.ui`: A room, e.g. this one",
        "2. `persrv.records`: A leaf over two lines",
        "",
        "**Besides**",
        "",
        "- Nothing heavy.",
    ]


def test_a_folder_without_a_docstring_is_named(repository: Path) -> None:
    (repository / "persrv" / "ui" / "__init__.py").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no docstring"):
        rooms.tree(repository)


def test_the_document_lists_the_layers_of_the_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [row.replace(" ", "").split("|") for each in contracts for row in each.get("layers", ())]
    block = ARCHITECTURE.partition("<!-- layers:")[2].partition("<!-- /layers")[0]
    items = [line for line in block.splitlines() if re.match(r"\d+\. ", line)]
    assert [re.findall(r"`((?:persrv|precompute)\.[\w.]+)`: ", item) for item in items] == layers


def test_the_document_lists_the_folders_there_are() -> None:
    block = ARCHITECTURE.partition("```text\n")[2].partition("```")[0]
    found, around = set(), []
    for line in block.splitlines():
        named = re.match(r"( *)([\w/]+)/ ", line)
        if named:
            around[len(named[1]) // 2 :] = [named[2]]
            found.add("/".join(around))
    real = {
        file.parent.relative_to(ROOT).as_posix()
        for package in ("persrv", "precompute")
        for file in (ROOT / package).rglob("*.py")
    }
    assert len(real) > 30
    assert real <= found
    assert {folder for folder in found if not (ROOT / folder).is_dir()} == set()
