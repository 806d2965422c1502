"""A small Chinese-CLIP read back from the encoders of a bundle: the same vectors, and room for longer texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import toy
from PIL import Image

from persrv.errors import ModelError
from precompute.config import ClipConfig
from precompute.models.released import loading
from precompute.models.released.text import embed_texts
from precompute.models.small import clip, clip_restored
from precompute.models.small.clip_onnx import export

SMALL = ClipConfig(
    image_size=32, patch_size=16, vision_width=16, vision_layers=2, vision_heads=4, text_width=16, text_layers=1,
    text_heads=4, max_length=8, projection=8,
)  # fmt: skip
TEXTS = ("水墨猫大笑", "good night")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[clip.ChineseCLIPModel, clip.BertTokenizer, Path]:
    """A model with random weights, and a bundle with its encoders."""
    folder = tmp_path_factory.mktemp("restored")
    tokenizer = clip.build_tokenizer(TEXTS)
    model = clip.build_model(SMALL, len(tokenizer))
    with torch.no_grad():
        for weight in model.parameters():  # equal weights would be stored once, under one name
            weight.add_(0.1 * torch.rand_like(weight))
    bundle = toy.write_toy(folder, models=export(model, tokenizer, folder / "encoders"))
    return model, tokenizer, bundle.path


@pytest.mark.slow
def test_what_is_read_back_sees_and_reads_alike(made: tuple[clip.ChineseCLIPModel, clip.BertTokenizer, Path]) -> None:
    model, tokenizer, path = made
    again, spells = clip_restored.restore(toy.Bundle.open(path))
    assert clip.pieces_of(spells) == clip.pieces_of(tokenizer)
    assert np.allclose(clip.embed_texts(again, spells, TEXTS), clip.embed_texts(model, tokenizer, TEXTS), atol=1e-6)
    pictures = [Image.new("RGB", (20, 30), colour) for colour in ("teal", "red")]
    assert np.allclose(clip.embed_images(again, pictures), clip.embed_images(model, pictures), atol=1e-6)


def test_a_bundle_without_encoders_has_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no"):
        clip_restored.restore(toy.write_toy(tmp_path))


@pytest.mark.slow
def test_a_wider_model_reads_old_texts_alike_and_new_signs_apart(
    made: tuple[clip.ChineseCLIPModel, clip.BertTokenizer, Path], tmp_path: Path
) -> None:
    model, tokenizer, _ = made
    wider, spells = clip_restored.widened(model, tokenizer, ("喜鹊和鼹鼠",), 20)
    assert np.array_equal(clip.embed_texts(wider, spells, TEXTS), clip.embed_texts(model, tokenizer, TEXTS))
    assert not set("喜鹊和鼹鼠") - set(clip.pieces_of(spells))
    clip_restored.save(wider, spells, tmp_path)
    assert loading.clip_look(tmp_path).side == 32
    again, _ = clip.load(tmp_path)
    long = "水墨猫大笑水墨猫大笑水墨猫大笑"
    assert not np.allclose(embed_texts(again, spells, [long]), embed_texts(again, spells, [long[:6]]))


@pytest.mark.slow
def test_what_is_forgotten_is_of_the_same_size(
    made: tuple[clip.ChineseCLIPModel, clip.BertTokenizer, Path],
) -> None:
    model, tokenizer, _ = made
    other = clip_restored.forgotten(model, 1)
    assert {name: value.shape for name, value in other.state_dict().items()} == {
        name: value.shape for name, value in model.state_dict().items()
    }
    assert not np.allclose(clip.embed_texts(other, tokenizer, TEXTS), clip.embed_texts(model, tokenizer, TEXTS))
