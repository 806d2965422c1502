"""Reading a model's answers: worked by hand, then whatever a model may write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.models.answers import keywords_of, split_answer, spoken


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
        ("1. | a cat | 2. | happy", ("a cat", "happy")),
        ("| 1. | a cat | 2. | happy |", ("a cat", "happy")),
        ("1 | a cat | 2 | happy", ("a cat", "happy")),
        ("1. | 2. 开心", ("", "开心")),
        ("1) a cat 2) happy", ("a cat", "happy")),
        ("a cat 2) happy", ("a cat", "happy")),
        ("（1）一只猫（2）开心", ("一只猫", "开心")),
        ("(1) a cat (2) happy", ("a cat", "happy")),
        ("1：一只猫；2：开心", ("一只猫", "开心")),
        ("1. a cat; 2. happy", ("a cat", "happy")),
        ("1. a cat;\n2. happy\n", ("a cat", "happy")),
        ("1. 一只猫2. 开心", ("一只猫", "开心")),
        ("**1. Description:** a cat\n\n**2. Feelings:** joy", ("a cat", "joy")),
        ("1. 描述：一只猫 | 2. 情绪：开心", ("一只猫", "开心")),
        ("1. a cat | 2. hap", ("a cat", "hap")),
        ("1. 一只猫 | 2. 高\ufffd\ufffd", ("一只猫", "高")),
        ("1. a cat of 2.5 kg", ("a cat of 2.5 kg", "")),
        ("The cat has 2 ears.", ("The cat has 2 ears.", "")),
        ("<think>1. no | 2. no</think>1. a cat | 2. happy", ("a cat", "happy")),
        ("<think>1. it goes on and on", ("", "")),
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


@pytest.mark.parametrize(
    ("answer", "keywords"),
    [
        ("开心; 快乐；笑", ("开心", "快乐", "笑")),
        ("happy\nso sad\r\nangry", ("happy", "so sad", "angry")),
        ("1. happy\n2) sad\n- angry\n• tired", ("happy", "sad", "angry", "tired")),
        ("关键词：开心，快乐。", ("开心", "快乐")),
        ("Keywords: happy | sad.", ("happy", "sad")),
        ('"happy", **sad**', ("happy", "sad")),
        ("2.5 kg, 3.14", ("2.5 kg", "3.14")),
        ("开心，快\ufffd", ("开心", "快")),
        ("<think>sad, mad</think>开心", ("开心",)),
    ],
)
def test_keywords_are_read_as_models_write_them(answer: str, keywords: tuple[str, ...]) -> None:
    assert keywords_of(answer, 9) == keywords


def test_the_keyword_in_which_an_answer_was_cut_is_left_out_unless_it_is_all_there_is() -> None:
    assert keywords_of("开心，快乐，笑死我", 9, cut=True) == ("开心", "快乐")
    assert keywords_of("开心，快乐，笑死我", 2, cut=True) == ("开心", "快乐")
    assert keywords_of("开", 9, cut=True) == ("开",)
    assert keywords_of("", 9, cut=True) == ()


def test_half_a_character_is_no_part_of_what_is_said() -> None:
    assert spoken("笑\ufffd\ufffd ") == "笑"
    assert spoken("a\ufffdb") == "a\ufffdb", "one in the middle is the model's own"


@given(st.text(alphabet="12.)(|｜;；\n 猫a*:：\ufffd", max_size=40))
def test_no_answer_breaks_the_reading(answer: str) -> None:
    for half in split_answer(answer):
        assert half in answer
        assert half == half.strip(" |｜")
    assert all(word and word == word.strip() for word in keywords_of(answer, 99))
