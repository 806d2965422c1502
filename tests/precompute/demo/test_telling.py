"""Descriptions of drawn stickers, and reading them back."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from precompute.builds.base_captions import right_parts
from precompute.demo import telling
from precompute.demo.figure.acting import ACTING
from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec


def spec(character: str = "cat", style: str = "ink", situation: str = "laugh") -> StickerSpec:
    return StickerSpec("s", character, style, situation, "", False, 1)


def test_every_situation_that_can_be_drawn_can_be_told() -> None:
    assert set(telling.SCENES) == set(SITUATIONS) == set(ACTING)


@pytest.mark.parametrize("part", telling.PARTS)
def test_every_value_has_several_phrasings_and_shares_none(part: str) -> None:
    values = telling.phrasings()[part]
    assert all(len(set(phrases)) >= 2 for phrases in values.values())
    told = [phrase for phrases in values.values() for phrase in phrases]
    assert len(told) == len(set(told))


def test_an_answer_has_the_two_numbered_halves_of_the_prompt() -> None:
    answer = telling.describe(spec(), np.random.default_rng(0))
    seen, felt = answer.split(" | ")
    assert seen.startswith("1. ")
    assert felt.startswith("2. ")


def test_one_sticker_is_told_in_many_ways() -> None:
    rng = np.random.default_rng(0)
    assert len({telling.describe(spec(), rng) for _ in range(50)}) > 20


def test_reading_a_description_gives_back_what_was_told() -> None:
    rng = np.random.default_rng(1)
    every = product(telling.CHARACTER_PHRASES, telling.STYLE_PHRASES, SITUATIONS)
    for character, style, situation in every:
        one = spec(character, style, situation)
        right = right_parts(telling.describe(one, rng), one)
        assert all(right.values()), (one, right)


def test_saying_two_things_is_not_saying_the_right_one() -> None:
    right = right_parts("1. 一只水墨风格的小猫和小狗，觉得太好笑了", spec())
    assert right["style"]
    assert right["feels"]
    assert not right["character"]
    assert not right["pose_or_prop"]


def test_a_wrong_thing_spoils_a_right_pose() -> None:
    assert right_parts("坐着捧住肚子", spec())["pose_or_prop"]
    assert not right_parts("坐着捧住肚子，一束鲜花和小爱心", spec())["pose_or_prop"]


def test_a_phrase_inside_a_longer_one_does_not_count() -> None:
    assert telling.read("睁眼扬眉大笑")["looks"] == {"hello"}
    assert telling.read("扬眉大笑")["looks"] == {"congrats"}


def test_formal_keywords_are_terms_of_a_catalogue() -> None:
    words = telling.formal_keywords(spec(), np.random.default_rng(0)).split("，")
    assert words[0] in telling.STYLE_PHRASES["ink"]
    assert words[1] in telling.CHARACTER_PHRASES["cat"]
    assert words[2:] == ["大笑", "欢乐"]


def test_the_dictionary_explains_a_phrase_in_plain_words() -> None:
    line = telling.meaning("xswl", "laugh", np.random.default_rng(0))
    assert line.startswith("“xswl”的意思是大笑，")
    assert telling.read(line)["feels"] == {"laugh"}
