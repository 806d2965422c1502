"""Hits: the stickers of a ranking with every part of their scores; and the place of one sticker in a ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count, repeat

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.query import Request
from persrv.ranking import explanation
from persrv.ranking.recall_contract import RecallEngine
from persrv.ranking.rerank import Ranked
from persrv.records import FIELDS, FieldScore, FloatArray, Hit, MeaningScore, PreferenceScore, UtilityScore

#: A hit, and a preference, of a tuple of its fields: twice as fast as calling the class.
_hit, _preference_score = partial(tuple.__new__, Hit), partial(tuple.__new__, PreferenceScore)

#: Utility weights and base -> utility (N,) and its parts (N, 3).
Utility = Callable[[tuple[float, float, float], float], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one sticker in the ranking of one query.

    rank: 1-based, None where recall leaves the sticker out; recall_rank: 1-based place by recall score among the
    `matched` stickers that share a token with the query, None where this sticker shares none, or where it is `deep`:
    below what an engine that is not exact ranks; counted: whether `matched` is exact, not just a least.
    """

    rank: int | None
    recall_rank: int | None
    matched: int
    counted: bool = True
    deep: bool = False


class HitMaker:
    """Makes the hits of one bundle's rankings. Holds nothing but a cache, so threads may share it."""

    def __init__(self, bundle: Bundle, utility: Utility) -> None:
        self._bundle, self._utility = bundle, utility
        self._utility_of = lru_cache(maxsize=1 << 16)(self._compute_utility_of)

    def explain(
        self, engine: RecallEngine, request: Request, rows: NDArray[np.intp]
    ) -> dict[int, tuple[FieldScore, ...]]:
        """Row -> the score of each field, token by token."""
        counted = Counter(request.tokens)
        tokens, times = tuple(counted), np.array([*counted.values()], np.float64)
        given, weights = engine.given(tokens, times, rows), request.settings.field_weights
        if request.meant is not None:
            given = given._replace(bm25=given.bm25 / request.meant.ideal, shares=given.shares / request.meant.ideal)
            weights = {name: weight * (1 - request.settings.meaning) for name, weight in weights.items()}
        told = explanation.field_scores(given, len(rows), tokens, weights)
        return dict(zip(rows.tolist(), told, strict=True))

    def make(self, request: Request, order: Ranked, explained: Mapping[int, tuple[FieldScore, ...]]) -> tuple[Hit, ...]:
        """Make the hits of a ranking; explained: row -> its field scores."""
        rows, base = order.rows.tolist(), request.settings.utility_base
        tastes: Iterable[PreferenceScore | None] = repeat(None)
        if order.preference is not None and order.cluster is not None and request.style is not None:
            clusters, exemplars = order.cluster.tolist(), request.style.exemplars
            kept_back: Iterable[bool] = repeat(False) if order.kept_back is None else map(bool, order.kept_back)
            told = zip(
                order.preference.tolist(), clusters, map(exemplars.__getitem__, clusters), kept_back, strict=False
            )
            tastes = map(_preference_score, told)
        parts = zip(
            map(self._bundle.ids.__getitem__, rows),
            rows,
            count(1),
            order.recall_rank.tolist(),
            map(explained.__getitem__, rows),
            order.relevance.tolist(),
            map(self._utility_of, repeat(request.settings.utility_weights), repeat(base), rows),
            order.recall.tolist(),
            tastes,
            order.final.tolist(),
            self._meanings(request, rows),
            strict=False,  # some of them never end
        )
        return tuple(map(_hit, parts))

    def _meanings(self, request: Request, rows: Sequence[int]) -> Iterable[MeaningScore | None]:
        """The meaning score of each row; None without end for a search by words alone."""
        if request.meant is None or self._bundle.meaning is None:
            return repeat(None)
        fields = [name for name in FIELDS if request.settings.field_weights.get(name, 0.0) > 0]
        likeness, weight = request.meant.likeness, request.settings.meaning
        texts = self._bundle.meaning.nearest(rows, likeness.texts, fields)
        values = likeness.stickers[list(rows)].tolist()
        feedback, depiction = request.settings.feedback, request.settings.depiction
        supports, depictions = (
            repeat(0.0) if part is None else part[list(rows)].tolist() for part in (likeness.support, likeness.depicted)
        )
        parts = zip(values, texts, supports, depictions, strict=False)  # some of them never end
        return [
            MeaningScore(
                value,
                weight,
                nearest,
                support,
                feedback if likeness.support is not None else 0.0,
                depicted,
                depiction if likeness.depicted is not None else 0.0,
            )
            for value, nearest, support, depicted in parts
        ]

    def _compute_utility_of(self, weights: tuple[float, float, float], base: float, row: int) -> UtilityScore:
        """Utility, its parts and counts of one sticker."""
        worth, parts = self._utility(weights, base)
        counts = self._bundle.utility_counts[row]
        return UtilityScore(float(worth[row]), tuple(parts[row].tolist()), tuple(counts.tolist()))
