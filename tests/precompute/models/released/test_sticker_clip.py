"""StickerCLIP on a Chinese-CLIP of the real class: it learns, its recall is right, a kill changes nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import released_models
import torch
from both_languages import assert_told_in_both_languages
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file
from transformers import ChineseCLIPModel

from persrv.errors import DataError
from persrv.records import Interaction
from precompute.builds import released_sticker_clip
from precompute.caption_record import Caption
from precompute.config import StickerClipRecipe
from precompute.fit.split import TrainInteractions, ValidationInteractions
from precompute.models.pixels import frames_of
from precompute.models.released import loading
from precompute.models.released.sticker_clip import (
    CHECKPOINT,
    MODEL,
    HeldOutRecall,
    History,
    StickerTexts,
    hold_out,
    info_nce,
    learning_of,
    recalls,
    same,
    steps_of,
    train,
)
from precompute.models.released.text import load_text_encoder

RECIPE = StickerClipRecipe(on=True, batch=9, epochs=120, rate=1e-2, warmup=4, held=0.25, checkpoint_every=999, seed=3)
SHORT = replace(RECIPE, batch=4, epochs=4, checkpoint_every=5)
TEXTS = ("猫", "狗", "笑", "cat", "moon", "猫 狗", "笑 cat", "moon 猫", "狗 狗 cat", "笑 笑 moon", "cat cat", "moon 笑")


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released_models.chinese_clip(tmp_path_factory.mktemp("sticker") / "clip")


@pytest.fixture(scope="module")
def told(clip: Path) -> list[StickerTexts]:
    """Twelve pictures, each of its own noise; the fifth moves."""
    rng = np.random.default_rng(0)
    found = []
    for number, text in enumerate(TEXTS):
        frames = [Image.fromarray(rng.integers(0, 256, (28, 28, 3), np.uint8)) for _ in range(3 if number == 5 else 1)]
        path = clip.parent / f"{number:02d}.png"
        frames[0].save(path, save_all=len(frames) > 1, append_images=frames[1:])
        queries = (text.upper(),) if number % 2 else ()
        found.append(StickerTexts(f"s{number:02d}", path, (text,), queries))
    return found


class Killed(Exception):
    pass


def trained(
    clip: Path, told: list[StickerTexts], folder: Path, killed_at: int = 0, recipe: StickerClipRecipe = SHORT
) -> History:
    learnt, held = hold_out(told, recipe)

    def report(done: int, total: int) -> None:
        if done == killed_at and killed_at:
            raise Killed

    folder.mkdir(exist_ok=True)
    return train(clip, learnt, held, recipe, "cpu", 1, folder, report)


@pytest.fixture(scope="module")
def whole(clip: Path, told: list[StickerTexts]) -> History:
    return trained(clip, told, clip.parent / "whole", recipe=RECIPE)


@pytest.fixture(scope="module")
def short(clip: Path, told: list[StickerTexts]) -> History:
    return trained(clip, told, clip.parent / "short")


# ---- what is learnt -------------------------------------------------------------------------------------------------


def test_the_loss_falls(whole: History) -> None:
    assert len(whole.losses) == 120
    assert np.mean(whole.losses[-5:]) < 0.5 * np.mean(whole.losses[:5])


def test_batches_are_even() -> None:
    assert [steps_of(count, SHORT) for count in (2, 4, 5, 9)] == [1, 1, 2, 3]


def test_what_was_learnt_is_found_by_the_saved_model(clip: Path, told: list[StickerTexts], whole: History) -> None:
    """The folder is used like the released one: its pictures are nearer to their texts than the base model's were."""
    learnt, _ = hold_out(told, RECIPE)

    def share(folder: Path) -> float:
        embed, read = loading.frame_embedder(folder, "cpu"), load_text_encoder(folder)
        side = loading.clip_look(folder).side
        pictures = np.stack([embed(frames_of(one.path, side))[0] for one in learnt])
        return recalls(np.stack([read(one.texts[0]) for one in learnt]), pictures, range(len(learnt)))[1]

    assert share(clip.parent / "whole" / MODEL) >= 0.8 > share(clip)


def test_both_towers_and_the_temperature_move(clip: Path, whole: History) -> None:
    before, after = (
        load_file(clip / "model.safetensors"),
        load_file(clip.parent / "whole" / MODEL / "model.safetensors"),
    )
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert "logit_scale" in moved
    for part in ("vision_model.embeddings.patch_embedding.weight", "text_model.embeddings.word_embeddings.weight"):
        assert part in moved
    assert after["logit_scale"] <= math.log(100) + 1e-6


def test_gains_and_biases_do_not_decay(clip: Path) -> None:
    learning = learning_of(ChineseCLIPModel.from_pretrained(clip), RECIPE)
    groups = [group for optimizer in learning.optimizers for group in optimizer.param_groups]
    decays = {id(weight): group["weight_decay"] for group in groups for weight in group["params"]}
    assert {decays[id(weight)] for weight in learning.weights.values() if weight.ndim > 1} == {RECIPE.decay}
    assert {decays[id(weight)] for weight in learning.weights.values() if weight.ndim <= 1} == {0.0}


@pytest.mark.parametrize("killed_at", [3, 8, 12])
def test_a_killed_training_ends_as_if_it_had_not_been(
    clip: Path, told: list[StickerTexts], short: History, tmp_path: Path, killed_at: int
) -> None:
    with pytest.raises(Killed):
        trained(clip, told, tmp_path, killed_at)
    assert (tmp_path / CHECKPOINT).exists() is (killed_at > 5)
    assert trained(clip, told, tmp_path) == short
    weights = [load_file(folder / MODEL / "model.safetensors") for folder in (tmp_path, clip.parent / "short")]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[1])


