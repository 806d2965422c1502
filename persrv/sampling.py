"""Samples that leave nobody a choice: items at even distances, the same ones every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def evenly(items: Sequence[T], most: int) -> list[T]:
    """Take at most `most` items at even distances, in their order, the first item among them."""
    count = min(most, len(items))
    return [items[place * len(items) // count] for place in range(count)]
