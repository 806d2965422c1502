"""Requirements: an imported package is pinned, or comes with a pinned one; pinned packages are used; every pin is
exact.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP, MILVUS, TESTS = "requirements.txt", "requirements-milvus.txt", "tests/requirements.txt"
FORMATS = "precompute/requirements-formats.txt"
ENCODER, LARGE = "requirements-encoder.txt", "requirements-large.txt"
PADDLE = "precompute/requirements-paddleocr.txt"
BUILD, RAY, BENCH = "precompute/requirements.txt", "precompute/requirements-ray.txt", "benchmarks/requirements.txt"

#: Pinned without an import of ours.
UNIMPORTED = {
    "accelerate": "transformers loads 4-bit weights through it",
    "onnxscript": "torch.onnx exports through it",
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    """Package -> version, of a file and of those that it includes."""
    found: dict[str, str] = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            included = (ROOT / file).parent / line.removeprefix("-r ").strip()
            found |= pins(included.resolve().relative_to(ROOT).as_posix())
        elif line.strip() and not line.startswith("#"):
            name, _, version = line.partition("==")
            found[normal(name.partition("[")[0])] = version
    return found


def imported(*places: str) -> set[str]:
    """Installed packages that the sources below these places import, wherever in a file."""
    names: set[str] = set().union(*map(imported_below, places))
    names -= {"paddleocr"}  # only where somebody has installed it: --ocr paddleocr
    return {normal(distributions()[name][0]) for name in names - sys.stdlib_module_names - ours()}


@cache
def imported_below(place: str) -> set[str]:
    names: set[str] = set()
    for source in [ROOT / place, *(ROOT / place).rglob("*.py")]:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if source.is_file() else ():
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.partition(".")[0])
    return names


def ours() -> set[str]:
    files = [path for name in ("tests", "benchmarks", "scripts") for path in (ROOT / name).rglob("*.py")]
    packages = {path.parent.name for path in files if path.name == "__init__.py"}
    return {"persrv", "precompute", "app", *packages, *(path.stem for path in files)}


@cache
def distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def with_their_own(pinned: set[str]) -> set[str]:
    """Pinned packages, and what these declare that they need: which version of that is theirs to choose."""
    needed = (each for name in pinned for each in requires(name) or () if "extra ==" not in each)
    return pinned | {normal(re.split(r"[^\w.-]", each, maxsplit=1)[0]) for each in needed}


def test_the_page_imports_what_the_space_installs() -> None:
    """And, where they are installed, a cluster's client, an OCR engine, what another sentence encoder and what a large
    catalogue needs.
    """
    others = imported("app.py", "persrv") - with_their_own(set(pins(APP)))
    assert others == {"pymilvus", "grpcio", "rapidocr", "tokenizers", "faiss-cpu"}
    options = set(pins(MILVUS)) | set(pins(ENCODER)) | set(pins(LARGE))
    assert others - with_their_own(options) == {"rapidocr"}


def test_the_build_imports_what_its_requirements_install() -> None:
    assert imported("precompute") - with_their_own(set(pins(BUILD))) == {"ray", *pins(FORMATS)}
    assert "ray" in pins(RAY)


def test_the_tests_import_what_theirs_install() -> None:
    assert imported("tests", "scripts") <= with_their_own(set(pins(TESTS)))


def test_what_is_pinned_is_imported() -> None:
    pinned = {package for file in (BUILD, RAY, MILVUS, FORMATS, ENCODER, LARGE) for package in pins(file)}
    assert pinned - imported("app.py", "persrv", "precompute") == set(UNIMPORTED)


@pytest.mark.parametrize("file", [APP, MILVUS, ENCODER, LARGE, BUILD, RAY, FORMATS, PADDLE, TESTS, BENCH])
def test_every_pin_is_exact(file: str) -> None:
    assert all(re.fullmatch(r"[\w.]+", version) for version in pins(file).values())
