"""Recall by Milvus: the server finds candidates and bounds the rest; this client scores them and proves the best.

A question is one sparse vector for each lambda. Returned stickers are scored again in float64, in the contract's order
of additions, from the impacts that the server holds, so scores and order are those of the index in this process. The
server's score is never too low (persrv.engines.milvus.layout). So the best `size` are proven once the last of them
scores more than the lowest returned score allows any other sticker. Until then more stickers are asked for; where the
server returns no more at once, the rows are divided, and each part is asked by itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.engines.milvus import server
from persrv.engines.milvus.layout import EMBEDDING, MEANING, ROW, TERMS, Layout, MilvusQuestion, ask, guard, impact_of
from persrv.errors import EngineError
from persrv.ranking import utility
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.styles import StyleSpace
from persrv.records import FIELDS, FloatArray

if TYPE_CHECKING:
    from pymilvus import MilvusClient

#: The most results Milvus gives at once.
MOST_RESULTS = 16_384

#: Results asked for at first beyond those needed, so that ties and rounding rarely take a second question.
_SPARE = 28

#: Depth to which `place` looks.
_DEPTH = 1000

#: Stickers whose vectors are kept, since what was just recalled is re-ranked and explained next.
_KEPT = 4096


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """A sticker as the server holds it."""

    terms: Mapping[int, float]
    embedding: FloatArray


@dataclass(slots=True, eq=False)
class _Ranking:
    """The best `size` stickers for one lambda, as far as they are known.

    asked: the question in the server's terms; allowed: the filter; scores: row -> (relevance, score) of the matching
    stickers seen so far.
    """

    question: Question
    lambda_: float
    size: int
    asked: MilvusQuestion
    allowed: str
    scores: dict[int, tuple[float, float]] = field(default_factory=dict)

    def least(self) -> float:
        """The score of the last of the best; -inf where fewer than `size` are known."""
        if len(self.scores) < self.size:
            return -np.inf
        scores = np.array([score for _, score in self.scores.values()])
        return float(np.partition(scores, len(scores) - self.size)[len(scores) - self.size])

    def recalled(self, ids: Sequence[str]) -> Recalled:
        """The best stickers, ties by id."""
        best = sorted(self.scores, key=lambda row: (-self.scores[row][1], ids[row]))[: self.size]
        return Recalled(
            rows=np.array(best, np.intp),
            relevance=np.array([self.scores[row][0] for row in best], np.float64),
            scores=np.array([self.scores[row][1] for row in best], np.float64),
            matched=len(self.scores),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows from `start` to before `stop`."""

    start: int
    stop: int
    whole: bool = False

    def filter(self, allowed: str) -> str:
        """The filter `allowed`, restricted to these rows."""
        if self.whole:
            return allowed
        mine = f"{ROW} >= {self.start} and {ROW} < {self.stop}"
        return f"{mine} and ({allowed})" if allowed else mine

    def halves(self) -> tuple[_Part, _Part]:
        middle = (self.start + self.stop) // 2
        return _Part(self.start, middle), _Part(middle, self.stop)


