"""Words of drawing styles: "comic style", 水墨画, "8-bit", and the other names, Chinese and English, of the same style.

A sentence encoder takes an ink painting for a crayon drawing. What descriptions say of a style is found by its names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

#: Names of one style a line, apart by commas, longer ones before those that they hold.
_STYLES = """
像素, 点阵, 8位, pixel art, pixelated, pixels, pixel, 8-bit, 8 bit, 8bit, 16-bit
漫画, 动漫, 日漫, 条漫, 二次元, comic strip, comic book, comics, comic, manga, anime
水墨, 国画, 毛笔画, 国风, ink painting, ink wash, ink drawing, ink, chinese painting, brush painting, sumi-e
蜡笔, 粉笔, 彩铅, 儿童画, 涂鸦, crayons, crayon, chalk, colored pencil, kids drawing, children's drawing, doodle
水彩, watercolours, watercolour, watercolors, watercolor, aquarelle
素描, 速写, 简笔画, 铅笔画, 线稿, 手绘, pencil drawing, pencil sketch, hand drawn, hand-drawn, sketch, line art
扁平, 粉彩, flat design, flat style, pastel, vector art
立体, 三维, 粘土, 3d, clay, claymation
油画, oil painting
剪纸, 窗花, 折纸, paper-cut, paper cutting, paper cut, papercut, paper art, origami
霓虹, 荧光, 发光, neon lights, neon light, neon sign, neon, glowing
版画, 木刻, woodcut, linocut
拼贴, collage
卡通, cartoon
"""

#: What stands beside the name of a style and says no more.
_BESIDE = (
    "画风格|风格|画风|绘画|作品|图片|图|画|风|灯|的|式|style|styled|art|drawing|drawn|painting|picture|look|lights?|of"
)
_AROUND = re.compile(rf"^(?:{_BESIDE}|\s)+|(?:{_BESIDE}|\s)+$")


def split(plain: str) -> tuple[tuple[str, ...], str]:
    """The names of styles in a lower-case, simplified text, and what it says beside them.

    >>> split("comic cat"), split("水墨画风格的小狗"), split("drinking tea")
    ((('comic',), 'cat'), (('水墨',), '小狗'), ((), 'drinking tea'))
    """
    found = tuple(dict.fromkeys(_pattern().findall(plain)))
    if not found:
        return (), plain
    parts = (_AROUND.sub("", part) for part in _pattern().split(plain)[::2])
    return found, " ".join(filter(None, parts))


def names_of(word: str) -> tuple[str, ...]:
    """All names of the style that a word names, this one among them; the word alone where it names none."""
    return _names().get(word, (word,))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    lines = (tuple(name.strip() for name in line.split(",")) for line in _STYLES.strip().splitlines())
    return {name: names for names in lines for name in names}


@cache
def _pattern() -> re.Pattern[str]:
    """The names of all styles, English ones as whole words, in one group."""
    names = sorted(_names(), key=lambda name: (-len(name), name))
    return re.compile("(" + "|".join(rf"\b{re.escape(name)}\b" if name[-1].isascii() else name for name in names) + ")")
