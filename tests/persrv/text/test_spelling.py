"""Slips of the finger, against looking at every word, and by hand."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from persrv.text.english import english_stem
from persrv.text.spelling import Speller

SAID = {"happy": 5, "birthday": 3, "thanks": 2, "good": 4, "night": 4, "zzz": 1, "kawaii": 2}
STEMS = {english_stem(word) for word in SAID}
SPELLER = Speller(SAID, lambda word: english_stem(word) in STEMS)


@pytest.mark.parametrize(
    ("typed", "meant", "sure"),
    [
        ("hapy", "happy", 0.9),
        ("kawai", "kawaii", 0.9),
        ("brithdya", "birthday", 0.75),
        ("thnaks", "thanks", 0.9),
        ("recieve", "receive", 0.9),  # 7 letters, one slip, a word that the catalogue does not say
        ("definatley", "definitely", 0.75),
        ("jealos", "jealous", 0.9),  # 6 letters, to a word that is a whole entry of the phrasebook
    ],
)
def test_corrections_by_hand(typed: str, meant: str, sure: float) -> None:
    assert SPELLER.corrected(typed) == (meant, sure)


@pytest.mark.parametrize("typed", ["", "hpy", "recve", "goodnite", "qwrtzpsd", "x" * 31, "happy", "night's", "the"])
def test_what_is_left_alone(typed: str) -> None:
    assert SPELLER.corrected(typed)[0] == typed


def test_of_equally_near_words_an_english_one_is_meant() -> None:
    """Both are one slip away; "thnk" is what a model wrote, often."""
    said = {"thnk": 50, "thanks": 2}
    assert Speller(said, said.__contains__).closest("thnks") == ("thanks", 0.9)


def test_every_word_is_corrected_by_itself_and_the_least_sure_counts() -> None:
    assert SPELLER.corrected("hapy brithdya, 好 good nigth!") == ("happy birthday, 好 good night!", 0.75)


@given(st.sampled_from(sorted(SAID)), st.integers(0, 8), st.sampled_from("abhinpty"))
def test_the_nearest_is_that_of_looking_at_every_word(word: str, at: int, letter: str) -> None:
    typed = word[:at] + letter + word[at + 1 :]
    assume(not SPELLER.knows(typed))
    found = SPELLER.closest(typed)
    most = 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2
    said = min((OSA.distance(typed, other), other) for other in SAID)
    if found is not None:
        assert 1 <= OSA.distance(typed, found[0]) <= min(most, said[0])
    else:
        assert said[0] > most


@pytest.mark.parametrize(
    ("typed", "meant"), [("goodnight", "good night"), ("happybirthday", "happy birthday"), ("goodbye", "goodbye")]
)
def test_a_blank_is_put_between_two_words_that_are_said(typed: str, meant: str) -> None:
    assert SPELLER.with_blanks(typed)[0] == meant


def test_a_blank_goes_where_one_word_is_said() -> None:
    assert SPELLER.without_blanks("birth day") == ("birthday", 0.85)
    assert SPELLER.without_blanks("good night")[0] == "good night"
