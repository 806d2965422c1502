"""Content words: what a short query names, without what holds it together."""

import pytest

from persrv.text.content_words import content_words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("害羞的青蛙", ("害羞", "青蛙")),
        ("熊猫", ("熊猫",)),
        ("a very sleepy panda", ("sleepy", "panda")),
        ("pixel art", ("pixel", "art")),
        ("the", ()),
        ("", ()),
        ("？？！", ()),
        ("there is a spider in my room", ()),
        ("老板又让我周末来公司加班", ()),
    ],
)
def test_the_words_that_name_something(query: str, words: tuple[str, ...]) -> None:
    assert content_words(query) == words
