"""StickerCLIP on annotations: Sticker820K's five fields of a bundle and of a folder, trained and told."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import released_models
import torch
import toy
from both_languages import assert_told_in_both_languages
from PIL import Image

from persrv.bundle import Bundle, verify
from persrv.errors import DataError
from precompute.builds import annotated_clip
from precompute.builds.annotated_clip import STARTS
from precompute.config import ClipConfig, StickerClipRecipe
from precompute.models.small import clip
from precompute.models.small.clip_onnx import export

RECIPE = StickerClipRecipe(on=True, batch=4, epochs=2, rate=1e-3, warmup=1, held=0.25, seed=3)

SMALL = ClipConfig(
    image_size=32, patch_size=16, vision_width=16, vision_layers=1, vision_heads=4, text_width=16, text_layers=1,
    text_heads=4, max_length=8, projection=8,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_drawn_sticker_has_five_fields() -> None:
    sticker = replace(
        toy.stickers()[0],
        labels={"situation": "cry", "style": "ink", "character": "cat"},
        description="一只猫",
        emotion="难过",
        ocr="呜" * 30,
    )
    assert annotated_clip.record_of(sticker) == {
        "caption": "一只猫",
        "emotion_class": "悲伤",
        "emotion_label": "大哭",
        "style_class": "水墨",
        "ocr_text": "呜" * 30,
    }


def test_another_catalogue_has_what_a_model_wrote() -> None:
    sticker = replace(toy.stickers()[0], labels={}, description="a cat", emotion="sad")
    assert annotated_clip.record_of(sticker) == {
        "caption": "a cat",
        "emotion_class": "",
        "emotion_label": "sad",
        "style_class": "pixel",
        "ocr_text": "laugh",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight annotated pictures, one annotation without a picture, and a picture without an annotation."""
    source = tmp_path / "820k"
    (source / "pictures").mkdir(parents=True)
    lines = []
    for number in range(9):
        Image.new("RGB", (10, 10), (20 * number, 90, 200)).save(source / "pictures" / f"p{number}.png")
        key = "gone" if number == 8 else f"p{number}" + (".png" if number % 2 else "")
        lines.append({"key": key, "caption": "猫笑"[: number % 3], "emotion_label": "笑", "style_class": "cat"})
    (source / "train.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return source


def test_a_folder_is_read_by_keys_with_and_without_extension(folder: Path) -> None:
    said = annotated_clip.annotated(folder)
    assert [one.path.name for one in said.told] == [f"p{number}.png" for number in range(8)]
    assert said.told[1].texts == ("猫；笑；cat",)
    assert [row["examples"] for row in said.dropped.rows()] == [["gone"]]


def test_folders_that_say_nothing_have_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"0 \.jsonl files"):
        annotated_clip.annotated(tmp_path)
    for picture in folder.rglob("*.png"):
        picture.unlink()
    with pytest.raises(DataError, match="No annotated picture"):
        annotated_clip.annotated(folder)


def test_a_folder_is_learnt_once_and_told_in_both_languages(folder: Path, tmp_path: Path) -> None:
    start = released_models.chinese_clip(tmp_path / "clip")
    said = annotated_clip.annotated(folder)

    def found() -> annotated_clip.Findings:
        return annotated_clip.Build(said, start, RECIPE, 1, tmp_path / "work", io.StringIO()).findings()

    first = found()
    assert [row.name for row in first.tables[0].rows] == [
        "what is said of a sticker, before",
        "what is said of a sticker, after",
    ]
    assert_told_in_both_languages(first)
    assert found() == first
    assert len(list((tmp_path / "work" / "sticker_clip").iterdir())) == 1


def test_a_bundle_gets_the_figures_and_keeps_the_rest(folder: Path, tmp_path: Path) -> None:
    bundle = toy.write_toy(tmp_path)
    start = released_models.chinese_clip(tmp_path / "clip")
    build = annotated_clip.Build(annotated_clip.annotated(bundle.path), start, RECIPE, 1, tmp_path / "w", io.StringIO())
    annotated_clip.write(bundle.path, build.findings())
    after = Bundle.open(bundle.path)
    assert verify(bundle.path) == []
    assert after.evaluation["sections"]["sticker-clip"]["tables"][0]["name"] == "recall"
    assert after.evaluation["PerSRV"] == {"R@1": 0.5}
    kept = [name for name in bundle.manifest["files"] if name != "evaluation.json"]
    assert all(after.manifest["files"][name] == bundle.manifest["files"][name] for name in kept)


@pytest.mark.slow
def test_a_bundles_own_model_and_random_weights_stand_beside_each_other(tmp_path: Path) -> None:
    tokenizer = clip.build_tokenizer(("pixel", "laugh"))
    model = clip.build_model(SMALL, len(tokenizer))
    with torch.no_grad():
        for weight in model.parameters():  # equal weights would be stored once, under one name
            weight.add_(0.1 * torch.rand_like(weight))
    bundle = toy.write_toy(tmp_path, models=export(model, tokenizer, tmp_path / "encoders"))
    said = annotated_clip.annotated(bundle.path)
    found = annotated_clip.Build(said, bundle.path, RECIPE, 1, tmp_path / "work", io.StringIO()).findings()
    assert [row.group for row in found.tables[0].rows] == [start for start in STARTS.values() for _ in range(2)]
    assert len({curve.name for curve in found.curves}) == 2
    assert_told_in_both_languages(found)