def test_another_training_does_not_go_on_from_it(clip: Path, told: list[StickerTexts], tmp_path: Path) -> None:
    with pytest.raises(Killed):
        trained(clip, told, tmp_path, 8)
    fresh = replace(SHORT, epochs=1)
    assert trained(clip, told, tmp_path, recipe=fresh) == trained(clip, told, tmp_path / "alone", recipe=fresh)


def test_one_sticker_alone_teaches_nothing(clip: Path, told: list[StickerTexts], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two or more"):
        train(clip, told[:1], [], RECIPE, "cpu", 1, tmp_path)


# ---- formulas -------------------------------------------------------------------------------------------------------


def test_info_nce_by_hand() -> None:
    """Two pairs at right angles, scale 1: each direction is log(e + 1) - 1; ignoring the wrong one leaves nothing."""
    seen, read = torch.eye(2) * 3, torch.eye(2) * 0.5
    found = info_nce(seen, read, torch.tensor(1.0), torch.zeros(2, 2, dtype=torch.bool))
    assert found.item() == pytest.approx(math.log(math.e + 1) - 1)
    assert info_nce(seen, read, torch.tensor(1.0), ~torch.eye(2, dtype=torch.bool)).item() == pytest.approx(0)


def test_equal_texts_are_not_wrong_for_each_other() -> None:
    assert same(["a", "b", "a"]).tolist() == [[False, False, True], [False, False, False], [True, False, False]]


def test_recall_by_hand() -> None:
    pictures = np.eye(3, dtype=np.float32)
    texts = np.array([[1, 0, 0], [0.9, 0.5, 0], [1, 1, 1]], np.float32)
    found = recalls(texts, pictures, [0, 1, 2])
    assert found == {1: pytest.approx(1 / 3), 5: 1.0, 10: 1.0}, "second of three, and last of three equals"


@given(st.integers(1, 6), st.integers(1, 14), st.integers(0, 2**31))
def test_recall_is_that_of_sorting(texts: int, pictures: int, seed: int) -> None:
    """Against sorting the slow way; few values, so that many are equal."""
    rng = np.random.default_rng(seed)
    said, seen = (rng.integers(-1, 2, (n, 2)).astype(np.float32) for n in (texts, pictures))
    own = rng.integers(0, pictures, texts).tolist()
    wanted = {}
    for k in (1, 5, 10):
        orders = [sorted(range(pictures), key=lambda p, t=t: (-float(said[t] @ seen[p]), p)) for t in range(texts)]
        wanted[k] = sum(own[t] in order[:k] for t, order in enumerate(orders)) / texts
    assert recalls(said, seen, own) == pytest.approx(wanted)


# ---- what is held out, and what may be learnt from ------------------------------------------------------------------


def test_held_out_stickers_follow_from_their_ids(told: list[StickerTexts]) -> None:
    learnt, held = hold_out(told, RECIPE)
    assert (len(learnt), len(held)) == (9, 3)
    assert hold_out(told[::-1], RECIPE) == (learnt, held)
    assert {one.sticker for one in learnt} | {one.sticker for one in held} == {one.sticker for one in told}
    assert len(hold_out(told, replace(RECIPE, most_held=1))[1]) == 1
    assert hold_out(told, replace(RECIPE, held=0.0))[1] == []


def test_held_out_recall_is_judged_before_and_after(clip: Path, told: list[StickerTexts], whole: History) -> None:
    """Before: the base model's own vectors of the three held-out stickers, one by one."""
    _, held = hold_out(told, RECIPE)
    embed, read = loading.frame_embedder(clip, "cpu"), load_text_encoder(clip)
    rows = [embed(frames_of(one.path, loading.clip_look(clip).side)).mean(axis=0) for one in held]
    pictures = np.stack([row / np.linalg.norm(row) for row in rows])
    wanted = recalls(np.stack([read(one.texts[0]) for one in held]), pictures, range(len(held)))
    assert whole.before.texts == pytest.approx(wanted)
    assert set(whole.after.texts) == {1, 5, 10}
    assert bool(whole.before.queries) is any(one.queries for one in held)


def test_only_training_clicks_give_texts() -> None:
    images = {name: Path(name) for name in "abc"}
    captions = {"a": Caption("一只猫", "开心", "猫", "")}
    train = TrainInteractions((Interaction("u", "笑", "a"), Interaction("v", "笑", "a"), Interaction("u", "狗", "b")))
    found = released_sticker_clip.stickers_with_text("abc", images, {"a": "哈" * 30}, captions, train)
    assert found == (
        StickerTexts("a", Path("a"), (f"一只猫；开心；猫；{'哈' * 24}",), ("笑",)),
        StickerTexts("b", Path("b"), (), ("狗",)),
    )
    with pytest.raises(DataError, match="TrainInteractions"):
        released_sticker_clip.stickers_with_text("abc", images, {}, {}, ValidationInteractions(()))  # type: ignore[arg-type]


def test_findings_show_both_kinds_of_text() -> None:
    before, after = HeldOutRecall({1: 0.0, 5: 0.5, 10: 1.0}, {}), HeldOutRecall({1: 0.5, 5: 1.0, 10: 1.0}, {})
    found = released_sticker_clip.findings(History([2.0, 1.0], before, after), 9, 3, RECIPE)
    assert_told_in_both_languages(found)
    rows = {row.name: {name: figure.value for name, figure in row.figures.items()} for row in found.tables[0].rows}
    assert rows == {
        "what is said of a sticker, before": {"R@1": 0.0, "R@5": 0.5, "R@10": 1.0, "mean": 0.5},
        "what is said of a sticker, after": {"R@1": 0.5, "R@5": 1.0, "R@10": 1.0, "mean": pytest.approx(2.5 / 3)},
    }
    assert found.curves[0].y == (2.0, 1.0)
