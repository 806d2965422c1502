"""Words and meaning in one recall: an engine that finds words, and an index of meanings, behind the one contract.

A small catalogue is looked at whole. Of a large one the best by words and the best by meaning are looked at, _DEPTH
times as many as are wanted, so a sticker that is mediocre in both may be missed. Utility counts in both as much as it
does in the end: it decides among the thousands that say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv.engines import text_products
from persrv.ranking import fusion
from persrv.ranking.explanation import Given
from persrv.ranking.meaning import CODES_ABOVE, MeaningIndex, StickerLikeness
from persrv.ranking.near import FOUND, NearTexts
from persrv.ranking.recall import Recalled, best, recall_scores
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.ranking.rerank import Ranked
from persrv.records import FIELDS, FloatArray, UserStyle

#: Catalogues up to this size are looked at whole.
EXHAUSTIVE = CODES_ABOVE

#: Depth of each channel in a larger catalogue, in multiples of the wanted number.
_DEPTH = 4

#: Utility weights and base -> utility (N,).
Utility = Callable[[tuple[float, float, float], float], FloatArray]


class MixedEngine(RecallEngine):
    """The RecallEngine of words (`words`) and meaning; a question without meaning is answered by words alone."""

    def __init__(self, words: RecallEngine, meaning: MeaningIndex, utility: Utility) -> None:
        super().__init__(words.tie, words.space)
        self.words, self.meaning, self._utility = words, meaning, utility

    @property
    def name(self) -> str:
        """The name of the engine of words."""
        return self.words.name

    @property
    def exact(self) -> bool:
        """Return whether every sticker is looked at."""
        return self.words.exact and len(self.tie) <= EXHAUSTIVE

    def recall(self, question: Question, lambdas: Sequence[float], size: int) -> tuple[Recalled, ...]:
        """The best `size` stickers that share a token or mean nearly what was asked, for each weight of utility."""
        if question.likeness is None:
            return self.words.recall(question, lambdas, size)
        utility = self._utility(question.utility_weights, question.utility_base)
        rows, relevance, matched = self._relevant(question, lambdas, size, utility)
        worth, tie = utility[rows], self.tie[rows]
        recalled = []
        for lambda_ in lambdas:
            scores = recall_scores(relevance, worth, lambda_)
            chosen = best(scores, size, tie)
            whole = None if question.whole is None else question.whole[rows[chosen]]
            recalled.append(Recalled(rows[chosen], relevance[chosen], scores[chosen], matched, whole))
        return tuple(recalled)

    def place(self, question: Question, lambda_: float, row: int) -> tuple[int | None, int]:
        """1-based place of a sticker by recall score; None where it matches neither way, or lies too deep."""
        if question.likeness is None:
            return self.words.place(question, lambda_, row)
        recalled = self.recall(question, (lambda_,), len(self.tie))[0]
        at = np.flatnonzero(recalled.rows == row)
        return (int(at[0]) + 1 if len(at) else None), recalled.matched

    def _relevant(
        self, question: Question, lambdas: Sequence[float], size: int, utility: FloatArray
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], int]:
        """Rows (n,) among which the best `size` are, their relevance, and how many candidates there are."""
        assert question.likeness is not None
        if len(self.tie) <= EXHAUSTIVE:
            words_of_all, candidate = self.words.relevance(question)
            candidate[nearest(question.likeness, len(self.tie))] = True
            rows = np.flatnonzero(candidate)
            words, matched = words_of_all[rows], len(rows)
        else:
            in_words = question.ideal / (1 - question.meaning) if question.meaning < 1 else 1.0
            wanted, of_words = _DEPTH * size, tuple(lambda_ * in_words for lambda_ in lambdas)
            spoken = self.words.recall(replace(question, likeness=None), of_words, wanted)
            in_likeness = 1 / question.meaning if question.meaning else 0.0
            near = [nearest(question.likeness, wanted, utility, lambda_ * in_likeness) for lambda_ in lambdas]
            rows = np.unique(np.concatenate([*near, *(each.rows for each in spoken)]))
            words, matched = self._words(question, rows, spoken), max(len(rows), spoken[0].matched)
            kept = may_be_best(question, words, rows, lambdas, size, utility)
            rows, words = rows[kept], words[kept]
        relevance = fusion.relevance(words, question.ideal, question.likeness[rows], question.meaning)
        return rows, relevance, matched

    def _words(self, question: Question, rows: NDArray[np.intp], spoken: Sequence[Recalled]) -> NDArray[np.float64]:
        """The weighted BM25 (n,) of some rows, ascending: of what was recalled by words as recall gives it, of the
        others from their impacts.
        """
        words, told = np.empty(len(rows)), np.zeros(len(rows), bool)
        for each in spoken:
            places = np.searchsorted(rows, each.rows)
            words[places], told[places] = each.relevance, True
        tokens = tuple(dict.fromkeys(question.tokens))
        times = np.array([question.tokens.count(token) for token in tokens], np.float64)
        impacts = np.nan_to_num(self.words.impacts(tokens, rows[~told]), copy=False)
        weights = np.array([question.field_weights.get(name, 0.0) for name in FIELDS])
        words[~told] = weights @ (impacts.transpose(2, 0, 1) @ times).T
        return words

    # ---- what words alone answer ------------------------------------------------------------------------------------

    def impacts(self, tokens: Sequence[str], rows: NDArray[np.intp]) -> FloatArray:
        """Impacts (fields, tokens, n) of each token on each sticker in each field, NaN where it is absent."""
        return self.words.impacts(tokens, rows)

    def given(self, tokens: Sequence[str], times: NDArray[np.float64], rows: NDArray[np.intp]) -> Given:
        """Field scores of some stickers (n,), for explanations."""
        return self.words.given(tokens, times, rows)

    def vectors(self, rows: NDArray[np.intp]) -> FloatArray:
        """Embeddings (n, d) float32 of some stickers."""
        return self.words.vectors(rows)

    def preference(self, style: UserStyle, rows: NDArray[np.intp]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Preference and nearest cluster (n,) of some stickers."""
        return self.words.preference(style, rows)

    def rerank(self, style: UserStyle, recalled: Recalled, alpha: float, top: int, floor: float = 0.0) -> Ranked:
        """Re-rank recalled stickers by final score, and take the first `top`."""
        return self.words.rerank(style, recalled, alpha, top, floor)

    def warm_up(self) -> None:
        """Prepare what the first question would otherwise wait for."""
        self.words.warm_up()
        if self.meaning.codes is not None:
            text_products.warm_up()

    def close(self) -> None:
        """Close the engine of words."""
        self.words.close()


