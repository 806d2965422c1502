"""Profile `paper` by the command a person types, on the real classes with tiny random weights."""

from __future__ import annotations

import sys
from pathlib import Path

import messy
import numpy as np
import pytest
import released_models
import torch
from PIL import Image
from transformers import AutoProcessor, ChineseCLIPModel, LlavaForConditionalGeneration

from persrv.bundle import Bundle, verify
from persrv.errors import ModelError
from persrv.models.answers import split_answer
from persrv.models.encoders import on_white_square
from persrv.retriever import Retriever
from precompute.__main__ import main
from precompute.config import load_profile
from precompute.models.released import loading
from precompute.models.released.hub import identity
from precompute.models.small import llava

pytestmark = pytest.mark.slow

CLICKS = "uid,query,docid\nann,moon,grey\nbob,cat smile,jump\n"
KEPT = ("grey.png", "jump.gif", "turned.jpg")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pictures of the messy folder, their clicks, and both models."""
    root = tmp_path_factory.mktemp("paper")
    full = messy.messy_folder(root)
    few = root / "few"
    few.mkdir()
    for name in KEPT:
        (full / name).rename(few / name)
    (root / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    released_models.chinese_clip(root / "clip")
    released_models.llava(root / "llava")
    released_models.opus_mt(root / "opus")
    return root


def built(root: Path, name: str, *more: str) -> int:
    arguments = ["--images", str(root / "few"), "--interactions", str(root / "clicks.csv"), "--profile", "paper"]
    names = {"--clip": "clip", "--llava": "llava", "--translator": "opus"}
    models = [each for option, name in names.items() for each in (option, str(root / name))]
    return main(["build", *arguments, *models, "--out", str(root / name), "--work", str(root / "work"), *more])


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Bundle:
    assert built(folder, "bundle", "--force-cpu") == 0
    return Bundle.open(folder / "bundle")


def test_the_command_makes_a_bundle_that_verifies(folder: Path, bundle: Bundle) -> None:
    assert list(verify(folder / "bundle")) == []
    assert set(bundle.ids) == {"grey", "jump", "turned"}
    retriever = Retriever(bundle)
    assert retriever.search("moon").hits[0].sticker == "grey"
    assert retriever.search("cat smile", "bob").personalized


def test_embeddings_are_the_models_own(folder: Path, bundle: Bundle) -> None:
    """Against transformers by hand: on a white square, the folder's size, mean and deviation."""
    model = ChineseCLIPModel.from_pretrained(folder / "clip").eval()
    side = released_models.SIDE
    with Image.open(folder / "few" / "grey.png") as picture:
        square = on_white_square(picture).resize((side, side), Image.Resampling.BICUBIC)
    values = (np.asarray(square, np.float32) / 255 - released_models.MEAN) / released_models.STD
    with torch.inference_mode():
        pixels = torch.tensor(values.transpose(2, 0, 1)[None], dtype=torch.float32)
        wanted = model.get_image_features(pixel_values=pixels).pooler_output[0].numpy()
    found = np.asarray(bundle.embeddings[bundle.ids.index("grey")], np.float32)
    assert found.shape == (24,)
    assert np.allclose(found, wanted / np.linalg.norm(wanted), atol=2e-3)


def test_captions_are_the_models_own_answers(folder: Path, bundle: Bundle) -> None:
    """Against generate by hand, one picture alone: batch and padding change nothing."""
    model = LlavaForConditionalGeneration.from_pretrained(folder / "llava").eval()
    processor = AutoProcessor.from_pretrained(folder / "llava")
    config = load_profile("paper").released
    with Image.open(folder / "few" / "grey.png") as picture:
        square = on_white_square(picture)
    inputs = processor(images=[square], text=[llava.prompt(config.description)], return_tensors="pt")
    out = model.generate(**inputs, max_new_tokens=config.description_tokens, do_sample=False)
    said = processor.tokenizer.decode(out[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True).strip()
    sticker = Retriever(bundle).sticker("grey")
    assert said, "the tiny model says something"
    assert (sticker.description, sticker.emotion) == split_answer(said)
    assert sticker.keywords_base, "kept for comparison"
    assert sticker.keywords == "", "nothing is fine-tuned"


def test_the_bundle_says_what_looked_and_what_spoke(folder: Path, bundle: Bundle) -> None:
    provenance = bundle.manifest["provenance"]
    assert provenance["embed"]["model"] == "clip (a local folder)"
    assert provenance["caption"]["model"] == "llava (a local folder)"
    assert provenance["caption"]["parameters"]["description"].startswith("This is a sticker. 1 Please describe")
    assert "Nothing is fine-tuned" in bundle.manifest["notes"]
    assert "drawn stickers" not in bundle.manifest["notes"]


def test_another_model_is_asked_anew_and_the_same_one_is_not(
    folder: Path, bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(folder, "again", "--force-cpu") == 0
    told = capsys.readouterr().err
    assert "embed: done before" in told
    assert "caption: done before" in told
    assert Bundle.open(folder / "again").content_hash == bundle.content_hash
    other = released_models.llava(folder / "other", seed=1)
    assert identity(other) != identity(folder / "llava")


def test_chinese_clip_may_learn_from_the_catalogues_own_texts(folder: Path, bundle: Bundle) -> None:
    assert built(folder, "stuck", "--force-cpu", "--sticker-clip") == 0
    assert list(verify(folder / "stuck")) == []
    stuck = Bundle.open(folder / "stuck")
    assert (
        stuck.provenance["embed"]["model"]
        == "StickerCLIP, fine-tuned on texts of this bundle from clip (a local folder)"
    )
    assert stuck.provenance["sticker_clip"]["stickers"] == 3
    assert not np.allclose(stuck.embeddings, bundle.embeddings, atol=1e-4)
    found = stuck.evaluation["sections"]["sticker-clip"]
    assert len(found["curves"][0]["y"]) == load_profile("paper").sticker_clip.epochs
    assert any("too few stickers" in note["en"] for note in found["notes"])
    (left,) = (folder / "work" / "sticker_clip").iterdir()
    assert not list(left.rglob(".checkpoint*")), "twice as large as the model, and of no use any more"


def test_sticker_clip_is_for_released_models(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(folder / "never")]
    assert main(["build", "--images", str(folder / "few"), "--sticker-clip", *out]) == 2
    assert "--profile paper" in capsys.readouterr().err
    assert main(["build", "--sticker-clip", *out]) == 2
    assert "no folder of stickers" in capsys.readouterr().err


def test_without_a_gpu_the_command_says_what_was_found(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert built(folder, "never") == 2
    told = capsys.readouterr().err
    assert f"torch {torch.__version__} sees no GPU" in told
    assert "--force-cpu" in told
    assert not (folder / "never").exists()


def test_without_torch_the_command_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert built(folder, "never") == 2
    assert "precompute/requirements.txt" in capsys.readouterr().err


def test_a_folder_of_another_model_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="not the folder of a Chinese-CLIP"):
        loading.encoder_config(folder / "few")
