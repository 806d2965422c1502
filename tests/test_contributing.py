"""CONTRIBUTING.md is true: its toys are added as it says, its symbols and rules hold for what is there already."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from persrv.errors import DataError
from persrv.records import Interaction
from persrv.ui.shared.texts import TEXTS
from precompute.datasets.clicks import read_clicks
from precompute.datasets.convert import CLICK_COLUMNS
from precompute.datasets.dropped import Dropped
from precompute.evaluation.comparison import compare
from precompute.evaluation.methods import roster
from precompute.evaluation.methods.baselines import OURS
from precompute.evaluation.report import findings_to_json
from precompute.evaluation.world import Options, World
from precompute.runtime.progress import silent

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {title: body for title, _, body in (part.partition("\n") for part in GUIDE.split("\n## ")[1:])}
TABS = sorted(path for path in (ROOT / "persrv" / "ui").glob("*_tab") if path.is_dir())


def module(recipe: str) -> ModuleType:
    """The toy of a recipe, as a module."""
    (source,) = re.findall(r"```python\n(.*?)```", RECIPES[recipe], flags=re.DOTALL)
    made = ModuleType("toy_of_the_guide")
    exec(compile(source, "CONTRIBUTING.md", "exec"), made.__dict__)
    return made


def test_each_recipe_has_five_steps() -> None:
    recipes = {title: body for title, body in RECIPES.items() if title.startswith("Add a ")}
    assert set(recipes) == {"Add a method to the evaluation", "Add a dataset", "Add a stage", "Add a tab"}
    for body in recipes.values():
        assert re.findall(r"^(\d)\. ", body, flags=re.MULTILINE) == ["1", "2", "3", "4", "5"]


def test_symbols_are_where_the_guide_says() -> None:
    prose = re.sub(r"\s+", " ", re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL))
    placed = re.findall(r"`([\w.]+)` (?:of|in) `([\w/]+\.py)`", prose)
    assert len(placed) >= 7
    for symbol, path in placed:
        for name in symbol.split("."):
            assert re.search(rf"^\s*(?:def |class )?{name}\b", (ROOT / path).read_text("utf-8"), flags=re.MULTILINE), (
                f"CONTRIBUTING.md looks for {name} in {path}"
            )


def test_a_method_added_as_described_has_its_row(toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = module("Add a method to the evaluation")
    monkeypatch.setattr(roster, "FACTORIES", (*roster.FACTORIES, added.factory))
    world = World.open(toy_bundle_path, Options(cutoffs=(1, 2, 10), resamples=20))
    made = {method.name: method for method in roster.all_methods(world)}
    assert [name for name, _ in made["By id"].rank("ann", "night", 3)] == ["s01", "s02", "s03"]
    found = compare(world, [made[OURS], made["By id"]], silent)
    notes = {row["name"]: row.get("note") for row in findings_to_json(found)["tables"][0]["rows"]}
    assert notes == {OURS: None, "By id": {"en": "reads nothing", "zh": "什么都不读"}}
    figures = {row.name: row.figures for row in found.tables[0].rows}
    assert figures["By id"]["R@10"].value == 1.0, "s05 and s06 are among the first ten ids"
    assert figures["By id"]["R@2"].value == 0.0


def test_a_dataset_added_as_described_becomes_clicks(tmp_path: Path) -> None:
    log = tmp_path / "log.tsv"
    log.write_text("ann\tgood night\ts05\nno tabs\nbob\t笑死我了\ts01\n\tempty\ts01\n", encoding="utf-8")
    dropped = Dropped()
    clicks = module("Add a dataset").read(log, dropped)
    assert clicks == [Interaction("ann", "good night", "s05"), Interaction("bob", "笑死我了", "s01")]
    (reason,) = dropped.rows()
    assert (reason["count"], reason["examples"]) == (2, ["log.tsv: line 2", "log.tsv: line 4"])

    written = tmp_path / "clicks.csv"
    with written.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(CLICK_COLUMNS[:3])
        rows.writerows((click.user, click.query, click.sticker) for click in clicks)
    assert list(read_clicks(written, {"s01": "s01", "s05": "s05"}).interactions) == clicks


def test_a_dataset_without_clicks_is_refused_with_advice(tmp_path: Path) -> None:
    log = tmp_path / "log.tsv"
    log.write_text("nothing", encoding="utf-8")
    with pytest.raises(DataError, match="holds no click"):
        module("Add a dataset").read(log, Dropped())


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_each_tab_has_what_the_guide_asks_for(tab: Path) -> None:
    assert (tab / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    assert (tab / "texts.py").is_file()
    assert list(tab.glob("*.js"))
    assert list(tab.glob("*.css"))
    assert list((ROOT / "tests" / "ui" / tab.name).glob("test_*_browser.py"))


def test_each_tab_that_the_page_navigates_to_has_a_name() -> None:
    views = re.findall(
        r'<button type="button" data-view="(\w+)"', (ROOT / "persrv/ui/search_tab/search.html").read_text("utf-8")
    )
    assert len(views) >= 6
    assert {f"nav_{view}" for view in views} <= TEXTS.keys()
    assert {f"{view}_tab" for view in views} <= {tab.name for tab in TABS}
    (known,) = re.findall(
        r"^const VIEWS = \[(.*)\];$", (ROOT / "persrv/ui/shared/store.js").read_text("utf-8"), re.MULTILINE
    )
    assert set(views) == set(re.findall(r"\w+", known))
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    beside = {name.strip() for contract in layers for layer in contract.get("layers", ()) for name in layer.split("|")}
    assert {f"persrv.ui.{tab.name}" for tab in TABS} <= beside, "the layer of tabs"
