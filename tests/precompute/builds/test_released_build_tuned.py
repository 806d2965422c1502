"""Profile `paper` with enough clicks: LLaVA is fine-tuned on them and speaks; no kill leaves a trace in the bundle."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import released_models
import torch
from both_languages import assert_told_in_both_languages
from evaluated import sections_of
from held import held
from PIL import Image
from safetensors.torch import load_file, save_file

from persrv.bundle import Bundle, verify
from persrv.errors import DataError, ModelError
from persrv.models.answers import keywords_of
from persrv.records import Interaction
from persrv.retriever import Retriever
from precompute.__main__ import main
from precompute.builds import released_tuning
from precompute.builds.released import Models, PaperImport, find_models
from precompute.config import LoraRecipe, Profile, ReleasedConfig, load_profile
from precompute.evaluation.report import findings_to_json
from precompute.fit.split import TrainInteractions, ValidationInteractions
from precompute.models.answering import Question
from precompute.models.pixels import frames_of
from precompute.models.released import loading
from precompute.models.released.captioning import Captioner
from precompute.models.released.llava_lora import History
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Batch, Task
from precompute.stages.caption import Answer, told

ROOT = Path(__file__).resolve().parents[3]
PICTURES = 7  # too few for a map, whose layout would take longest
WORDS = ("cat", "dog", "happy", "sad")


pytestmark = [pytest.mark.usefixtures("one_thread"), pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of noise, one of them moving, forty clicks on them, and both models."""
    root = tmp_path_factory.mktemp("tuned")
    (root / "images").mkdir()
    rng = np.random.default_rng(0)
    frames = [Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8)) for _ in range(PICTURES + 2)]
    for number in range(PICTURES - 1):
        frames[number].save(root / "images" / f"s{number:02}.png")
    frames[-1].save(root / "images" / f"s{PICTURES - 1:02}.gif", save_all=True, append_images=frames[-3:-1])
    rows = [f"u{n % 3},{WORDS[n % 4]},s{n * n % PICTURES if n < 30 else n % PICTURES:02}" for n in range(40)]
    (root / "clicks.csv").write_text("\n".join(["uid,query,docid", *rows]) + "\n", encoding="utf-8")
    released_models.chinese_clip(root / "clip")
    released_models.llava(root / "llava", width=64)
    return root


def command(root: Path, name: str, work: str = "work", *more: str) -> list[str]:
    given = ["--images", str(root / "images"), "--interactions", str(root / "clicks.csv"), "--profile", "paper"]
    models = ["--clip", str(root / "clip"), "--llava", str(root / "llava"), "--force-cpu", "--no-evaluation"]
    places = ["--out", str(root / name), "--work", str(root / work)]
    return ["build", *given, *models, *places, *more]


def imported(root: Path, work: Path, profile: Profile, adapter: Path | None = None, clicks: bool = True) -> PaperImport:
    """The same without a command line, in one process."""
    models = Models(root / "clip", root / "llava", "cpu", adapter)
    csvs = [root / "clicks.csv"] if clicks else []
    return PaperImport(root / "images", csvs, models, replace(profile, workers=1), work, io.StringIO())


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Bundle:
    """Bundle of a build that nothing interrupted."""
    return imported(folder, folder / "work", load_profile("paper")).write(folder / "bundle")


def looked_at(root: Path, work: Path) -> Path:
    """A work folder where the pictures have been read and seen, and nothing was said of them."""
    return Path(shutil.copytree(root / "work", work, ignore=shutil.ignore_patterns("finetune", "caption", "captioned")))


def adapter_of(root: Path, work: str = "work") -> Path:
    (found,) = (root / work / "finetune").glob("*/adapter")
    return found


def test_keywords_of_the_trained_adapter_are_written_and_searched(folder: Path, bundle: Bundle) -> None:
    assert list(verify(folder / "bundle")) == []
    model, processor = loading.load_llava(folder / "llava", "cpu", "half")
    captioner = Captioner(loading.with_adapter(model, adapter_of(folder)), processor, 1)
    config = load_profile("paper").released
    retriever = Retriever(bundle)
    for name in ("s00", "s05"):
        pixels = frames_of(folder / "images" / f"{name}.png", released_models.SIDE)
        question = Question("it", (config.keywords,), config.keyword_tokens, tuned=True)
        (said,) = captioner(pixels, [question])["it"]
        sticker = retriever.sticker(name)
        assert sticker.keywords == "，".join(keywords_of(said.text, config.most, said.cut))
        assert sticker.keywords != ""
        assert sticker.keywords_base != ""
    only = replace(bundle.settings, field_weights={"keywords": 1.0})
    word = retriever.sticker("s05").keywords.split("，")[0]
    assert "s05" in [hit.sticker for hit in retriever.search(word, settings=only).hits]


