"""RQ4: how much each utility metric is worth, alone and with others, in four forms, and what it says of later clicks.

A form is how counts become numbers before Eq. 5 weighs them: with the base of Eq. 4 for zero counts or with zeros, and
divided by the column's maximum (Norm) or as counted. Each form of each choice of metrics gets the lambda that ranks the
validation clicks best, and is measured on the test clicks once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv import metrics, utility
from persrv.records import UTILITY_METRICS, FloatArray, SearchSettings
from precompute.evaluation.report import Figure, Findings, Row, Table
from precompute.evaluation.section import Section
from precompute.evaluation.significance import (
    clustered_interval,
    holm,
    mark,
    paired_t_test,
    spearman,
    spearman_interval,
)
from precompute.evaluation.world import World
from precompute.judge import Judge
from precompute.progress import Report

#: Choices of metrics: name -> equal weights of the chosen ones, in the order of UTILITY_METRICS.
CHOICES: Mapping[str, tuple[float, float, float]] = {
    "popularity": (1, 0, 0),
    "cross-user": (0, 1, 0),
    "query": (0, 0, 1),
    "popularity + cross-user": (1 / 2, 1 / 2, 0),
    "popularity + query": (1 / 2, 0, 1 / 2),
    "cross-user + query": (0, 1 / 2, 1 / 2),
    "all three": (1 / 3, 1 / 3, 1 / 3),
}

#: Form -> (base for zero counts, divided by the maximum).
FORMS: Mapping[str, tuple[bool, bool]] = {
    "Base + Norm": (True, True),
    "Norm": (False, True),
    "Base": (True, False),
    "counts": (False, False),
}

#: Smaller lambdas beside the profile's: counts as they are reach far above 1.
SMALL_LAMBDAS: tuple[float, ...] = (0.01, 0.025, 0.05)

CUTOFF = 10


def worth(counts: NDArray[np.int32], weights: Sequence[float], base: float, norm: bool) -> FloatArray:
    """Utility (N,) of every sticker: weights over the square roots of its counts in one of the forms; base 0: zeros."""
    columns = np.where(counts == 0, base, counts.astype(np.float64))
    scaled = utility.normalise(columns) if norm and columns.max(initial=0.0) > 0 else columns
    summed: FloatArray = (np.sqrt(scaled) @ np.asarray(weights, np.float64)).astype(np.float32)
    return summed


@dataclass(frozen=True, slots=True)
class Chosen:
    """One form of one choice of metrics: the lambda that validation took, its value there, values on test questions."""

    lambda_: float
    validation: float
    test: Mapping[str, Sequence[float]]


def compute(world: World, report: Report) -> Findings:
    """The table of all choices and forms, and that of correlations."""
    settings = world.bundle.settings
    validation, test = (
        Judge(world.features(train), rows, CUTOFF, train.rows)
        for train, rows in (
            (world.split.fitting, world.split.validation.rows),
            (world.split.training, world.split.test.rows),
        )
    )
    counts = {"fitting": world.fit(world.split.fitting).counts, "training": np.asarray(world.bundle.utility_counts)}
    lambdas = sorted({*SMALL_LAMBDAS, *(value for value in world.profile.tune.lambda_ if value > 0)})
    found: dict[tuple[str, str], Chosen] = {}
    total = len(CHOICES) * len(FORMS)
    for name, weights in CHOICES.items():
        for form, (with_base, norm) in FORMS.items():
            report(len(found), total)
            base = settings.utility_base if with_base else 0.0
            fitted, trained = (worth(each, weights, base, norm) for each in counts.values())
            found[name, form] = _choose(settings, lambdas, validation, test, fitted, trained)
    report(total, total)
    none = replace(settings, use_utility=False)
    nothing = Chosen(0.0, validation(none), test.values(none))
    return Findings(
        "RQ4: utility metrics",
        world.data,
        (_gains(found, nothing, world), _correlations(world)),
        notes=(
            f"Personalization on, M-MRR@{CUTOFF} on stickers new to the question (what the person clicked for the very "
            "same query in training is left out), as settings are chosen.",
            "Lambda of each row by validation clicks; * and **: differs from no utility on test questions, p < .05 and "
            "< .01, two-tailed paired t-test, Holm over the rows.",
            "Of a single metric, Norm only rescales lambda.",
        ),
        parameters={"lambdas": lambdas, "base": settings.utility_base, "cutoff": CUTOFF},
    )


def _choose(
    settings: SearchSettings,
    lambdas: Sequence[float],
    validation: Judge,
    test: Judge,
    fitted: FloatArray,
    trained: FloatArray,
) -> Chosen:
    """The lambda under which validation ranks best (of equals the smallest), then the test questions under it."""
    tried = [replace(settings, lambda_=value, use_utility=True) for value in lambdas]
    values = [metrics.mean_over_users(validation.values(each, fitted)) for each in tried]
    best = max(range(len(tried)), key=lambda place: (values[place], -place))
    return Chosen(lambdas[best], values[best], test.values(tried[best], trained))


def _gains(found: Mapping[tuple[str, str], Chosen], nothing: Chosen, world: World) -> Table:
    """A row a choice and form: what it reaches, and what it gains over no utility."""
    options = world.options
    gains = {key: _difference(each.test, nothing.test) for key, each in found.items()}
    names = {key: f"{key[0]}, {key[1]}" for key in found}
    p_values = holm(
        {names[key]: paired_t_test([g for own in each.values() for g in own]) for key, each in gains.items()}
    )

    def value(test: Mapping[str, Sequence[float]]) -> Figure:
        low, high = clustered_interval(test, options.resamples, options.seed)
        return Figure(metrics.mean_over_users(test), low, high)

    rows = [Row("no utility", {"validation": Figure(nothing.validation), "test": value(nothing.test)})]
    for key, each in found.items():
        p = p_values[names[key]]
        gain = value(gains[key])
        figures = {
            "validation": Figure(each.validation),
            "test": value(each.test),
            "gain": replace(gain, p=p, mark=mark(p)),
            "lambda": Figure(each.lambda_),
        }
        rows.append(Row(names[key], figures, key[1]))
    title = "Utility metrics alone and together, with and without Base and Norm"
    return Table("gains", title, ("validation", "test", "gain", "lambda"), tuple(rows))


def _difference(more: Mapping[str, Sequence[float]], less: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Person -> the gain on each of their questions."""
    return {user: [a - b for a, b in zip(more[user], less[user], strict=True)] for user in more}


