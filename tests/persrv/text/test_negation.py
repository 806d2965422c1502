"""Negated queries: what is negated and how, what is no negation, and what is said instead."""

from collections.abc import Sequence

import pytest

from persrv.text.negation import meant_instead, negation


@pytest.mark.parametrize(
    ("query", "what", "kind"),
    [
        ("不开心", "开心", "denied"),
        ("我今天不太高兴", "高兴", "denied"),
        ("没钱了", "钱", "denied"),
        ("not happy", "happy", "denied"),
        ("i'm not so okay", "okay", "denied"),
        ("i don't understand you", "understand", "denied"),
        ("别哭了", "哭", "forbidden"),
        ("求求你不要再生气嘛", "生气", "forbidden"),
        ("please don't be sad", "sad", "forbidden"),
        ("never give up!", "give up", "forbidden"),
        ("不想上班", "上班", "unwilling"),
        ("我不要去学习", "学习", "unwilling"),
        ("i don't want to go to work", "work", "unwilling"),
        ("don't wanna get up", "get up", "unwilling"),
        ("能不能别吵了", "吵", "forbidden"),
        ("笑什么笑", "笑", "forbidden"),
        ("can you not shout", "shout", "forbidden"),
        ("enough with the noise", "noise", "forbidden"),
        ("开心不起来", "开心", "denied"),
        ("我哪有生气", "生气", "denied"),
        ("far from happy", "happy", "denied"),
        ("anything but fine", "fine", "denied"),
        ("懒得动", "动", "unwilling"),
        ("再也不加班了", "加班", "unwilling"),
        ("受够了加班", "加班", "unwilling"),
        ("so done with work", "work", "unwilling"),
    ],
)
def test_what_is_negated_and_how(query: str, what: str, kind: str) -> None:
    assert negation(query) == (what, kind)


@pytest.mark.parametrize(
    "query",
    [
        *(
            "",
            "开心",
            "笑得停不下来",
            "不得不早起",
            "忍不住想你",
            "不服气",
            "不错",
            "不客气啦",
            "没关系",
            "别人",
            "好久不见",
            "差不多",
            "你说什么",
            "吃什么",
            "老板说这个月没有奖金真的好难过",
        ),
        *("no problem", "no way", "not bad", "i can't stop laughing", "isn't it cute", "nothing", "know", "knot happy"),
        "i did not see you at the office party last night",
    ],
)
def test_what_negates_nothing(query: str) -> None:
    assert negation(query) is None


def _alike(text: str, others: Sequence[str]) -> Sequence[float]:
    """ "down" is as good as sad, and nothing else is like anything."""
    return [0.8 if (text, each) == ("down", "sad") else 0.1 for each in others]


def test_what_is_said_instead() -> None:
    assert meant_instead("不开心", None) == meant_instead("not happy", None) == ("难过", "sad")
    assert meant_instead("don't cry", None) == ("抱抱", "hug")
    assert meant_instead("happy", None) is None


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("别催啦马上到", ("马上到 等等我 马上到", "on my way wait")),
        ("别哭了，抱抱你", ("抱抱 抱抱你", "hug")),
        ("don't cry, i'm here", ("抱抱", "hug i'm here")),
        ("不哭不哭", ("抱抱", "hug")),
        ("受够了加班", ("好累 下班", "tired")),
        ("还没下班吗", ("加班 好累", "overtime")),
        ("can you not", None),
        ("stop crying", ("抱抱", "hug")),
        ("别取笑我", ("害羞 委屈", "shy")),
        ("别紧张你可以的", ("抱抱 加油 你可以的", "hug")),
        ("i can't believe you did that", ("震惊 真的假的", "shocked")),
        ("我不知道说什么好了", None),
        ("别把手机落在出租车", None),
        ("没人爱我", None),
        ("i got the job, yes", None),
    ],
)
def test_clauses_repetitions_and_inflected_words(query: str, instead: tuple[str, str] | None) -> None:
    assert meant_instead(query, None) == instead


def test_what_is_not_listed_is_what_it_is_most_like() -> None:
    assert meant_instead("don't be down", _alike) == meant_instead("don't be sad", None)
    assert meant_instead("don't be down", None) == ("拒绝", "nope"), "nobody knows: a refusal"
    assert meant_instead("not purple", _alike) is None, "denied, and nobody knows what: as typed"
