"""Judging captions by hand: held-out stickers, recall, the oracle, the choice of a variant, examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from persrv.records import Gate, Interaction
from persrv.sampling import evenly
from precompute.builds import base_captions
from precompute.builds import tuned_captions as captions
from precompute.builds.base_captions import Described
from precompute.builds.tuned_captions import HeldBack, HeldOut, Written
from precompute.config import CaptionConfig
from precompute.demo import telling
from precompute.demo.spec import StickerSpec
from precompute.fit.split import TrainInteractions

FITTING = TrainInteractions(
    (
        Interaction("u", "大笑", "a"),
        Interaction("v", "大笑", "b"),
        Interaction("u", "lol", "a"),
        Interaction("u", "哈哈", "b"),
        Interaction("u", "哭", "z"),
    )
)
TEST = (
    Interaction("u", "大笑", "c"),
    Interaction("v", "大笑", "c"),
    Interaction("u", "lol", "c"),
    Interaction("u", "哭", "d"),
    Interaction("u", "lol", "a"),
)
SITUATION = {"a": "laugh", "b": "laugh", "c": "laugh", "d": "laugh", "z": "cry"}
HELD = captions.held_out(TEST, FITTING, lambda row: row.sticker != "d")


def embed(texts: Sequence[str]) -> np.ndarray:
    """Texts with a comma look one way, others another."""
    return np.array([[1.0, 0.0] if "，" in text else [0.0, 1.0] for text in texts], np.float32)


def test_held_out_stickers_are_those_that_fine_tuning_never_saw() -> None:
    assert HeldOut(queries={"c": ("lol", "大笑"), "d": ("哭",)}, meant={"c": ("lol", "大笑")}) == HELD


def test_mean_recall_is_over_stickers() -> None:
    assert captions.mean_recall({"c": ("大笑",), "d": ("哭",)}, HELD.queries) == 0.75
    assert captions.mean_recall({}, {}) == 0.0


def test_the_oracle_knows_the_situation_and_the_commonest_queries() -> None:
    assert captions.oracle(FITTING, SITUATION, ["c", "z"], 2) == {"c": ("大笑", "lol"), "z": ("哭",)}
    backwards = TrainInteractions(FITTING.rows[::-1])
    assert captions.oracle(backwards, SITUATION, ["c"], 2) == {"c": ("大笑", "lol")}, "equals by text"


def test_figures_of_some_keywords() -> None:
    found = captions.figures({"c": ("大笑", "lol"), "d": ("lol",)}, HELD, embed)
    assert found["recall"] == 1.0
    assert found["recall_all"] == 0.5
    assert found["cosine"] == 1.0  # two keywords against two queries, one against one
    assert (found["stickers"], found["queries"]) == (1, 2)
    assert (found["stickers_all"], found["queries_all"]) == (2, 3)


BASE = Described({"c": "1. 甲 | 2. 乙"}, {"c": ("猫",), "d": ("猫",)})


def written(**variants: dict[str, tuple[str, ...]]) -> Written:
    return Written(variants, "tuned_ocr", {"c": ("大笑", "lol")})


def test_both_variants_and_the_base_are_reported_and_gated() -> None:
    both = written(tuned_picture={"c": ("大笑",), "d": ("x",)}, tuned_ocr={"c": ("大笑", "lol"), "d": ("x",)})
    gates, found = captions.judge(
        BASE, both, HeldBack(HELD, HELD, {"c": ("大笑", "lol"), "d": ()}), {"c": "", "d": ""}, embed, CaptionConfig()
    )
    assert [(row["name"], row["shipped"], row["recall"]) for row in found["rows"]] == [
        ("base", False, 0.0),
        ("tuned_picture", False, 0.5),
        ("tuned_ocr", True, 1.0),
    ]
    assert gates["vlm_recall_picture"].passed
    assert gates["vlm_recall_ocr"].passed
    assert found["ceiling"] == 1.0
    assert found["validation"] == {"tuned_picture": 0.25, "tuned_ocr": 0.5}


def test_a_recall_below_its_goal_fails_its_gate() -> None:
    poor = written(tuned_picture={"c": (), "d": ()}, tuned_ocr={"c": ("大笑",), "d": ()})
    gates, _ = captions.judge(
        BASE, poor, HeldBack(HELD, HELD, {"c": (), "d": ()}), {"c": "", "d": ""}, embed, CaptionConfig()
    )
    assert not gates["vlm_recall_picture"].passed
    assert not gates["vlm_recall_ocr"].passed


def test_examples_are_good_and_bad_by_the_stated_rule() -> None:
    shown = captions.examples(
        HELD, {"base": {"c": ("猫",), "d": ("狗",)}, "x": {"c": ("大笑", "lol"), "d": ()}}, "x", {"c": "哈", "d": ""}
    )
    assert [(row["sticker"], row["kind"], row["recall"], row["base"]) for row in shown] == [
        ("c", "good", 1.0, "猫"),
        ("d", "bad", 0.0, "狗"),
    ]
    assert shown[0]["reference"] == ["lol", "大笑"]


def test_a_caption_has_the_base_s_two_halves_and_both_models_keywords() -> None:
    [caption] = captions.captions(BASE, written(tuned_picture={}, tuned_ocr={})).values()
    assert (caption.description, caption.emotion) == ("甲", "乙")
    assert (caption.keywords_base, caption.keywords) == ("猫", "大笑，lol")


def test_the_base_is_judged_by_what_it_says() -> None:
    specs = [
        StickerSpec(f"s{n}", "cat", "ink", situation, "", False, n) for n, situation in enumerate(("laugh", "cry"))
    ]
    rng = np.random.default_rng(0)
    dog = replace(specs[0], character="dog")  # the second answer has a wrong animal and a wrong situation
    said = {"s0": telling.describe(specs[0], rng), "s1": telling.describe(dog, rng)}
    gates, found = base_captions.judge(said, specs, CaptionConfig())
    assert gates["vlm_expression"].value == 0.5
    assert gates["vlm_expression"].cases == 2
    assert not gates["vlm_expression"].passed
    assert (gates["vlm_character"].value, gates["vlm_style"].value) == (0.5, 1.0)
    assert gates["vlm_pose_or_prop"].value == 0.5
    assert [row["right"]["feels"] for row in found["base_examples"]] == [True, False]


def test_examples_are_spread_evenly() -> None:
    assert evenly(range(24), 4) == [0, 6, 12, 18]
    assert evenly("ab", 4) == ["a", "b"]
    assert evenly("ab", 0) == []


@pytest.mark.parametrize(("value", "low", "high"), [(0.5, True, True), (0.4, False, True), (0.6, True, False)])
def test_goals_are_reached_from_their_side(value: float, low: bool, high: bool) -> None:
    assert Gate.at_least(value, 0.5, 1).passed == low
    assert Gate.at_most(value, 0.5, 1).passed == high
