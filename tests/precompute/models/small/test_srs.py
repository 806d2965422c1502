"""SRS: shapes and the interaction by hand, what negatives may be, and that it learns a toy world by heart."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import toy as toy_world
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from persrv.errors import DataError
from persrv.models.srs import word_ids
from persrv.records import Interaction
from precompute.evaluation.methods.srs import left_out, methods, read_picture, settings_for, srs
from precompute.evaluation.world import World
from precompute.fit.split import TestInteractions, TrainInteractions
from precompute.models.small.srs_network import NetworkConfig, build, interact, vocabulary
from precompute.models.small.srs_training import SrsConfig, sample_negatives, seen_in_step, train

SMALL = NetworkConfig(size=32, width=16, channels=(8, 8, 8, 16), heads=2, layers=1, most_words=4)


def test_words_are_han_characters_and_lower_case_words() -> None:
    words = vocabulary(["笑死 LOL", "笑"])
    assert words == {"lol": 2, "死": 3, "笑": 4}
    assert word_ids(["lol 笑", "什么笑", ""], words, 4).tolist() == [[[2, 4, 0, 0]], [[1, 1, 4, 0]], [[1, 0, 0, 0]]]
    assert word_ids(["笑死 lol 笑死"], words, 4).tolist() == [[[4, 3, 2, 4]]], "what is too long is cut"


def test_shapes_from_pixels_and_words_to_a_score() -> None:
    model = build(SMALL, words=5)
    regions, whole = model.sticker(torch.zeros(3, 3, 32, 32, dtype=torch.uint8))
    assert (regions.shape, whole.shape) == ((3, 4, 16), (3, 16)), "four halvings leave 2 x 2 regions"
    ids = torch.tensor([[[2, 3, 0, 0], [4, 0, 0, 0]]]).expand(3, -1, -1)
    states = model.utterance(ids)
    assert states.shape == (3, 2, 4, 16)
    assert interact(regions, whole, states, ids != 0).shape == (3, 2, 80)
    assert model(regions, whole, states, ids).shape == (3,)


def test_the_interaction_by_hand() -> None:
    """One sticker of two regions, one utterance of two words and a padding, width 1."""
    regions, whole = torch.tensor([[[1.0], [0.0]]]), torch.tensor([[3.0]])
    states = torch.tensor([[[[2.0], [0.0], [9.0]]]])
    present = torch.tensor([[[True, True, False]]])
    found = interact(regions, whole, states, present)[0, 0].tolist()
    # affinity: region 1 says (2, 0), region 2 says (0, 0)
    strong, weak = math.exp(2) / (math.exp(2) + 1), 1 / (math.exp(2) + 1)
    u = strong * 2.0 + 0.5 * 0.0  # per word the most a region gives it, over words: (strong, weak) and (.5, .5)
    r = max(strong, 0.5) * 1.0 + max(weak, 0.5) * 0.0  # per region the most a word gives it, over regions
    assert found == pytest.approx([u + 3, u * 3, u, 3, r])


def test_padding_changes_no_score() -> None:
    torch.manual_seed(1)
    model = build(SMALL, words=5).eval()
    regions, whole = model.sticker(torch.randint(0, 255, (1, 3, 32, 32), dtype=torch.uint8))
    short, long = torch.tensor([[[2, 3]]]), torch.tensor([[[2, 3, 0, 0]]])
    scores = [model(regions, whole, model.utterance(ids), ids).item() for ids in (short, long)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-5)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8, unique=True), st.integers(0, 99))
def test_negatives_are_stickers_that_nobody_clicked_for_the_query(clicked: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    pool = seen_in_step(clicked, 30, 12, rng)
    assert pool == sorted(set(pool))
    assert set(clicked) <= set(pool)
    negatives = sample_negatives(pool, frozenset(clicked), 5, rng)
    assert len(negatives) == 5
    assert not {pool[place] for place in negatives} & set(clicked)


def toy() -> tuple[TrainInteractions, list[str], np.ndarray]:
    """Six stickers of plain colours, each clicked for a word of its own."""
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 255, 255)]
    pictures = np.stack([np.full((32, 32, 3), colour, np.uint8).transpose(2, 0, 1) for colour in colours])
    clicks = TrainInteractions(tuple(Interaction("ann", word, f"s{i}") for i, word in enumerate("红绿蓝黄青白")))
    return clicks, [f"s{i}" for i in range(6)], pictures


CONFIG = SrsConfig(network=SMALL, batch=6, others=6, negatives=5, steps=150, passes=200, rate=5e-3, warmup=5, threads=1)


@pytest.mark.parametrize(("clicks", "steps"), [(1, 1), (64, 40), (639, 400), (640, 400), (3202, 400)])
def test_few_clicks_are_worth_few_steps_and_many_no_more_than_ever(clicks: int, steps: int) -> None:
    """3,202 are the demo's training clicks: its evaluation stays what it was."""
    assert SrsConfig().steps_for(clicks) == steps


