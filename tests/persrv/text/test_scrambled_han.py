"""Rows of Chinese characters that nobody writes side by side are told from what people type."""

from __future__ import annotations

import random

import pytest

from persrv.text.scrambled_han import is_scrambled
from precompute.demo.messages import messages_of, situations


def unknown(_pair: str) -> bool:
    return False


@pytest.mark.parametrize(
    "text", ["我好饿", "饿死了", "蜡笔小新", "魑魅魍魉", "好饿", "泡脚中", "how are you", "ok了", ""]
)
def test_phrases_words_and_what_is_no_row_of_characters_are_none(text: str) -> None:
    assert not is_scrambled(text, unknown)


def test_two_neighbours_that_the_catalogue_has_are_enough() -> None:
    assert is_scrambled("了样有开", unknown)
    assert not is_scrambled("了样有开", lambda pair: pair == "样有")


def test_messages_are_none_and_most_of_their_characters_in_another_order_are() -> None:
    """Messages of the demo world, which the phrasebook does not know; their characters, shuffled among all of them."""
    rows = [text for name in situations() for text in messages_of(name, "zh").said if text.isalnum() and len(text) < 13]
    rng = random.Random(3)
    pool = [character for row in rows for character in row]
    rng.shuffle(pool)
    mixed = ["".join(pool[at : at + 4]) for at in range(0, len(pool) - 3, 4)]
    assert sum(is_scrambled(row, unknown) for row in rows) / len(rows) < 0.02
    assert sum(is_scrambled(row, unknown) for row in mixed) / len(mixed) > 0.6
