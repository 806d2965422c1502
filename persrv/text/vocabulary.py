"""A vocabulary of millions of tokens without a Python object a token: sorted bytes in arrays, searched by halves.

Tokens lie one after the other in UTF-8, whose byte order is the order of code points, so `sorted` puts them right. The
first eight bytes of each, as one big-endian number, are what a search compares; only tokens that share all eight (two
Han characters and two thirds of a third) are told apart by their bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

_PREFIX_BYTES = 8

#: Lookups that are remembered: what people type repeats, and a remembered token costs a twentieth of a search.
_REMEMBERED = 1 << 16


class SortedTokens(Mapping[str, int]):
    """Token -> its place in the sorted vocabulary (V tokens), like a dict; any number of threads may look up.

    text: (B,) uint8, the tokens in UTF-8, sorted, one after the other; ends: (V,) int64, where each of them ends;
    prefixes: (V,) uint64, the first eight bytes of each, shorter ones filled with zeros.
    """

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64], prefixes: NDArray[np.uint64]) -> None:
        self.text, self.ends, self.prefixes = text, ends, prefixes
        self._text, self._ends, self._prefixes = text.data, ends.data, prefixes.data
        self._remembered: dict[str, int | None] = {}

    @classmethod
    def of(cls, tokens: Sequence[str]) -> SortedTokens:
        """The vocabulary of tokens that are sorted and distinct."""
        encoded = [token.encode() for token in tokens]
        text = np.frombuffer(b"".join(encoded), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        return cls(text, ends, prefixes_of(text, ends))

    def __getitem__(self, token: str) -> int:
        place = self.get(token)
        if place is None:
            raise KeyError(token)
        return place

    def get(self, token: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """The token's place, or `default`."""
        remembered = self._remembered
        if token in remembered:
            place = remembered[token]
        else:
            place = self._search(token.encode("utf-8", "surrogatepass"))
            if len(remembered) < _REMEMBERED:
                remembered[token] = place
        return default if place is None else place

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and self.get(token) is not None

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in islice(self._ends, None):
            yield bytes(self._text[start:end]).decode()
            start = end

    def token(self, place: int) -> str:
        """The token of a place."""
        return self._bytes(place).decode()

    def _search(self, token: bytes) -> int | None:
        prefix = int.from_bytes(token[:_PREFIX_BYTES].ljust(_PREFIX_BYTES, b"\0"))
        low = bisect_left(self._prefixes, prefix)
        high = low
        if low < len(self._prefixes) and self._prefixes[low] == prefix:
            high = bisect_right(self._prefixes, prefix, lo=low)
        place = bisect_left(range(high), token, lo=low, key=self._bytes)
        return place if place < high and self._bytes(place) == token else None

    def _bytes(self, place: int) -> bytes:
        return bytes(self._text[self._ends[place - 1] if place else 0 : self._ends[place]])

    def problem(self) -> str | None:
        """Reason why the arrays are no vocabulary, None if they are one. Looks at every token, for `verify`."""
        starts = np.concatenate([np.zeros(1, np.int64), self.ends[:-1]])[: len(self)]
        if (self.ends <= starts).any() or (self.ends[-1] if len(self) else 0) != len(self.text):
            return "tokens overlap or are empty"
        if not np.array_equal(self.prefixes, prefixes_of(self.text, self.ends)):
            return "prefixes are not those of the tokens"
        if (self.prefixes[1:] < self.prefixes[:-1]).any():
            return "tokens are not sorted"
        alike = np.flatnonzero(self.prefixes[1:] == self.prefixes[:-1]).tolist()
        if any(self._bytes(place) >= self._bytes(place + 1) for place in alike):
            return "tokens are repeated or not sorted"
        return None


def tokens_at(columns: Mapping[str, int], places: Sequence[int]) -> list[str]:
    """The tokens of some places of a vocabulary, sorted or a dict whose order is that of the places."""
    if isinstance(columns, SortedTokens):
        return [columns.token(place) for place in places]
    tokens = list(columns)
    return [tokens[place] for place in places]


def prefixes_of(text: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """First eight bytes of each token (V,) as a number, in the order of the tokens."""
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: len(ends)]
    length = ends - starts
    padded = np.concatenate([text, np.zeros(_PREFIX_BYTES, np.uint8)])
    prefixes = np.zeros(len(ends), np.uint64)
    for number in range(_PREFIX_BYTES):
        byte = np.where(number < length, padded[starts + number], 0).astype(np.uint64)
        prefixes |= byte << np.uint64(8 * (_PREFIX_BYTES - 1 - number))
    return prefixes
