"""Docstrings and comments of constants begin with a verb, or with a noun that names the thing: one reading suffices."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Words that ask or stand for something else: a docstring that begins with one is a riddle until its end.
RIDDLE = re.compile(
    r"(What|Whether|How|Where|When|Who|Whom|Whose|Which|Why|It|They|Them|Their|Its|Those|These|This|That|There|Here"
    r"|Some(body|thing|one)|Any(body|thing)|Every(body|thing|one)|Nobody|Nothing|None|Whoever|Whatever"
    r"|As|Of|For|From|If|So|Because|And|But|Or|In|On|At|With|Without|By|Both)\b"
)


def sources() -> Iterator[Path]:
    """Modules of the app, the builds, the benchmarks and the scripts, and the helpers of the tests."""
    yield ROOT / "app.py"
    for folder in ("persrv", "precompute", "benchmarks", "scripts"):
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (path for path in sorted((ROOT / "tests").rglob("*.py")) if not path.name.startswith("test_"))


def docstrings(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Name and docstring of a module and of all functions and classes in it that have one."""
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "name", "the module"), text


def test_docstrings_are_found_and_told_apart() -> None:
    lines = (
        '"""What is shown."""',
        "class A:",
        '    """A page."""',
        "    def f(self):",
        '        """None."""',
    )
    found = dict(docstrings(ast.parse("\n".join(lines))))
    assert found == {"the module": "What is shown.", "A": "A page.", "f": "None."}
    assert [name for name, text in found.items() if RIDDLE.match(text)] == ["the module", "f"]


def test_docstrings_begin_with_a_verb_or_a_noun() -> None:
    found = [
        (f"{path.relative_to(ROOT)}: {name}", text)
        for path in sources()
        for name, text in docstrings(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(found) > 3000
    riddles = [f"{place}: {text.splitlines()[0]}" for place, text in found if RIDDLE.match(text)]
    assert riddles == [], "Begin with a verb, or with a noun that names the thing (CONTRIBUTING.md, Rules)."
    assert [place for place, text in found if text[-1] in ":,;"] == [], "Finish the sentence."


def test_comments_of_constants_begin_with_a_noun() -> None:
    """Comments that begin with `#:`, and their first line alone: the line before is code."""
    found: list[str] = []
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            if line.strip().startswith("#: ") and not before.strip().startswith("#:"):
                found.append(f"{path.relative_to(ROOT)}: {line.strip().removeprefix('#: ')}")
    assert len(found) > 500
    assert [each for each in found if RIDDLE.match(each.partition(": ")[2])] == []


def test_comments_of_the_page_s_scripts_begin_with_a_verb_or_a_noun() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {first}"
        for path in sorted((ROOT / "persrv").rglob("*.js"))
        for first in re.findall(r"/\*\*\s+(?:\*\s+)?(\w[^\n]*)", path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 500
    assert [each for each in found if RIDDLE.match(each.partition(": ")[2])] == []
