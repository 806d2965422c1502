"""A gloss: word by word, the longest known word first, and nothing said of a text it does not know."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from persrv.bundle import Bundle
from persrv.text.gloss import gloss

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo"


def test_words_one_by_one_in_their_order() -> None:
    assert gloss("一只蜡笔手绘风格的小狗，有蛋糕气球和派对帽。") == (
        "a crayon hand-drawn style puppy, with cake balloon and party hat."
    )
    assert gloss("生日快乐，birthday，🎂") == "happy birthday,birthday,🎂"


def test_the_longest_word_counts_and_what_is_unknown_stays() -> None:
    assert gloss("笑死我了") == "laughing to death"
    assert gloss("敷冰袋") == "敷 ice pack"
    assert gloss("的了") == gloss("鑫") == gloss("hello") == gloss("") == ""


def test_most_of_the_embedded_captions_are_said() -> None:
    texts = [sticker.description for sticker in Bundle.open(DEMO).stickers]
    left = sum(len(re.findall("[\u4e00-\u9fff]", gloss(text))) for text in texts)
    assert left < 0.35 * sum(len(re.findall("[\u4e00-\u9fff]", text)) for text in texts)


@given(st.text(max_size=60))
def test_any_text_has_a_gloss_or_none(text: str) -> None:
    assert isinstance(gloss(text), str)
