"""Two feelings at once: which queries are two, which are one, and what each half says."""

from __future__ import annotations

import pytest

from persrv.text.mixed_feelings import mixed_entries, said_by
from persrv.text.phrasebook import phrasebook


def english(numbers: tuple[int, ...] | None) -> list[str]:
    """The English plain words of some entries."""
    return [phrasebook()[number].english for number in numbers or ()]


@pytest.mark.parametrize(
    ("query", "both"),
    [
        ("哭着笑", ["sad cry", "haha laugh"]),
        ("笑哭了", ["haha laugh", "sad cry"]),
        ("又气又笑", ["angry", "haha laugh"]),
        ("又累又饿", ["tired", "hungry"]),
        ("一边害怕一边好笑", ["scared", "haha laugh"]),
        ("喜极而泣", ["happy yay", "sad cry"]),
        ("crying laughing", ["sad cry", "haha laugh"]),
        ("laughing and crying at the same time", ["haha laugh", "sad cry"]),
        ("tired but happy", ["tired", "happy yay"]),
        ("happy tears", ["happy yay", "sad cry"]),
        ("angry and hungry", ["angry", "hungry"]),
    ],
)
def test_two_feelings(query: str, both: list[str]) -> None:
    assert english(mixed_entries(query)) == both


@pytest.mark.parametrize(
    "query",
    ["", "开心", "好开心啊", "笑着", "又下雨又堵车", "边吃边聊", "so happy today", "salt and pepper", "cats and dogs"],
)
def test_what_is_not_two_feelings(query: str) -> None:
    assert mixed_entries(query) is None


def test_what_the_phrasebook_says_word_for_word_is_one() -> None:
    assert english(said_by("tears of joy")) == ["haha laugh"]
    assert english(said_by("又累又饿")) == ["tired", "hungry"]
    assert said_by("quarterly tax form") == ()
