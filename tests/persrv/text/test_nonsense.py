"""Strings that mean nothing: as many of letters as of Chinese characters, the same ones for the same seed."""

from persrv.text.nonsense import nonsense_strings, typed_nonsense


def test_strings_of_letters_and_of_chinese_characters() -> None:
    strings = nonsense_strings(150, 1)
    assert len(set(strings)) > 290
    assert all(each.isascii() and 5 <= len(each) <= 9 for each in strings[:150])
    assert all("\u4e00" <= each[0] <= "\u9fa5" and 3 <= len(each) <= 5 for each in strings[150:])
    assert strings == nonsense_strings(150, 1) != nonsense_strings(150, 2)


def test_slides_along_a_keyboard_made_up_words_and_rows_of_common_characters() -> None:
    strings = typed_nonsense(50, 1, "天地人")
    assert strings == typed_nonsense(50, 1, "天地人") != typed_nonsense(50, 2, "天地人")
    slides, words, han = strings[:50], strings[50:100], strings[100:]
    keys = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    assert all(any(each[:4] in row or each[:4][::-1] in row for row in keys) for each in slides)
    assert all(each.replace(" ", "").isalpha() and each.isascii() for each in words)
    assert all(3 <= len(each) <= 6 and set(each) <= set("天地人") for each in han)
