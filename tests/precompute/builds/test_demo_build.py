"""The whole pipeline on a tiny world: interrupted, resumed, repeated; and that nothing fitted sees a test click."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from persrv.bundle import Bundle, verify
from persrv.errors import DataError
from persrv.models.captioner import has_captioner, load_captioner
from persrv.records import Interaction
from persrv.retriever import Retriever
from precompute.__main__ import INTERRUPTED, main
from precompute.builds.demo import Build
from precompute.config import STAGES, Profile, TuneConfig, load_profile
from precompute.demo.art.fonts import FONTS, available
from precompute.fit.features import choose_settings, fit
from precompute.fit.split import Split, TestInteractions, ValidationInteractions, by_interaction
from precompute.runtime.cache import file_digest
from precompute.runtime.progress import silent

CACHED = (
    "draw",
    "clicks",
    "ocr",
    "variants",
    "train",
    "embed",
    "lessons",
    "speak",
    "finetune",
    "caption",
    "project",
    "tune",
)


class Screen(io.StringIO):
    """A terminal that keeps a build's output, and presses Ctrl-C when the build says `until`."""

    def __init__(self, until: str = "") -> None:
        super().__init__()
        self._until = until

    def write(self, text: str) -> int:
        if self._until and self._until in text:
            raise KeyboardInterrupt
        return super().write(text)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """(folder of the cache, bundle, what was said), built in two goes: the first is interrupted while it trains."""
    folder = tmp_path_factory.mktemp("tiny")
    work, out = folder / "work", folder / "bundle"
    profile = load_profile("tiny")
    with pytest.raises(KeyboardInterrupt):
        Build(profile, work, Screen(until="train: ")).write(out)
    assert not out.exists()
    screen = Screen()
    Build(profile, work, screen).write(out)
    return work, out, screen.getvalue()


@pytest.mark.slow(seconds=100)  # for the fixture
def test_an_interrupted_build_goes_on(tiny: tuple[Path, Path, str]) -> None:
    said = tiny[2]
    for stage in ("draw", "clicks", "ocr", "variants"):
        assert f"{stage}: done before" in said
    for stage in ("train", "embed", "speak", "finetune", "caption", "project", "tune"):
        assert f"{stage}: done in" in said


@pytest.mark.slow
def test_training_goes_on_from_its_last_checkpoint_and_ends_the_same(tiny: tuple[Path, Path, str]) -> None:
    work, whole = tiny[0], load_profile("tiny")
    often = replace(whole, embed=replace(whole.embed, clip=replace(whole.embed.clip, checkpoint_every=1)))
    with pytest.raises(KeyboardInterrupt):
        Build(often, work, Screen(until="train: 2 of")).run("train")
    screen = Screen()
    resumed = Build(often, work, screen).train
    assert "train: 1 of" not in screen.getvalue()
    assert "train: 2 of" in screen.getvalue()
    assert "train: done in" in screen.getvalue()
    assert resumed.output == Build(whole, work, Screen()).train.output


@pytest.mark.slow
def test_drawings_know_their_fonts(tiny: tuple[Path, Path, str]) -> None:
    """Another font file is another key, and the bundle says which ones there were."""
    stages = Bundle.open(tiny[1]).provenance
    for name in available():
        for stage in ("draw", "variants"):
            assert stages[stage]["packages"][f"font {name}"] == file_digest(Path(FONTS[name].path))


@pytest.mark.slow
def test_a_second_build_repeats_nothing_and_makes_the_same_bundle(tiny: tuple[Path, Path, str], tmp_path: Path) -> None:
    work, out, _ = tiny
    screen = Screen()
    again = Build(load_profile("tiny"), work, screen).write(tmp_path / "again")
    assert [stage for stage in CACHED if f"{stage}: done before" not in screen.getvalue()] == []
    assert again.content_hash == Bundle.open(out).content_hash


@pytest.mark.slow
def test_the_bundle_is_sound_complete_and_honest(tiny: tuple[Path, Path, str]) -> None:
    _, out, _ = tiny
    assert verify(out) == []
    bundle = Bundle.open(out)
    assert bundle.simulated
    assert bundle.licence == "CC-BY-4.0"
    assert len(bundle.ids) == load_profile("tiny").draw.limit
    assert set(bundle.provenance) == {"machine", *STAGES} - {"assemble"}
    assert {"ocr_exact", "style_purity", "text_image_recall_at_5", "onnx_difference"} <= set(bundle.gates)
    assert set(bundle.evaluation) == {"vlm"}, "what is measured on test clicks comes by `evaluate`"
    assert any(sticker.ocr for sticker in bundle.stickers)
    assert Retriever.open(bundle).search("哈哈").hits


@pytest.mark.slow
def test_captions_are_written_judged_and_shipped_with_their_model(tiny: tuple[Path, Path, str]) -> None:
    bundle = Bundle.open(tiny[1])
    judged = {name for name in bundle.gates if name.startswith("vlm_")}
    assert judged == {
        "vlm_expression",
        "vlm_character",
        "vlm_style",
        "vlm_pose_or_prop",
        "vlm_recall_picture",
        "vlm_recall_ocr",
        "vlm_cosine_gain",
        "vlm_onnx_difference",
        "vlm_weights_megabytes",
    }
    assert [row["name"] for row in bundle.evaluation["vlm"]["rows"]] == ["base", "tuned_picture", "tuned_ocr"]
    assert bundle.provenance["describe"]["prompts"]["description"].startswith("This is a sticker.")
    assert bundle.provenance["finetune"]["queries"] >= bundle.provenance["finetune"]["stickers"] > 0
    assert has_captioner(bundle)
    still = next(sticker for sticker in bundle.stickers if not sticker.animated)
    with Image.open(bundle.image_path(still.id)) as picture:
        live = load_captioner(bundle).caption(picture, still.ocr)
    assert (live.description, live.emotion) == (still.description, still.emotion)
    assert "，".join(live.keywords) == still.keywords


