"""Plain words for a query: kernel ridge regression from sentence vectors to the entries of the phrasebook.

The nearest phrase of the phrasebook is often a wrong one, since an encoder places "I failed" near "I passed". A
regression over all phrases weighs them against each other, so that what all entries share counts for nothing. One more
target collects the texts that say no entry: subjects that nobody sends stickers about, and strings without a meaning.
Names of what stickers show belong to neither.

Source: kernel ridge regression (Saunders, Gammerman and Vovk 1998), with the Gaussian kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray, Reading
from persrv.text.folding import has_han
from persrv.text.nonsense import nonsense_strings, typed_nonsense
from persrv.text.other_subjects import other_subjects
from persrv.text.phrasebook import Entry, phrasebook

#: Sharpness of the kernel, and how much the fit is held back: chosen by leaving out one way after the other.
SHARPNESS, RIDGE = 3.0, 0.1

#: Directions in which texts are compared, the principal ones of all ways: as many tell entries apart as the encoder's
#: 512 do, and take less than half of the time.
_DIRECTIONS = 192

#: Scores from which an entry is a reading, and from which its reading leads; entries that are read at most.
_LEAST, _LEADING, _MOST = 0.25, 0.5, 2

#: Margin by which "no entry" must score above the best entry for another subject: of the demo
#: world's messages to learn from, 1 in 200 is then taken for one.
_OTHER = 0.25

#: Texts whose scores are remembered, 3 KB each: a search by words as typed asks for those of the search before.
_REMEMBERED = 1024

#: Strings of each kind of nonsense that is learnt from, and their seed.
_NONSENSE, _SEED = 75, 1

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
    """Weights (n, entries) of kernel ridge regression, (K + ridge I)^-1 Y, of n phrases whose kernel with each other is
    K (n, n).
    """
    from scipy.linalg import solve  # imported where it is needed: stored weights are the rule

    held_back = gram + ridge * np.eye(len(gram), dtype=gram.dtype)
    return np.asarray(solve(held_back, targets, overwrite_a=True, assume_a="pos"), gram.dtype)


class _Fit(NamedTuple):
    """directions (width, d): in which texts are compared; ways (n, d): along them, those of the entries, what says
    none, and what stickers show; weights (n, entries + 1); plain (2 x entries, width): unit rows of the plain words,
    Chinese and English in turn.
    """

    directions: FloatArray
    ways: FloatArray
    weights: FloatArray
    plain: FloatArray


class Paraphrases:
    """Tells what a sentence vector says in plain words, or that it says nothing that has any."""

    def __init__(
        self, encode: Encode, encoder: str = "", entries: Sequence[Entry] | None = None, none: Sequence[str] = ()
    ) -> None:
        """encode: to unit rows; encoder: its name, by which a stored fit is found; entries: None for all of the
        phrasebook; none: with `entries`, texts that say none of them.
        """
        self._entries = phrasebook() if entries is None else entries
        if entries is None:
            self._fit = _stored(encoder) or _fit_all(encode)
        else:
            self._fit = _fit(encode, entries, none)
        self._scores = lru_cache(_REMEMBERED)(self._compute_scores)

    @property
    def plain_words(self) -> dict[str, FloatArray]:
        """The plain words of every entry in both languages, each with its unit row (width,)."""
        return dict(zip(_plain_words(self._entries), self._fit.plain, strict=True))

    def scores(self, vector: FloatArray) -> NDArray[np.float64]:
        """Score (entries + 1,) of each entry, and last of "no entry", about 0 to 1, for a text of this unit vector
        (width,).
        """
        return self._scores(np.asarray(vector, np.float32).tobytes()).copy()

    def _compute_scores(self, vector: bytes) -> NDArray[np.float64]:
        """`scores` of a float32 vector as its bytes."""
        fit = self._fit
        along = np.frombuffer(vector, np.float32) @ fit.directions
        return np.asarray(kernel(fit.ways @ along) @ fit.weights, np.float64)

    def of_other_subject(self, vector: FloatArray) -> bool:
        """Return whether a text of this unit vector (width,) has a subject that nobody sends stickers about, or no
        meaning.
        """
        *said, none = self.scores(vector).tolist()
        return bool(none - max(said) > _OTHER)

    def readings(
        self, vector: FloatArray, chinese: bool, said: Sequence[int] = (), known: Callable[[str], bool] = bool
    ) -> tuple[tuple[Reading, ...], bool]:
        """The readings of a text in plain words, the surest first, each in its language and then in the other one; and
        whether the first should lead. None of what is less sure than that the text says no entry.

        vector (width,): the text's unit row; chinese: whether it is; said: the entries that it says word for word;
        known: whether a catalogue has a whole word of a text. For an entry without any, its kin is read.
        """
        scores = self.scores(vector)
        least = max(_LEAST, float(scores[-1]))
        scores[list(said)] = max(1.0, scores.max())
        best = [number for number in np.argsort(-scores[:-1], kind="stable")[:_MOST] if scores[number] >= least]
        found = []
        for number in best:
            entry = self._or_kin(self._entries[number], known)
            sure = min(_MOST_SURE, _SURE_AT_0 + _SLOPE * float(scores[number]))
            own, other = (entry.chinese, entry.english) if chinese else (entry.english, entry.chinese)
            found.append(Reading(own, "plain words", round(sure, 3)))
            found.append(Reading(other, "plain words", round(sure * _OTHER_LANGUAGE, 3)))
        return tuple(found), bool(best) and bool(scores[best[0]] >= _LEADING)

    def _or_kin(self, entry: Entry, known: Callable[[str], bool]) -> Entry:
        """An entry, or its kin where a catalogue has no word of it in either language."""
        if not entry.kin or known(entry.chinese) or known(entry.english):
            return entry
        return next(each for each in self._entries if each.chinese == entry.kin)


def _ways(entries: Sequence[Entry]) -> list[str]:
    return [way for entry in entries for way in entry.ways]


def _none_of_them() -> list[str]:
    """Texts that say no entry of the phrasebook."""
    characters = "".join(sorted({each for way in _ways(phrasebook()) for each in way if has_han(each)}))
    return [
        *other_subjects(shown=False),
        *nonsense_strings(_NONSENSE, _SEED),
        *typed_nonsense(_NONSENSE, _SEED, characters),
    ]


def _plain_words(entries: Sequence[Entry]) -> list[str]:
    return [words for entry in entries for words in (entry.chinese, entry.english)]


def _fit_all(encode: Encode) -> _Fit:
    """The fit of the whole phrasebook."""
    return _fit(encode, phrasebook(), _none_of_them(), other_subjects(shown=True))


def _fit(encode: Encode, entries: Sequence[Entry], none: Sequence[str], shown: Sequence[str] = ()) -> _Fit:
    """Fit the weights to the ways of some entries, to texts that say none, and to what stickers show, which is no
    target; texts are compared in the principal directions of them all.
    """
    texts = [*_ways(entries), *none, *shown]
    rows = encode(texts)
    row_of = dict(zip(texts, rows, strict=True))
    directions = np.linalg.eigh(rows.T @ rows).eigenvectors[:, : -_DIRECTIONS - 1 : -1]
    ways = (rows @ directions).astype(np.float16).astype(np.float32)  # as they are stored
    plain = np.stack([row_of[words] for words in _plain_words(entries)])
    return _Fit(directions, ways, _weights(ways, _targets(entries, len(none), len(shown))), plain)


def _weights(ways: FloatArray, targets: FloatArray) -> FloatArray:
    """The weights (n, entries + 1) of n ways, rows in the order of the targets."""
    return fitted(kernel(ways @ ways.T), targets)


def _targets(entries: Sequence[Entry], none: int, shown: int) -> FloatArray:
    """(n, entries + 1): 1 for each way at its entry, and for each of `none` texts at the last place; 0 for `shown`."""
    owner = np.repeat(np.arange(len(entries) + 1), [*(len(entry.ways) for entry in entries), none])
    return np.concatenate([np.eye(len(entries) + 1)[owner], np.zeros((shown, len(entries) + 1))]).astype(np.float32)


# ---- the stored fit -------------------------------------------------------------------------------------------------


def store(encode: Encode, encoder: str) -> None:
    """Write the fit of the phrasebook by the default encoder, so that an app need not make it at each start."""
    fit = _fit_all(encode)
    halved = {"ways": np.float16(fit.ways), "plain": np.float16(fit.plain)}
    np.savez(_STORED, encoder=encoder, texts=_digest(), **(fit._asdict() | halved))


def _stored(encoder: str) -> _Fit | None:
    """The stored fit; None where it is of another encoder or of other texts."""
    with np.load(_STORED, allow_pickle=False) as stored:
        if str(stored["encoder"]) != encoder or "texts" not in stored or str(stored["texts"]) != _digest():
            return None
        return _Fit(*(np.asarray(stored[name], np.float32) for name in _Fit._fields))


def _digest() -> str:
    texts = [*("\t".join(entry.ways) for entry in phrasebook()), *_none_of_them(), *other_subjects(shown=True)]
    return sha256("\n".join(texts).encode()).hexdigest()
