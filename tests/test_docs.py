"""The documentation is executed: every command of README.md exists, and the quick ones run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "assets" / "demo"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL)
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [line.partition(" #")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]


def header() -> dict[str, str]:
    """The Space card: the `key: value` lines between the first two `---`."""
    lines = README.split("---")[1].strip().splitlines()
    return {key: value.strip().strip('"') for key, _, value in (line.partition(":") for line in lines)}


def requirement(name: str) -> str:
    found = re.search(rf"^{name}==(\S+)", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    assert found, f"{name} is not pinned in requirements.txt"
    return found.group(1)


def test_space_card_matches_what_is_pinned() -> None:
    card = header()
    assert card["sdk"] == "gradio"
    assert card["sdk_version"] == requirement("gradio")
    assert (ROOT / card["app_file"]).is_file()
    assert len(card["short_description"]) <= 60, "the Hub refuses longer ones"


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    used = {shlex.split(command)[1] for command in COMMANDS if command.startswith("make ")}
    assert {"demo", "test", "bundle"} <= used <= targets


def test_pip_route_names_what_is_there() -> None:
    files = [shlex.split(command)[-1] for command in COMMANDS if "pip install" in command]
    assert files == ["requirements.txt", "tests/requirements.txt"]
    assert all((ROOT / name).is_file() for name in files)
    assert any(command.endswith("python app.py") for command in COMMANDS)


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if re.search(r"python -m (persrv|precompute)", command)]
)
def test_readme_command_runs(command: str, tmp_path: Path) -> None:
    """As it stands, but for DIR, which is a folder of two pictures, and for where the result goes."""
    words = shlex.split(command)[1:]
    if "DIR" in words:
        (tmp_path / "DIR").mkdir()
        for colour in ("red", "blue"):
            Image.new("RGB", (64, 64), colour).save(tmp_path / "DIR" / f"{colour}.png")
        places = {"DIR": str(tmp_path / "DIR"), "mine": str(tmp_path / "mine")}
        words = [*(places.get(word, word) for word in words), "--work", str(tmp_path / "work")]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_links_inside_the_repository_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target):
                assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_generated_numbers_are_those_of_the_bundle() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/readme.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def spans(document: Path) -> list[str]:
    """What stands as code: commands in blocks, and everything between backticks."""
    text = document.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"```(?:bash|sh)\n(.*?)```", text, flags=re.DOTALL) + re.findall(r"`([^`]+)`", prose)


def test_files_that_are_named_exist() -> None:
    """Paths with a folder, of sources and documents; those of a bundle are relative to it."""
    named = {
        path
        for document in DOCUMENTS
        for span in spans(document)
        for path in re.findall(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|txt|json)\b", span)
    }
    assert len(named) > 20
    assert {path for path in named if not ((ROOT / path).exists() or (BUNDLE / path).exists())} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_options_that_are_named_exist(document: Path) -> None:
    """Every --option of a document is one of a program of ours, or of pip, or made of a rate's name."""
    folders = (ROOT / "persrv", ROOT / "precompute", ROOT / "benchmarks", ROOT / "scripts")
    sources = [ROOT / "app.py", *(path for folder in folders for path in folder.glob("*.py"))]
    known = set(re.findall(r'"(--[a-z-]+)"', " ".join(path.read_text(encoding="utf-8") for path in sources)))
    known |= {"--help", "--extra-index-url"} | {f"--{rate}" for rate in ("captions", "embeddings", "examples", "read")}
    assert {"--bundle", "--images", "--save"} < known
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", " ".join(spans(document)))) <= known
