"""The eight art styles: how a drawn figure is outlined, filled, lettered and finished."""

from __future__ import annotations

from precompute.demo.art.base import ArtStyle
from precompute.demo.art.crayon import CrayonStyle
from precompute.demo.art.flat import FlatStyle
from precompute.demo.art.glossy import GlossyStyle
from precompute.demo.art.ink import InkStyle
from precompute.demo.art.manga import MangaStyle
from precompute.demo.art.neon import NeonStyle
from precompute.demo.art.papercut import PapercutStyle
from precompute.demo.art.pixel import PixelStyle

#: All styles by id, in the order in which they are shown.
STYLES: dict[str, type[ArtStyle]] = {
    style.id: style
    for style in (
        FlatStyle,
        MangaStyle,
        PixelStyle,
        InkStyle,
        CrayonStyle,
        GlossyStyle,
        PapercutStyle,
        NeonStyle,
    )
}

__all__ = ["STYLES", "ArtStyle"]
