"""Likeness in meaning of the names of emoji to their translations, computed once for all catalogues.

A query of five words would otherwise have forty names encoded before it is read. `name_likeness.npz` holds the numbers
for one encoder; scripts/name_likeness.py makes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray
from persrv.text.emoji import TABLE, emoji_names
from persrv.text.translation import translations

FILE = Path(__file__).with_name("name_likeness.npz")


class NameLikeness:
    """The likeness of every name to its translations.

    encoder: whose likeness it is; names: hash of the table of names (`hash_of_names`); indptr (names + 1,): where the
    translations of each name (`every_name`) begin; values: cosines in [0, 1], float32, in the order of `translations`.
    """

    def __init__(self, encoder: str, names: str, indptr: NDArray[np.int32], values: FloatArray) -> None:
        self.encoder, self.names = encoder, names
        self._indptr, self._values = indptr, values
        self._row_of = {name: row for row, name in enumerate(every_name())}

    def likeness(self, name: str, others: Sequence[str]) -> list[float] | None:
        """The likeness of a name to some others; None where one of them is no translation of it."""
        row = self._row_of.get(name)
        if row is None:
            return None
        place_of = {other: place for place, (other, _) in enumerate(translations(name))}
        places = [place_of.get(other, -1) for other in others]
        first, last = self._indptr[row : row + 2].tolist()
        return None if -1 in places else [float(value) for value in self._values[first:last][places]]


def every_name() -> list[str]:
    """The names of emoji in both languages, each once, sorted."""
    return sorted({*emoji_names().all_names("zh"), *emoji_names().all_names("en")})


def hash_of_names() -> str:
    """The hash of the table of names."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def name_likeness() -> NameLikeness | None:
    """The numbers of the file, read once; None where they are of another table of names."""
    with np.load(FILE, allow_pickle=False) as held:
        found = NameLikeness(str(held["encoder"]), str(held["names"]), held["indptr"], held["values"])
    return found if found.names == hash_of_names() else None
