"""English words without their endings, and drawn-out ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.english import english_stem, forms


@pytest.mark.parametrize(
    "family",
    [
        ["so", "sooo", "sooooo"],
        ["laugh", "laughs", "laughing", "laughed"],
        ["hug", "hugs", "hugging", "hugged"],
        ["love", "loves", "loving", "loved"],
        ["baby", "babies", "baby's"],
        ["miss", "missing", "missed"],
        ["call", "calls", "calling"],
        ["cry", "cries", "crying"],
    ],
)
def test_forms_of_an_english_word_meet(family: list[str]) -> None:
    assert len({english_stem(word) for word in family}) == 1


@pytest.mark.parametrize("word", ["yes", "bus", "this", "miss", "king", "bring", "string", "red", "don't", "zz", "bye"])
def test_words_that_only_look_inflected_stay(word: str) -> None:
    assert english_stem(word) == word


@given(st.text(alphabet="abcdeginsyz'", min_size=1, max_size=12).filter(lambda word: word[0] != "'"))
def test_a_stem_is_never_empty(word: str) -> None:
    assert 1 <= len(english_stem(word)) <= len(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("yaaay", ["yay", "yaay"]),
        ("goooood", ["god", "good"]),
        ("hahaaaa", ["haha"]),
        ("jajaja", ["jaja"]),
        ("blahblahblah", ["blahblah"]),
        ("banana", ["banana"]),
        ("level", ["level"]),
        ("papa", ["papa"]),
        ("zzz", ["z", "zz"]),
        ("привееет", ["привет", "привеет"]),
    ],
)
def test_what_a_drawn_out_word_is_meant_as(word: str, meant: list[str]) -> None:
    assert forms(word) == meant


@given(st.text(alphabet="haeol", min_size=1, max_size=14))
def test_a_meant_word_is_meant_as_itself(word: str) -> None:
    for form in forms(word):
        assert form
        assert len(form) <= len(word)
        assert form in forms(form)
