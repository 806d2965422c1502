"""The objective of tuning: M-MRR@k of held-back clicks under any settings, without opening a bundle.

What no setting changes (each field's BM25, each person's preference) is computed once; the rest calls the functions
that a search calls. tests/precompute/fit/test_tune.py compares the objective with the rankings of the Retriever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import recall, rerank, styles, utility
from persrv.ranking.bm25 import FieldIndex
from persrv.records import FloatArray, Interaction, ScoreArray, SearchSettings, UserStyle
from persrv.text.analyser import analyse
from precompute import metrics


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The fitted features, as a search needs them. N stickers in the order of `ids`.

    index: field -> BM25 over the stickers; counts: (N, 3) Eq. 1-3; vectors: (N, d) in the style space; styles: person
    -> clusters; tie: (N,) place of each row in the order of ids.
    """

    ids: tuple[str, ...]
    index: Mapping[str, FieldIndex]
    counts: NDArray[np.int32]
    vectors: FloatArray
    styles: Mapping[str, UserStyle]
    tie: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """One (person, query) pair, over the n stickers that share a token with the query.

    fields: (F, n) BM25; matched: (F, n) whether the field holds a token of the query; preference: (n,), None for a
    person without a style; clicked: (n,) stickers clicked in the held-back interactions; known: (n,) stickers clicked
    before for the same query.
    """

    rows: NDArray[np.intp]
    fields: ScoreArray
    matched: NDArray[np.bool_]
    preference: FloatArray | None
    clicked: NDArray[np.bool_]
    known: NDArray[np.bool_]


class Judge:
    """The objective: scores settings by held-back clicks on stickers new to the question.

    `known` holds the interactions that the features were fitted on. Stickers that the person clicked there for the same
    query are left out of the ranking and of the truth. They rightly come first, but held-back clicks hardly ever fall
    on them again: an objective that kept them would reward ranking them low, and with them the person's taste.
    """

    def __init__(
        self, features: Features, clicks: Sequence[Interaction], cutoff: int, known: Sequence[Interaction] = ()
    ) -> None:
        self._features = features
        self._names = tuple(features.index)
        self._cutoff = cutoff
        self._utility = lru_cache(maxsize=256)(self._compute_utility)
        self._by_user: dict[str, list[_Question]] = {}
        before = _grouped(known)
        for (user, query), clicked in sorted(_grouped(clicks).items()):
            old = before.get((user, query), set())
            if clicked - old:
                self._by_user.setdefault(user, []).append(self._question(user, query, clicked - old, old))

    @property
    def questions(self) -> int:
        """The number of (person, query) pairs."""
        return sum(map(len, self._by_user.values()))

    def __call__(self, settings: SearchSettings) -> float:
        """M-MRR@k of the full ranking: mean over a person's questions, then over people."""
        return metrics.mean_over_users(self.values(settings))

    def values(self, settings: SearchSettings, worth: FloatArray | None = None) -> dict[str, list[float]]:
        """Person -> M-MRR@k of each of their questions, in an order that does not depend on the settings.

        worth: (N,) a utility of every sticker in place of Eq. 5 under these settings; None for Eq. 5.
        """
        weights = np.array([settings.field_weights.get(name, 0.0) for name in self._names], np.float64)
        used = self._utility(settings.utility_weights, settings.utility_base) if worth is None else worth
        return {user: [self._judge(q, settings, weights, used) for q in asked] for user, asked in self._by_user.items()}

    def _judge(
        self, question: _Question, settings: SearchSettings, weights: ScoreArray, utilities: FloatArray
    ) -> float:
        rows = question.rows
        relevance = np.zeros(len(rows))
        for weight, scores in zip(weights, question.fields, strict=True):
            relevance += weight * scores  # field by field, as a search adds: other orders round otherwise
        matched = np.logical_or.reduce(question.matched[weights > 0], axis=0)
        worth = utilities[rows]
        tie = self._features.tie[rows]
        lambda_ = settings.lambda_ if settings.use_utility else 0.0
        found, scores = recall.recall(relevance, matched, worth, lambda_, settings.recall_size, tie)
        if question.preference is not None and settings.use_personalization:
            final = rerank.final_scores(scores, question.preference[found], settings.alpha)
            found = found[np.lexsort((tie[found], -final))]
        found = found[~question.known[found]]
        return metrics.m_mrr(question.clicked[found], self._cutoff)

    def _question(self, user: str, query: str, clicked: set[str], known: set[str]) -> _Question:
        tokens = analyse(query)
        matched = np.stack([self._features.index[name].matched(tokens) for name in self._names])
        rows = np.flatnonzero(matched.any(axis=0))
        scores = np.stack([self._features.index[name].scores(tokens)[rows] for name in self._names])
        style = self._features.styles.get(user)
        preference = None if style is None else styles.preference(style, self._features.vectors[rows])[0]
        hits, old = (np.array([self._features.ids[row] in ids for row in rows], bool) for ids in (clicked, known))
        return _Question(rows, scores, matched[:, rows], preference, hits, old)

    def _compute_utility(self, weights: tuple[float, float, float], base: float) -> FloatArray:
        return utility.utility(self._features.counts, weights, base)[0]


def _grouped(clicks: Sequence[Interaction]) -> dict[tuple[str, str], set[str]]:
    grouped: dict[tuple[str, str], set[str]] = {}
    for click in clicks:
        grouped.setdefault((click.user, click.query), set()).add(click.sticker)
    return grouped
