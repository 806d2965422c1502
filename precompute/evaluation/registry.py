"""The registry of the evaluation's sections, to which a new section is added."""

from __future__ import annotations

from functools import partial

from precompute.evaluation import captions, comparison, latency, replying, understanding, utility_metrics
from precompute.evaluation.contexts import section as contexts
from precompute.evaluation.experiments import drift, sensitivity, splits, style_models, style_spaces
from precompute.evaluation.experiments.answered import answered
from precompute.evaluation.section import Compute, Section
from precompute.evaluation.textcheck import section as textcheck


def _experiment(name: str, about: str, compute: Compute, of_machine: bool = False) -> Section:
    return Section(name, about, partial(answered, compute), of_machine)


EXPERIMENTS: tuple[Section, ...] = (
    _experiment("style_models", "which summary of a person's stickers ranks best", style_models.compute),
    _experiment("style_cost", "what style models cost", style_models.cost, of_machine=True),
    _experiment("style_spaces", "the space of styles, and the authors' mixture of two", style_spaces.compute),
    _experiment("drift", "whether old clicks should count less", drift.compute),
    _experiment("sensitivity", "how much each setting matters", sensitivity.compute),
    _experiment("splits", "how much the way of splitting flatters", splits.compute),
)

#: Sections in the order in which they are computed and shown.
SECTIONS: tuple[Section, ...] = (
    comparison.SECTION,
    understanding.SECTION,
    replying.SECTION,
    captions.SECTION,
    utility_metrics.SECTION,
    *EXPERIMENTS,
    contexts.SECTION,
    latency.SECTION,
    textcheck.SECTION,
)
