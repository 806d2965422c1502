"""The lists of docs/architecture.md: folders with their docstrings, layers and contracts of pyproject.toml."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Container, Iterator
from pathlib import Path

#: Folders that are no package, and what is in them.
FOLDERS = {
    "assets/demo": "The embedded bundle: a simulated world, ready to search",
    "benchmarks": "Measurements: settings, a table, and a last line of JSON; `--save` keeps the figures",
    "docs": "What you read, and the measured figures",
    "precompute/profiles": "The settings of each kind of build, as TOML",
    "scripts": "Generated documents, screenshots, system packages",
    "tests": "Tests; their folders mirror the rooms",
}


def tree(root: Path) -> str:
    """List every folder of code with a line about it, in a Markdown code block."""
    told = dict(FOLDERS)
    for package in ("persrv", "precompute"):
        for file in sorted((root / package).rglob("__init__.py")):
            told[file.parent.relative_to(root).as_posix()] = summary(file)
    shown = {path: indented(path, told) for path in sorted(told)}
    width = max(map(len, shown.values())) + 2
    lines = [f"{name.ljust(width)}{told[path]}" for path, name in shown.items()]
    return "\n".join(("```text", f"{'app.py'.ljust(width)}{summary(root / 'app.py')}", *lines, "```"))


def indented(path: str, told: Container[str]) -> str:
    """The name of a folder below the folder around it, or its whole path where that has no line."""
    around, _, name = path.rpartition("/")
    return f"{'  ' * path.count('/')}{name}/" if around in told else f"{path}/"


def layers(root: Path) -> str:
    """The contracts in the order of pyproject.toml: layers as numbered lists, all others by name."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    others = [f"- {contract['name']}." for contract in contracts if contract["type"] != "layers"]
    lists = [
        "\n".join((f"**{contract['name']}**\n", *numbered(contract["layers"], root)))
        for contract in contracts
        if contract["type"] == "layers"
    ]
    return "\n\n".join((*lists, "**Besides**\n\n" + "\n".join(others)))


def numbered(rows: list[str], root: Path) -> Iterator[str]:
    """Yield one item a layer: its modules, each with a line about it."""
    for number, row in enumerate(rows, 1):
        modules = [name.strip() for name in row.split("|")]
        yield f"{number}. " + "; ".join(f"`{name}`: {summary(source(name, root))}" for name in modules)


def source(module: str, root: Path) -> Path:
    """The file of a module, or of a package's `__init__`."""
    place = root.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def summary(file: Path) -> str:
    """The first sentence of a module's docstring, without its full stop."""
    told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if not told:
        raise SystemExit(f"{file} has no docstring: write what is in there, so that docs/architecture.md can say it.")
    paragraph = " ".join(told.split("\n\n")[0].split())
    return re.split(r"\. (?=[A-Z])", paragraph)[0].rstrip(".")