def _correlations(world: World) -> Table:
    """Spearman's correlation of training counts with test clicks, over all stickers and over those clicked before."""
    counts = np.asarray(world.bundle.utility_counts)
    later = Counter(row.sticker for row in world.split.test)
    clicks = np.array([later[name] for name in world.ids], np.float64)
    weights, base = world.bundle.settings.utility_weights, world.bundle.settings.utility_base
    columns: dict[str, NDArray] = {name: counts[:, place] for place, name in enumerate(UTILITY_METRICS)}
    columns |= {name: worth(counts, each, base, True) for name, each in CHOICES.items() if max(each) < 1}
    columns["as served"] = worth(counts, weights, base, True)
    groups = {"all stickers": np.ones(len(clicks), bool), "clicked in training": counts[:, 0] > 0}
    options = world.options
    rows = []
    for name, column in columns.items():
        figures = {}
        for group, chosen in groups.items():
            pair = column[chosen], clicks[chosen]
            low, high = spearman_interval(*pair, options.resamples, options.seed)
            figures[group] = Figure(spearman(*pair), low, high)
        rows.append(Row(name, figures))
    sizes = ", ".join(f"{group}: {int(chosen.sum())}" for group, chosen in groups.items())
    title = "Spearman's correlation with held-out clicks per sticker, 95 % intervals over stickers"
    return Table("correlations", title, tuple(groups), tuple(rows), digits=3, notes=(f"Stickers: {sizes}.",))


SECTION = Section(
    "utility",
    "RQ4: utility metrics alone and in pairs, with and without Base and Norm; correlation with held-out clicks",
    compute,
    (
        "precompute/judge.py",
        "precompute/stages/*.py",
        "precompute/evaluation/utilities.py",
        "precompute/evaluation/significance.py",
    ),
)
