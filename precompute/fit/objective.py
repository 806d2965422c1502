"""The objective of tuning: M-MRR@k of held-back clicks under any settings, without opening a bundle.

What no setting changes (each field's BM25, likeness of meaning, each person's preference) is computed once; the rest
calls the functions that a search calls. tests/precompute/fit/test_tune.py compares the objective with the rankings of
the Retriever. In a catalogue that a search looks at whole (persrv.engines.mixed) both are equal; in a larger one the
search may miss a sticker that is mediocre in words and in meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from persrv.engines.mixed import EXHAUSTIVE, nearest
from persrv.interpreter import Interpreter
from persrv.models.sentence_encoder import SentenceEncoder
from persrv.query import Meant
from persrv.ranking import fusion, recall, rerank, styles, utility
from persrv.ranking.bm25 import FieldIndex
from persrv.ranking.meaning import MeaningIndex
from persrv.ranking.recall import Recalled
from persrv.records import FIELDS, FloatArray, Interaction, Reading, ScoreArray, SearchSettings, UserStyle
from persrv.text.analyser import analyse
from persrv.text.lexicon import Lexicon
from precompute import metrics

#: Questions whose likeness, and whose preferences, are remembered.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The fitted features, as a search needs them. N stickers in the order of `ids`.

    index: field -> BM25 over the stickers; counts: (N, 3) Eq. 1-3; vectors: (N, d) in the style space; styles: person
    -> clusters; tie: (N,) place of each row in the order of ids; meaning, lexicon, encoder: what queries are understood
    by, None for a search by words as they are typed.
    """

    ids: tuple[str, ...]
    index: Mapping[str, FieldIndex]
    counts: NDArray[np.int32]
    vectors: FloatArray
    styles: Mapping[str, UserStyle]
    tie: NDArray[np.intp]
    meaning: MeaningIndex | None = None
    lexicon: Lexicon | None = None
    encoder: SentenceEncoder | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """Features of one query over the n stickers that share a token with the query or mean nearly the same.

    fields: (F, n) BM25; matched: (F, n) whether the field holds a token of the query; ideal: the unit of its BM25.
    """

    query: str
    read: tuple[Reading, ...]
    tokens: tuple[str, ...]
    rows: NDArray[np.intp]
    fields: ScoreArray
    matched: NDArray[np.bool_]
    ideal: float