def test_the_bundle_tells_how_the_training_went(folder: Path, bundle: Bundle) -> None:
    provenance = bundle.manifest["provenance"]
    trained = provenance["finetune"]
    assert trained["parameters"]["rank"] == 8
    assert trained["steps"] == 4
    assert provenance["caption"]["adapter"] == "trained on the clicks of this bundle"
    assert "fine-tuned on the training clicks" in bundle.manifest["notes"]
    found = sections_of(bundle)["fine-tuning"]
    loss = next(curve for curve in found.curves if curve.name == "loss")
    assert loss.x == (1.0, 2.0, 3.0, 4.0)
    assert loss.y[-1] == pytest.approx(trained["last_loss"], rel=1e-5)
    recall = [curve for curve in found.curves if curve.name == "recall"]
    assert len(recall) == bool(trained["held_out_stickers"])
    assert [row.name for row in found.tables[0].rows] == ["before", *(f"after epoch {n}" for n in range(1, 5))]


def test_only_fitting_clicks_were_learnt_from(folder: Path, bundle: Bundle) -> None:
    fitting = {(row.sticker, row.query) for row in bundle.interactions["train"]}
    trained = bundle.manifest["provenance"]["finetune"]
    assert trained["queries"] == len(fitting)
    assert trained["stickers"] == len({sticker for sticker, _ in fitting})


