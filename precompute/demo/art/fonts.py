"""The fonts of captions, found where Debian's packages install them. Licences: docs/fonts.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from persrv.errors import DataError

if TYPE_CHECKING:
    import skia


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file, the Debian package it comes with, and its place in a collection (.ttc)."""

    path: str
    package: str
    index: int = 0


FONTS: dict[str, FontFile] = {
    "noto-sans": FontFile("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "fonts-noto-cjk", 2),
    "noto-serif": FontFile("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", "fonts-noto-cjk", 2),
    "smiley": FontFile("/usr/share/fonts/truetype/smiley-sans/SmileySans-Oblique.ttf", "fonts-smiley-sans"),
    "wenkai": FontFile("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf", "fonts-lxgw-wenkai"),
    "unifont": FontFile("/usr/share/fonts/opentype/unifont/unifont.otf", "fonts-unifont"),
}

#: Stands in for a font that lacks a glyph.
FALLBACK = "noto-sans"


def available() -> list[str]:
    """The names of the installed fonts, in the order of FONTS."""
    return [name for name, font in FONTS.items() if Path(font.path).is_file()]


@lru_cache(maxsize=len(FONTS))
def typeface(name: str) -> skia.Typeface:
    """Load the font called `name`. DataError if its file is missing; the error names the package to install."""
    import skia

    font = FONTS[name]
    if not Path(font.path).is_file():
        raise DataError(
            f"The font file {font.path} does not exist",
            f"the font that Debian's package {font.package} installs",
            f"Run: apt-get install {font.package}",
        )
    return skia.Typeface.MakeFromFile(font.path, font.index)


def covers(face: skia.Typeface, text: str) -> bool:
    """Return whether the font has a glyph for every character of `text`, spaces aside."""
    return all(face.unicharToGlyph(ord(character)) for character in text if not character.isspace())


def typeface_for(name: str, text: str) -> skia.Typeface:
    """The font called `name`, or the fallback font if it lacks a glyph of `text`: one caption, one font."""
    face = typeface(name)
    return face if covers(face, text) else typeface(FALLBACK)
