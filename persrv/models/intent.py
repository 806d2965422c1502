"""The intent of a message: to express something, which a sticker would say or answer, or to inform, which wants none.

Ridge regression on sentence vectors, +1 for expressions and -1 for information and errands, both kinds weighing the
same. Fitted on `intents.tsv`: sentences in Chinese and English that were written for this, apart by bars. Requests that
name stickers are told by their words (persrv.text.instructions), not here.

Source: ridge regression (Hoerl and Kennard 1970).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray

_SENTENCES = Path(__file__).with_name("intents.tsv")
_STORED = Path(__file__).with_name("intents.npz")

#: Ridge of the fit, and the score from which a message is an expression: chosen on the demo world's
#: messages to learn from (scripts/intents.py prints them).
RIDGE, LEAST = 0.3, -0.33

Encode = Callable[[Sequence[str]], FloatArray]


class Intents:
    """Tells expressions by their sentence vectors. weights (width + 1,): the last is the intercept."""

    def __init__(self, weights: NDArray[np.float64]) -> None:
        self._weights = weights

    @classmethod
    def of(cls, encoder: str) -> Intents | None:
        """The stored fit for the encoder of this name; None where there is none."""
        with np.load(_STORED, allow_pickle=False) as stored:
            if str(stored["encoder"]) != encoder or str(stored["sentences"]) != _digest():
                return None
            return cls(np.asarray(stored["weights"], np.float64))

    def score(self, vector: FloatArray) -> float:
        """Score of a message with this unit vector (width,): about 1 for an expression, about -1 for information."""
        return float(vector @ self._weights[:-1] + self._weights[-1])

    def expresses(self, vector: FloatArray) -> bool:
        """Return whether a message with this unit vector (width,) expresses something."""
        return self.score(vector) >= LEAST


def fitted(expressions: FloatArray, information: FloatArray, ridge: float = RIDGE) -> NDArray[np.float64]:
    """The weights (width + 1,) that tell unit rows of expressions from those of information; the intercept is free."""
    rows = np.concatenate([expressions, information]).astype(np.float64)
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    sizes = np.array([len(expressions), len(information)])
    weight = np.repeat(len(rows) / 2 / sizes, sizes)
    target = np.repeat([1.0, -1.0], sizes)
    held_back = np.diag([*np.full(rows.shape[1] - 1, ridge), 0.0])
    return np.asarray(np.linalg.solve(rows.T @ (weight[:, None] * rows) + held_back, rows.T @ (weight * target)))


def sentences() -> Mapping[str, tuple[str, ...]]:
    """The sentences of the fit by kind: "expression" and "information"."""
    found: dict[str, list[str]] = {"expression": [], "information": []}
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found[row["kind"]] += row["texts"].split("|")
    return {kind: tuple(texts) for kind, texts in found.items()}


def store(encode: Encode, encoder: str) -> Intents:
    """Fit the sentences in the space of the default encoder, and write the weights beside the code that reads them."""
    expressions, information = (encode(texts) for texts in sentences().values())
    weights = fitted(expressions, information)
    np.savez(_STORED, encoder=encoder, sentences=_digest(), weights=weights)
    return Intents(weights)


def _digest() -> str:
    return sha256(_SENTENCES.read_bytes()).hexdigest()
