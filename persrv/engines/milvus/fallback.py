"""An engine that answers in place of another while that one does not."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.engines.milvus.engine import MilvusEngine
from persrv.engines.milvus.server import DEFAULT_NAME
from persrv.errors import EngineError
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.records import FloatArray

#: Seconds after a failure in which the first engine is not asked again, so that not every search waits for it.
RESPITE = 30.0

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


def open_engine(
    bundle: Bundle, uri: str, token: str = "", name: str = DEFAULT_NAME, second: RecallEngine | None = None
) -> RecallEngine:
    """Open the Milvus engine of a bundle; EngineError where it cannot be used.

    second: answers while the server does not, and always where the server cannot be used to begin with.
    """
    try:
        first = MilvusEngine.open(bundle, uri, token, name)
    except EngineError as error:
        if second is None:
            raise
        _log.warning("The index in this process answers until the app is started again. %s", error)
        return second
    return first if second is None else FallbackEngine(first, second)


class FallbackEngine(RecallEngine):
    """Asks the first engine, and the second one where the first fails (EngineError) or failed a moment ago.

    Both hold the same bundle and score alike, so one may recall what the other explains.
    """

    def __init__(self, first: RecallEngine, second: RecallEngine, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(second.tie, second.space)
        self._first, self._second, self._clock = first, second, clock
        self._rests_until = -np.inf

    @property
    def name(self) -> str:
        return self._second.name if self.standing_in else self._first.name

    @property
    def exact(self) -> bool:
        return self._first.exact and self._second.exact

    @property
    def standing_in(self) -> bool:
        """Return whether the second engine answers at this moment."""
        return self._clock() < self._rests_until

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        return self._ask(lambda engine: engine.recall(question, lambdas, size))

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        return self._ask(lambda engine: engine.impacts(tokens, rows))

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        return self._ask(lambda engine: engine.vectors(rows))

    @property
    def holds_texts(self) -> bool:
        return self._first.holds_texts

    def near_texts(self, queries: FloatArray, most: int) -> NDArray[np.int64] | None:
        return self._ask(lambda engine: engine.near_texts(queries, most))

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        return self._ask(lambda engine: engine.place(question, lambda_, row))

    def close(self) -> None:
        self._first.close()
        self._second.close()

    def _ask(self, question: Callable[[RecallEngine], _Answer]) -> _Answer:
        if not self.standing_in:
            try:
                return question(self._first)
            except EngineError as error:
                self._rests_until = self._clock() + RESPITE
                _log.warning("The index in this process answers for %g s. %s", RESPITE, error)
        return question(self._second)
