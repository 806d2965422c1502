"""The engine in this process: numpy, or compiled code where a catalogue is large enough for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persrv.engines import compiled as fast
from persrv.engines.compiled import FastRecall, FastRerank
from persrv.engines.kernel_cache import compiled_anew
from persrv.ranking import recall, styles
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.explanation import Given
from persrv.ranking.joint_postings import JointPostings, joint_postings
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.rerank import Ranked
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray, ScoreArray, UserStyle

if TYPE_CHECKING:
    from persrv.engines.recall_kernels import BoundedUtility

_LOG = logging.getLogger(__name__)

#: Stickers from which compiled recall is worth the second that it takes to load (docs/decisions.md).
FAST_FROM = 10_000

#: Styles whose preference for each sticker of a small catalogue is remembered.
_REMEMBERED_STYLES = 64

#: Utility weights and base -> utility (N,).
Utility = Callable[[tuple[float, float, float], float], FloatArray]


class LocalEngine(RecallEngine):
    """The engine of an index over the N rows of `embeddings`."""

    exact = True

    def __init__(
        self,
        index: Mapping[str, FieldIndex],
        embeddings: NDArray[np.floating],
        tie: NDArray[np.intp],
        utility: Utility,
        space: StyleSpace,
        fast_from: int | None = FAST_FROM,
        usual: Mapping[str, float] = MappingProxyType(dict.fromkeys(FIELDS, 1.0)),
    ) -> None:
        """fast_from: the least number of stickers for which code is compiled, None for never; usual: the field weights
        for which recall is prepared.
        """
        super().__init__(tie, space)
        self._index = {name: index[name] for name in FIELDS}
        self._embeddings, self._utility, self._usual = embeddings, utility, usual
        self._worth = lru_cache(maxsize=16)(self._bounded_utility)
        #: Preference and nearest cluster (N,) of every sticker of a small catalogue for a style.
        self._tastes = lru_cache(_REMEMBERED_STYLES)(lambda style: styles.preference(style, self._projected))
        self._wants_fast = fast_from is not None and len(tie) >= max(fast_from, 1)
        self._wants_joint = fast_from is not None and not self._wants_fast
        self._fast: FastRecall | None = None
        self._fast_rerank: FastRerank | None = None
        self._making = threading.Lock()

    @property
    def compiled(self) -> bool:
        """Return whether compiled code answers."""
        return self._fast is not None

    def warm_up(self) -> None:
        """Load compiled code where the catalogue is large enough for it, and answer by it from then on. Until then, and
        where loading fails, numpy answers: loading takes half a second, or half a minute where nothing was compiled
        before.
        """
        with self._making:
            if self._wants_fast and self._fast is None:
                try:
                    self._fast, self._fast_rerank = compiled_anew(self._make)
                except Exception as error:  # noqa: BLE001  # numba fails in many ways, and numpy answers as well
                    self._wants_fast = False
                    _LOG.warning("Searches are slower: numpy answers, since compiling failed (%s).", error)

    def _make(self) -> tuple[FastRecall, FastRerank | None]:
        """Load compiled code and have it answer once, so that nothing is left to compile."""
        made, weights = FastRecall(self._index, self.tie, self._usual), (1.0, 1.0, 1.0)
        rows, one = np.zeros(1, np.intp), np.ones(1)
        made.recall(Question(("",), {}, weights, 1.0), self._worth(weights, 1.0), (1.0,), 1)
        made.impacts(("",), rows)
        made.given(("",), one, rows)
        if not FastRerank.suits(self._embeddings):
            return made, None
        again, width = FastRerank(self._embeddings, self.space.mean, self.tie), self._embeddings.shape[1]
        nobody = UserStyle("", np.zeros((1, width), np.float32), np.ones(1, np.int32), np.ones(1, np.float32), ((),))
        again.preference(nobody, rows)
        again.rerank(nobody, Recalled(rows, one, one, 1), 1.0, 1)
        return made, again

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """Recall the best `size` matching stickers, once for each weight of utility."""
        made = self._fast
        if made is not None and made.can(question, lambdas):
            worth = self._worth(question.utility_weights, question.utility_base)
            return made.recall(question, worth, lambdas, size)
        relevance, matched = self.relevance(question)
        utility, found = self._utility(question.utility_weights, question.utility_base), int(np.count_nonzero(matched))
        best = (recall.recall(relevance, matched, utility, lambda_, size, self.tie) for lambda_ in lambdas)
        return tuple(Recalled(rows, relevance[rows], scores, found) for rows, scores in best)

    def relevance(self, question: Question) -> tuple[ScoreArray, NDArray[np.bool_]]:
        """Relevance by words (N,) of every sticker, and which of them hold a token of the question (N,)."""
        if self._joint is not None:
            return self._joint.relevance(question.tokens, question.field_weights, FIELDS)
        return recall.relevance(self._index, question.tokens, question.field_weights)

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Impacts (fields, tokens, n) of each token on each sticker in each field, NaN where it is absent."""
        if self._fast is not None:
            return self._fast.impacts(tokens, rows)
        if self._joint is not None:
            return self._joint.impacts(tokens, rows)
        return recall.impacts(self._index, tokens, rows)

    def given(self, tokens: Sequence[str], times: NDArray[np.float64], rows: NDArray[np.intp]) -> Given:
        """Field scores of some stickers (n,) for explanations; times: (tokens,) how often each token was typed."""
        if self._fast is not None:
            return self._fast.given(tokens, times, rows)
        if self._joint is not None:
            return self._joint.given(tokens, times, rows)
        return super().given(tokens, times, rows)

    @cached_property
    def _joint(self) -> JointPostings | None:
        """The postings of all fields together; None for a catalogue that is large, or asked only once."""
        return joint_postings(tuple(self._index.values())) if self._wants_joint else None

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        """Embeddings (n, d) float32 of some stickers, in the raw space."""
        return np.asarray(self._embeddings[rows], np.float32)

    def preference(self, style: UserStyle, rows: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Preference and nearest cluster (n,) of some stickers, by compiled code to 1e-6."""
        if self._fast_rerank is not None:
            return self._fast_rerank.preference(style, rows)
        if len(self.tie) < FAST_FROM:
            preference, cluster = self._tastes(style)
            return preference[rows], cluster[rows]
        return super().preference(style, rows)

    @cached_property
    def _projected(self) -> FloatArray:
        """(N, d): the embeddings of a small catalogue in the style space."""
        return self.space.project(np.asarray(self._embeddings, np.float32))

    def rerank(self, style: UserStyle, recalled: Recalled, alpha: float, top: int, floor: float = 0.0) -> Ranked:
        """Re-rank recalled stickers by that preference: the best `top`."""
        if self._fast_rerank is not None and not floor and recalled.whole is None:
            return self._fast_rerank.rerank(style, recalled, alpha, top)
        return super().rerank(style, recalled, alpha, top, floor)

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        """The 1-based place of a sticker by recall score among all that match, None where it does not match, and how
        many match.
        """
        relevance, matched = self.relevance(question)
        utility = self._utility(question.utility_weights, question.utility_base)
        return recall.place(relevance, matched, utility, lambda_, self.tie, row), int(np.count_nonzero(matched))

    def close(self) -> None:
        """Do nothing: nothing is open but the bundle, which the engine does not own."""

    def _bounded_utility(self, weights: tuple[float, float, float], base: float) -> BoundedUtility:
        return fast.bounded(self._utility(weights, base))
