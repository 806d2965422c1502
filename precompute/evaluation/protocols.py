"""Rank all test questions by all methods under two protocols, and compute every metric.

The paper's protocol: stickers that the person clicked in training stay in the rankings, and each counts as a miss
unless it is clicked again. "New to the question": stickers that the person clicked for the same query in training are
removed from rankings and from what is relevant. A random split leaves most clicks of a query in training, so that those
stickers come first, and rightly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from persrv.records import Text
from precompute import metrics
from precompute.evaluation.methods.contract import Method
from precompute.evaluation.world import World
from precompute.fit.questions import Question
from precompute.runtime.progress import Report

#: Protocol -> what a reader is told about it.
PROTOCOLS: Mapping[str, Text] = {
    "paper": Text(
        "The paper's protocol: stickers clicked in training stay in the rankings, and each counts as a miss.",
        "论文的规则：训练中点过的表情留在排序里，每一张都算没有命中。",
    ),
    "new": Text(
        "Stickers new to the question: those that the person clicked for the same query in training are left out.",
        "对这次提问是新的表情：此人训练中为同一句话点过的不列入。",
    ),
}

#: Number of stickers of a ranking that are kept, so that clicks with a low rank can be counted.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """Rankings under one protocol. asked: questions with a relevant sticker; rankings: method -> one a question."""

    asked: tuple[Question, ...]
    rankings: Mapping[str, tuple[tuple[str, ...], ...]]

    def only(self, stickers: Collection[str]) -> Judged:
        """The same rankings where only these stickers are relevant; questions that lose all of them are dropped."""
        fresh = [replace(question, clicked=question.clicked.intersection(stickers)) for question in self.asked]
        kept = [place for place, question in enumerate(fresh) if question.clicked]
        rankings = {name: tuple(each[place] for place in kept) for name, each in self.rankings.items()}
        return Judged(tuple(fresh[place] for place in kept), rankings)

    def hits(self, method: str) -> list[NDArray[np.bool_]]:
        """Boolean array of each question: whether the sticker at each rank of the method's ranking was clicked."""
        ranked = self.rankings[method]
        return [
            np.array([name in question.clicked for name in ids], bool)
            for question, ids in zip(self.asked, ranked, strict=True)
        ]


def judge(world: World, methods: Sequence[Method], report: Report) -> dict[str, Judged]:
    """Protocol -> rankings of all test questions. Every method ranks once; "new" removes stickers from that ranking."""
    asked = world.questions
    known = [world.known.get((question.user, question.query), frozenset()) for question in asked]
    depth = DEPTH + max(map(len, known), default=0)
    ranked: dict[str, list[tuple[str, ...]]] = {}
    for done, method in enumerate(methods):
        report(done, len(methods))
        found = [method.rank(question.user, question.query, depth) for question in asked]
        ranked[method.name] = [tuple(name for name, _ in each) for each in found]
    report(len(methods), len(methods))
    fresh = [replace(question, clicked=question.clicked - old) for question, old in zip(asked, known, strict=True)]
    kept = [place for place, question in enumerate(fresh) if question.clicked]
    left = {
        name: tuple(tuple(i for i in each[place] if i not in known[place])[:DEPTH] for place in kept)
        for name, each in ranked.items()
    }
    return {
        "paper": Judged(asked, {name: tuple(ids[:DEPTH] for ids in each) for name, each in ranked.items()}),
        "new": Judged(tuple(fresh[place] for place in kept), left),
    }


#: Metric of one question: hits by rank, number of relevant stickers -> value.
Metric = Callable[[NDArray[np.bool_], int], float]


def paper_metrics(cutoffs: Sequence[int]) -> dict[str, Metric]:
    """Name -> metric: M-MRR@k and R@k for every cut-off k, in the paper's order."""
    found: dict[str, Metric] = {}
    for k in cutoffs:
        found[f"M-MRR@{k}"] = partial(_m_mrr, k=k)
        found[f"R@{k}"] = partial(metrics.recall, k=k)
    return found


def usual_metrics(cutoffs: Sequence[int]) -> dict[str, Metric]:
    """Name -> metric: MRR at the largest cut-off, Success@k for every cut-off k, and R@100."""
    largest = max(cutoffs)
    successes: dict[str, Metric] = {f"Success@{k}": partial(_success, k=k) for k in cutoffs}
    return {
        f"MRR@{largest}": partial(_reciprocal_rank, k=largest),
        **successes,
        f"R@{DEPTH}": partial(metrics.recall, k=DEPTH),
    }


def _m_mrr(hits: NDArray[np.bool_], _: int, k: int) -> float:
    return metrics.m_mrr(hits, k)


def _success(hits: NDArray[np.bool_], _: int, k: int) -> float:
    return metrics.success(hits, k)


def _reciprocal_rank(hits: NDArray[np.bool_], _: int, k: int) -> float:
    return metrics.reciprocal_rank(hits[:k])


def values(judged: Judged, method: str, chosen: Mapping[str, Metric]) -> dict[str, list[float]]:
    """Metric -> one value a question, of one method's rankings."""
    pairs = list(zip(judged.hits(method), judged.asked, strict=True))
    return {
        name: [measure(hits, len(question.clicked)) for hits, question in pairs] for name, measure in chosen.items()
    }
