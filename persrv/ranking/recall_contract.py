"""The contract of recall: what a search needs from whatever holds the catalogue's index and its embeddings.

Implemented in this process by persrv.engines.local, and by servers. The score of a sticker is defined once, in float64:
relevance = sum over records.FIELDS of weight x (sum over the tokens as typed of impact), recall = relevance + lambda x
utility, as persrv.ranking.utility rounds that to float32 (Eq. 6-8); equal scores go by id. An engine of `exact` True
gives these very numbers; another one may round, and its order may differ where scores differ by less than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from persrv.records import FloatArray


@dataclass(frozen=True, slots=True)
class Question:
    """What recall is asked: tokens as typed, repeated ones repeated; a weight a field (absent: 0); Eq. 4 and 5."""

    tokens: tuple[str, ...]
    field_weights: Mapping[str, float]
    utility_weights: tuple[float, float, float]
    utility_base: float


class Recalled(NamedTuple):
    """The best stickers of a question before re-ranking, best first, ties by id; n is at most what was asked for.

    rows, relevance and scores (n,); matched: how many stickers hold a token of the question in a field of positive
    weight, whatever BM25 gives it.
    """

    rows: NDArray[np.intp]
    relevance: NDArray[np.float64]
    scores: NDArray[np.float64]
    matched: int


class RecallEngine(Protocol):
    """Any number of threads may ask at the same time. Rows are those of the bundle."""

    @property
    def exact(self) -> bool:
        """Whether scores are the defined ones to the last bit and `matched` is counted; else `matched` is a least."""

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """The best `size` matching stickers, once for each weight of utility; relevance is worked out once."""

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """(records.FIELDS, tokens, n): what each token gives each sticker in each field, NaN where it is absent."""

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        """(n, d) float32: the embeddings of some stickers, in the raw space of the bundle."""

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        """1-based place of a sticker by recall score among all that match, and how many match.

        The place is None where it does not match; an engine that is not `exact` may answer None where it lies deeper
        than it ranks.
        """

    def close(self) -> None:
        """Give back what is held open: connections, caches. Nothing is asked afterwards."""
