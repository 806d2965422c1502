"""The lexicon: counted by hand, read back from a table, and refused from a damaged one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from persrv.errors import BundleError
from persrv.text import lexicon as module
from persrv.text.lexicon import SCHEMA, Lexicon

STICKERS = [["音樂，快樂", "OK ok"], ["快乐🤷\u200d♂️🤷"], ["快乐的音乐", "laughing"]]


def test_counts_by_hand() -> None:
    lexicon = Lexicon.build(STICKERS)
    counts = dict(zip(lexicon.texts, zip(lexicon.whole, lexicon.within, strict=True), strict=True))
    assert counts["快乐"] == (2, 3)  # whole runs of two stickers; within those and within 快乐的音乐
    assert counts["音乐"] == (1, 2)
    assert counts["快乐的音乐"] == (1, 1)
    assert counts["乐"] == (0, 5)
    assert "乐的" not in counts  # a part that stands in one place only
    assert lexicon.words == {"ok": 1, "laughing": 1}
    assert lexicon.emoji == {"🤷": 1}


def test_pinyin_follows_the_word_that_a_character_stands_in() -> None:
    lexicon = Lexicon.build(STICKERS)
    spelled = dict(zip(lexicon.texts, lexicon.pinyin, strict=True))
    assert spelled["快乐的音乐"] == "kuai le de yin yue"
    assert [lexicon.texts[row] for row in lexicon.spelled("yin yue")] == ["音乐"]
    assert lexicon.begins("kuai le de")
    assert not lexicon.begins("kuai l")
    assert [lexicon.texts[row] for row in lexicon.abbreviated("kl")] == ["快乐"]


def test_words_are_known_in_any_form() -> None:
    lexicon = Lexicon.build(STICKERS)
    assert all(lexicon.knows(word) for word in ("laughing", "laughs", "laugh"))
    assert not lexicon.knows("laughter")
    assert lexicon.says("音乐")
    assert not lexicon.says("的音")


def test_the_most_frequent_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PHRASES", 1)
    monkeypatch.setattr(module, "MOST_PARTS", 2)
    monkeypatch.setattr(module, "MOST_WORDS", 1)
    lexicon = Lexicon.build([["晚安", "b"], ["晚安", "a"], ["早安"]])
    assert sorted(lexicon.texts) == ["安", "晚", "晚安"]  # 晚 stands in two places as 晚安 does, and comes first
    assert lexicon.words == {"a": 1}


@pytest.mark.parametrize("stickers", [[], [[]], [["？"]], STICKERS])
def test_a_table_brings_it_back(stickers: list[list[str]]) -> None:
    table = Lexicon.build(stickers).to_table()
    assert Lexicon.from_table(table).to_table() == table


@pytest.mark.parametrize(
    "change", [{"kind": ["word", "han"]}, {"kind": ["han", "verb"]}, {"whole": [-1, 1]}, {"within": [0, 1]}]
)
def test_a_damaged_table_is_told(change: Mapping[str, Any]) -> None:
    row = {"kind": ["han", "word"], "text": ["安", "a"], "whole": [1, 1], "within": [1, 1], "pinyin": ["an", ""]}
    assert Lexicon.from_table(pa.table(row, schema=SCHEMA)).texts == ["安"]
    with pytest.raises(BundleError, match="lexicon"):
        Lexicon.from_table(pa.table({**row, **change}, schema=SCHEMA))
    with pytest.raises(BundleError, match="columns"):
        Lexicon.from_table(pa.table({"kind": ["han"]}))
