"""Generated texts, any number of distinct ones, of the kinds that stickers hold: sayings, and descriptions.

Made of the demo world's captions, queries and descriptions, of jieba's and English dictionary words, and of what people
put around them. Texts that differ by one word lie close together for a sentence encoder, as they do in real tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from persrv.text.spelling import english_words
from precompute.demo.situations import SITUATIONS, script_of
from precompute.demo.telling import CHARACTER_PHRASES, SCENES, STYLE_PHRASES

_BEFORE = (
    "我",
    "你",
    "今天",
    "真的",
    "又",
    "太",
    "好想",
    "别",
    "一起",
    "终于",
    "大家",
    "老板",
    "宝贝",
    "不想",
    "明天",
    "求求你",
)
_AFTER = (
    "了",
    "啊",
    "吧",
    "呀",
    "呢",
    "哈哈",
    "！",
    "？",
    "呜呜",
    "的我",
    "一整天",
    "谢谢",
    "就对了",
    "好不好",
    "😂",
    "😭",
)
_BEFORE_EN = ("i am", "you are", "so", "please", "let's", "no", "very", "my", "don't", "time to", "when", "feeling")
_AFTER_EN = ("now", "again", "please", "today", "lol", "forever", "with you", "!", "?", "omg", "tonight", "dude")
_WHO = ("一只", "可爱的", "戴帽子的", "卡通", "胖胖的", "白色的", "两只", "生气的", "委屈的", "一个男孩和")

#: Words by Zipf's law, too: the dictionary's most frequent ones stand in most texts.
_SLOPE = 0.7


def said(number: int, words: Sequence[str], seed: int) -> tuple[str, ...]:
    """Draw `number` different sayings of stickers, the usual ones first. words: a dictionary's, frequent ones first."""
    every = [text for each in SITUATIONS.values() for text in (*each.captions_zh, *each.captions_en, *each.queries)]
    phrases = list(dict.fromkeys(text.lower() for text in every))
    zh, en = ([text for text in phrases if script_of(text) == script] for script in ("zh", "en"))
    english = tuple(english_words())
    kinds: tuple[Callable[[_Drawing], str], ...] = (
        lambda draw: draw.word(words),
        lambda draw: draw.one(_BEFORE) + draw.word(words) + draw.one(_AFTER),
        lambda draw: draw.one(_BEFORE) + draw.one(zh),
        lambda draw: draw.one(zh) + draw.word(words) + draw.one(_AFTER),
        lambda draw: draw.word(words) + draw.word(words),
        lambda draw: draw.word(words) + draw.one(zh),
        lambda draw: f"{draw.word(english)} {draw.one(en)}",
        lambda draw: f"{draw.one(_BEFORE_EN)} {draw.word(english)} {draw.one(_AFTER_EN)}",
        lambda draw: f"{draw.word(english)} {draw.word(english)}",
    )
    return _different(number, phrases, kinds, seed)


def shown(number: int, words: Sequence[str], seed: int) -> tuple[str, ...]:
    """Draw `number` different pieces of descriptions, the usual ones first."""
    scenes = list(SCENES.values())
    looks, poses, things, feels = (
        [text for scene in scenes for text in getattr(scene, part)] for part in ("looks", "poses", "things", "feels")
    )
    styles, characters = (
        [text for texts in each.values() for text in texts] for each in (STYLE_PHRASES, CHARACTER_PHRASES)
    )
    kinds: tuple[Callable[[_Drawing], str], ...] = (
        lambda draw: draw.one(_WHO) + draw.one(characters) + draw.one(poses),
        lambda draw: draw.one(looks) + "的" + draw.word(words),
        lambda draw: draw.one(_WHO) + draw.word(words) + draw.one(poses),
        lambda draw: "旁边有" + draw.word(words) + "和" + draw.word(words),
        lambda draw: draw.one(feels) + draw.word(words),
        lambda draw: draw.one(styles) + "的" + draw.word(words),
        lambda draw: draw.one(things) + "背后是" + draw.word(words),
        lambda draw: draw.one(_WHO) + draw.word(words),
    )
    return _different(number, [*styles, *characters, *looks, *poses, *things, *feels], kinds, seed)


class _Drawing:
    """Draws by chance, always the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._lots: Iterator[float] = iter(())

    def lot(self) -> float:
        """A number in [0, 1)."""
        found = next(self._lots, None)
        if found is None:
            self._lots = iter(self._rng.random(1 << 16).tolist())
            found = next(self._lots)
        return found

    def one(self, of: Sequence[str]) -> str:
        """Draw one of some texts, each as likely."""
        return of[int(self.lot() * len(of))]

    def word(self, words: Sequence[str]) -> str:
        """Draw one of some words, the first ones more likely (Zipf's law)."""
        return words[int(len(words) * self.lot() ** (1 / (1 - _SLOPE)))].strip()


def _different(
    number: int, first: Sequence[str], kinds: Sequence[Callable[[_Drawing], str]], seed: int
) -> tuple[str, ...]:
    """`number` different texts: `first`, then texts of each kind in turn."""
    draw, found = _Drawing(seed), dict.fromkeys(first)
    turn = 0
    while len(found) < number:
        found[kinds[turn % len(kinds)](draw)] = None
        turn += 1
    return tuple(found)[:number]
