"""The attributes of a drawn sticker in words: the texts that the small Chinese-CLIP learns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from precompute.demo.spec import StickerSpec

if TYPE_CHECKING:
    from precompute.demo.situations import Situation

CHARACTER_WORDS: Mapping[str, tuple[str, ...]] = {
    "cat": ("猫咪", "猫", "小猫", "喵", "cat", "kitty", "🐱"),
    "dog": ("小狗", "狗", "狗狗", "汪", "dog", "puppy", "🐶"),
    "slime": ("史莱姆", "果冻", "slime"),
    "panda": ("熊猫", "大熊猫", "panda", "🐼"),
    "rabbit": ("兔子", "兔兔", "小兔", "rabbit", "bunny", "🐰"),
    "chick": ("小鸡", "鸡仔", "chick", "🐥"),
    "frog": ("青蛙", "蛙", "frog", "🐸"),
    "seal": ("海豹", "小海豹", "seal"),
    "capybara": ("水豚", "卡皮巴拉", "capybara"),
    "dino": ("小恐龙", "恐龙", "dino", "dinosaur", "🦖"),
}

STYLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "flat": ("粉彩", "粉彩风格", "扁平", "pastel", "flat"),
    "manga": ("漫画", "漫画风格", "黑白漫画", "manga", "comic"),
    "pixel": ("像素", "像素风格", "像素风", "pixel"),
    "ink": ("水墨", "水墨风格", "国风", "ink"),
    "crayon": ("蜡笔", "蜡笔风格", "手绘", "crayon"),
    "glossy": ("立体", "立体风格", "3d", "toy"),
    "papercut": ("剪纸", "剪纸风格", "papercut"),
    "neon": ("霓虹", "霓虹风格", "霓虹灯", "neon"),
}

#: The attributes of a sticker in the order in which its annotation tells them.
ATTRIBUTES = ("style", "character", "situation")


@dataclass(frozen=True)
class Words:
    """Attribute -> value -> phrases, the canonical one first. A phrase may stand for several values, as "哈哈" may."""

    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Attribute -> its values; their places are the labels of a classifier."""
        return {attribute: tuple(self.phrases[attribute]) for attribute in ATTRIBUTES}

    @cached_property
    def told_by(self) -> dict[str, dict[str, NDArray[np.bool_]]]:
        """Attribute -> phrase -> which of the attribute's values it may stand for, (values,) bool."""
        return {attribute: dict(self._told_by(attribute)) for attribute in ATTRIBUTES}

    def _told_by(self, attribute: str) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        of_value = self.phrases[attribute]
        for phrase in dict.fromkeys(phrase for phrases in of_value.values() for phrase in phrases):
            yield phrase, np.array([phrase in phrases for phrases in of_value.values()])

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Phrases that the tokenizer has to spell."""
        return tuple(phrase for attribute in ATTRIBUTES for phrase in self.told_by[attribute])

    def labels(self, spec: StickerSpec) -> tuple[int, ...]:
        """The sticker's values as places in `values`, in the order of ATTRIBUTES."""
        return tuple(self.values[attribute].index(getattr(spec, attribute)) for attribute in ATTRIBUTES)

    def canonical(self, attribute: str, value: str) -> str:
        """The first phrase of a value."""
        return self.phrases[attribute][value][0]

    def annotation(self, spec: StickerSpec) -> str:
        """The full annotation of a sticker in canonical words, for example "水墨熊猫大笑"."""
        return "".join(self.canonical(attribute, getattr(spec, attribute)) for attribute in ATTRIBUTES)


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A text and, for each attribute, the values it may mean, (values,) bool; all values if the text does not mention
    it.
    """

    text: str
    tells: tuple[NDArray[np.bool_], ...]


def join(parts: list[str]) -> str:
    """Phrases joined into one text, with a blank only between two Latin words."""
    text = ""
    for part in parts:
        glued = text[-1:].isascii() and part[:1].isascii()
        text += f" {part}" if text and glued else part
    return text


def tell(
    spec: StickerSpec,
    words: Words,
    keep: Mapping[str, float],
    canonical: float,
    shuffle: float,
    rng: np.random.Generator,
) -> Telling:
    """A random text about a sticker. Each attribute is mentioned with chance keep[attribute] (the situation, if none
    is), in canonical words with chance `canonical`, else in any of its phrases; the order is shuffled with chance
    `shuffle`.
    """
    kept = [attribute for attribute in ATTRIBUTES if rng.random() < keep[attribute]] or ["situation"]
    chosen = {
        attribute: _phrase(words.phrases[attribute][getattr(spec, attribute)], canonical, rng) for attribute in kept
    }
    parts = list(chosen.values())
    if rng.random() < shuffle:
        rng.shuffle(parts)
    return Telling(join(parts), tuple(_told(words, attribute, chosen.get(attribute)) for attribute in ATTRIBUTES))


def _told(words: Words, attribute: str, phrase: str | None) -> NDArray[np.bool_]:
    """The values of `attribute` that a text may mean; all of them for None, a text that does not mention it."""
    return np.ones(len(words.values[attribute]), bool) if phrase is None else words.told_by[attribute][phrase]


def _phrase(phrases: tuple[str, ...], canonical: float, rng: np.random.Generator) -> str:
    if len(phrases) == 1 or rng.random() < canonical:
        return phrases[0]
    return phrases[1 + int(rng.integers(len(phrases) - 1))]


def world_words(situations: Mapping[str, Situation]) -> Words:
    """The words for the demo world's styles, characters and situations; a situation has all that people type for it."""
    return Words(
        {
            "style": STYLE_WORDS,
            "character": CHARACTER_WORDS,
            "situation": {name: phrases_of(situation) for name, situation in situations.items()},
        }
    )


def phrases_of(situation: Situation) -> tuple[str, ...]:
    """Distinct phrasings of a situation, its Chinese name first."""
    told = (situation.zh, situation.en, *situation.queries, *situation.captions_zh, *situation.captions_en)
    return tuple(dict.fromkeys(phrase for phrase in told if phrase.strip()))
