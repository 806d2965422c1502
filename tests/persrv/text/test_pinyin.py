"""Pinyin: from letters to Chinese, against trying every way to cut them, and back."""

from __future__ import annotations

from itertools import product
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.lexicon import Lexicon
from persrv.text.pinyin import Conversion, PinyinReader, pinyin_words, spell, spell_characters, speller, without_tones

NOTHING = PinyinReader(Lexicon.build([]))


def convert(letters: str, reader: PinyinReader = NOTHING) -> list[Conversion]:
    """The conversions of some letters, in a catalogue that says nothing."""
    return reader.convert(letters)


def first(letters: str, said: list[list[str]] | None = None) -> str:
    """The likeliest text of some letters, in a catalogue that says so much."""
    found = convert(letters, PinyinReader(Lexicon.build(said)) if said else NOTHING)
    return found[0].text if found else ""


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        ("zhongguo", "中国"),
        ("woxihuanni", "我喜欢你"),
        ("xian", "先"),
        ("xi an", "西安"),
        ("xi'an", "西安"),
        ("nver", "女儿"),
        ("lvyou", "旅游"),
        ("qingtian", "晴天"),
        ("bucuoya", "不错呀"),
    ],
)
def test_everyday_words_of_the_dictionary(letters: str, text: str) -> None:
    assert first(letters) == text


@pytest.mark.parametrize("letters", ["", "v", "hello", "asdf", "zhx", "x" * 200])
def test_what_is_no_pinyin_gives_nothing(letters: str) -> None:
    assert convert(letters) == []


def test_the_catalogue_says_which_of_equal_sounds_is_meant() -> None:
    assert first("wanan", [["晚安"], ["晚安"]]) == "晚安"
    assert first("wanan", [["万安"], ["万安"]]) == "万安"


def test_the_likeliest_is_that_of_every_way_to_cut() -> None:
    # two syllables: as one word, or as two words of one character each
    words = pinyin_words()
    for one, other in product(("wo", "hao", "xiang", "le", "mao"), repeat=2):
        pairs = product(words.shares(one), words.shares(other))
        whole = [(log(0.3 * share), word) for word, share in words.shares(f"{one} {other}")]
        apart = [(log(0.3 * p) + log(0.3 * q), a + b) for (a, p), (b, q) in pairs]
        best = convert(f"{one} {other}")[0]
        assert best.score == pytest.approx(max(whole + apart)[0])


@given(st.lists(st.sampled_from(["xiao", "si", "wo", "le", "zhuang", "er"]), min_size=1, max_size=5))
def test_a_conversion_is_read_as_it_was_typed(syllables: list[str]) -> None:
    found = convert(" ".join(syllables))
    assert found
    assert all(len(each.text) == len(syllables) and "".join(each.words) == each.text for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_spelling_follows_words() -> None:
    known = speller()
    assert spell("睡觉觉得", known) == "shui jiao jue de"
    assert spell("重要的重复", known) == "zhong yao de chong fu"
    assert spell("安𠮷", known) == "an 𠮷"
    assert spell_characters("完安") == "wan an"
    assert spell_characters("a安") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [("nǐ hǎo", "ni hao"), ("ni3hao3", "ni hao"), ("nü3", "nv3"), ("nǚ", "nv"), ("mp3", "mp3"), ("晚ān", "晚an")],
)
def test_tones_are_dropped(text: str, plain: str) -> None:
    assert without_tones(text) == plain
