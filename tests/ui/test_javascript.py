"""The page's modules: their own unit tests in Node, and how they are joined for the page."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from javascript import NODE

from persrv.ui import assets

TESTS = Path(__file__).parent / "js"


def test_the_unit_tests_of_pure_modules_pass() -> None:
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", *sorted(TESTS.glob("*.test.mjs"))],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None, done.stdout
    assert int(passed[1]) >= len(list(TESTS.glob("*.test.mjs"))) > 0


def test_no_function_of_the_page_is_longer_than_120_lines() -> None:
    whole = re.compile(r"^(?:export )?(?:async )?function (\w+).*?^\}$", re.MULTILINE | re.DOTALL)
    found = [(path.name, match) for path in assets.FOLDER.rglob("*.js") for match in whole.finditer(path.read_text())]
    assert len(found) > 300
    assert [(name, match[1]) for name, match in found if len(match[0].splitlines()) > 120] == []


# ---- joining ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for modules that are joined in place of the page's own."""
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    return tmp_path


def write(folder: Path, **modules: str) -> None:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


def value_of(entry: str) -> object:
    """Exports of a joined module, by Node."""
    program = f"process.stdout.write(JSON.stringify({assets.joined(entry)}))"
    done = subprocess.run([NODE, "--eval", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_modules_may_use_one_name(ui: Path) -> None:
    write(
        ui,
        one='const name = "one";\nexport const first = name;\n',
        two='const name = "two";\nexport const second = name;\n',
        both='import { first } from "./one.js";\nimport { second } from "./two.js";\n\n'
        "const name = [first, second];\nexport const names = name;\n",
    )
    assert value_of("both.js") == {"names": ["one", "two"]}


def test_a_module_runs_once_and_after_all_that_it_imports(ui: Path) -> None:
    write(
        ui,
        log="export const log = [];\n",
        leaf='import { log } from "./log.js";\n\nlog.push("leaf");\nexport const leaf = 1;\n',
        left='import { leaf } from "./leaf.js";\nimport { log } from "./log.js";\n\nlog.push("left");\n'
        "export function left() { return leaf; }\n",
        right='import { leaf } from "./leaf.js";\nimport { log } from "./log.js";\n\nlog.push("right");\n'
        "export class Right { value = leaf; }\n",
        page='import { log } from "./log.js";\nimport {\n  left,\n} from "./left.js";\n'
        'import { Right } from "./right.js";\n\n'
        "export const all = [...log, left(), new Right().value];\n",
    )
    assert value_of("page.js") == {"all": ["leaf", "left", "right", 1, 1]}


def test_a_circle_of_imports_is_named(ui: Path) -> None:
    write(
        ui,
        page='import { a } from "./a.js";\n',
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match=r"circle: a\.js -> b\.js -> a\.js"):
        assets.joined("page.js")


def test_a_name_that_is_not_exported_is_named(ui: Path) -> None:
    write(ui, page='import { a, hidden } from "./a.js";\n', a="const hidden = 1;\nexport const a = hidden;\n")
    with pytest.raises(ValueError, match=r"page\.js imports hidden; a\.js exports no such name"):
        assets.joined("page.js")


@pytest.mark.parametrize("statement", ['import "./a.js";', "export default 1;", "export let a = 1;", "export { a };"])
def test_a_form_that_is_not_read_is_named(ui: Path, statement: str) -> None:
    write(ui, page=f"{statement}\n", a="")
    with pytest.raises(ValueError, match=re.escape(statement.rstrip(";"))):
        assets.joined("page.js")


def test_every_script_of_the_page_is_joined() -> None:
    """A module that nothing imports is dead: it would be in the folder and never on the page."""
    script = assets.joined(assets.ENTRY)
    names = {path.relative_to(assets.FOLDER).as_posix() for path in assets.FOLDER.rglob("*.js")}
    assert names == set(re.findall(r'^modules\["([^"]+)"\] = ', script, re.MULTILINE))
