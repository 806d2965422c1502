"""Strings that mean nothing: what a query must be unlike to mean anything, and what a threshold must refuse."""

from __future__ import annotations

import random
import string

#: The first and the last of the Chinese characters that are drawn from.
_HAN = (0x4E00, 0x9FA5)


def nonsense_strings(of_each: int, seed: int) -> list[str]:
    """Draw random strings that mean nothing: `of_each` of five to nine letters, as many of three to five Chinese
    characters.
    """
    rng = random.Random(seed)
    letters = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(5, 9))) for _ in range(of_each)]
    han = ["".join(chr(rng.randint(*_HAN)) for _ in range(rng.randint(3, 5))) for _ in range(of_each)]
    return letters + han
