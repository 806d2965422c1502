"""The code that decides a result: the modules that do the work, and all of our modules that they import, transitively.

Imports are read from the source text, so nothing is loaded; one inside a function counts like any other. An import for
the type checker alone does not count, since it is never run. So a stage's key covers neither more nor less than what
can change the stage's result, and nobody has to remember to list a module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from persrv.errors import DataError
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import digest
from precompute.runtime.operators import Task

#: The repository.
ROOT = Path(__file__).resolve().parents[2]

#: The packages whose code counts; others count by their version.
OURS = ("persrv", "precompute")


def code_version(*works: object) -> str:
    """Digest of all code of ours that decides what `works` make of their input. works: whatever `modules_of` takes."""
    return code_digest(modules_of(*works))


def code_digest(modules: Iterable[str], root: Path = ROOT) -> str:
    """Digest of the modules and of all that they import; comments, layout and docstrings do not count.

    root: where the sources lie. DataError where one of `modules` has no source.
    """
    sources = closure(modules, root)
    return digest(*((name, _parsed(text, name, package)[1]) for name, (text, package) in sorted(sources.items())))


def modules_of(*works: object) -> frozenset[str]:
    """Names of our modules that define these functions, classes and callable objects.

    Of a partial, a tuple or list, a task and columns: the modules of the callables that it holds. An engine does not
    count: whichever runs a task, the results are the same.
    """
    found, waiting = set(), list(works)
    while waiting:
        work = waiting.pop()
        if isinstance(work, partial):
            waiting += (work.func, *work.args, *work.keywords.values())
        elif isinstance(work, Columns):
            waiting += (Columns, work.task)
        elif isinstance(work, Task):
            waiting += (work.operator, work.arguments, work.prepare)
        elif isinstance(work, tuple | list):
            waiting += work
        elif callable(work):
            found.add(str(getattr(work, "__module__", "")))
    return frozenset(name for name in found if _is_ours(name))


def closure(modules: Iterable[str], root: Path = ROOT) -> dict[str, tuple[str, bool]]:
    """Module -> (its source text, whether it is a package): the modules, what they import, and the packages around."""
    found: dict[str, tuple[str, bool]] = {}
    waiting = sorted(modules)
    missing = [name for name in waiting if _path(name, root) is None]
    if missing:
        raise DataError(f"No source of {missing[0]} in {root}", "a module of the repository", "Correct the stage.")
    while waiting:
        name = waiting.pop()
        path = None if name in found or not _is_ours(name) else _path(name, root)
        if path is not None:
            found[name] = path.read_text(encoding="utf-8"), path.name == "__init__.py"
            waiting += (name.rpartition(".")[0], *_parsed(found[name][0], name, found[name][1])[0])
    return found


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def _path(name: str, root: Path) -> Path | None:
    """Path of a module's source; None if there is no module of this name."""
    place = root.joinpath(*name.split("."))
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)


@cache
def _parsed(text: str, name: str, is_package: bool) -> tuple[frozenset[str], str]:
    """(names that the module imports, some of them no modules; digest of its code without comments and docstrings)."""
    tree = ast.parse(text)
    imports = _Imports(name if is_package else name.rpartition(".")[0])
    imports.visit(tree)
    for node in ast.walk(tree):
        _drop_docstring(node)
    return frozenset(imports.found), digest(ast.dump(tree))


class _Imports(ast.NodeVisitor):
    """Collects what a module in `package` imports: "a.b" and "a.b.c" for `from a.b import c`, which may be either."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.found: set[str] = set()

    def visit_Import(self, node: ast.Import) -> None:
        self.found |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            above = self.package.split(".")
            base = ".".join([*above[: len(above) - node.level + 1], *filter(None, [base])])
        self.found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}

    def visit_If(self, node: ast.If) -> None:
        typing_only = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for child in node.orelse if typing_only else (*node.body, *node.orelse):
            self.visit(child)


def _drop_docstring(node: ast.AST) -> None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            del node.body[0]
