"""The specification of one sticker of the demo catalogue, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StickerSpec:
    """The content of one sticker. id: unique in the catalogue; seed: decides the small variations of the drawing;
    caption: "" for no text.
    """

    id: str
    character: str
    style: str
    situation: str
    caption: str
    animated: bool
    seed: int

    @property
    def series(self) -> str:
        """The (character, style) pair: the series under which a person would know this sticker."""
        return f"{self.character}-{self.style}"
