"""Readings of a query in a catalogue of a handful of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.records import Reading
from persrv.text.lexicon import Lexicon
from persrv.text.readings import MOST_READINGS, readings

STICKERS = [
    ["笑死我了", "笑死", "lol", "😂"],
    ["笑死我了"],
    ["想死我了"],
    ["晚安", "good night", "😴"],
    ["今天好累", "tired", "🥱"],
    ["好开心", "happy", "我们"],
    ["再见", "thanks a lot", "birthday cake", "zzz", "popcorn"],
    ["困", "好困"],
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """Lexicon of STICKERS, read back from its table."""
    return Lexicon.from_table(Lexicon.build(STICKERS).to_table())


@pytest.mark.parametrize("query", ["笑死我了", "xswl", "", " ", "？？？", "\ud800", "happy", "q" * 500, "a" * 500])
def test_the_typed_text_is_the_first_reading(lexicon: Lexicon, query: str) -> None:
    assert readings(query, lexicon)[0] == Reading(query, "literal", 1.0)


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
        ("hao kai xin", "pinyin", "好开心"),
        ("hǎo kāi xīn", "pinyin", "好开心"),
        ("hao3lei4", "pinyin", "好累"),
        ("kun了", "pinyin", "困了"),
        ("完安", "spelling", "晚安"),
        ("hapy", "spelling", "happy"),
        ("好hapy", "spelling", "好happy"),
        ("thnaks a lot", "spelling", "thanks a lot"),
        ("god nihgt hapyp", "spelling", "god night happy"),  # short words are left alone
        ("tomorow", "spelling", "tomorrow"),  # a common word that the catalogue lacks
        ("goodnight", "spelling", "good night"),
        ("pop corn", "spelling", "popcorn"),
        ("coooool", "drawn out", "cool"),
        ("hahahaha", "drawn out", "haha"),
        ("再見", "simplified", "再见"),
        ("OK 我愛你", "simplified", "OK 我爱你"),
        ("再见🎂", "emoji", "再见 生日蛋糕"),
        ("happy 🎂", "emoji", "happy birthday cake"),
        ("笑哭了", "emoji", "😂"),
    ],
)
def test_the_surest_other_reading(lexicon: Lexicon, query: str, kind: str, text: str) -> None:
    found = readings(query, lexicon)[1]
    assert (found.text, found.kind) == (text, kind)


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("plz no more meetings", "off work"),
        ("bie ku le", "抱抱"),
        ("別哭了", "抱抱"),
        ("pls don't cryyyyy", "hug"),
        ("bu kaixin", "难过"),
    ],
)
def test_what_is_negated_once_it_is_rewritten(lexicon: Lexicon, query: str, instead: str) -> None:
    assert instead in [each.text for each in readings(query, lexicon) if each.kind == "negation"]


def test_initials_give_every_phrase_the_more_frequent_first(lexicon: Lexicon) -> None:
    found = [reading for reading in readings("xswl", lexicon) if reading.kind == "initials"]
    assert [reading.text for reading in found] == ["笑死我了", "想死我了"]
    assert found[0].weight > found[1].weight


@pytest.mark.parametrize(
    "query", ["happy", "good night", "lol", "tired", "thanks", "were you here", "sleep tight", "mad"]
)
def test_words_that_are_known_are_never_corrected(lexicon: Lexicon, query: str) -> None:
    assert not [reading for reading in readings(query, lexicon) if reading.kind == "spelling"]


@pytest.mark.parametrize("query", ["teh", "lmoa", "asdfqwer", "?", "12", "wanan", "zzz", "h" * 40])
def test_what_is_near_nothing_or_surely_pinyin_is_not_corrected(lexicon: Lexicon, query: str) -> None:
    assert not [reading for reading in readings(query, lexicon) if reading.kind == "spelling"]


def test_a_common_word_is_less_surely_pinyin(lexicon: Lexicon) -> None:
    common, other = readings("women", lexicon)[1], readings("tamen", lexicon)[1]
    assert (common.text, other.text) == ("我们", "他们")
    assert common.weight < other.weight
    assert not [each for query in ("change", "dance", "panda", "name") for each in readings(query, lexicon)[1:]]


@pytest.mark.parametrize("emoji", ["🥱", "🥱🥱", "🤷\u200d♂️", "🤦🏾", "👩\u200d🚀", "❤️\u200d🔥", "😂😴"])
def test_an_emoji_is_read_by_its_names_in_both_languages(lexicon: Lexicon, emoji: str) -> None:
    named = [reading.text for reading in readings(emoji, lexicon) if reading.kind == "emoji"]
    assert len(named) == 2
    assert not named[0].isascii()
    assert named[1].isascii()


def test_names_that_the_catalogue_says_come_first(lexicon: Lexicon) -> None:
    chinese, english = (reading.text.split() for reading in readings("🥱", lexicon)[1:])
    assert chinese[0] == "困"
    assert "晚安" in chinese[:2]
    assert english[0] in ("tired", "night")


def test_words_are_read_as_emoji_that_the_catalogue_has(lexicon: Lexicon) -> None:
    assert ("🥱", "emoji") in [(reading.text, reading.kind) for reading in readings("sleepy", lexicon)]
    assert not [reading for reading in readings("face", lexicon) if reading.kind == "emoji"], "every smiley is a face"
    assert not [reading for reading in readings("rocket", lexicon) if reading.kind == "emoji"], "nobody has it"


def test_a_drawn_out_query_with_a_slip_is_read_as_both(lexicon: Lexicon) -> None:
    assert ("good night", "spelling") in [(reading.text, reading.kind) for reading in readings("goood nihgt", lexicon)]


def test_an_unknown_word_is_read_through_the_emoji_that_it_names(lexicon: Lexicon) -> None:
    named = [reading.text for reading in readings("bedtime", lexicon) if reading.kind == "emoji"]
    assert any("晚安" in text for text in named), "🥱 is called both"
    assert not [r for r in readings("rocket", lexicon) if r.kind == "emoji"], "nobody says what else that is called"


@given(st.text(max_size=40) | st.text("abehilnouwx 我了晚安🥱1'", max_size=40))
def test_any_text_has_readings_that_differ(lexicon: Lexicon, query: str) -> None:
    found = readings(query, lexicon)
    assert found[0] == Reading(query, "literal", 1.0)
    assert len({reading.text for reading in found}) == len(found) <= MOST_READINGS
    assert all(0 < reading.weight <= 1 and reading.text.strip() for reading in found[1:])
    assert [reading.weight for reading in found[1:]] == sorted((reading.weight for reading in found[1:]), reverse=True)


def test_an_empty_catalogue_reads_by_the_dictionary_and_what_people_say_anywhere() -> None:
    empty = Lexicon.from_table(Lexicon.build([]).to_table())
    assert readings("qxzv", empty) == (Reading("qxzv", "literal", 1.0),)
    assert readings("xswl", empty)[1][:2] == ("笑死我了", "initials")
    assert readings("jintian", empty)[1].text == "今天"
