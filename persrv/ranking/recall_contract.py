"""The contract of recall: what a search needs from an engine that holds the catalogue's index and embeddings.

Implemented in this process by persrv.engines.local, and by servers. The score of a sticker is defined once, in float64:
relevance = sum over records.FIELDS of weight x (sum over the tokens as typed of impact), recall = relevance + lambda x
utility, as persrv.ranking.utility rounds utility to float32 (Eq. 6-8); equal scores go by id. An engine with `exact`
True gives exactly these numbers. Another engine may round, and its order may differ where scores differ by less than
that.

Explaining and re-ranking follow from impacts and embeddings, so the contract implements both; an engine overrides them
where it has a faster way to the same numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv.query import Request
from persrv.ranking import explanation, rerank, styles
from persrv.ranking.explanation import Given
from persrv.ranking.recall import Recalled
from persrv.ranking.rerank import Ranked
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, ScoreArray, UserStyle


@dataclass(frozen=True, slots=True)
class Question:
    """A question to an engine: tokens, as often as typed; a weight a field (absent: 0); w and base of Eq. 4-5.

    likeness (N,): of every sticker to what was asked, None for a search by words alone; meaning and ideal: how words
    and likeness mix (persrv.ranking.fusion); whole (N,): which stickers show as much of a described drawing as any
    does, None where none is described.
    """

    tokens: tuple[str, ...]
    field_weights: Mapping[str, float]
    utility_weights: tuple[float, float, float]
    utility_base: float
    likeness: FloatArray | None = None
    meaning: float = 0.0
    ideal: float = 1.0
    whole: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, request: Request, field_weights: Mapping[str, float] | None = None) -> Question:
        """The question of a search request; field_weights: None for those of its settings."""
        chosen = request.settings
        weights = chosen.field_weights if field_weights is None else field_weights
        meant = request.meant
        if meant is None:
            return cls(request.tokens, weights, chosen.utility_weights, chosen.utility_base)
        mixed = (meant.likeness.stickers, chosen.meaning, meant.ideal, meant.likeness.whole)
        return cls(request.tokens, weights, chosen.utility_weights, chosen.utility_base, *mixed)


class RecallEngine(ABC):
    """The base of engines that recall, explain and re-rank the rows of one bundle. Any number of threads may ask at
    once.
    """

    def __init__(self, tie: NDArray[np.intp], space: StyleSpace) -> None:
        """tie (N,): place of each row in the order of ids, which breaks every tie; space: where styles live."""
        self.tie, self.space = tie, space

    @property
    def name(self) -> str:
        """The name of the engine that answers at this moment, as `app.py --engine` takes it: "local" or "milvus"."""
        return "local"

    @property
    @abstractmethod
    def exact(self) -> bool:
        """Return whether scores are the defined ones to the last bit and `matched` is exact, not a lower bound."""

    @abstractmethod
    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """Recall the best `size` matching stickers, once for each weight of utility; relevance is computed once."""

    def relevance(self, question: Question) -> tuple[ScoreArray, NDArray[np.bool_]]:
        """Relevance by words (N,) of every sticker, and which of them hold a token of the question (N,)."""
        recalled = self.recall(replace(question, likeness=None), (0.0,), len(self.tie))[0]
        scores, matched = np.zeros(len(self.tie)), np.zeros(len(self.tie), bool)
        scores[recalled.rows], matched[recalled.rows] = recalled.relevance, True
        return scores, matched

    @abstractmethod
    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Impacts (records.FIELDS, tokens, n) of each token on each sticker in each field, NaN where it is absent."""

    @abstractmethod
    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        """Embeddings (n, d) float32 of some stickers, in the raw space of the bundle."""

    @property
    def holds_texts(self) -> bool:
        """Return whether the engine holds the vectors of texts, so that `near_texts` finds some."""
        return False

    def near_texts(self, queries: FloatArray, most: int) -> NDArray[np.int64] | None:  # noqa: ARG002
        """The numbers of the `most` texts nearest to each of some unit rows (readings, width), ascending, each once;
        None where the engine does not hold the vectors of texts (persrv.ranking.meaning).
        """
        return None

    @abstractmethod
    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        """Find the 1-based place of a sticker by recall score among all that match, and how many match.

        The place is None where the sticker does not match; an engine that is not `exact` may also answer None for a
        sticker below the depth that it ranks.
        """

    @abstractmethod
    def close(self) -> None:
        """Close connections and drop caches. No question follows."""

    def warm_up(self) -> None:
        """Prepare what the first question would otherwise wait for; nothing by default."""
        return

    def given(self, tokens: Sequence[str], times: NDArray[np.float64], rows: NDArray[np.intp]) -> Given:
        """Field scores of some stickers (n,) for explanations; times: (tokens,) how often each token was typed."""
        return explanation.given(self.impacts(tokens, rows), times)

    def preference(self, style: UserStyle, rows: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Preference and nearest cluster (n,) of some stickers for a person (Eq. 9)."""
        return styles.preference(style, self.space.project(self.vectors(rows)))

    def rerank(self, style: UserStyle, recalled: Recalled, alpha: float, top: int, floor: float = 0.0) -> Ranked:
        """Re-rank recalled stickers by final score (Eq. 10): the best `top`; taste lifts only what reaches `floor`."""
        return rerank.reranked(recalled, *self.preference(style, recalled.rows), alpha, self.tie, top, floor)

    def counted(self, matched: int, size: int) -> bool:
        """Return whether `matched` of a recall of at most `size` stickers is exact, and not a lower bound."""
        return self.exact or matched <= size

    def shares(self, question: Question, row: int) -> bool:
        """Return whether a sticker holds a token of the question in a field of positive weight."""
        weighted = [field for field, name in enumerate(FIELDS) if question.field_weights.get(name, 0.0) > 0]
        return not bool(np.isnan(self.impacts(question.tokens, np.array([row], np.intp))[weighted]).all())