def test_a_killed_build_leaves_no_bundle_and_goes_on_to_the_same(folder: Path, bundle: Bundle) -> None:
    """The command is killed in the middle of fine-tuning."""
    looked_at(folder, folder / "killed work")
    words = held("finetune: 2 of 4", command(folder, "killed", "killed work"))
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stderr=pipe, text=True) as running:
        assert running.stderr is not None
        told = next((line for line in running.stderr if line.startswith("finetune: 2 of 4")), "")
        running.kill()
    assert told, "it said that it is fine-tuning"
    assert not (folder / "killed").exists()
    assert not list((folder / "killed work" / "finetune").glob("*/adapter"))
    assert main(command(folder, "killed", "killed work")) == 0
    assert Bundle.open(folder / "killed").content_hash == bundle.content_hash
    assert list(verify(folder / "killed")) == []
    (ours, theirs) = (load_file(adapter_of(folder, w) / loading.ADAPTER_WEIGHTS) for w in ("work", "killed work"))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_captions_that_were_interrupted_go_on_batch_by_batch(folder: Path, bundle: Bundle, tmp_path: Path) -> None:
    asked: list[int] = []

    class Counting(Answer):
        def __call__(self, batch: Batch) -> Batch:
            if len(asked) == 2:
                asked.append(0)
                raise KeyboardInterrupt
            asked.append(len(batch["id"]))
            return super().__call__(batch)

    def counted(task: Task, batches: Sequence[Batch]) -> Iterator[Batch]:
        return in_processes(1)(replace(task, operator=Counting) if task.operator is Answer else task, batches)

    profile, work = load_profile("paper"), looked_at(folder, tmp_path / "work")
    profile = replace(profile, released=replace(profile.released, batch=3))

    def started() -> PaperImport:
        run = imported(folder, work, profile, adapter_of(folder))
        run.engine = counted
        return run

    with pytest.raises(KeyboardInterrupt):
        started().write(tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    done = started().write(tmp_path / "bundle")
    assert asked == [3, 3, 0, 1]
    written = Retriever(bundle)
    for name in done.ids:
        ours = Retriever(done).sticker(name)
        assert (ours.keywords, ours.description) == (written.sticker(name).keywords, written.sticker(name).description)


def test_a_given_adapter_speaks_and_nothing_is_trained(folder: Path, tmp_path: Path) -> None:
    trained = adapter_of(folder)
    given = tmp_path / "given"
    given.mkdir()
    (given / "adapter_config.json").write_bytes((trained / "adapter_config.json").read_bytes())
    torch.manual_seed(1)
    shaken = {name: torch.randn_like(value) for name, value in load_file(trained / loading.ADAPTER_WEIGHTS).items()}
    save_file(shaken, given / loading.ADAPTER_WEIGHTS)
    assert main(command(folder, "given", "work", "--adapter", str(given))) == 0
    bundle = Bundle.open(folder / "given")
    assert "finetune" not in bundle.manifest["provenance"]
    assert bundle.manifest["provenance"]["caption"]["adapter"] == "given (a local folder)"
    stickers = [Retriever(bundle).sticker(name) for name in bundle.ids]
    assert any(sticker.keywords != sticker.keywords_base for sticker in stickers)
    with pytest.raises(ModelError, match=r"adapter_model\.safetensors"):
        find_models(load_profile("paper"), str(folder / "clip"), str(folder / "llava"), True, str(folder / "images"))


def test_four_bits_by_the_whole_build(folder: Path, bundle: Bundle, tmp_path: Path) -> None:
    profile = load_profile("paper")
    recipe = replace(profile.released.lora, epochs=1)
    profile = replace(profile, released=replace(profile.released, precision="4-bit", lora=recipe))
    found = imported(folder, looked_at(folder, tmp_path / "work"), profile).write(tmp_path / "bundle")
    assert list(verify(tmp_path / "bundle")) == []
    provenance = found.manifest["provenance"]
    assert provenance["caption"]["precision"] == provenance["finetune"]["precision"] == "4-bit"
    assert "bitsandbytes" in provenance["caption"]["packages"]
    assert all(Retriever(found).sticker(name).keywords for name in found.ids)


# ---- the pieces -----------------------------------------------------------------------------------------------------


def click(sticker: str, query: str) -> Interaction:
    return Interaction("u", query, sticker)


def test_held_out_stickers_have_no_click_in_what_is_learnt_from() -> None:
    train = TrainInteractions((click("a", "hi"), click("b", "yo"), click("a", "hi"), click("a", "ah")))
    validation = ValidationInteractions((*(click(name, "q") for name in "abcdef"), click("c", "p")))
    images = {name: Path(name) for name in "abcdef"}
    learnt = released_tuning.examples(train, images, str.upper)
    assert [(one.sticker, one.prompt, one.queries) for one in learnt] == [("a", "A", ("ah", "hi")), ("b", "B", ("yo",))]
    held = released_tuning.held_out(validation, train, images, str.upper, 3)
    assert [one.sticker for one in held] == ["c", "d", "e"]
    assert held[0].queries == ("p", "q")
    with pytest.raises(DataError, match="ValidationInteractions"):
        released_tuning.examples(validation, images, str.upper)  # type: ignore[arg-type]


def test_many_losses_become_means_and_epochs_a_table() -> None:
    recipe = LoraRecipe(epochs=2, batch=1)
    history = History([float(n) for n in range(600)], [0.0, 0.25, 0.5])
    found = released_tuning.findings(history, 300, 9, recipe)
    assert_told_in_both_languages(found)
    loss, recall = found.curves
    assert (loss.x[0], loss.y[0], loss.x[-1], loss.y[-1], len(loss.x)) == (3.0, 1.0, 600.0, 598.0, 200)
    assert (recall.x, recall.y, recall.part) == ((0.0, 1.0, 2.0), (0.0, 0.25, 0.5), "validation")
    rows: list[Any] = [{name: f.value for name, f in row.figures.items()} for row in found.tables[0].rows]
    assert rows[0] == {"keyword recall": 0.0}
    assert rows[2] == {"loss": 449.5, "keyword recall": 0.5}
    json.dumps(findings_to_json(found))
    assert "none" in released_tuning.findings(History([1.0], []), 1, 0, LoraRecipe(epochs=1)).notes[1].en


def test_prompts_are_settings_and_may_tell_what_is_written() -> None:
    config = load_profile("paper").released
    assert config.keywords.startswith("USER: <image>\nYou are a sticker expert.")
    chinese = replace(config, ask="chinese").keywords
    assert (
        chinese
        == "USER: <image>\n你是个表情包专家,仔细观察、理解图片中的想表达的感觉,把这个感觉转换成关键词。\nASSISTANT:"
    )
    both = replace(config, ask="chinese_with_text").keywords
    assert told(both, "晚安").endswith("图上文字:晚安\nASSISTANT:")
    assert told(both, "").endswith("图上文字:无\nASSISTANT:")
    assert len(told(both, "长" * 500)) < len(both) + 60
    assert told(both, "<image></s>").count("<image>") == 1, "a picture's own text asks for no picture"
    with pytest.raises(DataError, match="one of english, chinese"):
        replace(config, ask="klingon")
    assert ReleasedConfig().lora == config.lora, "the profile writes out the recipe's own defaults"


def test_prompts_that_tell_the_text_are_sorted_by_length(folder: Path, tmp_path: Path) -> None:
    profile = load_profile("paper")
    profile = replace(profile, released=replace(profile.released, ask="chinese_with_text", batch=4))
    run = imported(folder, tmp_path, profile, adapter_of(folder), clicks=False)
    texts = {name: "words " * (number % 5) for number, name in enumerate(run.ids)}
    run.__dict__["texts"] = {name: _Read(text) for name, text in texts.items()}
    lengths: list[list[int]] = []
    engine: Callable[[Task, Sequence[Batch]], Iterator[Batch]] = in_processes(1)

    def noted(task: Task, batches: Sequence[Batch]) -> Iterator[Batch]:
        if task.operator is Answer:
            by_key = task.arguments[2]
            lengths.extend([len(by_key[key]) for key in batch["id"]] for batch in batches)
        return engine(task, batches)

    run.engine = noted
    assert set(run.captions) == set(run.ids)
    assert [length for part in lengths for length in part] == sorted(len(text) for text in texts.values())
    assert all(len(part) <= 4 for part in lengths)


class _Read:
    """Text that OCR read of a sticker, as far as a prompt tells it."""

    def __init__(self, text: str) -> None:
        self.ocr = text
