"""A small labelled catalogue for people in time and in places: characters x styles x situations, with exact vectors."""

from __future__ import annotations

from itertools import product

import numpy as np

from persrv.ranking.styles import unit_rows
from persrv.records import Context, FloatArray, Interaction, Sticker

CHARACTERS, STYLES = ("rabbit", "slime", "dog", "cat"), ("ink", "pixel", "flat", "neon")
SITUATIONS = ("thanks", "laugh", "ok", "tired", "love", "hungry")


def sticker(place: int, character: str, style: str, situation: str) -> Sticker:
    """A sticker that says nothing but its labels."""
    labels = {"character": character, "style": style, "situation": situation, "caption": "好" if place % 2 else "ok"}
    series = f"{character}-{style}"
    return Sticker(f"s{place:03d}", "", 1, 1, False, series, labels, "", (), "", "", "", "", ())


def catalogue() -> tuple[Sticker, ...]:
    """Catalogue with one sticker of every combination, 96 in all."""
    combinations = product(CHARACTERS, STYLES, SITUATIONS)
    return tuple(sticker(place, *labels) for place, labels in enumerate(combinations))


def vectors(stickers: tuple[Sticker, ...]) -> FloatArray:
    """(N, 8) unit rows: one axis a character, one a style, which counts more."""
    rows = np.zeros((len(stickers), 8), np.float32)
    for row, each in enumerate(stickers):
        rows[row, CHARACTERS.index(each.labels["character"])] = 1.0
        rows[row, 4 + STYLES.index(each.labels["style"])] = 1.5
    return unit_rows(rows)


def sent(user: str, name: str, day: float, domain: str = "", query: str = "q") -> Interaction:
    """A sticker sent on a day, in a domain."""
    return Interaction(user, query, name, int(day * 86_400), Context(domain=domain) if domain else None)
