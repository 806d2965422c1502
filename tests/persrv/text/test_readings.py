"""What else a query can be, in a catalogue that says a handful of things."""

from __future__ import annotations

import pytest

from persrv.text.lexicon import Lexicon
from persrv.text.readings import readings

STICKERS = [
    ["笑死我了", "笑死", "lol"],
    ["笑死我了"],
    ["想死我了"],
    ["晚安", "good night"],
    ["今天好累", "tired"],
    ["好开心", "happy", "women"],
    ["再见", "thanks a lot"],
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """Of STICKERS, through its table."""
    return Lexicon.from_table(Lexicon.build(STICKERS).to_table())


@pytest.mark.parametrize("query", ["笑死我了", "xswl", "", " ", "？？？", "\ud800", "happy", "q" * 500, "a" * 500])
def test_the_typed_text_is_the_first_reading(lexicon: Lexicon, query: str) -> None:
    assert readings(query, lexicon)[0] == (query, "literal", 1.0)


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ("xiaosiwole", "pinyin", "笑死我了"),
        ("xiao si wo le", "pinyin", "笑死我了"),
        ("Xiaosi", "pinyin", "笑死"),
        ("haolei", "pinyin", "好累"),
        ("mingtianjian", "pinyin", "明天见"),  # words of the dictionary alone
        ("wo好lei", "pinyin", "我好累"),
        ("xswl", "initials", "笑死我了"),
        ("hkx", "initials", "好开心"),
        ("完安", "spelling", "晚安"),
        ("hapy", "spelling", "happy"),
        ("thnaks a lot", "spelling", "thanks a lot"),
        ("god nihgt hapyp", "spelling", "god night happy"),  # short words are left alone
    ],
)
def test_the_surest_other_reading(lexicon: Lexicon, query: str, kind: str, text: str) -> None:
    found = readings(query, lexicon)[1]
    assert (found.text, found.kind) == (text, kind)


def test_initials_give_every_phrase_the_more_frequent_first(lexicon: Lexicon) -> None:
    found = [reading for reading in readings("xswl", lexicon) if reading.kind == "initials"]
    assert [reading.text for reading in found] == ["笑死我了", "想死我了"]
    assert found[0].weight > found[1].weight


@pytest.mark.parametrize("query", ["happy", "good night", "lol", "tired"])
def test_words_that_the_catalogue_knows_are_never_corrected(lexicon: Lexicon, query: str) -> None:
    assert not [reading for reading in readings(query, lexicon) if reading.kind == "spelling"]


def test_a_known_word_is_less_surely_pinyin(lexicon: Lexicon) -> None:
    known, unknown = readings("women", lexicon)[1], readings("women", Lexicon.build([["好开心"]]))[1]
    assert known.text == unknown.text == "我们"
    assert known.weight < unknown.weight


def test_an_empty_catalogue_reads_by_the_dictionary_alone() -> None:
    empty = Lexicon.from_table(Lexicon.build([]).to_table())
    assert readings("xswl", empty) == (("xswl", "literal", 1.0),)
    assert readings("jintian", empty)[1].text == "今天"
