"""Evaluation on test clicks: what every ranking, asked through the Retriever as the page asks it, would have shown.

A fallback (nothing in the catalogue matches the query) counts as an empty ranking. Everything is reported twice: as in
the paper, where stickers clicked in training stay in the rankings, and without those clicked for the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv import metrics
from persrv.records import Interaction, SearchResult, SearchSettings
from persrv.retriever import Retriever
from precompute.config import EvaluateConfig
from precompute.progress import Report, silent
from precompute.questions import Question, by_user, paired_gain, questions
from precompute.split import TestInteractions

#: Ranking of records.RANKINGS -> how the paper calls the system that has it.
SYSTEMS: Mapping[str, str] = {
    "both": "PerSRV",
    "utility": "w/o personalization",
    "personalization": "w/o utility",
    "none": "BM25",
}


#: Question -> system -> ids, best first.
Ranker = Callable[[Question], Mapping[str, Sequence[str]]]


def retriever_ranker(retriever: Retriever, depth: int) -> Ranker:
    """The four rankings of a search, and BM25 of single fields, `depth` stickers of each."""

    def rank(question: Question) -> dict[str, Sequence[str]]:
        results = retriever.compare(question.query, question.user, top=depth)
        ranked: dict[str, Sequence[str]] = {SYSTEMS[name]: _ids(result) for name, result in results.items()}
        for field in ("ocr", "queries"):
            only = single_field(retriever.bundle.settings, field)
            ranked[f"BM25 ({field})"] = _ids(retriever.search(question.query, None, only, depth))
        return ranked

    return rank


def single_field(settings: SearchSettings, field: str) -> SearchSettings:
    """BM25 of one field, without utility and without personalization."""
    weights = {name: float(name == field) for name in settings.field_weights}
    return replace(settings, field_weights=weights, use_utility=False, use_personalization=False)


def popular_ranker(retriever: Retriever, depth: int) -> Ranker:
    """The most clicked stickers of training, of everybody and of the person: they do not read the query."""
    counts = np.asarray(retriever.bundle.utility_counts[:, 0])
    ids = retriever.bundle.ids
    order = sorted((row for row in range(len(ids)) if counts[row]), key=lambda row: (-counts[row], ids[row]))
    everybody = tuple(ids[row] for row in order[:depth])

    def rank(question: Question) -> dict[str, Sequence[str]]:
        return {"Global Pop": everybody, "User Pop": retriever.favourites(question.user, depth)}

    return rank


def _ids(result: SearchResult) -> tuple[str, ...]:
    return () if result.fallback else tuple(hit.sticker for hit in result.hits)


def evaluate(
    test: TestInteractions,
    rankers: Sequence[Ranker],
    config: EvaluateConfig,
    report: Report = silent,
    known: Sequence[Interaction] = (),
) -> dict[str, Any]:
    """Every metric of every system, and the interval of what personalization and utility add to BM25, as JSON.

    Twice: as in the paper, and under `new` without the stickers that the person had clicked for the very same query in
    training (`known`), neither in the rankings nor in the truth. A random split leaves most of them in training; they
    rightly come first, and under the paper's protocol each counts as a miss.
    """
    asked = questions(test)
    before = {(question.user, question.query): question.clicked for question in questions(known)}
    rankings = []
    for done, question in enumerate(asked):
        report(done, len(asked))
        rankings.append({system: ids for rank in rankers for system, ids in rank(question).items()})
    report(len(asked), len(asked))
    fresh = [without(question, before.get((question.user, question.query), frozenset())) for question in asked]
    new = [question for question, _ in fresh if question.clicked]
    rest = [
        {system: [name for name in ids if name not in old] for system, ids in ranked.items()}
        for ranked, (question, old) in zip(rankings, fresh, strict=True)
        if question.clicked
    ]
    return {
        "data": "simulated world",
        **_judged(asked, rankings, config),
        "test_clicks": len(test),
        **repeats(test, known),
        "new": _judged(new, rest, config) if new else {},
    }


def repeats(test: Iterable[Interaction], known: Iterable[Interaction]) -> dict[str, int]:
    """Test clicks that training gave away: the person had asked the same before, or even clicked the same for it."""
    before = {(question.user, question.query): question.clicked for question in questions(known)}
    same = [before[row.user, row.query] for row in test if (row.user, row.query) in before]
    exact = sum(row.sticker in before.get((row.user, row.query), ()) for row in test)
    return {"test_clicks_seen_pair": len(same), "test_clicks_exact_repeat": exact}


def without(question: Question, old: frozenset[str]) -> tuple[Question, frozenset[str]]:
    """The question without the stickers clicked for it before, and those."""
    return replace(question, clicked=question.clicked - old), old


def _judged(
    asked: Sequence[Question], rankings: Sequence[Mapping[str, Sequence[str]]], config: EvaluateConfig
) -> dict[str, Any]:
    """Figures of every system and intervals of the differences, over rankings cut at the largest cut-off."""
    hits: dict[str, list[NDArray[np.bool_]]] = {}
    for question, ranked in zip(asked, rankings, strict=True):
        for system, ids in ranked.items():
            cut = ids[: max(config.cutoffs)]
            hits.setdefault(system, []).append(np.array([name in question.clicked for name in cut], bool))
    return {
        "questions": len(asked),
        "people": len({question.user for question in asked}),
        "test_clicks": sum(len(question.clicked) for question in asked),
        "cutoffs": list(config.cutoffs),
        "no_match": sum(not len(found) for found in hits.get("BM25", ())),
        "systems": {system: _figures(asked, found, config.cutoffs) for system, found in hits.items()},
        "differences": {
            system: difference(asked, hits["PerSRV"], hits[system], 10, config.resamples, config.seed)
            for system in ("BM25", "w/o personalization", "w/o utility")
        },
    }


def _figures(asked: Sequence[Question], hits: Sequence[NDArray[np.bool_]], cutoffs: Sequence[int]) -> dict[str, float]:
    """Metric -> value: M-MRR@k, R@k, Success@k, MRR@(largest k): means over people's means; micro: over questions."""
    values: dict[str, list[float]] = {f"MRR@{max(cutoffs)}": [metrics.reciprocal_rank(found) for found in hits]}
    for k in cutoffs:
        values[f"M-MRR@{k}"] = [metrics.m_mrr(found, k) for found in hits]
        values[f"R@{k}"] = [
            metrics.recall(found, len(question.clicked), k) for question, found in zip(asked, hits, strict=True)
        ]
        values[f"Success@{k}"] = [metrics.success(found, k) for found in hits]
    figures = {}
    for name, column in values.items():
        grouped = by_user(asked, column)
        figures[name] = metrics.mean_over_users(grouped)
        figures[f"{name} (micro)"] = metrics.mean_over_queries(grouped)
    return figures


def difference(
    asked: Sequence[Question],
    better: Sequence[NDArray[np.bool_]],
    worse: Sequence[NDArray[np.bool_]],
    k: int,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Difference in M-MRR@k and its 95 % interval."""
    gains = [metrics.m_mrr(b, k) - metrics.m_mrr(w, k) for b, w in zip(better, worse, strict=True)]
    return {"metric": f"M-MRR@{k}", **paired_gain(asked, gains, resamples, seed), "resamples": resamples, "seed": seed}
