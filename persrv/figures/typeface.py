"""The typeface of figures: Noto Sans CJK SC (SIL Open Font License 1.1), from the package noto-cjk-sans-otc.

Its glyphs travel inside each figure, so that text stays text, looks alike everywhere and can be searched and copied.
What it has no glyph for, emoji above all, is written as its Unicode name: "[face with tears of joy]".
"""

from __future__ import annotations

import io
import unicodedata
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "Noto Sans CJK SC"

#: Place of the simplified Chinese font in the collection.
NUMBER = 2

#: Signs of the page that the typeface lacks -> signs that it has.
SIGNS = {"✦": "★", "✕": "×"}


class Typeface:
    """The font file, measured and cut down to the glyphs that a figure needs."""

    def __init__(self, path: str) -> None:
        self.path = path

    @cached_property
    def _glyph_of(self) -> dict[int, str]:
        return self._open().getBestCmap()

    @cached_property
    def _advances(self) -> dict[str, tuple[int, int]]:
        return self._open()["hmtx"].metrics

    def _open(self) -> TTFont:
        from fontTools.ttLib import TTFont

        return TTFont(self.path, fontNumber=NUMBER, lazy=True, recalcTimestamp=False)

    def writable(self, text: str) -> str:
        """Rewrite a text in characters that the font has: an unknown character becomes its name, an invisible one is
        left out, and any blank becomes a space.
        """
        return "".join(map(self._written, text))

    def _written(self, character: str) -> str:
        character = SIGNS.get(character, character)
        if character.isspace():
            return " "
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Mn", "Me", "Co"):
            return ""
        if ord(character) in self._glyph_of:
            return character
        return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"

    def width(self, text: str, size: float) -> float:
        """The width of a writable text, in the unit of `size`."""
        return sum(self._advances[self._glyph_of[ord(each)]][0] for each in text) * size / 1000

    def subset(self, text: str) -> bytes:
        """The font, as OpenType, with the glyphs of a writable text alone; the same bytes for the same characters."""
        from fontTools import subset

        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
        font = self._open()
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        written = io.BytesIO()
        font.save(written)
        return written.getvalue()


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """The one typeface of this process."""
    from noto_cjk_sans_otc import FONT_PATH

    return Typeface(str(FONT_PATH))
