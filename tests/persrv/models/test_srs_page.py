"""The page's SRS: it scores as torch does, and what is damaged has a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import compared_models
import numpy as np
import pytest
import toy

from persrv.errors import ModelError
from persrv.models.encoders import ModelFolder
from persrv.models.srs import FILES, NETWORK, SEEN, WORDS, has_selector, load_selector
from precompute.models.small import srs_onnx
from precompute.models.small.srs_training import Selector

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread", "exported_once")]

STICKERS = len(toy.stickers())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Selector, Path]:
    folder = tmp_path_factory.mktemp("srs")
    path = toy.write_toy(folder).path
    return compared_models.add_srs(path, folder), path / "models"


@pytest.fixture
def models(trained: tuple[Selector, Path], tmp_path: Path) -> Path:
    return shutil.copytree(trained[1], tmp_path / "models")


def test_it_scores_as_torch_does(trained: tuple[Selector, Path]) -> None:
    selector, models = trained
    queries = ["laugh", "笑死", "", "no such words", "笑 笑 笑 笑 笑 笑 笑", "!"]
    assert srs_onnx.parity(selector, models, queries) < 0.01
    page = load_selector(ModelFolder(models), STICKERS)
    assert page.scores("laugh").shape == (STICKERS,)
    assert not np.array_equal(page.scores("laugh"), page.scores("night"))


def test_a_bundle_without_one_file_has_none(models: Path) -> None:
    assert has_selector(ModelFolder(models))
    for name in FILES:
        (models / name).rename(models / "aside")
        assert not has_selector(ModelFolder(models))
        (models / "aside").rename(models / name)


def seen(**arrays: object) -> Callable[[Path], None]:
    def change(models: Path) -> None:
        with np.load(models / SEEN) as stored:
            kept = dict(stored)
        np.savez(models / SEEN, **{**kept, **arrays})

    return change


@pytest.mark.parametrize(
    "damage",
    [
        lambda models: (models / SEEN).write_bytes(b"PK"),
        lambda models: (models / WORDS).write_bytes(b"\xff"),
        lambda models: (models / NETWORK).write_bytes(b"no network"),
        seen(whole=np.zeros((STICKERS + 1, 16))),
        seen(regions=np.zeros((3, 4, 16))),
        seen(regions=np.zeros(3)),
        seen(whole=np.full((STICKERS, 16), np.inf)),
        seen(most_words=np.int64(0)),
        seen(most_words=np.zeros(2)),
        seen(whole=np.array([{"a": 1}])),
    ],
)
def test_what_is_damaged_has_a_sentence(models: Path, damage: Callable[[Path], None]) -> None:
    damage(models)
    with pytest.raises(ModelError) as raised:
        load_selector(ModelFolder(models), STICKERS)
    assert ". Expected " in str(raised.value)


def test_a_network_of_other_sizes_has_a_sentence_when_it_is_asked(models: Path) -> None:
    seen(regions=np.zeros((STICKERS, 4, 8)), whole=np.zeros((STICKERS, 8)))(models)
    with pytest.raises(ModelError, match="SRS failed"):
        load_selector(ModelFolder(models), STICKERS).scores("laugh")
