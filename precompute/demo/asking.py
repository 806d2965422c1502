"""Questions that ask the drawn world for a sticker, made by rule: instructions, and conversations of two to four turns.

A question is made around one sticker, so that at least that one fits: an instruction may name its character and its
style beside what it means. Five kinds: an instruction; a conversation that ends with the writer's own words; one that
ends with somebody else's message, to which the sticker replies; an errand, which is no request for a sticker; and
small talk. The last two want no sticker.

Held-out questions share no template, no phrase and no small talk with the others (`messages`), and are made around
other stickers. Phrases to learn from are those that the world's people type or stickers say (`situations`). A third
wording, which is neither learnt from nor judged by, chooses settings (`overheard`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persrv.records import Message
from precompute.demo import overheard
from precompute.demo.messages import LANGUAGES, Language, messages_of
from precompute.demo.messages import small_talk as told_of_things
from precompute.demo.situations import SITUATIONS, Situation, script_of
from precompute.demo.words import CHARACTER_WORDS, STYLE_WORDS

Part = Literal["learnt", "validation", "held"]
Kind = Literal["instruction", "own words", "reply", "errand", "small talk"]

#: Kinds of questions that want a sticker, and those that want none.
WANTED: tuple[Kind, ...] = ("instruction", "own words", "reply")
UNWANTED: tuple[Kind, ...] = ("errand", "small talk")

#: Writer of the next message, and the other person.
WRITER, OTHER = "me", "you"

#: Names in an instruction beside the meaning; each is asked once a situation and language.
LOOKS: tuple[tuple[str, ...], ...] = ((), ("character",), ("character", "style"))

#: Conversations that end with each line of small talk, and most turns of a conversation.
SMALL_TALKS, MOST_TURNS = 3, 4

#: Random stream of each part's questions.
_STREAMS: Mapping[Part, int] = {"learnt": 0, "held": 1, "validation": 2}

#: (held out?, language) -> instructions around {what}.
TEMPLATES: Mapping[tuple[bool, Language], tuple[str, ...]] = {
    (False, "zh"): (
        "帮我找个{what}的表情",
        "来一张{what}的图",
        "想要{what}的表情包",
        "发一个{what}的贴纸",
        "有没有{what}的表情",
        "找找{what}的动图",
    ),
    (False, "en"): (
        "find me a {what} sticker",
        "show me a sticker that says {what}",
        "i want a {what} meme",
        "send a sticker for {what}",
        "looking for a gif of {what}",
        "give me a {what} reaction",
    ),
    (True, "zh"): (
        "我想回她一句{what}，配哪张图好",
        "表情库里翻一张出来，要{what}的感觉",
        "有没有哪张贴纸能传达{what}",
        "给我整个{what}的梗图呗",
        "这会儿需要一张图来表达{what}",
        "劳烦搜罗一下{what}主题的表情",
    ),
    (True, "en"): (
        "which sticker goes with {what}",
        "dig up a meme along the lines of {what}",
        "i could use a sticker right now: {what}",
        "pull out something from the sticker drawer for {what}",
        "got any reaction pic to express {what}",
        "help me answer with a picture meaning {what}",
    ),
}

#: (held out?, language) -> requests that are for no sticker.
ERRANDS: Mapping[tuple[bool, Language], tuple[str, ...]] = {
    (False, "zh"): (
        "帮我找一下上个月的账单",
        "帮我查查明早的天气",
        "给我订一张去北京的票",
        "有没有靠窗的座位",
        "找个人来修空调",
        "来一份今天的报纸",
        "发我一下报名表",
        "想要一把备用钥匙",
    ),
    (False, "en"): (
        "find me the bill from last month",
        "show me the weather for tomorrow",
        "i want a ticket to london",
        "looking for a plumber in town",
        "send me the registration form",
        "give me the spare key",
        "do you have a window seat",
        "can you find the nearest pharmacy",
    ),
    (True, "zh"): (
        "帮我找一家附近的药店",
        "帮我搜一下去机场怎么走",
        "给我看看第三季度的报表",
        "有没有四十码的鞋",
        "我想要两份会议议程",
        "发个定位过来",
        "来两斤苹果",
        "推荐一家装修公司",
    ),
    (True, "en"): (
        "find me a parking spot near the station",
        "show me the figures for the third quarter",
        "i need a copy of the lease",
        "send me your location pin",
        "looking for a used bicycle",
        "got any double a batteries",
        "give me two kilos of apples",
        "can you recommend a tax adviser",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. turns: the oldest first; wants: what is asked for, by the names of a sticker's labels, {} where no
    sticker is wanted.
    """

    kind: Kind
    language: Language
    turns: tuple[Message, ...]
    wants: Mapping[str, str]

    @property
    def text(self) -> str:
        """The last message."""
        return self.turns[-1].text

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Return whether a sticker with these labels is what is asked for; False where none is."""
        return bool(self.wants) and all(labels.get(name) == value for name, value in self.wants.items())


def questions(around: Sequence[Mapping[str, str]], seed: int, part: Part) -> tuple[Asked, ...]:
    """Compose questions of every kind, in a fixed order. around: the labels of the stickers that questions are made
    around; part: which wording; all wordings are disjoint.
    """
    rng = np.random.default_rng((seed, _STREAMS[part]))
    return (*_wanted(around, part, rng), *_unwanted(part, rng))


def templates(language: Language, part: Part) -> tuple[str, ...]:
    """Instructions around {what}."""
    return overheard.TEMPLATES[language] if part == "validation" else TEMPLATES[part == "held", language]


def errands(language: Language, part: Part) -> tuple[str, ...]:
    """Requests that are for no sticker."""
    return overheard.ERRANDS[language] if part == "validation" else ERRANDS[part == "held", language]


def small_talk(language: Language, part: Part) -> tuple[str, ...]:
    """Messages that want no sticker."""
    return overheard.SMALL_TALK[language] if part == "validation" else told_of_things(language, held=part == "held")


def _wanted(around: Sequence[Mapping[str, str]], part: Part, rng: np.random.Generator) -> Iterator[Asked]:
    """Questions about every situation that a sticker was made for, in each language that has phrases for it."""
    for situation in SITUATIONS.values():
        of_it = [labels for labels in around if labels["situation"] == situation.id]
        for language in LANGUAGES if of_it else ():
            said, cues = phrases(situation, language, part)
            for looks in LOOKS:
                labels = of_it[int(rng.integers(len(of_it)))]
                yield _instruction(_one(said, rng), labels, looks, language, part, rng)
            for text in _some(said, 2, rng):
                yield _conversation("own words", text, WRITER, situation.id, language, part, rng)
            for text in cues:
                yield _conversation("reply", text, OTHER, situation.id, language, part, rng)


def _unwanted(part: Part, rng: np.random.Generator) -> Iterator[Asked]:
    for language in LANGUAGES:
        for text in errands(language, part):
            yield Asked("errand", language, (Message(WRITER, text),), {})
        for text in small_talk(language, part):
            for number in range(SMALL_TALKS):
                last = (WRITER, OTHER)[number % 2]
                yield _conversation("small talk", text, last, "", language, part, rng)


def phrases(situation: Situation, language: Language, part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Phrases by which a person expresses a situation, and phrases by another person that call for it."""
    if part == "validation":
        return overheard.phrases_of(situation.id, language)
    messages = messages_of(situation.id, language)
    if part == "held":
        return messages.said, messages.held
    typed = (*situation.queries, *situation.captions_zh, *situation.captions_en)
    return tuple(dict.fromkeys(text for text in typed if script_of(text) == language)), messages.learnt


