"""Choosing some of many without choosing: at even distances, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def evenly(items: Sequence[T], most: int) -> list[T]:
    """At most `most` of the items, in their order, at even distances; the first is among them, none for `most` 0."""
    count = min(most, len(items))
    return [items[place * len(items) // count] for place in range(count)]
