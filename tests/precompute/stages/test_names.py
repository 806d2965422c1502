"""Words in the names of files and folders."""

from __future__ import annotations

import pytest

from persrv.text.spelling import english_words
from precompute.stages.names import MOST_NAMES, names_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dogsleep3", "dog sleep"),
        ("AngryFox", "angry fox"),
        ("happy_cat-02", "happy cat"),
        ("PANDA hug (1)", "panda hug"),
        ("HTMLCat", "html cat"),
        ("晚安", "晚安"),
        ("謝謝_thanks", "謝謝 thanks"),
        ("2024新年快乐", "新年快乐"),
        ("don't_cry", "don't cry"),
        ("ありがとう", "ありがとう"),
        ("café", "café"),
        ("sticker_laughing_cat", "laughing cat"),
        ("cat_128x128@2x", "cat"),
        ("😂", "😂"),
    ],
)
def test_a_name_is_its_words(name: str, words: str) -> None:
    assert words_of(name) == (words,)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "IMG_2034",
            "IMG-20240101-WA0001",
            "DSC00012",
            "PXL_20240101_101010",
            "MVIMG_20240101",
            "_MG_1234",
            "P1010001",
        ),
        *(
            "Screenshot_20240101-101010_com.tencent.mm",
            "Screen Shot 2024-01-01 at 1.00.00 PM",
            "屏幕截图 2024-01-01 101010",
        ),
        *("mmexport1592000000000", "wx_camera_1612345", "微信图片_20240101", "QQ图片20240101", "微信截图_20240101"),
        *("WhatsApp Image 2024-01-01 at 10.20.30 AM", "photo_2024-01-01_10-00-00", "FB_IMG_1592", "received_123456"),
        *("5d41402abc4b2a76b9719d911017c592", "123e4567-e89b-12d3-a456-426614174000", "AgADBAADq6cxG3QADq1"),
        *(
            "1",
            "001 (2)",
            "128x128",
            "New Folder (2)",
            "新建文件夹",
            "表情包",
            "stickers",
            "giphy",
            "unnamed",
            "",
            "___",
            " ",
        ),
    ],
)
def test_numbers_hashes_and_makers_say_nothing(name: str) -> None:
    assert words_of(name) == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kaixin1", "开心"),
        ("shengqi", "生气"),
        ("wan_an", "晚安"),
        ("wuyu2", "无语"),
        ("kun", "困"),
        ("xiexie-laoban", "谢谢老板"),
    ],
)
def test_pinyin_is_chinese(name: str, words: str) -> None:
    assert words in words_of(name)


@pytest.mark.parametrize("name", ["e", "a", "1e5", "o_2"])
def test_a_letter_is_no_pinyin(name: str) -> None:
    assert words_of(name) == ()


def test_pinyin_that_may_be_several_words_is_all_of_them() -> None:
    assert "笑死了" in words_of("xiaosile")
    assert {"宝宝", "抱抱"} <= set(words_of("baobao"))


@pytest.mark.parametrize("name", ["women", "tangerine", "hehe", "fan", "banana"])
def test_english_words_are_no_pinyin(name: str) -> None:
    assert words_of(name) == (name,)


@pytest.mark.parametrize("name", ["नमस्ते", "ฝันดีนะ", "மகிழ்ச்சி", "مَرْحَبًا", "שָׁלוֹם", "q\u0307a"])
def test_a_mark_stays_with_its_letter(name: str) -> None:
    assert words_of(f"{name}_2") == (name.lower(),)


@pytest.mark.parametrize("name", ["a\u202egnp fox", "fox\u200b", "\x07fox\x1b"])
def test_what_cannot_be_seen_is_no_word(name: str) -> None:
    assert words_of(name)[0].split()[-1] == "fox"
    assert words_of(name)[0].isprintable()


def test_a_word_that_nobody_knows_is_kept_whole() -> None:
    assert words_of("conycry") == ("con cry conycry",)
    assert words_of("acatsleep") == ("cat sleep",), "an article is no part of a word"


@pytest.mark.parametrize("name", ["1f602", "1F602", "emoji_u1f602", "u1f602"])
def test_a_code_point_is_its_emoji_and_what_that_is_called(name: str) -> None:
    assert words_of(name)[0] == "😂"
    assert "喜极而泣" in words_of(name)


def test_what_is_no_emoji_is_no_code_point() -> None:
    assert words_of("1234") == ()
    assert words_of("dead") == ("dead",)
    assert words_of("face") == ("face",)


def test_a_picture_is_called_by_its_files_and_then_by_their_folders() -> None:
    assert names_of(["Foxes/red/foxrage2.png"]) == ("fox rage", "red", "foxes")
    assert names_of(["a/catlove.gif", "b/Cats/IMG_1.png", "catlove.png"]) == ("cat love", "cats")
    assert names_of(["IMG_1.jpg"]) == ()


def test_copies_beyond_number_count_as_a_few() -> None:
    words = [word for word in english_words() if len(word) > 6][: 2 * MOST_NAMES]
    assert len(names_of(f"{word}/{word}.png" for word in words)) == MOST_NAMES
