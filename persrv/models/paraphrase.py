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


def kernel(cosines: FloatArray, sharpness: float = SHARPNESS) -> NDArray[np.float64]:
    """exp(sharpness x (x.y - 1)) of the cosines x.y of unit vectors, elementwise, in (0, 1]. This is the Gaussian
    kernel, because |x - y|^2 is 2 - 2 x.y.
    """
    return np.asarray(np.exp(sharpness * (cosines.astype(np.float64) - 1)))


def fitted(gram: NDArray[np.float64], targets: NDArray[np.float64], ridge: float = RIDGE) -> NDArray[np.float64]:
    """(K + ridge I)^-1 Y: the weights (n, entries) of n ways whose kernel with each other is K (n, n)."""
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(len(gram)), targets))


class Paraphrases:
    """Tells what a sentence vector says in plain words."""

    def __init__(self, encode: Encode, encoder: str = "", entries: Sequence[Entry] | None = None) -> None:
        """encode: to unit rows; encoder: its name, by which stored vectors are found; entries: None for all."""
        self._entries = phrasebook() if entries is None else entries
        stored = None if entries is not None else _stored(encoder, self._entries)
        self._ways = encode(_ways(self._entries)) if stored is None else stored[0]
        self._weights = _weights(self._ways, self._entries) if stored is None else stored[1]

    @property
    def plain_words(self) -> dict[str, FloatArray]:
        """The plain words of every entry in both languages, each with its unit row (width,)."""
        row_of = dict(zip(_ways(self._entries), self._ways, strict=True))
        return {words: row_of[words] for entry in self._entries for words in (entry.chinese, entry.english)}

    def scores(self, vector: FloatArray) -> NDArray[np.float64]:
        """How surely a text of this unit vector (width,) says each entry: about 0 to 1, (entries,)."""
        return np.asarray(kernel(self._ways @ vector) @ self._weights)

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


def _ways(entries: Sequence[Entry]) -> list[str]:
    return [way for entry in entries for way in entry.ways]


def _weights(ways: FloatArray, entries: Sequence[Entry]) -> NDArray[np.float64]:
    """The weights (n, entries) of n ways, unit rows in the order of the entries."""
    owner = np.repeat(np.arange(len(entries)), [len(entry.ways) for entry in entries])
    return fitted(kernel(ways @ ways.T), np.eye(len(entries))[owner])


# ---- stored vectors -------------------------------------------------------------------------------------------------


def store(encode: Encode, encoder: str) -> None:
    """Write the vectors of the phrasebook by the default encoder, and the weights that are fitted to them, so that an
    app need do neither at each start.
    """
    vectors = encode(_ways(phrasebook())).astype(np.float16)
    weights = _weights(vectors.astype(np.float32), phrasebook())
    np.savez(_STORED, encoder=encoder, entries=_digest(phrasebook()), vectors=vectors, weights=np.float32(weights))


def _stored(encoder: str, entries: Sequence[Entry]) -> tuple[FloatArray, NDArray[np.float64]] | None:
    """The stored unit rows of the ways, and their weights; None where they are of another encoder or other entries."""
    with np.load(_STORED, allow_pickle=False) as stored:
        if str(stored["encoder"]) != encoder or str(stored["entries"]) != _digest(entries):
            return None
        return np.asarray(stored["vectors"], np.float32), np.asarray(stored["weights"], np.float64)


def _digest(entries: Sequence[Entry]) -> str:
    return sha256("\n".join("\t".join(entry.ways) for entry in entries).encode()).hexdigest()
