"""Requests for a sticker, what they ask for, and what only looks like one."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text import instructions
from persrv.text.instructions import wanted

FRAMES_ZH = [
    "帮我找个{}的表情",
    "给我来一张{}",
    "幫我找一下{}",
    "求一张{}的图",
    "有没有{}的表情包吗？",
    "来几张{}",
    "{}的表情包",
]
FRAMES_EN = [
    "find me a {}",
    "Show me some {}!",
    "could you find me a {} sticker, please",
    "I want a sticker that says {}",
    "looking for a {} gif",
    "do you have any {} memes?",
    "stickers for {}",
    "find me {}",
]
SAID_ZH = ["谢谢老板", "晚安", "哭泣的猫", "笑死我了", "不想上班", "加油"]
SAID_EN = ["crying cat", "good night", "sleepy panda in neon", "thank you", "happy birthday"]


@pytest.mark.parametrize("frame", FRAMES_ZH)
@pytest.mark.parametrize("said", SAID_ZH)
def test_what_a_chinese_instruction_asks_for(frame: str, said: str) -> None:
    assert wanted(frame.format(said)) == said


@pytest.mark.parametrize("frame", FRAMES_EN)
@pytest.mark.parametrize("said", SAID_EN)
def test_what_an_english_instruction_asks_for(frame: str, said: str) -> None:
    assert wanted(frame.format(said)) == said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("能不能给我推荐几个表示无语的表情，谢谢", "无语"),
        ("有没有适合下班的时候用的表情", "下班"),
        ("请帮我搜索一下“笑死我了”的表情包吧", "笑死我了"),
        ("我想要一个说晚安的sticker", "晚安"),
        ("帮我找张 crying cat", "crying cat"),
        ("find me 谢谢老板的表情", "谢谢老板"),
        ("a gif of a dancing frog", "dancing frog"),
    ],
)
def test_frames_nest_and_languages_mix(query: str, said: str) -> None:
    assert wanted(query) == said


@pytest.mark.parametrize(
    "query",
    [
        *(
            "来个抱抱",
            "给我一个大大的拥抱",
            "我要抱抱",
            "求红包",
            "给我钱",
            "有没有人",
            "找工作",
            "想看你",
            "给力",
            "来了来了",
        ),
        *("give me a hug", "show me the money", "find love", "find out", "need a cuddle", "something to eat"),
        *("i love stickers", "偷表情包", "我的表情包", "show me your cat", "i want to go home", "send help"),
    ],
)
def test_what_people_say_with_a_sticker_is_no_instruction(query: str) -> None:
    assert wanted(query) is None


@pytest.mark.parametrize(
    "query", ["", " ", "find me", "帮我找找", "来一张", "find me a sticker", "发个表情", "show me stickers", "有一张图"]
)
def test_a_frame_around_nothing_asks_for_nothing(query: str) -> None:
    assert wanted(query) is None


@given(st.text(max_size=90))
def test_any_text_is_read_and_nothing_is_never_wanted(query: str) -> None:
    found = wanted(query)
    assert found is None or found != ""


@given(st.text(alphabet="我想要帮找张个的，, afindme", max_size=300))
def test_frames_in_any_order_are_read(query: str) -> None:
    wanted(query)


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(instructions).failed == 0
