"""Queries in the other language, through the emoji that are called both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from persrv.text.lexicon import Lexicon
from persrv.text.readings import readings
from persrv.text.translation import parts_of, translated


def alike(_text: str, others: Sequence[str]) -> Sequence[float]:
    return [1.0] * len(others)


def said(text: str, *words: str) -> list[str]:
    return [found for found, _ in translated(text, frozenset(words).__contains__, alike)]


def test_the_catalogue_says_it_in_the_other_language() -> None:
    assert said("浣熊", "raccoon", "fox") == ["raccoon"]
    assert said("fox", "狐狸") == ["狐狸"]
    assert said("生气的狐狸", "angry", "fox")[0] == "angry fox"
    assert said("a very angry fox", "生气", "狐狸")[0] == "生气狐狸"


@pytest.mark.parametrize("text", ["浣熊", "不生气", "我的浣熊在爬树", "qwertz", "", "，。"])
def test_what_is_not_said_or_is_more_than_names_is_not_translated(text: str) -> None:
    assert said(text, "angry", "cat") == []


def test_of_what_one_emoji_is_called_the_likest_is_meant() -> None:
    def likeness(_text: str, others: Sequence[str]) -> Sequence[float]:
        return [{"thinking": 0.9, "chin": 0.3}.get(other, 0.0) for other in others]

    found = list(translated("思考", {"chin", "thinking"}.__contains__, likeness))
    assert [text for text, _ in found] == ["thinking", "chin"]
    assert found[0][1] > found[1][1]
    assert all(0 < sure <= 1 for _, sure in found)


def test_what_is_far_apart_is_no_translation() -> None:
    assert list(translated("浣熊", {"raccoon"}.__contains__, lambda _text, others: [0.1] * len(others))) == []


def test_a_text_is_cut_into_the_longest_names() -> None:
    assert parts_of("打哈欠的猫") == ["打哈欠", "猫"]
    assert parts_of("thumbs up") == ["thumbs up"]


def test_a_sentence_is_no_row_of_names() -> None:
    assert parts_of("dead phone") == ["dead", "phone"]
    assert parts_of("my phone died again") == [], "though some emoji is called again"


def test_a_query_that_the_catalogue_says_is_not_translated() -> None:
    both = Lexicon.build([["狐狸"], ["fox"]])
    assert [each.kind for each in readings("狐狸", both)] == ["literal"]
    english = Lexicon.build([["fox rage"]])
    assert ("fox", "translation") in [(each.text, each.kind) for each in readings("狐狸", english)]