def _instruction(
    said: str,
    labels: Mapping[str, str],
    looks: Sequence[str],
    language: Language,
    part: Part,
    rng: np.random.Generator,
) -> Asked:
    template = _one(templates(language, part), rng)
    text = template.format(what=said) + _drawn_as(labels, looks, language)
    wants = {"situation": labels["situation"], **{name: labels[name] for name in looks}}
    return Asked("instruction", language, (Message(WRITER, text),), wants)


def _drawn_as(labels: Mapping[str, str], looks: Sequence[str], language: Language) -> str:
    """Words of an instruction about the looks; "" for none."""
    if not looks:
        return ""
    character = _word(CHARACTER_WORDS[labels["character"]], language)
    style = _word(STYLE_WORDS[labels["style"]], language) if "style" in looks else ""
    if language == "zh":
        return f"，要{style}{'的' if style else ''}{character}"
    return f", with a {character}" + (f" in {style}" if style else "")


def _word(words: Sequence[str], language: Language) -> str:
    """The first word in a language."""
    return next(word for word in words if script_of(word) == language)


def _conversation(
    kind: Kind, text: str, last: str, situation: str, language: Language, part: Part, rng: np.random.Generator
) -> Asked:
    """Small talk, the two in turn, and then the message that counts."""
    before = int(rng.integers(1, MOST_TURNS))
    writers = [last if back % 2 == 0 else _other(last) for back in range(before, -1, -1)]
    talk = _some(tuple(line for line in small_talk(language, part) if line != text), before, rng)
    turns = tuple(Message(writer, said) for writer, said in zip(writers, (*talk, text), strict=True))
    return Asked(kind, language, turns, {"situation": situation} if situation else {})


def _other(writer: str) -> str:
    return OTHER if writer == WRITER else WRITER


def _one(items: Sequence[str], rng: np.random.Generator) -> str:
    return items[int(rng.integers(len(items)))]


def _some(items: Sequence[str], count: int, rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(items[place] for place in rng.permutation(len(items))[:count])
