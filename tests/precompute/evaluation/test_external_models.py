"""A released Chinese-CLIP reads the queries of a bundle that carries no text encoder, and rows that lack are told."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
import released_models
import torch
import toy
from transformers import ChineseCLIPModel

from persrv.bundle import Bundle
from persrv.errors import ModelError
from precompute.evaluation import comparison
from precompute.evaluation.external_models import ExternalModels, TextModel, text_model, text_model_of
from precompute.evaluation.methods import baselines, srs
from precompute.evaluation.methods.roster import left_out
from precompute.evaluation.world import Options, World
from precompute.models.released.text import load_text_encoder
from precompute.runtime.cache import Cache
from precompute.runtime.progress import silent


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_models.chinese_clip(tmp_path_factory.mktemp("clip"))


def test_a_text_is_the_models_own(clip: Path) -> None:
    """Against transformers by hand: [CLS] 猫 ca-t unknown [SEP], without padding."""
    model = ChineseCLIPModel.from_pretrained(clip).eval()
    with torch.inference_mode():
        ids = torch.tensor([[2, 5, 8, 1, 3]])
        wanted = model.get_text_features(input_ids=ids, attention_mask=torch.ones_like(ids)).pooler_output[0].numpy()
    encode = load_text_encoder(clip)
    found = encode("猫 CAT 兔")
    assert found.shape == (24,)
    assert np.allclose(found, wanted / np.linalg.norm(wanted), atol=1e-5)
    assert np.isclose(np.linalg.norm(encode("猫" * 600)), 1), "longer than the model reads"


def test_a_folder_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"vocab\.txt"):
        load_text_encoder(tmp_path)


def world(path: Path) -> World:
    return World.open(path, Options(cutoffs=(1, 10), resamples=50))


def nearest_to_s05(bundle: Bundle) -> TextModel:
    """A text tower that takes every text for sticker s05."""
    row = np.asarray(bundle.embeddings[bundle.ids.index("s05")], np.float32)
    return TextModel("1", lambda: lambda _: row / np.linalg.norm(row))


def test_the_row_of_chinese_clip_needs_a_reader(toy_bundle_path: Path, tmp_path: Path) -> None:
    bare = world(toy_bundle_path)
    assert "CLIP-cn" not in {method.name for method in baselines.factory(bare)}
    found = comparison.compare(bare, baselines.factory(bare), silent)
    assert any("No row CLIP-cn" in note.en for note in found.notes)
    read, used = ExternalModels(text_model=nearest_to_s05(bare.bundle)).applied_to(bare, Cache(tmp_path), io.StringIO())
    assert used == ("1",)
    rows = {method.name: method for method in baselines.factory(read)}
    assert rows["CLIP-cn"].rank("ann", "anything", 3)[0][0] == "s05"
    assert not any("CLIP-cn" in sentence.en for sentence in left_out(read))


def test_a_catalogue_too_large_for_srs_says_so(toy_bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(toy_bundle_path)
    assert len(srs.methods(replace(here))) == 1
    monkeypatch.setattr(srs, "MOST_STICKERS", 3)
    assert srs.methods(replace(here)) == ()
    assert any("No row SRS" in sentence.en for sentence in left_out(here))


def test_a_bundle_without_descriptions_says_so(tmp_path: Path) -> None:
    told = tuple(replace(each, description="") for each in toy.stickers())
    bare = world(toy.write_toy(tmp_path, stickers=told).path)
    assert any("No row of base VLM captions" in sentence.en for sentence in left_out(bare))


def test_which_model_reads(toy_bundle_path: Path, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that was given, else the one in the hub's cache that the bundle names; nobody for an encoder's own."""
    bundle = Bundle.open(toy_bundle_path)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    given = text_model_of(bundle, str(clip))
    assert given is not None
    assert given.identity == text_model(clip).identity
    assert text_model_of(bundle, None) is None
    with pytest.raises(ModelError, match="--clip"):
        text_model_of(bundle, str(tmp_path))
    named = replace(bundle, manifest={**bundle.manifest, "provenance": {"embed": {"model": "some/clip at 0123abc"}}})
    assert text_model_of(named, None) is None, "not in the cache"
    snapshot = tmp_path / "hub" / "models--some--clip" / "snapshots" / "0123abc"
    snapshot.parent.mkdir(parents=True)
    clip.rename(snapshot)
    (snapshot.parent.parent / "refs").mkdir()
    (snapshot.parent.parent / "refs" / "main").write_text("0123abc", encoding="utf-8")
    cached = text_model_of(named, None)
    snapshot.rename(clip)
    assert cached is not None
    assert cached.identity == given.identity
