"""What captions are worth in search, on test clicks: PerSRV against itself without them, through the Retriever.

Judged as in the paper (stickers clicked in training stay in the rankings), on three kinds of clicks: all of them; those
on cold stickers, which nobody clicked in training, so that no query helps to find them and utility puts others before
them; and those on the others, the warm ones. The rankings are the same for all three: only what is a hit differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persrv import metrics
from persrv.records import Interaction, SearchSettings
from persrv.retriever import Retriever
from precompute.captions import CAPTION_FIELDS
from precompute.config import EvaluateConfig
from precompute.progress import Report, silent
from precompute.questions import Question, by_user, paired_gain, questions
from precompute.split import TestInteractions

#: How deep rankings are looked into for clicked stickers that come late.
DEPTH = 100

#: Metric -> its value on one question, of the ranking's hits and the number of relevant stickers.
METRICS: Mapping[str, Callable[[NDArray[np.bool_], int], float]] = {
    "M-MRR@10": lambda hits, _: metrics.m_mrr(hits, 10),
    "R@10": lambda hits, relevant: metrics.recall(hits, relevant, 10),
    "Success@10": lambda hits, _: metrics.success(hits, 10),
    f"R@{DEPTH}": lambda hits, relevant: metrics.recall(hits, relevant, DEPTH),
}

#: Name of a gain -> the two versions of the search that it lies between, first the one that should be better.
GAINS: Mapping[str, tuple[str, str]] = {
    "captions": ("PerSRV", "without captions"),
    "captions_without_utility": ("w/o utility", "w/o utility, without captions"),
    **{field: ("PerSRV", f"without {field}") for field in CAPTION_FIELDS},
    "keywords_base": ("base keywords", "without keywords"),
    "fine_tuning": ("PerSRV", "base keywords"),
}

#: Version of the search -> whom to ask, and under which settings.
Versions = Mapping[str, tuple[Retriever, SearchSettings]]


def captions_worth(
    test: TestInteractions,
    retriever: Retriever,
    with_base: Retriever,
    known: Sequence[Interaction],
    config: EvaluateConfig,
    report: Report = silent,
) -> dict[str, Any]:
    """Figures of every version of the search and what captions gain, by kind of click, as JSON; {} without captions.

    with_base: a bundle like the retriever's, but its keywords are the base model's; known: the training interactions.
    """
    versions = _versions(retriever, with_base)
    if not versions:
        return {}
    asked = questions(test)
    rankings = _rankings(asked, versions, report)
    trained = {row.sticker for row in known}
    kinds = {
        "all": asked,
        "cold": [replace(question, clicked=question.clicked - trained) for question in asked],
        "warm": [replace(question, clicked=question.clicked & trained) for question in asked],
    }
    weights = retriever.bundle.settings.field_weights
    return {
        "weights": {field: weights[field] for field in CAPTION_FIELDS if f"without {field}" in versions},
        "depth": DEPTH,
        "resamples": config.resamples,
        "seed": config.seed,
        "clicks": {
            kind: _judged(relevant, rankings, config)
            for kind, relevant in kinds.items()
            if any(question.clicked for question in relevant)
        },
    }


def _versions(retriever: Retriever, with_base: Retriever) -> Versions:
    """The search as it is, and without whatever captions the build has; nothing where it has none."""
    settings = retriever.bundle.settings
    told = [field for field in CAPTION_FIELDS if _tells(retriever, field)]
    if not told:
        return {}
    none = _without(settings, told)
    return {
        "PerSRV": (retriever, settings),
        "without captions": (retriever, none),
        "w/o utility": (retriever, replace(settings, use_utility=False)),
        "w/o utility, without captions": (retriever, replace(none, use_utility=False)),
        **{f"without {field}": (retriever, _without(settings, [field])) for field in told},
        **({"base keywords": (with_base, settings)} if _tells(with_base, "keywords") else {}),
    }


def _tells(retriever: Retriever, field: str) -> bool:
    """Whether any sticker has this caption."""
    return any(getattr(sticker, field) for sticker in retriever.bundle.stickers)


def _without(settings: SearchSettings, fields: Sequence[str]) -> SearchSettings:
    return replace(settings, field_weights={**settings.field_weights, **dict.fromkeys(fields, 0.0)})


def _rankings(asked: Sequence[Question], versions: Versions, report: Report) -> dict[str, list[tuple[str, ...]]]:
    """Version -> for each question, ids best first; a fallback, where nothing matches, counts as an empty ranking."""
    rankings: dict[str, list[tuple[str, ...]]] = {name: [] for name in versions}
    for done, question in enumerate(asked):
        report(done, len(asked))
        for name, (retriever, settings) in versions.items():
            found = retriever.search(question.query, question.user, settings, DEPTH)
            rankings[name].append(() if found.fallback else tuple(hit.sticker for hit in found.hits))
    report(len(asked), len(asked))
    return rankings


def _judged(
    kind: Sequence[Question], rankings: Mapping[str, Sequence[Sequence[str]]], config: EvaluateConfig
) -> dict[str, Any]:
    """One kind of click, over the questions that have any: figures of every version, intervals of the gains.

    found: how many of the clicks each version has within DEPTH.
    """
    places = [place for place, question in enumerate(kind) if question.clicked]
    asked = [kind[place] for place in places]
    hits = {name: [_hits(kind[place], ranked[place]) for place in places] for name, ranked in rankings.items()}
    values = {name: _values(asked, found) for name, found in hits.items()}
    return {
        "questions": len(asked),
        "clicks": sum(len(question.clicked) for question in asked),
        "found": {name: int(sum(map(np.count_nonzero, found))) for name, found in hits.items()},
        "systems": {
            name: {metric: metrics.mean_over_users(by_user(asked, column)) for metric, column in columns.items()}
            for name, columns in values.items()
        },
        "gains": {
            gain: {metric: _gain(asked, values[better][metric], values[worse][metric], config) for metric in METRICS}
            for gain, (better, worse) in GAINS.items()
            if better in values and worse in values
        },
    }


def _hits(question: Question, ranked: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([sticker in question.clicked for sticker in ranked], bool)


def _values(asked: Sequence[Question], hits: Sequence[NDArray[np.bool_]]) -> dict[str, list[float]]:
    """Metric -> its value on each question."""
    return {
        metric: [value(found, len(question.clicked)) for found, question in zip(hits, asked, strict=True)]
        for metric, value in METRICS.items()
    }


def _gain(
    asked: Sequence[Question], better: Sequence[float], worse: Sequence[float], config: EvaluateConfig
) -> dict[str, float]:
    gains = [more - less for more, less in zip(better, worse, strict=True)]
    return paired_gain(asked, gains, config.resamples, config.seed)
