"""The documentation is executed: its commands run, its programs run, and every file and module it names exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "assets" / "demo"
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = "\n".join(
    (README, *((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "docs/api.md")))
)
BLOCKS = re.findall(r"```bash\n(.*?)```", GUIDES, flags=re.DOTALL)
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
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


def test_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= 170


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    used = {shlex.split(command)[1] for command in COMMANDS if command.startswith("make ")}
    assert {"demo", "test", "bundle"} <= used <= targets


def test_pip_route_names_what_is_there() -> None:
    files = [shlex.split(command)[-1] for command in COMMANDS if "pip install" in command]
    assert files == ["requirements.lock", "tests/requirements.txt"]
    assert all((ROOT / name).is_file() for name in files)
    assert any(command.endswith("python app.py") for command in COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if re.search(r"python -m (persrv|precompute)", command)]
)
def test_documented_command_runs(command: str, tmp_path: Path) -> None:
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


@pytest.mark.slow
def test_documented_python_runs() -> None:
    """The library's example; the one that asks a running app is run by tests/ui/test_demo_page.py."""
    _, program = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text("utf-8"), flags=re.DOTALL)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["1", "2", "3", "4", "5"]


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
    """Code in a document: commands in blocks, and everything between backticks."""
    text = document.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"```(?:bash|sh)\n(.*?)```", text, flags=re.DOTALL) + re.findall(r"`([^`]+)`", prose)


#: A path with a folder, below the repository or below a bundle.
PATH = r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|txt|json)\b"

#: A path below one of our folders, wherever it is written.
FOLDERS = "(?:persrv|precompute|tests|scripts|benchmarks|docs)"
OUR_PATH = rf"(?<![\w/.-]){FOLDERS}(?:/[\w.-]+)+\.(?:py|js|css|html|md|toml|txt|json)\b"

#: A file of ours by its name alone, or by the end of its path.
FILE = r"(?<![\w./*<>-])[\w-]+(?:/[\w-]+)*\.(?:py|js|toml)\b"

#: A module of ours, or what it holds, by its dotted name.
DOTTED = r"(?<![\w./-])(?:persrv|precompute)(?:\.\w+)+"

SOURCES = [ROOT / "Makefile", ROOT / "app.py", ROOT / "pyproject.toml"] + [
    path
    for folder in ("persrv", "precompute", "benchmarks", "scripts", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".js", ".css", ".html"} and path != Path(__file__)
]


def named(pattern: str, texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in re.findall(pattern, text)}


def written(paths: Iterable[Path]) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in paths)


def test_files_that_are_named_exist() -> None:
    """Paths with a folder, of sources and documents; those of a bundle are relative to it."""
    paths = named(PATH, (span for document in DOCUMENTS for span in spans(document)))
    assert len(paths) > 20
    assert {path for path in paths if not ((ROOT / path).exists() or (BUNDLE / path).exists())} == set()


def test_files_that_prose_and_comments_name_exist() -> None:
    paths = named(OUR_PATH, written([*DOCUMENTS, *SOURCES]))
    assert len(paths) > 60
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_files_that_documents_name_by_the_end_of_their_path_exist() -> None:
    ends = named(FILE, written(DOCUMENTS))
    assert len(ends) > 20
    known = [f"/{path.relative_to(ROOT).as_posix()}" for path in (*SOURCES, *ROOT.glob("precompute/profiles/*"))]
    assert {end for end in ends if not any(path.endswith(f"/{end}") for path in known)} == set()


def exists(dotted: str) -> bool:
    """Return whether a dotted name is a module, a package or a name that one of them defines, imports or documents."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:count])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.is_file():
            rest = parts[count:]
            return not rest or re.search(rf"\b{rest[0]}\b", file.read_text(encoding="utf-8")) is not None
    return False


def test_modules_that_documents_and_code_name_exist() -> None:
    """But for `window.persrv` of the page's scripts and the addresses of Spaces."""
    modules = named(DOTTED, written([*DOCUMENTS, *(path for path in SOURCES if path.suffix in {".py", ".toml"})]))
    assert len(modules) > 100
    assert not exists("persrv.captions")
    assert not exists("persrv.records.Nothing")
    assert {name for name in modules if not exists(name) and not name.startswith("persrv.hf")} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_options_that_are_named_exist(document: Path) -> None:
    """Every --option of a document is one of a program of ours, of pip or hf, or made of a rate's name."""
    folders = (ROOT / "persrv", ROOT / "precompute", ROOT / "benchmarks", ROOT / "scripts")
    sources = [ROOT / "app.py", *(path for folder in folders for path in folder.rglob("*.py"))]
    known = set(re.findall(r'"(--[a-z-]+)"', " ".join(path.read_text(encoding="utf-8") for path in sources)))
    known |= {"--help", "--extra-index-url", "--repo-type", "--exclude"} | {
        f"--{rate}" for rate in ("captions", "embeddings", "examples", "read")
    }
    assert {"--bundle", "--images", "--save"} < known
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", " ".join(spans(document)))) <= known


def test_the_citation_names_paper_and_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    paper = citation["preferred-citation"]
    assert paper["url"] == "https://arxiv.org/abs/2410.21801"
    assert [author["family-names"] for author in paper["authors"]] == ["Chee", "Wang", "Guo", "Ma", "Zhang"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["license"], citation["version"]) == (project["license"], project["version"])