class Ranker:
    """Ranks queries under any settings as a search ranks them."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self._names = tuple(features.index)
        self._interpreter = Interpreter(features, features.encoder)
        self._answer = lru_cache(None)(self._make_answer)
        self._utility = lru_cache(256)(self._compute_utility)
        self._preference = lru_cache(_REMEMBERED)(self._compute_preference)
        self._likeness = lru_cache(_REMEMBERED)(self._compute_likeness)

    def rank(
        self, query: str, user: str | None, settings: SearchSettings, worth: FloatArray | None = None
    ) -> NDArray[np.intp]:
        """Rows of the catalogue as a search for this person orders them, best first, at most recall_size.

        worth: (N,) a utility of every sticker in place of Eq. 5 under these settings; None for Eq. 5.
        """
        answer = self._answer(query)
        used = self._utility(settings.utility_weights, settings.utility_base) if worth is None else worth
        relevance, found = self._relevance(answer, settings)
        tie = self.features.tie[answer.rows]
        lambda_ = settings.lambda_ if settings.use_utility else 0.0
        rows, scores = recall.recall(relevance, found, used[answer.rows], lambda_, settings.recall_size, tie)
        if user in self.features.styles and settings.use_personalization:
            liked, cluster = self._preference(user, query)
            whole = self._whole(query, settings)
            recalled = Recalled(rows, relevance[rows], scores, len(rows), None if whole is None else whole[rows])
            alpha, floor = settings.alpha, settings.floor
            rows = rerank.reranked(recalled, liked[rows], cluster[rows], alpha, tie, len(rows), floor).rows
        return answer.rows[rows]

    def strength(self, query: str, settings: SearchSettings, most: int) -> float:
        """Strength of a query's best answer, in [0, 1]: the likeness of the nearest text (Interpreter.near), or the
        share of the query's tokens that one of the best `most` stickers holds. A search claims an answer from
        `threshold` on.
        """
        answer = self._answer(query)
        meant = self._meant(answer, settings)
        near = 0.0 if meant is None else self._interpreter.near(answer.read[0], meant)
        rows, tokens = self.rank(query, None, settings)[:most], tuple(dict.fromkeys(answer.tokens))
        impacts = recall.impacts(self.features.index, tokens, rows)
        held: NDArray[np.bool_] = np.any(~np.isnan(impacts), axis=0)  # (tokens, n)
        return max([near, *(self._interpreter.said(answer.read[0], tokens, one) for one in held.T)])

    def _relevance(self, answer: _Answer, settings: SearchSettings) -> tuple[ScoreArray, NDArray[np.bool_]]:
        """Relevance (n,) of the answer's stickers, and which of them are candidates."""
        weights = np.array([settings.field_weights.get(name, 0.0) for name in self._names], np.float64)
        relevance = np.zeros(len(answer.rows))
        for weight, scores in zip(weights, answer.fields, strict=True):
            relevance += weight * scores  # field by field, as a search adds: other orders round otherwise
        found: NDArray[np.bool_] = np.logical_or.reduce(answer.matched[weights > 0], axis=0)
        if settings.meaning and self._interpreter.means:
            likeness = self._likeness(answer.query, _searched(settings), settings.feedback)
            relevance = fusion.relevance(relevance, answer.ideal, likeness, settings.meaning)
            found = found | (likeness >= fusion.NEAR)
        return relevance, found

    def _whole(self, query: str, settings: SearchSettings) -> NDArray[np.bool_] | None:
        """Mask (n,) of the answer's stickers that show as much of a described drawing as any; None without one."""
        answer = self._answer(query)
        meant = self._meant(answer, settings)
        return None if meant is None or meant.likeness.whole is None else meant.likeness.whole[answer.rows]

    def _make_answer(self, query: str) -> _Answer:
        index, read = self.features.index, self._interpreter.read(query)
        tokens = tuple(analyse(read[0].text))
        matched = np.stack([index[name].matched(tokens) for name in self._names])
        rows = np.flatnonzero(matched.any(axis=0))
        for weight in (0.0, 1.0):  # weights of feedback: more makes more stickers near
            meant = self._interpreter.meant(read, tokens, SearchSettings(meaning=1.0, feedback=weight))
            if meant is not None:
                rows = np.union1d(rows, nearest(meant.likeness.stickers, EXHAUSTIVE))
        scores = np.stack([index[name].scores(tokens)[rows] for name in self._names])
        return _Answer(query, read, tokens, rows, scores, matched[:, rows], self._interpreter.ideal(tokens))

    def _meant(self, answer: _Answer, settings: SearchSettings) -> Meant | None:
        return self._interpreter.meant(answer.read, answer.tokens, settings)

    def _compute_likeness(self, query: str, fields: tuple[str, ...], feedback: float) -> FloatArray:
        """(n,) likeness of the answer's stickers, where these fields count, with this weight of feedback."""
        answer = self._answer(query)
        meant = self._meant(answer, SearchSettings(dict.fromkeys(fields, 1.0), meaning=1.0, feedback=feedback))
        assert meant is not None
        return meant.likeness.stickers[answer.rows]

    def _compute_preference(self, user: str, query: str) -> tuple[FloatArray, NDArray[np.intp]]:
        """(n,) a person's preference for the answer's stickers, and the nearest clusters."""
        vectors = self.features.vectors[self._answer(query).rows]
        return styles.preference(self.features.styles[user], vectors)

    def _compute_utility(self, weights: tuple[float, float, float], base: float) -> FloatArray:
        return utility.utility(self.features.counts, weights, base)[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A (person, query) pair. clicked: rows clicked in the held-back interactions; known: rows clicked before for the
    same query.
    """

    query: str
    clicked: NDArray[np.intp]
    known: NDArray[np.intp]


class ClickObjective:
    """The objective: scores settings by held-back clicks on stickers new to the question.

    `known` holds the interactions that the features were fitted on. Stickers that the person clicked there for the same
    query are left out of the ranking and of the truth. They rightly come first, but held-back clicks hardly ever fall
    on them again: an objective that kept them would reward ranking them low, and with them the person's taste.
    """

    def __init__(
        self, features: Features, clicks: Sequence[Interaction], cutoff: int, known: Sequence[Interaction] = ()
    ) -> None:
        self._ranker = Ranker(features)
        self._cutoff = cutoff
        self._by_user: dict[str, list[_Question]] = {}
        row_of = {name: row for row, name in enumerate(features.ids)}
        before = _grouped(known)
        for (user, query), clicked in sorted(_grouped(clicks).items()):
            old = before.get((user, query), set())
            if clicked - old:
                hits, known_rows = (
                    np.array(sorted(row_of[name] for name in names), np.intp) for names in (clicked - old, old)
                )
                self._by_user.setdefault(user, []).append(_Question(query, hits, known_rows))

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
        return {
            user: [self._judge(user, question, settings, worth) for question in asked]
            for user, asked in self._by_user.items()
        }

    def _judge(self, user: str, question: _Question, settings: SearchSettings, worth: FloatArray | None) -> float:
        found = self._ranker.rank(question.query, user, settings, worth)
        found = found[~np.isin(found, question.known)]
        return metrics.m_mrr(np.isin(found, question.clicked), self._cutoff)


def _searched(settings: SearchSettings) -> tuple[str, ...]:
    """The fields that count."""
    return tuple(name for name in FIELDS if settings.field_weights.get(name, 0.0) > 0)


def _grouped(clicks: Sequence[Interaction]) -> dict[tuple[str, str], set[str]]:
    grouped: dict[tuple[str, str], set[str]] = {}
    for click in clicks:
        grouped.setdefault((click.user, click.query), set()).add(click.sticker)
    return grouped
