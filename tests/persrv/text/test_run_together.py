"""Words written together, apart again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text.run_together import LONGEST, apart, is_everyday, is_word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("happydog", "happy dog"),
        ("pandasleep", "panda sleep"),
        ("atigerlaugh", "a tiger laugh"),
        ("ablobsad", "a blob sad"),
        ("frogthumbsup", "frog thumbs up"),
        ("heartbroken", "heartbroken"),  # a word is not taken apart
        ("therapist", "therapist"),
        ("pandaowo", "panda owo"),
        ("catqzxvk", "cat qzxvk"),  # what is no word stays in one piece
    ],
)
def test_words_are_found(text: str, words: str) -> None:
    assert apart(text) == words.split()


@pytest.mark.parametrize("text", ["", "happy dog", "happy2", "Ünder", "快乐", "x" * (LONGEST + 1)])
def test_what_is_no_run_of_letters_stays_as_it_is(text: str) -> None:
    assert apart(text) == [text]


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=LONGEST))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(apart(text)) == text


def test_how_common_a_word_is() -> None:
    assert is_everyday("happy")
    assert is_everyday("raccoon")  # what emoji are called
    assert is_word("haste")
    assert not is_word("kaixin")
    assert not is_everyday("kaixin")
