"""What a query says in plain words: kernel ridge regression from sentence vectors to the entries of the phrasebook.

The nearest way of saying something is often a wrong one, since an encoder hears "I failed" near to "I passed". A
regression over all ways weighs them against each other: what the entries have in common tells nothing.

Source: kernel ridge regression (Saunders, Gammerman and Vovk 1998), with the Gaussian kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray, Reading
from persrv.text.phrasebook import Entry, phrasebook

#: Sharpness of the kernel, and how much the fit is held back: chosen by leaving out one way after the other.
SHARPNESS, RIDGE = 3.0, 0.1

#: Directions in which texts are compared, the principal ones of all ways: as many tell entries apart as the encoder's
#: 512 do, and take less than half of the time.
_DIRECTIONS = 192

#: Scores from which an entry is a reading, and from which its reading leads; entries that are read at most.
_LEAST, _LEADING, _MOST = 0.25, 0.5, 2

#: A reading's sureness is _SURE_AT_0 + _SLOPE x score, at most _MOST_SURE; in the other language a little less.
_SURE_AT_0, _SLOPE, _MOST_SURE, _OTHER_LANGUAGE = 0.6, 0.5, 0.95, 0.95

_STORED = Path(__file__).with_name("phrasebook.npz")

Real = TypeVar("Real", np.float32, np.float64)

Encode = Callable[[Sequence[str]], FloatArray]


def kernel(cosines: NDArray[Real], sharpness: float = SHARPNESS) -> NDArray[Real]:
    """exp(sharpness x (x.y - 1)) of the cosines x.y of unit vectors, elementwise, in (0, 1]. This is the Gaussian
    kernel, because |x - y|^2 is 2 - 2 x.y.
    """
    return np.asarray(np.exp(sharpness * (cosines - 1)), cosines.dtype)


def fitted(gram: NDArray[Real], targets: NDArray[Real], ridge: float = RIDGE) -> NDArray[Real]:
    """(K + ridge I)^-1 Y: the weights (n, entries) of n ways whose kernel with each other is K (n, n)."""
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(len(gram), dtype=gram.dtype), targets), gram.dtype)


class _Fit(NamedTuple):
    """directions (width, d): in which texts are compared; ways (n, d): along them; weights (n, entries); plain
    (2 x entries, width): unit rows of the plain words, Chinese and English in turn.
    """

    directions: FloatArray
    ways: FloatArray
    weights: FloatArray
    plain: FloatArray


class Paraphrases:
    """Tells what a sentence vector says in plain words."""

    def __init__(self, encode: Encode, encoder: str = "", entries: Sequence[Entry] | None = None) -> None:
        """encode: to unit rows; encoder: its name, by which a stored fit is found; entries: None for all."""
        self._entries = phrasebook() if entries is None else entries
        stored = None if entries is not None else _stored(encoder, self._entries)
        self._fit = _fit(encode, self._entries) if stored is None else stored

    @property
    def plain_words(self) -> dict[str, FloatArray]:
        """The plain words of every entry in both languages, each with its unit row (width,)."""
        return dict(zip(_plain_words(self._entries), self._fit.plain, strict=True))

    def scores(self, vector: FloatArray) -> NDArray[np.float64]:
        """How surely a text of this unit vector (width,) says each entry: about 0 to 1, (entries,)."""
        fit = self._fit
        return np.asarray(kernel(fit.ways @ (vector @ fit.directions)) @ fit.weights, np.float64)

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


def _plain_words(entries: Sequence[Entry]) -> list[str]:
    return [words for entry in entries for words in (entry.chinese, entry.english)]


def _fit(encode: Encode, entries: Sequence[Entry]) -> _Fit:
    """Fit the weights to the ways of some entries, compared in the principal directions of them all."""
    rows, texts = encode(_ways(entries)), _ways(entries)
    row_of = dict(zip(texts, rows, strict=True))
    directions = np.linalg.eigh(rows.T @ rows).eigenvectors[:, : -_DIRECTIONS - 1 : -1]
    ways = (rows @ directions).astype(np.float16).astype(np.float32)  # as they are stored
    plain = np.stack([row_of[words] for words in _plain_words(entries)])
    return _Fit(directions, ways, _weights(ways, entries), plain)


def _weights(ways: FloatArray, entries: Sequence[Entry]) -> FloatArray:
    """The weights (n, entries) of n ways, rows in the order of the entries."""
    owner = np.repeat(np.arange(len(entries)), [len(entry.ways) for entry in entries])
    return fitted(kernel(ways @ ways.T), np.eye(len(entries), dtype=np.float32)[owner])


# ---- the stored fit -------------------------------------------------------------------------------------------------


def store(encode: Encode, encoder: str) -> None:
    """Write the fit of the phrasebook by the default encoder, so that an app need not make it at each start."""
    fit = _fit(encode, phrasebook())
    halved = {"ways": np.float16(fit.ways), "plain": np.float16(fit.plain)}
    np.savez(_STORED, encoder=encoder, entries=_digest(phrasebook()), **(fit._asdict() | halved))


def _stored(encoder: str, entries: Sequence[Entry]) -> _Fit | None:
    """The stored fit; None where it is of another encoder or other entries."""
    with np.load(_STORED, allow_pickle=False) as stored:
        if str(stored["encoder"]) != encoder or str(stored["entries"]) != _digest(entries):
            return None
        return _Fit(*(np.asarray(stored[name], np.float32) for name in _Fit._fields))


def _digest(entries: Sequence[Entry]) -> str:
    return sha256("\n".join("\t".join(entry.ways) for entry in entries).encode()).hexdigest()
