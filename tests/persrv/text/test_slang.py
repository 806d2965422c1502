"""Slang in plain words: alone, with what people put around it, within a text, and what is none."""

import csv
from pathlib import Path

import pytest

from persrv.text import slang
from persrv.text.folding import normalise


@pytest.mark.parametrize(
    ("typed", "chinese", "english"),
    [
        ("dnd", "安静 别打扰", "quiet do not disturb"),
        ("omw!", "出发 马上到", "on my way let's go"),
        ("真的绷不住了啊", "笑死 哈哈哈", "laugh haha"),
        ("芭比q了", "完蛋 想哭", "doomed so sad"),
        ("太破防了", "难过 伤心 大哭", "sad cry"),
    ],
)
def test_slang_alone(typed: str, chinese: str, english: str) -> None:
    assert slang.plain_words(typed) == (chinese, english)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hbd my friend", "happy birthday my friend"),
        ("hbd bro", "happy birthday"),
        ("rn im dead", "laugh haha"),
        ("tbh that was on my way home", "that was on my way let's go home"),
        ("lol", "lol"),  # alone it is none
        ("老板又让我加班 smh", "老板又让我加班 无语"),
        ("这个视频绷不住", "这个视频笑死"),
        ("喝醉了", "喝醉了"),  # 醉了 is part of a word here
        ("nice coat", "nice coat"),
    ],
)
def test_slang_within_a_text(typed: str, told: str) -> None:
    assert slang.without_slang(typed) == told


@pytest.mark.parametrize("typed", ["", "cat", "开心", "我", "今天"])
def test_what_is_no_slang(typed: str) -> None:
    assert slang.plain_words(typed) is None


def test_the_table_is_whole_and_tells_every_form_once() -> None:
    with Path(slang.__file__).with_suffix(".tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    forms = [form for row in rows for form in row["forms"].split("|")]
    assert all(row["zh"] and row["en"] for row in rows)
    assert all(form and form == normalise(form) for form in forms)
    assert len(forms) == len(set(forms))
