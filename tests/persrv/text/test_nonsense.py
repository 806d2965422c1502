"""Strings that mean nothing: as many of letters as of Chinese characters, the same ones for the same seed."""

from persrv.text.nonsense import nonsense_strings


def test_strings_of_letters_and_of_chinese_characters() -> None:
    strings = nonsense_strings(150, 1)
    assert len(set(strings)) > 290
    assert all(each.isascii() and 5 <= len(each) <= 9 for each in strings[:150])
    assert all("\u4e00" <= each[0] <= "\u9fa5" and 3 <= len(each) <= 5 for each in strings[150:])
    assert strings == nonsense_strings(150, 1) != nonsense_strings(150, 2)
