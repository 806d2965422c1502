"""Words of drawing styles: which ones a text has, what it says beside them, and their other names."""

import pytest

from persrv.text.drawing_styles import names_of, split


@pytest.mark.parametrize(
    ("text", "styles", "rest"),
    [
        ("comic style", ("comic",), ""),
        ("ink painting", ("ink painting",), ""),
        ("像素风的小猫", ("像素",), "小猫"),
        ("neon cat", ("neon",), "cat"),
        ("粉笔画", ("粉笔",), ""),
        ("a pixel art dog", ("pixel art",), "a dog"),
        ("i think so", (), "i think so"),  # "ink" is part of a word
        ("小狗睡觉", (), "小狗睡觉"),
    ],
)
def test_styles_and_what_is_beside_them(text: str, styles: tuple[str, ...], rest: str) -> None:
    assert split(text) == (styles, rest)


def test_a_style_has_names_in_both_languages() -> None:
    assert {"manga", "漫画"} <= set(names_of("comic"))
    assert names_of("小猫") == ("小猫",)