def test_no_click_is_seen_more_often_than_allowed() -> None:
    seen: list[tuple[int, int]] = []
    train(*toy(), replace(CONFIG, passes=3), report=lambda step, steps: seen.append((step, steps)))
    assert seen == [(1, 3), (2, 3), (3, 3)], "three batches of six clicks"


def test_a_handful_of_stickers_is_one_threads_work() -> None:
    assert settings_for(14).threads == 1
    assert settings_for(2496) == SrsConfig()


@pytest.mark.slow
def test_it_learns_a_toy_world_by_heart() -> None:
    clicks, ids, pictures = toy()
    steps: list[int] = []
    selector = train(clicks, ids, pictures, CONFIG, watch=lambda step, _: steps.append(step))
    assert [int(np.argmax(selector.scores(word))) for word in "红绿蓝黄青白"] == list(range(6))
    assert steps == list(range(15, 151, 15))


def test_the_same_seed_gives_the_same_scores() -> None:
    few = replace(CONFIG, steps=5)
    first, second = (train(*toy(), few).scores("红") for _ in range(2))
    other = train(*toy(), replace(few, seed=2)).scores("红")
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_test_clicks_cannot_be_trained_on() -> None:
    clicks, ids, pictures = toy()
    with pytest.raises(DataError, match="TestInteractions"):
        train(TestInteractions(clicks.rows), ids, pictures, CONFIG)  # type: ignore[arg-type]


def test_as_a_method_it_ranks_the_whole_catalogue_for_anybody(toy_bundle_path: Path) -> None:
    world = World.open(toy_bundle_path)
    method = srs(world, replace(CONFIG, steps=3))
    ranked = method.rank("ann", "laugh", 20)
    assert sorted(name for name, _ in ranked) == sorted(world.ids)
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert method.rank("nobody", "laugh", 3) == ranked[:3]
    assert methods(world) is methods(world), "one training a world"


def test_pictures_are_read_wherever_they_lie(toy_bundle_path: Path, tmp_path: Path) -> None:
    shards = World.open(toy_world.write_toy(tmp_path, shard_bytes=4096))
    rankings = [
        srs(each, replace(CONFIG, steps=2)).rank("ann", "laugh", 9) for each in (shards, World.open(toy_bundle_path))
    ]
    assert rankings[0] == rankings[1]


def test_a_catalogue_without_all_its_pictures_has_no_such_row(tmp_path: Path) -> None:
    told = tuple(replace(each, image="" if each.id == "s03" else each.image) for each in toy_world.stickers())
    world = World.open(toy_world.write_toy(tmp_path, stickers=told))
    assert methods(world) == ()
    assert [sentence.en for sentence in left_out(world)] == ["No row SRS: some stickers have no picture."]


def test_a_picture_is_padded_with_white_and_scaled(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 20), (255, 0, 0, 255)).save(tmp_path / "a.png")
    seen = read_picture((tmp_path / "a.png").read_bytes(), 32)
    assert seen.shape == (3, 32, 32)
    assert seen[:, 16, 16].tolist() == [255, 0, 0]
    assert seen[:, 2, 16].tolist() == [255, 255, 255]
