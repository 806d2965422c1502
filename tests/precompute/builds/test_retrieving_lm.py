"""The retrieving language model of a small drawn world: targets, training, figures beside the other methods'."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import compared_models
import numpy as np
import pytest
import tiny_language
import toy
from both_languages import assert_told_in_both_languages

from persrv.bundle import Bundle, verify
from persrv.errors import DataError, ModelError
from persrv.models.retrieving import RET, load_language_retriever
from precompute.builds import retrieving_lm
from precompute.config import RetrievingConfig, load_profile
from precompute.evaluation import replying
from precompute.fit.understanding import encoder_at_hand

CONFIG = RetrievingConfig(steps=3, batch=3, looks=2, ordinary=2, draws=1, warmup=1, checkpoint_every=2)

pytestmark = pytest.mark.usefixtures("one_thread", "exported_once")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of twelve stickers of three situations, with the encoders and the speaker of small models."""
    return compared_models.write_drawn(tmp_path_factory.mktemp("drawn"))


def build(path: Path, work: Path) -> retrieving_lm.Build:
    return retrieving_lm.Build(path, CONFIG, work, io.StringIO())


def taught(made: retrieving_lm.Build) -> dict[str, Any]:
    return dict(json.loads((made.taught / retrieving_lm.TAUGHT).read_text(encoding="utf-8")))


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
    retrieving_lm.write(path, made, found)
    assert verify(path) == []
    bundle = Bundle.open(path)
    assert "retrieving-lm" in bundle.evaluation["sections"]
    assert build(path, tmp_path).taught == made.taught, "neither figures in the bundle nor the model change a training"
    page = load_language_retriever(bundle, encoder_at_hand())
    assert page.config.threshold == pytest.approx(taught(made)["threshold"])
    assert bundle.provenance["retriever"]["targets"] == taught(made)["targets"]


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
            assert row.ids[row.begin] == model.known + RET


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