class WithoutHeldBack(Build):
    """A build whose world has no validation and no test clicks, and the same fitting clicks."""

    @cached_property
    def split(self) -> Split:
        return Split(super().split.fitting, ValidationInteractions(()), TestInteractions(()))


@pytest.mark.slow
def test_training_and_fine_tuning_see_nothing_of_validation_and_test_clicks(tiny: tuple[Path, Path, str]) -> None:
    """Without them the same models come out of the same slots: their keys cover all that they were made of."""
    work, whole = tiny[0], load_profile("tiny")
    assert len(Build(whole, work, Screen()).split.test) > 0
    screen = Screen()
    blind = WithoutHeldBack(whole, work, screen)
    assert blind.finetune.output == Build(whole, work, Screen()).finetune.output
    assert "finetune: done before" in screen.getvalue()
    assert "speak: done before" in screen.getvalue()


@pytest.mark.slow
def test_one_stage_by_itself_and_failed_gates(tiny: tuple[Path, Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    work = tiny[0]
    arguments = ["embed", "--profile", "tiny", "--work", str(work)]
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "style_purity" in told.out
    assert "tune" not in told.err
    assert main([*arguments, "--strict"]) == 1


def test_ctrl_c_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(self: Build, stage: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Build, "run", interrupted)
    assert main(["draw", "--profile", "tiny", "--work", str(tmp_path)]) == INTERRUPTED
    assert "goes on from here" in capsys.readouterr().err


def test_mistakes_are_sentences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["draw", "--profile", "nothing", "--work", str(tmp_path)]) == 2
    assert "Expected one of demo, laptop, paper, tiny" in capsys.readouterr().err
    with pytest.raises(DataError, match="No stage"):
        Build(load_profile("tiny"), tmp_path, Screen()).run("sing")


def test_help_lists_the_stages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    told = capsys.readouterr().out
    assert [stage for stage in ("build", *STAGES) if stage not in told] == []


# ---- no leak --------------------------------------------------------------------------------------------------------

IDS = tuple(f"s{number:02d}" for number in range(40))
TEXTS = {name: ("晚安", "早安", "谢谢", "哈哈", "")[row % 5] for row, name in enumerate(IDS)}
KEYWORDS = {name: ("谢谢", "", "哈哈，晚安")[row % 3] for row, name in enumerate(IDS)}
QUERIES = ("晚安", "哈哈哈", "谢谢你", "good")


def clicks(seed: int, count: int) -> tuple[Interaction, ...]:
    rng = random.Random(seed)
    return tuple(
        Interaction(f"u{rng.randrange(3)}", rng.choice(QUERIES), rng.choice(IDS), 1000 + number)
        for number in range(count)
    )


def embeddings() -> np.ndarray:
    rows = np.random.default_rng(5).standard_normal((len(IDS), 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


PROFILE = Profile("test", "test", tune=TuneConfig(rounds=1, alpha=(0.0, 1.0), lambda_=(0.0, 1.0)))


def everything_fitted(parts: Split) -> tuple[object, ...]:
    vectors = embeddings()
    mean = np.zeros(16, np.float32)
    fitted = fit(parts.training, IDS, vectors, mean, PROFILE)
    choice, asked = choose_settings(parts, IDS, {"ocr": TEXTS, "keywords": KEYWORDS}, vectors, mean, PROFILE, silent)
    described = [(style.user, style.centroids.tolist(), style.exemplars) for style in fitted.styles]
    return fitted.queries, fitted.counts.tolist(), described, choice, asked


def test_other_test_clicks_change_nothing_that_is_fitted() -> None:
    parts = by_interaction(clicks(1, 200), 0.2, 0.1, 1)
    others = by_interaction(clicks(2, 300), 0.2, 0.1, 1)
    assert parts.test != others.test
    assert everything_fitted(replace(parts, test=others.test)) == everything_fitted(parts)


def test_the_comparison_above_is_not_blind() -> None:
    """Other training clicks do change what is fitted."""
    parts = by_interaction(clicks(1, 200), 0.2, 0.1, 1)
    others = by_interaction(clicks(2, 200), 0.2, 0.1, 1)
    assert everything_fitted(others) != everything_fitted(parts)


def test_validation_clicks_choose_settings_without_being_fitted_on() -> None:
    """Validation clicks are part of the bundle's features, but not of those that settings are judged by."""
    parts = by_interaction(clicks(1, 200), 0.2, 0.1, 1)
    vectors, mean = embeddings(), np.zeros(16, np.float32)
    judged = fit(parts.fitting, IDS, vectors, mean, PROFILE)
    shipped = fit(parts.training, IDS, vectors, mean, PROFILE)
    assert int(judged.counts[:, 0].sum()) == len(parts.fitting)
    assert int(shipped.counts[:, 0].sum()) == len(parts.fitting) + len(parts.validation)
