"""What a query says in plain words: kernel ridge regression from sentence vectors to the entries of the phrasebook.

The nearest way of saying something is often a wrong one, since an encoder hears "I failed" near to "I passed". A
regression over all ways weighs them against each other: what the entries have in common tells nothing.

Source: kernel ridge regression (Saunders, Gammerman and Vovk 1998), with the Gaussian kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray, Reading
from persrv.text.phrasebook import Entry, phrasebook

#: Sharpness of the kernel, and how much the fit is held back: chosen by leaving out one way after the other.
SHARPNESS, RIDGE = 3.0, 0.1

#: Scores from which an entry is a reading, and from which its reading leads; entries that are read at most.
_LEAST, _LEADING, _MOST = 0.25, 0.5, 2

#: A reading's sureness is _SURE_AT_0 + _SLOPE x score, at most _MOST_SURE; in the other language a little less.
_SURE_AT_0, _SLOPE, _MOST_SURE, _OTHER_LANGUAGE = 0.6, 0.5, 0.95, 0.95

_STORED = Path(__file__).with_name("phrasebook.npz")

Encode = Callable[[Sequence[str]], FloatArray]


def kernel(rows: FloatArray, others: FloatArray, sharpness: float = SHARPNESS) -> NDArray[np.float64]:
    """exp(sharpness x (x.y - 1)) of unit rows (n, width) and (m, width): (n, m) in (0, 1]. This is the Gaussian kernel,
    because |x - y|^2 is 2 - 2 x.y.
    """
    return np.asarray(np.exp(sharpness * (rows.astype(np.float64) @ others.T.astype(np.float64) - 1)), np.float64)


def fitted(gram: NDArray[np.float64], targets: NDArray[np.float64], ridge: float = RIDGE) -> NDArray[np.float64]:
    """(K + ridge I)^-1 Y: the weights (n, entries) of n ways whose kernel with each other is K (n, n)."""
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(len(gram)), targets))


class Paraphrases:
    """Tells what a sentence vector says in plain words."""

    def __init__(self, encode: Encode, encoder: str = "", entries: Sequence[Entry] | None = None) -> None:
        """encode: to unit rows; encoder: its name, by which stored vectors are found; entries: None for all."""
        self._entries = phrasebook() if entries is None else entries
        ways = [way for entry in self._entries for way in entry.ways]
        self._ways = encode(ways) if entries is not None else _vectors(encode, encoder, ways)
        owner = np.repeat(np.arange(len(self._entries)), [len(entry.ways) for entry in self._entries])
        self._weights = fitted(kernel(self._ways, self._ways), np.eye(len(self._entries))[owner])

    @property
    def plain_words(self) -> dict[str, FloatArray]:
        """The plain words of every entry in both languages, each with its unit row (width,)."""
        row_of = dict(zip((way for entry in self._entries for way in entry.ways), self._ways, strict=True))
        return {words: row_of[words] for entry in self._entries for words in (entry.chinese, entry.english)}

    def scores(self, vector: FloatArray) -> NDArray[np.float64]:
        """How surely a text of this unit vector (width,) says each entry: about 0 to 1, (entries,)."""
        return np.asarray(kernel(vector[None], self._ways)[0] @ self._weights)

    def readings(self, vector: FloatArray, chinese: bool) -> tuple[tuple[Reading, ...], bool]:
        """The readings of a text in plain words, the surest first, each in its language and then in the other one; and
        whether the first should lead.

        vector (width,): the text's unit row; chinese: whether it is.
        """
        scores = self.scores(vector)
        best = [number for number in np.argsort(-scores, kind="stable")[:_MOST] if scores[number] >= _LEAST]
        found = []
        for number in best:
            entry, sure = self._entries[number], min(_MOST_SURE, _SURE_AT_0 + _SLOPE * float(scores[number]))
            own, other = (entry.chinese, entry.english) if chinese else (entry.english, entry.chinese)
            found.append(Reading(own, "plain words", round(sure, 3)))
            found.append(Reading(other, "plain words", round(sure * _OTHER_LANGUAGE, 3)))
        return tuple(found), bool(best) and bool(scores[best[0]] >= _LEADING)


# ---- stored vectors -------------------------------------------------------------------------------------------------


def store(encode: Encode, encoder: str) -> None:
    """Write the vectors of the phrasebook by the default encoder, so that an app need not encode it at each start."""
    ways = [way for entry in phrasebook() for way in entry.ways]
    np.savez(_STORED, encoder=encoder, texts=_digest(ways), vectors=encode(ways).astype(np.float16))


def _vectors(encode: Encode, encoder: str, ways: Sequence[str]) -> FloatArray:
    """The unit rows of the ways: the stored ones where these are of this encoder and of these texts, or made now."""
    with np.load(_STORED, allow_pickle=False) as stored:
        if str(stored["encoder"]) == encoder and str(stored["texts"]) == _digest(ways):
            return np.asarray(stored["vectors"], np.float32)
    return encode(ways)


def _digest(texts: Sequence[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()
