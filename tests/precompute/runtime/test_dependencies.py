"""The code in a stage's key: all code that its work imports, and nothing else, as a copy of the repository shows."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import released_models

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.builds.base_captions import Described
from precompute.builds.demo import Build
from precompute.builds.folder import Import
from precompute.builds.released import Models, PaperImport
from precompute.caption_record import EMPTY
from precompute.config import load_profile
from precompute.datasets.dropped import Dropped
from precompute.datasets.folder import Found, Scan
from precompute.evaluation.registry import SECTIONS
from precompute.evaluation.world import World
from precompute.runtime import dependencies
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import Slot
from precompute.runtime.dependencies import OURS, ROOT, closure, code_digest, modules_of
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Task
from precompute.runtime.stages import Ran
from precompute.stages.assemble import Text

# ---- a toy repository -----------------------------------------------------------------------------------------------

TOY: Mapping[str, str] = {
    "words/__init__.py": "",
    "words/split.py": "def words(text):\n    return text.split()\n",
    "words/never.py": "x = 1\n",
    "shop/__init__.py": "",
    "shop/room/__init__.py": "from shop.room.near import near\n",
    "shop/room/near.py": "near = 1\n",
    "shop/room/late.py": "late = 1\n",
    "shop/room/kinds.py": "class Kind: ...\n",
    "shop/room/work.py": (
        "from typing import TYPE_CHECKING\nimport os\nfrom words import split\n"
        "if TYPE_CHECKING:\n    from .kinds import Kind\nelse:\n    Kind = object\n"
        'def work():\n    "Work."\n    from .late import late\n    return late\n'
    ),
}
WORK = ("shop.room.work",)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dependencies, "OURS", ("words", "shop"))
    for name, text in TOY.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_imports_are_followed_wherever_they_stand(toy: Path) -> None:
    """In functions, relative ones, and the packages around; not those for the type checker, not other packages."""
    assert set(closure(WORK, toy)) == {
        "words",
        "words.split",
        "shop",
        "shop.room",
        "shop.room.near",
        "shop.room.late",
        "shop.room.work",
    }


def test_code_counts_and_what_is_written_about_it_does_not(toy: Path) -> None:
    source, first = toy / "words/split.py", code_digest(WORK, toy)
    source.write_text('"""Words."""\n\n# why\ndef words(text):\n    """Words of a text."""\n    return  text.split()\n')
    assert code_digest(WORK, toy) == first
    source.write_text("def words(text):\n    return text.split(',')\n")
    changed = code_digest(WORK, toy)
    assert changed != first
    (toy / "shop/room/work.py").write_text(TOY["shop/room/work.py"].replace('"Work."', '"Work well."'))
    assert code_digest(WORK, toy) == changed
    (toy / "words/never.py").write_text("x = 2\n")
    assert code_digest(WORK, toy) == changed


def test_a_module_of_another_name_is_another_module(toy: Path) -> None:
    shutil.copy(toy / "shop/room/work.py", toy / "shop/room/play.py")
    assert code_digest(["shop.room.play"], toy) != code_digest(WORK, toy)
    with pytest.raises(DataError, match=r"No source of shop\.room\.rest"):
        code_digest(["shop.room.rest"], toy)


def test_the_modules_of_whatever_does_the_work() -> None:
    task = Task(Text, (partial(load_profile, name="tiny"), ("text", 1)), released_models.chinese_clip)
    columns = Columns(task, {}, {}, Slot(Path(), "key"), in_processes(1))
    assert modules_of(partial(code_digest, columns, wanted=Models)) == {
        "precompute.runtime.dependencies",
        "precompute.runtime.batch_store",
        "precompute.stages.assemble",
        "precompute.config",
        "precompute.builds.released_clip",
    }, "nothing of tests, and no engine: whichever runs a task, the results are the same"


# ---- every stage on a copy of this repository -----------------------------------------------------------------------

IDS = tuple(f"s{number:02}" for number in range(40))


class Dry:
    """A build that runs no stage and notes what would do the work of each; all data are made up."""

    def stage(self, name: str, work: Any, used: object, settings: object, inputs: object, **facts: object) -> Ran:
        self.__dict__.setdefault("works", {})[name] = modules_of(work)
        return Ran(Path(name), name, {"stickers": 1, "held_out_stickers": 1, "unseen": []})

    @cached_property
    def hashes(self) -> dict[str, str]:
        return {name: name for name in self.ids}  # type: ignore[attr-defined]

    @cached_property
    def texts(self) -> dict[str, Text]:
        assert self.ocr  # type: ignore[attr-defined]
        return {name: Text("", ()) for name in self.ids}  # type: ignore[attr-defined]

    @cached_property
    def embeddings(self) -> np.ndarray:
        assert self.embed  # type: ignore[attr-defined]
        return np.eye(len(self.ids), 48, dtype=np.float16)  # type: ignore[attr-defined]

    @cached_property
    def interactions(self) -> tuple[Interaction, ...]:
        ids = self.ids  # type: ignore[attr-defined]
        return tuple(Interaction(f"u{n % 3}", f"q{n % 7}", ids[n % len(ids)], n) for n in range(500))

    @cached_property
    def captions(self) -> dict[str, Any]:
        assert self.caption  # type: ignore[attr-defined]
        return dict.fromkeys(self.ids, EMPTY)  # type: ignore[attr-defined]


class DryDemo(Dry, Build):
    @cached_property
    def described(self) -> Described:
        return Described({}, dict.fromkeys(self.ids, ()))


class DryImport(Dry, Import):
    captions: Any = MappingProxyType({})
    prepared: Any = property(lambda self: self.scan.pictures)
    unseen: Any = ()
    opened: Any = MappingProxyType({})
    prepared_hashes: Any = MappingProxyType({name: name for name in IDS})
    scan = Scan(tuple(Found(name, Path(name), "", name, 1, 1, 1, ()) for name in IDS), len(IDS), Dropped())
    images = MappingProxyType({name: Path(name) for name in IDS})


class DryPaper(Dry, PaperImport):
    adapter = None
    unseen, prepared, opened = DryImport.unseen, DryImport.prepared, DryImport.opened
    prepared_hashes = DryImport.prepared_hashes
    scan = DryImport.scan
    images = DryImport.images
    sees: Any = property(lambda self: self.released.clip if self.sticker_clip else None)


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    """Stage, or section of the evaluation -> the modules that do its work. Stages of a folder and of the released
    models have the name of their build before their own."""
    root, silent = tmp_path_factory.mktemp("dry"), io.StringIO()
    demo = DryDemo(load_profile("tiny"), root, silent)
    assert all((demo.caption, demo.clicks, demo.project, demo.tune))
    folder = DryImport(root, (), ROOT / "assets/demo", load_profile("demo"), root, silent)
    assert all((folder.gather, folder.project, folder.tune))
    models = Models(released_models.chinese_clip(root / "clip"), released_models.llava(root / "llava"), "cpu")
    paper = load_profile("paper")
    paper = replace(paper, sticker_clip=replace(paper.sticker_clip, on=True))
    released = DryPaper(root, (), models, paper, root, silent)
    assert all((released.gather, released.tuned, released.tune, released.project))
    noted = {
        f"{prefix}{stage}": modules
        for prefix, build in (("", demo), ("folder:", folder), ("released:", released))
        for stage, modules in build.__dict__["works"].items()
    }
    return {**noted, **{f"evaluation:{section.name}": modules_of(section.compute, World) for section in SECTIONS}}


@pytest.fixture(scope="module")
def before(works: dict[str, frozenset[str]]) -> dict[str, str]:
    """Stage -> the digest of its code as it stands."""
    return {stage: code_digest(modules) for stage, modules in works.items()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of this repository, elsewhere."""
    root = tmp_path_factory.mktemp("copy")
    for package in OURS:
        shutil.copytree(
            ROOT / package, root / package, ignore=lambda _, names: [n for n in names if n == "__pycache__"]
        )
    return root


