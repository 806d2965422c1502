"""Reading a model's answers: worked by hand, then whatever a model may write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.models.answers import keywords_of, split_answer


@pytest.mark.parametrize(
    ("answer", "halves"),
    [
        ("1. 一只猫在笑 | 2. 开心", ("一只猫在笑", "开心")),
        ("1.一只猫|2.开心，得意", ("一只猫", "开心，得意")),
        ("1、一只猫 ｜ 2、开心", ("一只猫", "开心")),
        ("一只猫 | 开心", ("一只猫", "开心")),
        ("1. 一只猫 2. 开心", ("一只猫", "开心")),
        ("1. 一只猫。2.开心", ("一只猫。", "开心")),
        ("1. 一只猫", ("一只猫", "")),
        ("1. 一只猫 |", ("一只猫", "")),
        ("| 2. 开心", ("", "开心")),
        ("1. 有 2.5 个 | 2. 累", ("有 2.5 个", "累")),
        ("1. 12. 号 | 2. 累", ("12. 号", "累")),
        ("1. 猫 | 狗 | 2. 开心", ("猫", "狗 | 2. 开心")),
        ("", ("", "")),
    ],
)
def test_an_answer_has_two_halves(answer: str, halves: tuple[str, str]) -> None:
    assert split_answer(answer) == halves


@given(st.text(alphabet="12.、|｜ 猫a\n", max_size=30))
def test_halves_are_parts_of_the_answer_without_bars_around_them(answer: str) -> None:
    for half in split_answer(answer):
        assert half in answer
        assert half == half.strip()


def test_keywords_are_distinct_in_order_and_at_most_so_many() -> None:
    assert keywords_of("笑死，lol, 笑死、 哈 哈 ，，", 8) == ("笑死", "lol", "哈 哈")
    assert keywords_of("a，b，c", 2) == ("a", "b")
    assert keywords_of("a，a，b", 2) == ("a", "b")
    assert keywords_of(" ， ", 3) == ()


@given(st.lists(st.text(alphabet="猫狗ab ", min_size=1, max_size=4)), st.integers(0, 9))
def test_keywords_come_back(words: list[str], most: int) -> None:
    wanted = list(dict.fromkeys(word.strip() for word in words if word.strip()))[:most]
    assert list(keywords_of("，".join(words), most)) == wanted
