"""Phrases found by letters: spelled, loosely, with a slip, by initials; the table is that of the phrasebook."""

from __future__ import annotations

import pytest

from persrv.text import slang
from persrv.text.phrasebook import phrasebook
from persrv.text.typed_phrases import TABLE, TypedPhrases, chat_phrases

PHRASES = TypedPhrases(
    (
        ("真的好烦", "zhen de hao fan"),
        ("生日快乐", "sheng ri kuai le"),
        ("这道题不会", "zhe dao ti bu hui"),
        ("想吃肉", "xiang chi rou"),
    )
)


@pytest.mark.parametrize(
    ("letters", "phrase"),
    [
        ("zhendehaofan", "真的好烦"),
        ("zendehaofan", "真的好烦"),  # z for zh
        ("shenrikuaile", "生日快乐"),  # n for ng
        ("shengrikuaiel", "生日快乐"),  # two letters changed places
        ("zhedaotibuhu", "这道题不会"),  # one left out
        ("xiangcirou", "想吃肉"),
    ],
)
def test_letters_that_spell_a_phrase_nearly(letters: str, phrase: str) -> None:
    found = PHRASES.spelled(letters)
    assert found is not None
    assert found[0] == phrase


def test_the_more_loosely_it_is_typed_the_less_sure_it_is() -> None:
    sure = [PHRASES.spelled(letters) for letters in ("shengrikuaile", "senrikuaile", "senrikuailr")]
    assert [each[0] for each in sure if each] == ["生日快乐"] * 3
    assert [each[1] for each in sure if each] == sorted((each[1] for each in sure if each), reverse=True)


@pytest.mark.parametrize("letters", ["", "x", "xcr", "xiangcr", "hello", "qwertyuiop"])
def test_letters_that_spell_none(letters: str) -> None:
    assert PHRASES.spelled(letters) is None


def test_initials_from_three_letters_on() -> None:
    assert PHRASES.abbreviated("xcr") == ["想吃肉"]
    assert PHRASES.abbreviated("xc") == PHRASES.abbreviated("xyz") == []


def test_every_chinese_phrase_of_phrasebook_and_slang_can_be_spelled() -> None:
    said = {way for entry in phrasebook() for way in entry.ways} | set(slang.forms())
    phrases = {line.partition("\t")[0] for line in TABLE.read_text(encoding="utf-8").splitlines()}
    assert phrases <= said, "run scripts/phrasebook.py"
    assert {"笑死我了", "生日快乐"} <= phrases
    assert chat_phrases().spelled("shengrikuaile") == ("生日快乐", pytest.approx(0.92))
