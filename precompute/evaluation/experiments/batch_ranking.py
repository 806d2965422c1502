"""Re-rank many questions at once: each query is recalled once for a setting, then re-ranked by any tastes and alphas.

Scores equal those of a search: recall is persrv's own function, and Eq. 10 has the same precision. Only explanations
are left out. tests/precompute/evaluation/test_batch_ranking.py compares the rankings with the Retriever's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persrv.ranking import recall, utility
from persrv.records import FloatArray, ScoreArray, SearchSettings
from persrv.text.analyser import analyse
from precompute.evaluation.experiments.intervals import Numbers, People
from precompute.fit.objective import Features
from precompute.fit.questions import Question


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """A distinct query and the n stickers that share a token with it, in the order of ids.

    rows: (n,) of the catalogue; fields: (F, n) BM25; matched: (F, n) whether the field holds a token of the query.
    """

    rows: NDArray[np.intp]
    fields: ScoreArray
    matched: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """The candidates that recall hands to re-ranking for Q questions, each in the order of ids, padded to width W.

    rows: (Q, W) of the catalogue; recall: (Q, W) scores, -inf where padded or removed; clicked: (Q, W) whether the
    candidate was clicked; relevant: (Q,) how many stickers were clicked, recalled or not; person: (Q,) index into the
    panel's people.
    """

    rows: NDArray[np.intp]
    recall: ScoreArray
    clicked: NDArray[np.bool_]
    relevant: NDArray[np.int64]
    person: NDArray[np.intp]

    @property
    def real(self) -> NDArray[np.bool_]:
        """Mask (Q, W) of candidates, False for padding and removed ones."""
        return np.isfinite(self.recall)

    def preferences(self, tastes: FloatArray) -> FloatArray:
        """Preference (Q, W) of the person who asked, from that of every person for every sticker (U, N)."""
        picked: FloatArray = tastes[self.person[:, None], self.rows]
        return picked

    def hits(self, preference: FloatArray | None, alphas: Sequence[float], k: int) -> NDArray[np.bool_]:
        """Hits (A, Q, k): whether the sticker at each of the first k ranks was clicked, for each of A alphas.

        preference: (Q, W), at least 0; None for the order of recall. Ties go to the smaller id, as in a search.
        """
        strength = np.asarray(alphas, np.float64)[:, None, None]
        flat = np.zeros_like(self.recall) if preference is None else preference
        final = self.recall * (1 + strength * flat)  # Eq. 10; -inf stays -inf
        order = np.argsort(-final, axis=-1, kind="stable")[..., :k]
        found = np.take_along_axis(np.broadcast_to(self.clicked, final.shape), order, axis=-1)
        return np.pad(found, ((0, 0), (0, 0), (0, k - found.shape[-1])))

    def separation(self, preference: FloatArray) -> Numbers:
        """Separation (Q,) in [0, 1]: how often a clicked candidate has a higher preference than another (area under the
        ROC curve).

        Ties count half. NaN if no candidate was clicked, or all were.
        """
        values = np.full(len(self.rows), np.nan)
        for place, (liked, real, clicked) in enumerate(zip(preference, self.real, self.clicked, strict=True)):
            yes, no = liked[real & clicked], liked[real & ~clicked]
            if len(yes) and len(no):
                more, same = yes[:, None] > no[None], yes[:, None] == no[None]
                values[place] = float(more.mean() + same.mean() / 2)
        return values


def m_mrr(hits: NDArray[np.bool_]) -> Numbers:
    """M-MRR@k (...) of hits by rank (..., k), the sum of 1 / rank over all hits, as precompute.metrics.m_mrr."""
    return hits @ (1.0 / np.arange(1, hits.shape[-1] + 1))


def recall_at(hits: NDArray[np.bool_], relevant: NDArray[np.int64]) -> Numbers:
    """R@k (..., Q) of hits (..., Q, k) and numbers of relevant stickers (Q,); NaN if nothing is relevant."""
    shares: Numbers = np.where(relevant > 0, hits.sum(axis=-1) / np.maximum(relevant, 1), np.nan)
    return shares


class Panel:
    """Questions, the features that they are ranked by, and the people who asked.

    known: (person, query) -> stickers clicked for the query before; they are removed from rankings and from what is
    relevant ("new to the question", as the Judge does), and questions with nothing left are dropped. Empty for the
    paper's protocol.
    """

    def __init__(
        self,
        features: Features,
        asked: Sequence[Question],
        known: Mapping[tuple[str, str], frozenset[str]],
        resamples: int,
        seed: int,
    ) -> None:
        old = [known.get((question.user, question.query), frozenset()) for question in asked]
        left = [place for place, question in enumerate(asked) if question.clicked - old[place]]
        self.asked = tuple(asked[place] for place in left)
        self.people = People([question.user for question in self.asked], resamples, seed)
        self._features = features
        self._names = tuple(features.index)
        queries = list(dict.fromkeys(question.query for question in self.asked))
        place_of = {query: place for place, query in enumerate(queries)}
        self._query = np.array([place_of[question.query] for question in self.asked], np.intp)
        self._answers = [self._answer(query) for query in queries]
        row_of = {name: row for row, name in enumerate(features.ids)}
        self._known = _table([old[place] for place in left], row_of)
        new = [question.clicked - old[place] for place, question in zip(left, self.asked, strict=True)]
        self._clicked = _table(new, row_of)
        self.relevant = np.array([len(each) for each in new], np.int64)

    @property
    def users(self) -> tuple[str, ...]:
        """Ids of the people; `Shortlist.person` and the rows of tastes are indexes into them."""
        return tuple(self.people.names.tolist())

    def shortlist(self, settings: SearchSettings) -> Shortlist:
        """The candidates that recall hands to re-ranking under these settings."""
        weights = np.array([settings.field_weights.get(name, 0.0) for name in self._names], np.float64)
        worth = utility.utility(self._features.counts, settings.utility_weights, settings.utility_base)[0]
        found = [self._recalled(answer, settings, weights, worth) for answer in self._answers]
        width = max((len(rows) for rows, _ in found), default=0)
        rows = np.zeros((len(found), width), np.intp)
        scores = np.full((len(found), width), -np.inf)
        for place, (some, values) in enumerate(found):
            rows[place, : len(some)], scores[place, : len(some)] = some, values
        rows, scores = rows[self._query], scores[self._query]
        scores = np.where(_among(rows, self._known), -np.inf, scores)
        clicked = _among(rows, self._clicked) & np.isfinite(scores)
        return Shortlist(rows, scores, clicked, self.relevant, self.people.of)

    def _recalled(
        self, answer: _Answer, settings: SearchSettings, weights: ScoreArray, worth: FloatArray
    ) -> tuple[NDArray[np.intp], ScoreArray]:
        """The recalled rows in the order of ids, and their recall scores (Eq. 6-8)."""
        relevance = np.zeros(len(answer.rows))
        for weight, scores in zip(weights, answer.fields, strict=True):
            relevance += weight * scores
        matched: NDArray[np.bool_] = np.logical_or.reduce(answer.matched[weights > 0], axis=0)
        lambda_ = settings.lambda_ if settings.use_utility else 0.0
        places, scores = recall.recall(
            relevance, matched, worth[answer.rows], lambda_, settings.recall_size, np.arange(len(answer.rows))
        )
        in_order = np.argsort(places)
        return answer.rows[places[in_order]], scores[in_order]

    def _answer(self, query: str) -> _Answer:
        tokens, index = analyse(query), self._features.index
        matched = np.stack([index[name].matched(tokens) for name in self._names])
        rows = np.flatnonzero(matched.any(axis=0))
        rows = rows[np.argsort(self._features.tie[rows])]
        scores = np.stack([index[name].scores(tokens)[rows] for name in self._names])
        return _Answer(rows, scores, matched[:, rows])


def _table(sets: Sequence[frozenset[str]], row_of: Mapping[str, int]) -> NDArray[np.intp]:
    """(Q, most) rows of the stickers of each set, padded with -1."""
    table = np.full((len(sets), max(map(len, sets), default=0)), -1, np.intp)
    for place, names in enumerate(sets):
        table[place, : len(names)] = sorted(row_of[name] for name in names)
    return table


def _among(rows: NDArray[np.intp], table: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(Q, W) whether a row is in its question's list (Q, most)."""
    found: NDArray[np.bool_] = (rows[:, :, None] == table[:, None, :]).any(axis=-1)
    return found
