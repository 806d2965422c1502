"""Negated queries: who types 不开心 is sad, "don't cry" comforts, 不想上班 would rather rest.

Search by words and sentence encoders both hear what is negated, and hardly the negation: 不开心 finds joy. So a negated
query is read as what one says in its place. What is negated, and how, decides: a state that is denied ("not happy") is
its opposite; what somebody is asked not to do ("don't cry") is answered by comfort or by a request; what one is
unwilling to do (不想上班) is refused. What is not listed here is read as its nearest neighbour that is, by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from persrv.text.english import english_stem
from persrv.text.folding import has_han
from persrv.text.translation import Likeness

Kind = Literal["denied", "forbidden", "unwilling"]

#: Likeness from which what is negated counts as one of _SAID.
_LEAST_ALIKE = 0.65

#: Words that are no negation though they begin with one, and refusals that need no other reading.
_WHOLE = """
不错 不客气 没关系 没问题 没事 没事儿 不好意思 不过 不然 不用谢 不谢 不愧 不得了 不得不 不见不散 不管 不如 不同
不止 没准 没错 不一样 不可思议 别人 别的 别墅 别名 没辙 不服 不服气 不满 不甘 不甘心 不屑 不安 不幸 不公 不公平 不耐烦
不得已 不禁 不妨 不断 不停 不惜 不仅 不料 不巧 不免 不行 不可以 不要 不是 不对 不是吧 不会吧 没门 不了 不急
stop it, quit it, no more, never again, can you not
no problem, no worries, no way, no doubt, no rush, not bad, never mind, not yet
"""
_KEPT = frozenset(each.strip() for line in _WHOLE.splitlines() for each in line.split("," if "," in line else None))

_SUBJECTS = "我们|你们|大家|咱们|我|你|您|他|她|它|人家|宝宝"
_ADVERBS = "就|都|也|真的|真|有点|今天|现在|好像|可|快|求|请|千万|还|一点|完全|根本|这|那|其实|但|实在|再(?!也不)"
_CHINESE = re.compile(
    rf"(?P<lead>(?:{_SUBJECTS}|{_ADVERBS})*)"
    "(?P<not>(?:能不能|能否|可不可以|可以)(?:别再?|不要再?|不)"
    "|再也不想|再也不|不想要?|不愿意?|不乐意|不要再?|不许|不准|不必|不用|甭|勿|别再?|不是|不太|不怎么|不会|不能|不敢|不再|不爱|不"
    "|懒得|拒绝|受够了?|哪有|哪里|哪儿|谁说我?|没心情|没有?(?!人)|没法|无法|毫无|从不)"
    "(?P<scope>(?:(?!了(?!解)|[啦嘛])[\u3400-\u9fff]){1,6}?)[了啦嘛呀哦吧啊呢吗喔咯~！!。.？? ]*"
)
_PARTICLES = "了啦嘛呀哦吧啊呢吗"

#: Patterns of inability (笑不出来, 开心不起来), and of questions that forbid (笑什么笑).
_UNABLE = re.compile(
    rf"(?:{_SUBJECTS}|{_ADVERBS})*(?P<scope>[\u3400-\u9fff]{{1,3}})不(?:出来|起来|出|下去)[了啊呀啦]*[~！!。.？?]*"
)
_CHALLENGED = re.compile(
    r"你?(?P<scope>[\u3400-\u9fff]{1,2})什么(?:(?P=scope)|(?<=[哭笑急慌怕吵催骂]什么))[啊呀]*[~！!。.？?]*"
)
_REPEATED = re.compile("([\u3400-\u9fff]{2,4})\\1+")
_PRONOUNS = "我你您他她它"
_UNWILLING = ("不想", "不愿", "不乐", "不爱", "懒得", "拒绝", "受够", "没心")
_FORBIDDING = ("不要", "不许", "不准", "不必", "不用", "能不", "能否", "可不", "可以")

#: Words that affirm in spite of a negation in them: 不得不加班, 忍不住笑.
_AFFIRMED = re.compile("不得不|不能不|不可不|没法不|没办法不|忍不住|憋不住|巴不得|恨不得")

#: Ends of a clause of a negated query: at a mark, or after a particle that ends a plea (别催啦马上到).
_CLAUSES = re.compile(
    "[，,、。.！!？?；;…~]+ *|(?<=[\u3400-\u9fff]了)(?<!够了)(?!解)(?=[\u3400-\u9fff]{2})"
    "|(?<=[啦嘛])(?=[\u3400-\u9fff]{2})"
)
_MOST_CLAUSES = 3

#: Han characters of something unknown that is refused where it is negated: more of them tell more than a refusal.
_MOST_UNKNOWN = 4
_BEFORE_SCOPE = re.compile("(?:再|太|很|那么|这么|这样|有|是|要|想|去|一直|总|老|得)+(?=.)")

_PRONOUN = "i'm|i am|im|i|you're|you|we|he|she|it's|it|this is|that's|that is|they"
_ENGLISH = re.compile(
    rf"(?P<lead>(?:(?:please|hey|oh|ok|bro|guys|{_PRONOUN}|is|am|are|was|feel|feeling|so|really|just|do|would)\s+)*)"
    "(?P<not>(?:can|could|would) (?:you|we|u) (?:please )?(?:not|stop)|don't|dont|do not|doesn't|didn't|never again"
    "|never|enough with|enough of|had enough of|done with|no more|no longer|no|not exactly|not|isn't|ain't|aren't"
    "|wasn't|can't|cant|cannot|can not|won't|wouldn't|stop|quit|far from|anything but|hardly|refuse to|sick of|tired of"
    "|fed up with)"
    r"\s+(?P<scope>[a-z' ]+?)(?:\s+(?:again|plz|pls|bro|ok))?[.!?~ ]*"
)
_PERSON = re.compile(rf"\b(?:{_PRONOUN})\b")
_REQUESTS = ("don't", "dont", "do not", "never", "no more", "stop", "quit", "enough with", "enough of")
_ASKED = ("can", "could", "would")
#: Words of having had enough, or of refusing: treated like being unwilling.
_ENOUGH = ("had enough of", "done with", "refuse to", "never again", "sick of", "tired of", "fed up with")
#: Words that follow a negation word and end the negation: can't stop laughing, no way, isn't it cute.
_NO_SCOPE = re.compile(r"(?:stop|help|wait|way|doubt|wonder|one|matter|it|that|this|he|she|you|they)\b(?=.)")
_WANTING = re.compile(r"(?:want to|wanna|want|feel like|like to|going to|gonna)\s+")
_SMALL = "be|get|feel|so|very|too|that|really|being|a|an|the|to|any|it|you|me|is|have|got|ever|all|go"
_AROUND_SCOPE = re.compile(
    rf"^(?:(?:{_SMALL})\s+)+|\s+(?:anymore|at all|please|right now|today|now|yet|me|you|this|that|it)$"
)

#: A query that says more English words, or characters, says more than a negation.
_MOST_WORDS, _MOST_CHARACTERS = 7, 20

#: Negated words (Chinese and English names of the same), and the affirmative texts in their place:
#: names | denied | forbidden | unwilling, each place Chinese / English; empty where nobody says so.
_SAID = """
开心 高兴 快乐 happy glad | 难过 / sad | |
难过 伤心 哭 难受 sad cry upset | 开心 / happy | 抱抱 / hug | 委屈 / sad
生气 发火 怪我 angry mad | 没事 抱抱 / hug | 抱抱 对不起 / sorry | 抱抱 / hug
害怕 怕 紧张 afraid scared nervous | 酷 / cool | 抱抱 加油 / hug | 加油 / cool
担心 着急 焦虑 worry panic | 没问题 / no problem | 抱抱 没问题 / hug | 没问题 / no problem
喜欢 爱 like love | 拒绝 / nope | | 拒绝 / nope
同意 答应 可以 agree allow | 拒绝 / nope | 拒绝 / nope | 拒绝 / nope
懂 明白 了解 知道 清楚 understand know get-it make-sense | 疑惑 听不懂 / confused | |
累 困 tired sleepy | 加油 / cheer | |
饿 冷 热 hungry cold hot | 拒绝 不要 / nope | |
生病 疼 sick hurt | 没事 / good | |
上班 工作 加班 干活 开会 work overtime meetings | 下班 / off work | 下班 / off work | 好累 下班 / tired
学习 作业 考试 study homework | 摆烂 / lazy | | 好累 摆烂 / tired
下班 放假 收工 off-work | 加班 好累 / overtime | | 加班 好累 / overtime
起床 动 wake-up get-up move | 好困 / sleepy | | 好困 好累 / sleepy
睡 睡着 sleep | 好困 好累 / sleepy | 起床 / good morning | 拒绝 / nope
走 离开 丢下 跑 go leave | 拒绝 / nope | 求求你 抱抱 / please | 拒绝 / nope
放弃 give-up quit | 加油 / cheer | 加油 / cheer | 加油 / cheer
说话 说 吵 闹 叫 唠叨 talk speak say noise shout yell nag | 无语 / speechless | 安静 闭嘴 / quiet | 无语 / speechless
笑 好笑 开玩笑 laugh funny joke joking kidding jokes | 无语 / speechless | 生气 / angry | 无语 / speechless
钱 money cash | 求红包 / money | |
好 okay fine good | 生病 难过 / sad | |
舒服 胃口 食欲 well feeling-well appetite | 生病 难受 / sick | |
心情 mood in-the-mood | 难过 无语 / sad speechless | |
坚持 撑 do-this go-on take-it | 好累 想哭 / tired sad | |
相信 可能 believe possible | 震惊 真的假的 / shocked | |
害羞 shy | 酷 / cool | 抱抱 / hug |
等 wait | 拒绝 / nope | | 快点 / hurry up
忘 forget | 收到 / got it | 求求你 / please |
来 过来 come | 拒绝 / nope | 害怕 拒绝 / nope | 拒绝 / nope
打扰 惹 碰 烦 disturb bother touch push annoy | | 生气 / angry |
管 理 | | 生气 / angry | 生气 / angry
客气 见外 | | 没关系 好的 / no problem |
催 rush hurry | 等等 / wait | 马上到 等等我 / on my way wait | 等等 / wait
笑我 取笑 笑话 嘲笑 逗我 tease mock laugh-at | | 害羞 委屈 / shy |
骂 打 凶 批评 怪 欺负 hit hurt scold blame bully | 没事 / fine | 委屈 对不起 / wronged sorry | 委屈 / wronged
骗 撒谎 装 lie lying lie-to lying-to cheat pretend | 真的 / true | 生气 怀疑 / angry | 拒绝 / nope
看 盯着 look stare look-at stare-at | 疑惑 / confused | 害羞 / shy | 拒绝 / nope
熬夜 stay-up stay-up-late | | 晚安 早点睡 / good night | 好困 / sleepy
迟到 late | | 快点 等你 / hurry up waiting | 快点 / hurry up
长大 变老 grow-up grow-old | | | 好累 想哭 / tired sad
听见 听到 hear | 疑惑 听不懂 / confused | |
多想 想太多 overthink stress | | 没事 抱抱 / it's okay hug |
意思 好玩 劲 fun | 无聊 无语 / bored speechless | |
认识 know-you | 疑惑 无语 / confused | |
"""

#: Texts in place of anything else that is not wanted; other denials stay as typed.
_OTHERWISE: Mapping[Kind, tuple[str, str]] = {"forbidden": ("拒绝", "nope"), "unwilling": ("拒绝 摆烂", "nope")}


class Negation(NamedTuple):
    """The negated part of a query, and the kind of negation: "denied" (not happy), "forbidden" (don't cry), "unwilling"
    (不想上班).
    """

    what: str
    kind: Kind


def negation(plain: str) -> Negation | None:
    """Find what a lower-case, simplified query negates; None if the query negates nothing, or says more than the
    negation.

    >>> negation("别哭了"), negation("i don't want to work"), negation("没关系")
    (Negation(what='哭', kind='forbidden'), Negation(what='work', kind='unwilling'), None)
    """
    return _in_chinese(plain) or _in_english(plain)


def meant_instead(plain: str, likeness: Likeness | None) -> tuple[str, str] | None:
    """Affirmative texts that mean the same as a negated query, in Chinese and English; None if the query is no
    negation, or not a known one.

    likeness: of the negated words to known ones, in meaning; None without an encoder.
    """
    clauses = [each for each in _CLAUSES.split(plain.strip()) if each]
    if not 0 < len(clauses) <= _MOST_CLAUSES:
        return None
    alone = len(clauses) == 1
    told = [_said_instead(clause, likeness, alone) for clause in clauses]
    instead = [each for each in told if each is not None]
    if not instead or alone:
        return instead[0] if instead else None
    # what is not negated is in the query's language, and is left out of the other one
    own = 0 if has_han(plain) else 1
    parts = [clause if each is None else each[own] for clause, each in zip(clauses, told, strict=True)]
    other = " ".join(each[1 - own] for each in instead)
    return (" ".join(parts), other) if own == 0 else (other, " ".join(parts))


def _said_instead(clause: str, likeness: Likeness | None, alone: bool) -> tuple[str, str] | None:
    """Affirmative texts in place of one negated clause, in Chinese and English; None for any other clause, and for the
    refusal of something unknown if other clauses tell more.
    """
    found = negation(clause)
    if found is None:
        return None
    name, rest = _name(found.what)
    if rest and found.kind != "forbidden":  # 不知道说什么: what follows is its object, and tells more
        name = rest = ""
    if not name and alone:
        name = _nearest(found.what, likeness)
    said = _said().get(name, {}).get(found.kind)
    if said is None:
        tells_more = has_han(found.what) and len(found.what) > _MOST_UNKNOWN
        return _OTHERWISE.get(found.kind) if alone and not tells_more else None
    return (f"{said[0]} {rest}", said[1]) if rest else said


def _name(what: str) -> tuple[str, str]:
    """The known name of what is negated, and what follows it in Chinese: the name is all of it, all but a pronoun, of
    the same stem (crying: cry), or what it begins with (紧张你可以的). "" for none.
    """
    known = _said()
    whole = (what, what.rstrip(_PRONOUNS), _stems().get(_stemmed(what), ""))
    begins = (what[:end] for end in range(len(what) - 2, 1, -1)) if has_han(what) else _beginnings(what.split())
    name = next((each for each in (*whole, *begins) if each in known), "")
    return name, what[len(name) :] if has_han(what) and name not in whole else ""


def _beginnings(words: Sequence[str]) -> Iterator[str]:
    return (" ".join(words[:end]) for end in range(len(words) - 1, 0, -1))


def _nearest(what: str, likeness: Likeness | None) -> str:
    """The known name that is most like what is negated; "" where none is like it."""
    names = tuple(_said())
    alike = [] if likeness is None else likeness(what, names)
    near, name = max(zip(alike, names, strict=False), default=(0.0, ""))
    return name if near >= _LEAST_ALIKE else ""


def _in_chinese(plain: str) -> Negation | None:
    plain = _REPEATED.sub(lambda again: again[1].replace("不", "别", 1), plain)  # 不哭不哭 soothes
    if len(plain) > _MOST_CHARACTERS:
        return None
    if unable := _UNABLE.fullmatch(plain):
        return Negation(unable["scope"], "denied")
    if (challenged := _CHALLENGED.fullmatch(plain)) and challenged["scope"] in _said():
        return Negation(challenged["scope"], "forbidden")
    match = _CHINESE.fullmatch(plain)
    if (
        match is None
        or _AFFIRMED.search(plain)
        or plain.rstrip(_PARTICLES) in _KEPT
        or match["not"] + match["scope"] in _KEPT
    ):
        return None
    word, what = match["not"], _BEFORE_SCOPE.sub("", match["scope"], count=1)
    own = match["lead"].endswith("我")
    if word[:2] in _UNWILLING or word.startswith("再也不") or (own and word.startswith("不要")):
        return Negation(what, "unwilling")
    if word[0] in "别甭勿" or word[:2] in _FORBIDDING:
        return Negation(what, "denied" if own else "forbidden")
    return Negation(what, "denied")


def _in_english(plain: str) -> Negation | None:
    match = _ENGLISH.fullmatch(plain) if len(plain.split()) <= _MOST_WORDS else None
    if match is None or plain in _KEPT:
        return None
    what = match["scope"]
    if _NO_SCOPE.match(what) and match["not"] not in _REQUESTS:
        return None
    if match["not"] in _ENOUGH:
        return Negation(_plain_scope(what), "unwilling")
    if wanted := _WANTING.match(what):
        return Negation(_plain_scope(what[wanted.end() :]), "unwilling")
    asked = match["not"].split()[0] in _ASKED or (match["not"] in _REQUESTS and not _PERSON.search(match["lead"]))
    return Negation(_plain_scope(what), "forbidden" if asked else "denied")


def _plain_scope(scope: str) -> str:
    """Negated words without the small words around them."""
    return scope if scope in _said() else _AROUND_SCOPE.sub("", scope)


def _stemmed(text: str) -> str:
    return " ".join(map(english_stem, text.split()))


@cache
def _stems() -> Mapping[str, str]:
    """Stem of an English name -> the name."""
    return {_stemmed(name): name for name in _said() if name.isascii()}


@cache
def _said() -> Mapping[str, Mapping[Kind, tuple[str, str]]]:
    """Name of what may be negated -> how -> what is said in its place, in Chinese and in English."""
    table: dict[str, dict[Kind, tuple[str, str]]] = {}
    for line in _SAID.strip().splitlines():
        names, *places = (each.strip() for each in line.split("|"))
        kinds: tuple[Kind, ...] = ("denied", "forbidden", "unwilling")
        said = {}
        for kind, place in zip(kinds, places, strict=True):
            chinese, _, english = place.partition("/")
            if place:
                said[kind] = (chinese.strip(), english.strip())
        table |= {name.replace("-", " "): said for name in names.split()}
    return table
