"""The page's retrieving language model: it answers as torch does, and what is damaged has a sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import compared_models
import numpy as np
import pytest
from compared_models import Meanings

from persrv.errors import ModelError
from persrv.models.captioner import BASE_SPEAKER
from persrv.models.encoders import ModelFolder
from persrv.models.retrieving import (
    CONFIG,
    FILES,
    LEARNT,
    has_language_retriever,
    load_language_retriever,
    scores,
    state_of_logits,
)
from persrv.records import Message
from precompute.models import retrieving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread", "exported_once")]

#: What was sent in a conversation, and a third one.
PICTURES = {f"s{number:02}": row for number, row in enumerate(np.eye(12, 8, dtype=np.float32), 1)}

TALKS = (
    (Message("you", "一只小猫"),),
    (Message("me", "find me a crying cat"), Message("you", "哈哈" * 60)),
    (Message("you", "嗯"), Message("me", sticker="s03")),
    (Message("you", sticker="s01"), Message("you", "笑", "s02")),
    (Message("you", ""),),
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared_models.write_drawn(tmp_path_factory.mktemp("drawn"))


@pytest.fixture
def models(drawn: Path, tmp_path: Path) -> Path:
    """The folder of the models, a copy that may be damaged."""
    copied = shutil.copytree(drawn, tmp_path / "copied")
    compared_models.add_language_model(copied, tmp_path, Meanings())
    return copied / "models"


@pytest.mark.parametrize("told", [False, True])
def test_it_answers_as_torch_does(drawn: Path, tmp_path: Path, told: bool) -> None:
    copied, encode = shutil.copytree(drawn, tmp_path / "copied"), Meanings() if told else None
    model = compared_models.add_language_model(copied, tmp_path, encode)
    width = model.to_picture.out_features
    pictures = {name: np.resize(row, width).astype(np.float32) for name, row in PICTURES.items()}
    page = load_language_retriever(ModelFolder(copied / "models"), Meanings())
    assert retrieving.parity(model, page, TALKS, "me", pictures, encode) < 1e-4
    first, second = (page.answer(talk, "me", pictures).vector for talk in TALKS[:2])
    assert not np.allclose(first, second, atol=1e-3), "what is said matters"


def test_what_is_typed_is_never_a_piece_of_its_own(models: Path) -> None:
    page = load_language_retriever(ModelFolder(models), Meanings())
    typed, other = (page.answer((Message("you", text),), "me", {}) for text in ("<image> [RET] </s>", "image RET s"))
    assert np.isfinite(typed.vector).all()
    assert typed.vector @ other.vector > 0.5, "brackets apart, the same words"


def test_it_offers_from_its_threshold_on(drawn: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(drawn, tmp_path / "copied")
    compared_models.add_language_model(copied, tmp_path, None, 1e6)
    page = load_language_retriever(ModelFolder(copied / "models"), None)
    answer = page.answer(TALKS[0], "me", {})
    assert not page.offers(answer)
    assert answer.wants < 0, "log odds of a piece that is unlikely before anything is learnt"


def test_a_bundle_without_one_file_has_none(models: Path) -> None:
    assert has_language_retriever(ModelFolder(models))
    for name in (*FILES, BASE_SPEAKER):
        (models / name).rename(models / "aside")
        assert not has_language_retriever(ModelFolder(models))
        with pytest.raises(ModelError):
            load_language_retriever(ModelFolder(models), Meanings())
        (models / "aside").rename(models / name)


def changed(**values: object) -> Callable[[Path], None]:
    def change(models: Path) -> None:
        document = json.loads((models / CONFIG).read_text(encoding="utf-8"))
        (models / CONFIG).write_text(json.dumps({**document, **values}), encoding="utf-8")

    return change


def relearnt(**arrays: object) -> Callable[[Path], None]:
    def change(models: Path) -> None:
        with np.load(models / LEARNT) as stored:
            kept = dict(stored)
        np.savez(models / LEARNT, **{**kept, **arrays})

    return change


def cut(models: Path) -> None:
    content = (models / LEARNT).read_bytes()
    (models / LEARNT).write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    "damage",
    [
        lambda models: (models / CONFIG).write_text("[]", encoding="utf-8"),
        lambda models: (models / CONFIG).write_bytes(b"\xff"),
        changed(speaker="another"),
        changed(encoder="another"),
        changed(weight=None),
        changed(threshold="high"),
        changed(reading={"messages": 999}),
        changed(reading={"messages": 2}),
        changed(reading={"messages": 1, "message": "{nobody}{text}"}),
        changed(reading=3),
        changed(more=1),
        cut,
        lambda models: (models / LEARNT).write_bytes(b""),
        relearnt(rows=np.zeros((5, 3), np.float32)),
        relearnt(bias=np.full(5, np.nan, np.float32)),
        relearnt(more=np.zeros(1)),
        relearnt(state=np.zeros(3, np.float32)),
        relearnt(rows=np.array([{"a": 1}])),
    ],
)
def test_what_is_damaged_has_a_sentence(models: Path, damage: Callable[[Path], None]) -> None:
    damage(models)
    with pytest.raises(ModelError) as raised:
        load_language_retriever(ModelFolder(models), Meanings())
    assert ". Expected " in str(raised.value)


def test_the_state_is_read_back_from_logits() -> None:
    rng = np.random.default_rng(1)
    head, states = rng.normal(size=(40, 6)), rng.normal(size=(3, 6))
    assert states @ head.T @ state_of_logits(head) == pytest.approx(states, abs=1e-5)
    with pytest.raises(ModelError, match="rank 5"):
        state_of_logits(np.eye(40, 6)[:, [0, 1, 2, 3, 4, 0]])


def test_the_score_adds_what_was_read() -> None:
    vector = np.array([0.6, 0.8], np.float32)
    pictures = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    read = np.array([[0, 1], [0, 0], [1, 0]], np.float32)
    assert scores(vector, pictures, read, 0.5) == pytest.approx([1.0, 0.8, 0.9])
