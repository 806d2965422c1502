"""Captions: from the model's record into the catalogue, and from there into what is searched."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from persrv.bundle.indexing import index_tokens
from precompute.caption_record import CAPTION_FIELDS, EMPTY, SEPARATOR, Caption, texts_by_field
from precompute.demo.catalogue import plan_catalogue
from precompute.stages.assemble import Text, shape_of, stickers

CAPTION = Caption("粉彩画风的猫咪", "开心", "猫咪，开心", "哈哈，lol")


def test_captions_reach_their_stickers_and_nobody_elses(tmp_path: Path) -> None:
    first, second = plan_catalogue(1)[:2]
    Image.new("RGBA", (4, 3)).save(tmp_path / "one.webp")
    images = dict.fromkeys((first.id, second.id), tmp_path / "one.webp")
    series, texts = dict.fromkeys(images, "cats"), dict.fromkeys(images, Text("晚安", ()))
    shapes = dict.fromkeys(images, shape_of(tmp_path / "one.webp"))
    made = {
        each.id: each
        for each in stickers((first.id, second.id), series, {}, images, shapes, texts, {}, {second.id: CAPTION}, {})
    }
    told, silent = made[second.id], made[first.id]
    assert (told.width, told.height, told.animated) == (4, 3, False)
    assert (told.description, told.emotion) == (CAPTION.description, CAPTION.emotion)
    assert (told.keywords_base, told.keywords) == (CAPTION.keywords_base, CAPTION.keywords)
    assert (silent.description, silent.emotion, silent.keywords_base, silent.keywords) == ("", "", "", "")
    assert set(index_tokens(told, "keywords")) >= {"哈哈", "lol"}
    assert "猫咪" not in index_tokens(told, "keywords"), "the base model's keywords are not searched"


@pytest.mark.parametrize("field", CAPTION_FIELDS)
def test_texts_by_field_know_every_sticker(field: str) -> None:
    texts = texts_by_field({"a": CAPTION, "stranger": CAPTION}, ("b", "a"))
    assert set(texts) == set(CAPTION_FIELDS)
    assert texts[field] == {"b": "", "a": getattr(CAPTION, field)}
    assert getattr(EMPTY, field) == ""


def test_no_token_runs_from_one_keyword_into_the_next(tmp_path: Path) -> None:
    (spec,) = plan_catalogue(1)[:1]
    Image.new("RGBA", (4, 3)).save(tmp_path / "one.webp")
    joined = Caption("", "", "", SEPARATOR.join(("晚安", "好梦")))
    images, texts = {spec.id: tmp_path / "one.webp"}, {spec.id: Text("", ())}
    shapes = {spec.id: shape_of(tmp_path / "one.webp")}
    (made,) = stickers((spec.id,), {spec.id: ""}, {}, images, shapes, texts, {}, {spec.id: joined}, {})
    assert "安好" not in index_tokens(made, "keywords")
    assert {"晚安", "好梦"} <= set(index_tokens(made, "keywords"))