@pytest.fixture
def edited(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one more line of code in one file."""
    path = copy / request.param
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\nANOTHER = 1\n", encoding="utf-8")
    yield copy
    path.write_text(before, encoding="utf-8")


EVALUATION = {f"evaluation:{section.name}" for section in SECTIONS}
DRAWINGS = {"draw", "variants", "lessons"}
OCR, MAP, SETTINGS = (
    {f"{build}{stage}" for build in ("", "folder:", "released:")} for stage in ("ocr", "project", "tune")
)
SMALL_MODELS = {"train", "speak", "finetune", "describe", "caption", "embed"}

#: A file of every room -> the stages whose keys change with it, of all that `works` lists.
ROOMS: Mapping[str, set[str]] = {
    "persrv/text/jieba_words.py": SETTINGS | EVALUATION | {"caption", "released:finetune"},  # they count words found
    "persrv/ranking/rerank.py": SETTINGS | EVALUATION,
    "persrv/ranking/styles.py": SETTINGS | EVALUATION | MAP,
    "persrv/models/encoders.py": SMALL_MODELS
    | EVALUATION
    | SETTINGS  # a sentence encoder in ONNX opens its model as these do
    | {"folder:embed", "released:embed", "released:caption", "released:finetune", "released:sticker_clip"},
    "persrv/bundle/reader.py": EVALUATION,
    "persrv/engines/compiled.py": EVALUATION,
    "persrv/engines/milvus/engine.py": set(),
    "persrv/retriever.py": EVALUATION,
    "persrv/insight/case_mining.py": set(),
    "persrv/ui/views.py": set(),
    "precompute/config.py": EVALUATION,  # where values of settings that a bundle did not record are its defaults
    "precompute/runtime/processes.py": DRAWINGS
    | {"train", "speak", "folder:gather", "released:gather", "released:finetune", "released:sticker_clip"},
    "precompute/runtime/batch_store.py": OCR
    | {"embed", "describe", "caption", "folder:embed", "released:embed", "released:caption"},
    "precompute/runtime/local.py": set(),
    "precompute/demo/art/neon.py": DRAWINGS,
    "precompute/demo/people.py": {"clicks", "evaluation:contexts"},  # the same people send stickers there
    "precompute/datasets/animation.py": {"folder:gather", "released:gather"},
    "precompute/models/ocr.py": OCR,
    "precompute/models/small/clip_gates.py": {"embed"},
    "precompute/models/small/llava_training.py": {"speak", "finetune"},
    "precompute/models/small/llava_onnx.py": {"caption"},
    "precompute/models/released/llava_lora.py": {"released:finetune"},
    "precompute/fit/objective.py": SETTINGS | EVALUATION,
    "precompute/stages/ocr_filter.py": OCR,
    "precompute/stages/project.py": MAP,
    "precompute/stages/caption.py": {"describe", "caption", "released:caption"},
    "precompute/evaluation/comparison.py": {"evaluation:comparison"},
    "precompute/builds/base.py": set(),
    "precompute/builds/demo.py": set(),
    "precompute/builds/tuned_captioner.py": {"finetune"},
}


@pytest.mark.slow
@pytest.mark.parametrize("edited", ROOMS, indirect=True)
def test_an_edit_changes_the_keys_of_what_depends_on_it_and_no_others(
    works: dict[str, frozenset[str]], before: dict[str, str], edited: Path, request: pytest.FixtureRequest
) -> None:
    changed = {stage for stage, modules in works.items() if code_digest(modules, edited) != before[stage]}
    assert changed == ROOMS[request.node.callspec.params["edited"]]


@pytest.mark.slow
def test_every_stage_has_code_of_its_own(works: dict[str, frozenset[str]]) -> None:
    assert len(works) == 26 + len(SECTIONS)
    assert all(works.values())
