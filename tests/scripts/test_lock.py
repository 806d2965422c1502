"""The locks: complete, of the pinned versions, above the floors; and what pip says of a line without a wheel."""

from __future__ import annotations

import hashlib
import re
import zipfile
from importlib.metadata import requires
from pathlib import Path

import lock
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("locked", lock.LOCKS, ids=lambda each: each.stem)
class TestEachLock:
    def test_every_line_has_hashes(self, locked: Path) -> None:
        blocks = re.split(r"\n(?=\S)", locked.read_text(encoding="utf-8").split("make lock\n")[1].strip())
        assert [block.partition("==")[0] for block in blocks] == sorted(lock.versions(locked))
        assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}$", block)] == []

    def test_what_is_pinned_is_locked_at_that_version(self, locked: Path) -> None:
        pinned = lock.versions(ROOT / "requirements.txt")
        assert len(pinned) > 10
        assert pinned.items() <= lock.versions(locked).items()

    def test_nothing_is_below_its_floor(self, locked: Path) -> None:
        lines = (ROOT / "requirements-floors.txt").read_text(encoding="utf-8").splitlines()
        floors = [Requirement(line) for line in lines if not line.startswith("#")]
        assert {floor.name for floor in floors} == {"python-multipart", "starlette"}
        for floor in floors:
            assert floor.specifier.contains(lock.versions(locked)[floor.name]), str(floor)

    def test_pillow_is_one_that_gradio_takes(self, locked: Path) -> None:
        assert Version(lock.versions(locked)["pillow"]) < Version("13")


def needed(names: set[str]) -> set[str]:
    """The packages, and all that they need here."""
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        wanted = (Requirement(each) for each in requires(name) or ())
        names |= {normal(each.name) for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})}
    return found


def test_the_lock_holds_all_that_the_pins_need() -> None:
    assert needed(set(lock.versions(ROOT / "requirements.txt"))) <= set(lock.versions(ROOT / "requirements.lock"))


def test_the_app_has_the_versions_that_fit_a_space() -> None:
    space = lock.versions(ROOT / "requirements-space.lock")
    assert {"mcp", "spaces", "uvicorn", "authlib"} < set(space)
    assert lock.versions(ROOT / "requirements.lock").items() < space.items()


def test_a_space_has_the_gradio_of_the_app() -> None:
    told = (ROOT / "requirements-space.txt").read_text(encoding="utf-8")
    assert f"gradio[oauth,mcp]=={lock.versions(ROOT / 'requirements.txt')['gradio']}\n" in told


def wheel(folder: Path, tag: str) -> str:
    """The hash of a package that holds nothing, as a wheel of a kind."""
    path = folder / f"toy-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("toy-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
        archive.writestr("toy-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr("toy-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("tag", "python", "fits"),
    [
        ("py3-none-any", "3.12", True),
        ("cp312-cp312-manylinux_2_28_x86_64", "3.12", True),
        ("cp312-cp312-manylinux2014_x86_64", "3.12", True),
        ("cp312-cp312-manylinux_2_28_x86_64", "3.11", False),
        ("cp312-cp312-win_amd64", "3.12", False),
    ],
)
def test_pip_tells_which_line_has_no_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, python: str, fits: bool
) -> None:
    for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(tmp_path), "EXTRA_INDEX_URL": ""}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    locked = tmp_path / "toy.lock"
    locked.write_text(f"toy==1.0 \\\n    --hash=sha256:{wheel(tmp_path, tag)}\n", encoding="utf-8")
    problem = lock.without_wheel(locked, python)
    assert problem is None if fits else problem is not None and "toy==1.0" in problem


def test_another_file_under_the_same_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    wheel(tmp_path, "py3-none-any")
    locked = tmp_path / "toy.lock"
    locked.write_text(f"toy==1.0 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    assert lock.without_wheel(locked, "3.12") is not None
