"""The retrieving language model of a small drawn world: targets, training, figures beside the other methods'."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_language
import torch
import toy
from both_languages import assert_told_in_both_languages

from persrv.bundle import Bundle, verify
from persrv.errors import DataError, ModelError
from precompute.builds import base_captioner, retrieving_lm
from precompute.config import ClipConfig, LlavaConfig, RetrievingConfig, load_profile
from precompute.demo.situations import SITUATIONS
from precompute.demo.words import world_words
from precompute.evaluation import replying
from precompute.models.small import clip, llava
from precompute.models.small.clip_onnx import export
from precompute.models.small.llava_onnx import export_speaker

SIGHT = ClipConfig(
    image_size=32, patch_size=16, vision_width=16, vision_layers=1, vision_heads=4, text_width=16, text_layers=1,
    text_heads=4, max_length=12, projection=toy.DIMENSIONS,
)  # fmt: skip
SIZES = LlavaConfig(width=48, layers=1, heads=6, mlp=40, context=320)
CONFIG = RetrievingConfig(steps=3, batch=3, looks=2, ordinary=2, draws=1, warmup=1, checkpoint_every=2)
NAMES = tuple(SITUATIONS)[:3]

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of twelve stickers of three situations, with the encoders and the speaker of small models."""
    folder = tmp_path_factory.mktemp("drawn")
    stickers = tuple(
        replace(
            sticker,
            labels={"situation": NAMES[row // 4], "character": ("cat", "dog")[row % 2], "style": "ink"},
            ocr=SITUATIONS[NAMES[row // 4]].captions_zh[row % 4],
            description="一只小猫",
            queries=(),
        )
        for row, sticker in enumerate(toy.stickers())
    )
    spells = clip.build_tokenizer(world_words(SITUATIONS).texts)
    seen = clip.build_model(SIGHT, len(spells))
    with torch.no_grad():
        for weight in seen.parameters():  # equal weights would be stored once, under one name
            weight.add_(0.1 * torch.rand_like(weight))
    models = export(seen, spells, folder / "models")
    tokenizer = llava.build_tokenizer(base_captioner.world_texts())
    speaker = llava.build_model(SIZES, len(tokenizer), seen.vision_model)
    with torch.no_grad():
        for part, weight in speaker.named_parameters():
            if "norm" in part:  # gains of 1 would be left out of the file
                weight.uniform_(0.5, 1.5)
    speaker = speaker.half().float()
    written = {name: folder / name for name in ("caption_base.onnx", "caption.json", "caption_pieces.txt")}
    export_speaker(speaker, written["caption_base.onnx"])
    written["caption.json"].write_text(json.dumps({"image_tokens": 5}), encoding="utf-8")
    written["caption_pieces.txt"].write_text("\n".join(llava.pieces_of(tokenizer)) + "\n", encoding="utf-8")
    return toy.write_toy(folder, stickers=stickers, models={**models, **written}).path


def build(path: Path, work: Path) -> retrieving_lm.Build:
    return retrieving_lm.Build(path, CONFIG, work, io.StringIO())


@pytest.mark.slow
def test_it_stands_beside_the_other_methods(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replying, "CANDIDATES", 2)
    made = build(path, tmp_path)
    found = made.findings(lambda _done, _of: None)
    assert [table.name for table in found.tables] == ["retrieval", "kinds", "deciding", "kept"]
    assert [row.name for row in found.tables[0].rows][-2:] == ["PerSRV", "retrieving LM"]
    assert_told_in_both_languages(found)
    assert set(made.gates) == {"retrieving_perplexity", "retrieving_megabytes", "retrieving_parity"}
    assert made.gates["retrieving_parity"].passed
    again = build(path, tmp_path)
    assert again.taught == made.taught, "trained once"
    retrieving_lm.write(path, found)
    assert verify(path) == []
    assert "retrieving-lm" in Bundle.open(path).evaluation["sections"]
    assert build(path, tmp_path).taught == made.taught, "figures in the bundle change no training"


@pytest.mark.slow
def test_targets_are_fitting_clicks_alone(path: Path) -> None:
    bundle = Bundle.open(path)
    world = replying.World.open(bundle)
    rows = retrieving_lm.clicked_rows(bundle, world.split.fitting)
    assert [bundle.ids[row] for row in rows] == ["s01", "s02", "s07"]
    model, encode = retrieving_lm.restored(bundle, CONFIG)
    lesson = retrieving_lm.Lesson(model, world.stickers, rows, replace(CONFIG, batch=40), encode)
    made = [row for part in lesson(0, np.random.default_rng(0)) for row in part]
    assert {row.target for row in made} == {-1, *rows}
    assert all(picture in rows for row in made for picture in row.pictures)
    for row in made:
        if row.target >= 0:
            assert row.target in row.right
            assert row.ids[row.begin] == model.known + retrieving_lm.retrieving.RET


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["qwen", "llava"])
def test_a_released_model_takes_its_place(
    kind: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the released model's own class, from a folder as transformers saves it; nothing is exported."""
    monkeypatch.setattr(replying, "CANDIDATES", 2)
    folder = tmp_path / kind
    tokenizer = tiny_language.tokenizer(kind)
    tiny_language.model(kind, len(tokenizer)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    reading = load_profile("paper").retrieving.reading
    config = replace(CONFIG, model=str(folder), reading=reading)
    made = retrieving_lm.Build(path, config, tmp_path / "work", io.StringIO())
    found = made.findings(lambda _done, _of: None)
    assert found.tables[0].rows[-1].name == "retrieving LM"
    assert set(made.gates) == {"retrieving_perplexity"}
    assert_told_in_both_languages(found)


@pytest.mark.slow
def test_a_folder_without_a_language_model_has_a_sentence(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replying, "CANDIDATES", 2)
    made = retrieving_lm.Build(path, replace(CONFIG, model=str(tmp_path)), tmp_path / "work", io.StringIO())
    with pytest.raises(ModelError, match="No language model in"):
        made.findings(lambda _done, _of: None)


def test_another_catalogue_has_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not of the drawn world"):
        build(toy.write_toy(tmp_path).path, tmp_path / "work")
