"""The questions that readers of the paper are left with, answered by experiment: one module a question.

`panel` ranks many questions at once, `bench` keeps validation and test apart, `intervals` says what is sure.
"""

from precompute.evaluation.experiments import drift, sensitivity, spaces, splits, style_models
from precompute.evaluation.section import Section

_SOURCES = (
    "precompute/evaluation/experiments/*.py",
    "precompute/judge.py",
    "precompute/evaluation/significance.py",
    "precompute/stages/integrate.py",
    "precompute/stages/styles.py",
    "precompute/stages/tune.py",
    "precompute/stages/utility.py",
)

#: In the order in which they are shown.
EXPERIMENTS: tuple[Section, ...] = (
    Section("style_models", "which summary of a person's stickers ranks best", style_models.compute, _SOURCES),
    Section("style_cost", "what style models cost", style_models.cost, _SOURCES, of_machine=True),
    Section("style_spaces", "the space of styles, and the authors' mixture of two", spaces.compute, _SOURCES),
    Section("drift", "whether old clicks should count less", drift.compute, _SOURCES),
    Section("sensitivity", "how much each setting matters", sensitivity.compute, _SOURCES),
    Section("splits", "how much the way of splitting flatters", splits.compute, _SOURCES),
)
