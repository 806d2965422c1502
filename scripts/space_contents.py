"""The files of a Space: the app, its packages, one bundle and the card; and what the Hub would refuse of them."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path, PurePosixPath

from lock import ROOT, requirements, versions, without_wheel

from persrv.bundle import Bundle, verify
from persrv.errors import PersrvError

#: A file by its path in the Space: where it lies here, or its bytes.
Contents = Mapping[str, Path | bytes]

#: Files of this checkout that the app needs.
CODE = ("app.py", "persrv", "LICENSE", "NOTICE")

#: Folder in which app.py looks for a bundle if none is named.
BUNDLE = "assets/demo"

#: Limits of the Hub: https://huggingface.co/docs/hub/storage-limits (a file, a folder's entries), create_commit of
#: huggingface_hub (files that one commit adds), https://huggingface.co/docs/hub/spaces-overview (a Space's disk).
MAX_FILE = 50 * 10**9
MAX_ENTRIES = 10_000
MAX_FILES = 25_000
MAX_BYTES = 50 * 10**9

#: Pythons that ZeroGPU runs, of those that the app runs on.
PYTHON = "3.12.12"

#: The Space installs this by itself, in the version that its hardware wants.
OWN = "spaces"

COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


def contents(bundle: Path, precompute: bool = False) -> dict[str, Path | bytes]:
    """Collect the files of a Space over a bundle; precompute: whether the code that builds bundles goes along."""
    found: dict[str, Path | bytes] = {
        "README.md": readme(bundle).encode(),
        "requirements.txt": installed().encode(),
    }
    for name in (*CODE, *(("precompute",) if precompute else ())):
        found |= files(ROOT / name, name)
    return found | files(bundle, BUNDLE)


def files(place: Path, name: str) -> dict[str, Path | bytes]:
    """A file, or all files of a folder but Python's compiled ones, by their paths below `name`."""
    if place.is_file():
        return {name: place}
    return {
        f"{name}/{path.relative_to(place).as_posix()}": path
        for path in sorted(place.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def installed() -> str:
    """The Space's requirements.txt: the locked versions, without hashes.

    A Space installs them in one command with packages of its own, which have no hashes; pip would refuse all of it.
    """
    lines = requirements(ROOT / "requirements-space.lock")
    told = "# All that the Space installs, from requirements-space.lock by scripts/publish.py."
    return "\n".join((told, *(line for line in lines if not line.startswith(f"{OWN}==")))) + "\n"


def front_matter() -> str:
    """The Space's card: the lines at the top of README.md."""
    return (ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1]


def readme(bundle: Path) -> str:
    """The Space's README: the card, and which bundle it shows; BundleError where none can be opened."""
    opened = Bundle.open(bundle)
    told = f"Bundle {opened.name}, {len(opened.ids)} stickers, sha256 {opened.content_hash}."
    return f"---\n{front_matter()}---\n\n# PerSRV\n\nThe right sticker, in the style you love, and why. {told}\n"


def card() -> dict[str, str]:
    """The fields of the card."""
    pairs = (line.partition(":") for line in front_matter().splitlines())
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def size(content: Path | bytes) -> int:
    """Bytes of a file."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def write(found: Contents, folder: Path) -> None:
    """Write the files into a folder, as the Space would hold them."""
    for name, content in found.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.copyfile(content, target)


# ---- what the Hub would refuse, or a Space could not start ----------------------------------------------------------


def check(found: Contents, bundle: Path) -> list[str]:
    """Check everything that can be checked here; returns a line on each check that passed, PersrvError at the first
    that fails.
    """
    return [check_bundle(bundle), check_sizes(found), check_card(found), check_wheels()]


def check_bundle(bundle: Path) -> str:
    """Check every hash, shape, id, range and picture of the bundle."""
    if defects := verify(bundle):
        raise PersrvError(
            f"{bundle} has {len(defects)} defects, first: {defects[0]}",
            "a bundle that verifies",
            "Build it again, or see all of them with python -m persrv verify.",
        )
    return f"bundle: {bundle} verifies"


def check_sizes(found: Contents) -> str:
    """Files, their bytes, and entries of each folder."""
    sizes = {name: size(content) for name, content in found.items()}
    advice = "Keep pictures in tar shards (docs/bundle.md), or publish a smaller bundle."
    if heavy := [name for name, count in sizes.items() if count > MAX_FILE]:
        raise PersrvError(f"{heavy[0]} has {sizes[heavy[0]]:,} bytes", f"at most {MAX_FILE:,} a file", advice)
    total = sum(sizes.values())
    if total > MAX_BYTES:
        raise PersrvError(f"The files have {total:,} bytes", f"at most {MAX_BYTES:,}, a Space's disk", advice)
    if len(sizes) > MAX_FILES:
        raise PersrvError(f"There are {len(sizes):,} files", f"at most {MAX_FILES:,} in one commit", advice)
    inside = {(parent, child) for name in sizes for parent, child in entries(name)}
    folder, count = Counter(str(parent) for parent, _ in inside).most_common(1)[0]
    if count > MAX_ENTRIES:
        raise PersrvError(f"{folder} has {count:,} entries", f"at most {MAX_ENTRIES:,} a folder", advice)
    return f"sizes: {len(sizes):,} files, {total:,} bytes, at most {count:,} entries in a folder ({folder})"


def entries(name: str) -> list[tuple[PurePosixPath, PurePosixPath]]:
    """(folder, entry) of a file and of every folder above it."""
    line = [PurePosixPath(name), *PurePosixPath(name).parents]
    return [(parent, child) for child, parent in pairwise(line)]


def check_card(found: Contents) -> str:
    """The fields that the Hub reads, against what is pinned."""
    told = card()
    gradio = versions(ROOT / "requirements-space.lock")["gradio"]
    wanted = {"sdk": "gradio", "sdk_version": gradio, "python_version": PYTHON}
    for name, value in wanted.items():
        if told.get(name) != value:
            raise PersrvError(
                f"The card says {name}: {told.get(name)}", f"{name}: {value}", "Correct the top of README.md."
            )
    if told.get("app_file") not in found:
        raise PersrvError(f"The card names {told.get('app_file')}", "a file of the Space", "Correct app_file.")
    if not {told.get("colorFrom"), told.get("colorTo")} <= COLOURS:
        raise PersrvError("The card has a colour of its own", f"one of {', '.join(sorted(COLOURS))}", "Correct it.")
    if not told.get("title") or not 0 < len(told.get("short_description", "")) <= 60:
        raise PersrvError("The card's title or description is none", "1 to 60 characters", "Correct it.")
    return f"card: gradio {gradio}, Python {PYTHON}"


def check_wheels() -> str:
    """Return whether every package that the Space installs has a wheel for its Python, and for the one that CI runs."""
    for python in ("3.11", re.sub(r"\.\d+$", "", PYTHON)):
        if problem := without_wheel(ROOT / "requirements-space.lock", python):
            raise PersrvError(
                f"pip says of the Space's packages, for Python {python}: {problem.rstrip('.')}",
                "a wheel of every line of requirements-space.lock",
                "See that pip reaches its index; renew the lock with make lock.",
            )
    return "packages: wheels of every line of requirements-space.lock for Python 3.11 and 3.12"
