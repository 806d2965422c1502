"""Names of what drawings show: which ones a query and a description have, in both languages."""

import pytest

from persrv.text.drawn_names import described, everything, shows


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("comic style", [("style", "comic")]),
        ("ink painting", [("style", "ink painting")]),
        ("像素风的小猫", [("style", "像素风"), ("who", "小猫")]),
        ("neon cat", [("style", "neon"), ("who", "cat")]),
        ("粉笔画", [("style", "粉笔画")]),
        ("a pixel art dog", [("style", "pixel art"), ("who", "dog")]),
        ("小狗睡觉", [("who", "小狗"), ("doing", "睡觉")]),
        ("吃瓜的猫", [("doing", "吃瓜"), ("who", "猫")]),
        ("hugging kittens", [("doing", "hugging"), ("who", "kittens")]),
        ("a cute penguin who is reading", [("who", "penguin"), ("doing", "reading")]),
        ("生气地叉着腰的小兔子", [("feeling", "生气"), ("doing", "叉着腰"), ("who", "小兔子")]),
        ("drawn in watercolour", [("style", "watercolour")]),
        ("red scarf", [("colour", "red"), ("thing", "scarf")]),
        ("a juggling frog", [("word", "juggling"), ("who", "frog")]),  # a word of no known name
        ("讨糖的小鸡", [("word", "讨糖"), ("who", "小鸡")]),
        ("肥猫", [("who", "猫")]),
    ],
)
def test_what_a_query_describes(text: str, names: list[tuple[str, str]]) -> None:
    assert [(name.drawn.kind, name.text) for name in described(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "i think so",  # "ink" is part of a word
        "i miss my dog",  # somebody speaks
        "angry",  # what is felt is said by stickers, and by no drawing alone
        "哭了",
        "单身狗",  # holds a name, and means another thing
        "马上到",
        "hot dog",
        "mortgage rates",  # are no rats
        "被放鸽子了",
        "累成狗",
        "bear with me",
        "不要猫",
        "the dog ate the tax return form",  # says more than is understood
        "",
        "？？！",
        "cat " * 20,
    ],
)
def test_what_describes_no_drawing(text: str) -> None:
    assert described(text) == ()


def test_a_name_means_the_same_in_both_languages() -> None:
    (chinese,), (english,) = described("漫画"), described("comic book")
    assert chinese.drawn is english.drawn
    assert [name.drawn for name in described("小熊猫")] == [name.drawn for name in described("panda")]


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("一只像素风格的猫", "cat", True),
        ("熊猫在吃竹子", "cat", False),
        ("弯眼露出猫嘴笑", "cat", False),
        ("two cats are sleeping", "cat", True),
        ("戴着墨镜勾嘴角", "sunglasses", True),
        ("提着公文包奔跑", "dog", False),
    ],
)
def test_what_a_description_shows(text: str, name: str, shown: bool) -> None:
    (asked,) = described(name)
    assert (asked.drawn in shows(text)) == shown


def test_no_name_means_two_things() -> None:
    names = [name for drawn in everything() for name in drawn.names]
    assert sorted({name for name in names if names.count(name) > 1}) == []
