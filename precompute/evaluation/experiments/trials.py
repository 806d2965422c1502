"""Trials on validation clicks: values of one parameter, each with its best alpha, and the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persrv.records import Text
from precompute.evaluation.experiments.bench import METRIC
from precompute.evaluation.experiments.intervals import Numbers, People
from precompute.evaluation.report import Curve, Figure

#: Smaller differences are rounding.
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial of one value. at: the value of the parameter; alpha: the best one for it; figure: the objective on
    validation.
    """

    at: float
    alpha: float
    figure: Figure


def trial(at: float, values: Numbers, alphas: Sequence[float], people: People) -> Trial:
    """The trial of a value with the alpha whose mean of values (A, Q) is highest; ties go to the first alpha."""
    best = first_best(people.mean(values))
    return Trial(at, alphas[best], people.figure(values[best]))


def best_of(trials: Sequence[Trial], shipped: float | None = None) -> Trial:
    """The trial with the highest figure; ties go to the shipped value, else to the first."""
    best = trials[first_best(np.array([each.figure.value for each in trials]))]
    same = [each for each in trials if each.at == shipped and each.figure.value >= best.figure.value - _EPSILON]
    return same[0] if same else best


def first_best(values: Numbers) -> int:
    """Index of the highest value; the first of values that differ by rounding only."""
    return int(np.flatnonzero(values >= np.nanmax(values) - _EPSILON)[0])


def curve(
    name: Text, x_label: Text, trials: Sequence[Trial], best: Trial, points: Sequence[float | Text] = ()
) -> Curve:
    """Trials as a line with intervals, on validation clicks. points: what stands on the x axis, by default the values
    that were tried."""
    x: tuple[float | Text, ...] = tuple(points) or tuple(each.at for each in trials)
    bounded = all(each.figure.low is not None for each in trials)
    return Curve(
        name=name.en,
        title=name,
        x_label=x_label,
        y_label=Text.same(METRIC),
        x=x,
        y=tuple(each.figure.value for each in trials),
        lower=tuple(float(each.figure.low or 0.0) for each in trials) if bounded else (),
        upper=tuple(float(each.figure.high or 0.0) for each in trials) if bounded else (),
        chosen=x[list(trials).index(best)],
    )
