"""Samples without chance: items at even distances, the same items every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def evenly(items: Sequence[T], most: int) -> list[T]:
    """Take at most `most` items at even distances, in their order, beginning with the first item."""
    count = min(most, len(items))
    return [items[place * len(items) // count] for place in range(count)]
