"""The language model of a captioner's file, read back: the same logits, and its tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import toy

from persrv.errors import ModelError
from precompute.config import ClipConfig, LlavaConfig
from precompute.models.small import clip, llava, llava_restored
from precompute.models.small.llava_onnx import export_speaker

SIGHT = ClipConfig(image_size=32, patch_size=16, vision_width=16, vision_layers=1, vision_heads=4, text_width=16)
SIZES = LlavaConfig(width=48, layers=2, heads=6, mlp=40, context=64)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[llava.LlavaForConditionalGeneration, Path]:
    """A small LLaVA with random weights, and a bundle that speaks with it."""
    folder = tmp_path_factory.mktemp("speaker")
    tokenizer = llava.build_tokenizer(["哭笑"])
    eyes = clip.build_model(SIGHT, 30).vision_model
    model = llava.build_model(SIZES, len(tokenizer), eyes)
    with torch.no_grad():
        for part, weight in model.named_parameters():
            if "norm" in part:  # gains of 1 would be left out of the file
                weight.uniform_(0.5, 1.5)
    model = model.half().float()
    export_speaker(model, folder / "caption_base.onnx")
    (folder / "caption.json").write_text(json.dumps({"image_tokens": 5}), encoding="utf-8")
    (folder / "caption_pieces.txt").write_text("\n".join(llava.pieces_of(tokenizer)) + "\n", encoding="utf-8")
    models = {path.name: path for path in sorted(folder.glob("caption*"))}
    return model, toy.write_toy(folder, models=models).path


@pytest.mark.slow
def test_every_weight_is_read_back(made: tuple[llava.LlavaForConditionalGeneration, Path]) -> None:
    model, path = made
    again, tokenizer = llava_restored.restore(toy.Bundle.open(path))
    assert len(tokenizer) == again.config.vocab_size
    given = model.model.language_model.state_dict()
    assert all(given[name].equal(value) for name, value in again.model.state_dict().items())


@pytest.mark.slow
def test_other_heads_are_refused(
    made: tuple[llava.LlavaForConditionalGeneration, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights alone do not tell the number of heads: the check against the file does."""
    monkeypatch.setattr(llava_restored, "LlavaConfig", lambda: LlavaConfig(heads=3))
    with pytest.raises(ModelError, match="differs from it by"):
        llava_restored.restore(toy.Bundle.open(made[1]))


def test_a_bundle_without_captioner_has_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no caption_base"):
        llava_restored.restore(toy.write_toy(tmp_path))