class MilvusEngine(RecallEngine):
    """The engine of one complete collection. `matched` is a least, unless all matching stickers were seen."""

    name = "milvus"
    exact = False

    def __init__(
        self, client: MilvusClient, uri: str, collection: str, bundle: Bundle, most_results: int = MOST_RESULTS
    ) -> None:
        super().__init__(bundle.tie, StyleSpace(bundle.style_mean))
        self._client, self._uri, self._collection = client, uri, collection
        self._bundle, self._layout = bundle, Layout.of(bundle)
        self._most_results = most_results
        self._maxima = bundle.utility_counts.max(axis=0, initial=0).astype(np.int64)
        self._kept: OrderedDict[int, _Stored] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, bundle: Bundle, uri: str, token: str = "", name: str = server.DEFAULT_NAME) -> MilvusEngine:
        """Open the engine of a bundle that was loaded (persrv.engines.milvus.loading); EngineError unless it was,
        completely.
        """
        client = server.connect(uri, token)
        with server.answering(uri):
            collection = server.check_complete(client, Layout.of(bundle), name, str(bundle.path))
        return cls(client, uri, collection, bundle)

    # ---- the contract -----------------------------------------------------------------------------------------------

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """Recall the best `size` matching stickers for each lambda; all first questions go in one request."""
        asked = [ask(self._layout, question, lambda_, self._maxima) for lambda_ in lambdas]
        allowed = guard(self._layout, question) if any(each.utility_of_none > 0 for each in asked) else ""
        rankings = [
            _Ranking(question, lambda_, size, each, allowed) for lambda_, each in zip(lambdas, asked, strict=True)
        ]
        if rankings and asked[0].vector and size > 0:
            limit = min(size + _SPARE, self._most_results)
            answers = self._search([each.vector for each in asked], limit, allowed)
            for ranking, answer in zip(rankings, answers, strict=True):
                self._prove(ranking, _Part(0, self._layout.size, whole=True), limit, answer)
        return tuple(ranking.recalled(self._bundle.ids) for ranking in rankings)

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Impacts (FIELDS, tokens, n) of each token on each sticker in each field, NaN where it is absent."""
        stored = self._stored(rows.tolist())
        table = np.full((len(FIELDS), len(tokens), len(rows)), np.nan, np.float32)
        for i, name in enumerate(FIELDS):
            for j, token in enumerate(tokens):
                number = self._layout.number(name, token)
                for k, row in enumerate(rows.tolist() if number is not None else ()):
                    impact = impact_of(stored[row].terms, number)
                    if impact is not None:
                        table[i, j, k] = impact
        return table

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        """Embeddings (n, d) float32 in the raw space, as the server holds them."""
        stored = self._stored(rows.tolist())
        return np.array([stored[row].embedding for row in rows.tolist()], np.float32).reshape(-1, self._layout.width)

    @cached_property
    def _lite(self) -> bool:
        return server.is_lite(self._client)

    @property
    def holds_texts(self) -> bool:
        """Return whether the bundle that was loaded has meanings."""
        return self._layout.texts > 0

    def near_texts(self, queries: FloatArray, most: int) -> NDArray[np.int64] | None:
        """The numbers of the `most` texts nearest to each of some unit rows (readings, width), ascending, each once."""
        if not self._layout.texts:
            return None
        with server.answering(self._uri):
            answers = self._client.search(
                self._collection,
                data=list(queries),
                anns_field=MEANING,
                limit=min(most, self._layout.texts, self._most_results),
                output_fields=[ROW],
                search_params={"metric_type": "IP", "params": {} if self._lite else {"ef": 2 * most}},
                timeout=server.PATIENCE,
            )
        rows = {int(hit["entity"][ROW]) for hits in answers for hit in hits}
        # in Milvus Lite zeros stand for the vector that a sticker lacks
        return np.array(sorted(row - self._layout.size for row in rows if row >= self._layout.size), np.int64)

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        """The 1-based place of a sticker among the best 1,000, None where it stands deeper, and at least how many
        match.
        """
        best = self.recall(question, [lambda_], min(_DEPTH, max(self._layout.size, 1)))[0]
        found = np.flatnonzero(best.rows == row)
        return (int(found[0]) + 1 if len(found) else None), best.matched

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    # ---- asking and proving -----------------------------------------------------------------------------------------

    def _prove(self, ranking: _Ranking, part: _Part, limit: int, answer: Sequence[tuple[int, float]]) -> None:
        """Score an answer and ask for more, until no other sticker of these rows can be among the best."""
        asked = ranking.asked
        while True:
            self._score(ranking, [row for row, _ in answer])
            if len(answer) < limit or limit >= part.stop - part.start:  # all that match came
                return
            if ranking.least() > asked.bound(answer[-1][1]):
                return
            if limit == self._most_results:
                break
            limit = min(4 * limit, self._most_results)
            answer = self._search([asked.vector], limit, part.filter(ranking.allowed))[0]
        for half in part.halves():
            answer = self._search([asked.vector], limit, half.filter(ranking.allowed))[0]
            self._prove(ranking, half, limit, answer)

    def _search(self, vectors: list[Mapping[int, float]], limit: int, allowed: str) -> list[list[tuple[int, float]]]:
        """Ask the server: (row, score) of its best for each vector, best first. Keeps the returned stickers."""
        with server.answering(self._uri):
            answers = self._client.search(
                self._collection,
                data=vectors,
                anns_field=TERMS,
                filter=allowed,
                limit=limit,
                output_fields=[ROW, TERMS, EMBEDDING],
                search_params={"metric_type": "IP", "params": {}},
                timeout=server.PATIENCE,
            )
            for hits in answers:
                self._keep([hit["entity"] for hit in hits])
            return [[(int(hit["entity"][ROW]), float(hit["distance"])) for hit in hits] for hits in answers]

    def _score(self, ranking: _Ranking, rows: Sequence[int]) -> None:
        """Score the rows that match and were not scored yet, as the contract defines it."""
        new = [row for row in rows if row not in ranking.scores]
        if not new:
            return
        question = ranking.question
        pairs = [
            (weight, [self._layout.number(name, token) for token in question.tokens])
            for name in FIELDS
            if (weight := question.field_weights.get(name, 0.0)) > 0
        ]
        stored = self._stored(new)
        for row, worth in zip(new, self._utility(question, new).tolist(), strict=True):
            terms, relevance, matched = stored[row].terms, 0.0, False
            for weight, numbers in pairs:
                total = 0.0
                for number in numbers:  # one after the other, as defined; the built-in sum would round less
                    impact = impact_of(terms, number)
                    if impact is not None:
                        total, matched = total + impact, True
                relevance += weight * total
            if matched:
                ranking.scores[row] = (relevance, relevance + ranking.lambda_ * worth)

    def _utility(self, question: Question, rows: Sequence[int]) -> NDArray[np.float64]:
        """Utility (n,) of some stickers (Eq. 5), rounded as the contract demands."""
        most = np.where(self._maxima == 0, question.utility_base, self._maxima)
        table = utility.with_base(np.asarray(self._bundle.utility_counts[list(rows)]), question.utility_base)
        parts = np.sqrt(table / most) * np.asarray(question.utility_weights, np.float64)
        return parts.sum(axis=1).astype(np.float32).astype(np.float64)

    # ---- what the server holds of a sticker -------------------------------------------------------------------------

    def _stored(self, rows: Sequence[int]) -> dict[int, _Stored]:
        """Stickers as the server holds them, asking only for those that are not kept."""
        with self._lock:
            known = {row: self._kept[row] for row in set(rows) if row in self._kept}
        missing = sorted(set(rows) - set(known))
        for start in range(0, len(missing), self._most_results):
            some = missing[start : start + self._most_results]
            with server.answering(self._uri):
                entities = self._client.query(
                    self._collection, ids=some, output_fields=[ROW, TERMS, EMBEDDING], timeout=server.PATIENCE
                )
                known.update(self._keep(entities))
        lost = next((row for row in rows if row not in known), None)
        if lost is not None:
            raise EngineError(f"The server lost row {lost}", "every sticker of the bundle", "Load the bundle again.")
        return known

    def _keep(self, entities: Sequence[Mapping[str, Any]]) -> dict[int, _Stored]:
        """Keep stickers that the server returned, and drop the kept ones that were returned longest ago."""
        fresh = {int(each[ROW]): _Stored(each[TERMS], _vector(each[EMBEDDING])) for each in entities}
        with self._lock:
            self._kept.update(fresh)
            for row in fresh:
                self._kept.move_to_end(row)
            while len(self._kept) > max(_KEPT, len(fresh)):
                self._kept.popitem(last=False)
        return fresh


def _vector(embedding: Any) -> FloatArray:
    """An embedding as float32; half-precision numbers come as bytes from a search, as a list of bytes from a query."""
    if isinstance(embedding, list) and embedding and isinstance(embedding[0], bytes):
        embedding = embedding[0]
    if isinstance(embedding, bytes):
        return np.frombuffer(embedding, np.float16).astype(np.float32)
    return np.asarray(embedding, np.float32)