def may_be_best(
    question: Question,
    words: NDArray[np.float64],
    rows: NDArray[np.intp],
    lambdas: Sequence[float],
    size: int,
    utility: FloatArray,
) -> NDArray[np.bool_]:
    """Select the candidates (n,) that may be among the best `size`, for any weight of utility, by their rough likeness;
    all candidates without rough likeness. words (n,): the weighted BM25 of each candidate.
    """
    likeness: object = question.likeness  # it may look like an array, and be computed where it is looked at
    told = likeness.roughly(rows) if isinstance(likeness, StickerLikeness) and len(rows) > size else None
    if told is None:
        return np.ones(len(rows), bool)
    roughly, error = told
    relevance = fusion.relevance(words, question.ideal, roughly, question.meaning)
    kept = np.zeros(len(rows), bool)
    for lambda_ in lambdas:
        scores = recall_scores(relevance, utility[rows], lambda_)
        least = np.partition(scores, len(rows) - size)[len(rows) - size]
        kept |= scores >= least - 2 * question.meaning * error
    return kept


@dataclass(frozen=True, slots=True)
class EngineTexts:
    """Finds near texts by an engine that holds their vectors; while it cannot, by the bundle's own lists, if any."""

    engine: RecallEngine
    own: NearTexts | None

    def near(self, queries: FloatArray, most: int = FOUND) -> NDArray[np.int64]:
        """The numbers of the texts nearest to any of some unit rows (readings, width), ascending, each once."""
        found = self.engine.near_texts(queries, most)
        if found is None and self.own is not None:
            found = self.own.near(queries, most)
        return np.empty(0, np.int64) if found is None else found


def found_by(engine: RecallEngine | None, meaning: MeaningIndex | None) -> MeaningIndex | None:
    """The meanings of a catalogue, whose near texts an engine finds where it holds them and there are too many to be
    looked at whole.
    """
    if engine is None or meaning is None or not engine.holds_texts or len(meaning.indptr) - 1 <= EXHAUSTIVE:
        return meaning
    return replace(meaning, codes=EngineTexts(engine, meaning.codes), problem=None)


def nearest(
    likeness: FloatArray | StickerLikeness, most: int, utility: FloatArray | None = None, lambda_: float = 0.0
) -> NDArray[np.intp]:
    """Rows whose likeness is at least fusion.NEAR, in no order; where there are more than `most`, the best by likeness
    + lambda_ x utility (N,), of equal ones those with the smallest row.
    """
    if isinstance(likeness, StickerLikeness):
        near, scores = likeness.near(fusion.NEAR)
    else:
        near = np.flatnonzero(likeness >= fusion.NEAR)
        scores = likeness[near]
    if len(near) <= most:
        return near
    if utility is not None and lambda_:
        scores = scores + np.float32(lambda_) * utility[near]
    cut = np.partition(scores, len(near) - most)[len(near) - most]
    above, equal = near[scores > cut], near[scores == cut]
    return np.concatenate([above, np.sort(equal)[: most - len(above)]])
