"""The toy world with descriptions: s01 shows a pixel cat, s02 an ink cat, s03 a pixel dog, all others an ink dog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import toy
from meant import retriever, understood, write

from persrv.retriever import Retriever

SHOWN = {"s01": "a pixel cat", "s02": "an ink cat", "s03": "a pixel dog"}


def described_world(folder: Path, **changes: Any) -> Retriever:
    """The door to it; queries are told in the other fields as in the toy world."""
    told = [replace(each, description=SHOWN.get(each.id, "an ink dog")) for each in toy.stickers()]
    meaning, words = understood(told)
    return retriever(write(folder, stickers=told, meaning=meaning, lexicon=words, **changes))
