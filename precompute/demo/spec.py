"""What one sticker of the demo catalogue is to show, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StickerSpec:
    """`id` is unique in the catalogue; `seed` alone decides the drawing's small variations; caption "" = no text."""

    id: str
    character: str
    style: str
    situation: str
    caption: str
    animated: bool
    seed: int

    @property
    def series(self) -> str:
        """The (character, style) pair: the series a person would know this sticker by."""
        return f"{self.character}-{self.style}"
